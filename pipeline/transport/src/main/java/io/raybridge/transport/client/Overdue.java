package io.raybridge.transport.client;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Closes connections whose caller's time is up, whatever they are doing: connecting, writing to a
 * peer that does not read, waiting for an answer. One look at all of them now and then costs less
 * than a timer for each request, and nothing while there are none. The next look is when the first
 * deadline is over, give or take 50 ms, or after 5 s, since each look wakes two threads, which
 * weighs when little is sent.
 */
final class Overdue {
  private static final long SOONEST_NANOS = 50_000_000;
  private static final long LATEST_NANOS = 5_000_000_000L;
  private final Set<Guard> guards = ConcurrentHashMap.newKeySet();
  private final Runnable onTick;
  private final long latestNanos;
  private volatile boolean stopped;
  private volatile long nextLook = System.nanoTime();
  private final Thread thread;

  /**
   * @param onTick what else is to be looked at now and then, while there are connections
   * @param tickNanos how often at least, if that is sooner than 5 s
   */
  Overdue(Runnable onTick, long tickNanos) {
    this.onTick = onTick;
    latestNanos = Math.clamp(tickNanos, SOONEST_NANOS, LATEST_NANOS);
    this.thread = Thread.ofVirtual().name("http-client-deadlines").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void stop() {
    stopped = true;
    LockSupport.unpark(thread);
  }

  /** Watches over a connection until it is closed. */
  Guard guard(Wire wire) {
    var guard = new Guard(wire);
    guards.add(guard);
    LockSupport.unpark(thread);
    return guard;
  }

  private void run() {
    while (!stopped) {
      long now = System.nanoTime();
      // Before the guards are looked at: one that is armed meanwhile wakes us if it cannot wait.
      nextLook = now + latestNanos;
      long left = latestNanos;
      for (var guard : guards) left = Math.min(left, guard.look(now));
      onTick.run();
      if (guards.isEmpty()) {
        LockSupport.park(this);
        continue;
      }
      left = Math.max(left, SOONEST_NANOS);
      nextLook = now + left;
      LockSupport.parkNanos(this, left);
    }
  }

  /** The deadline of one connection. */
  final class Guard {
    private final Wire wire;
    private volatile boolean armed;
    private volatile boolean late;
    private volatile long deadline;

    private Guard(Wire wire) {
      this.wire = wire;
    }

    void arm(long deadline) {
      this.deadline = deadline;
      armed = true;
      if (deadline - nextLook < 0) LockSupport.unpark(thread);
    }

    void disarm() {
      armed = false;
    }

    /** Whether the connection was closed because of its deadline. */
    boolean late() {
      return late;
    }

    void close() {
      guards.remove(this);
      wire.close();
    }

    /** Closes what is late. Returns in how many nanoseconds to look again at the latest. */
    private long look(long now) {
      if (!armed) return LATEST_NANOS;
      long left = deadline - now;
      if (left > 0) return left;
      late = true;
      close();
      return LATEST_NANOS;
    }
  }
}
