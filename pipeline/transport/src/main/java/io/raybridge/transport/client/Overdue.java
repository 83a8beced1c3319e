package io.raybridge.transport.client;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Closes connections whose caller's time is up, whatever they are doing: connecting, writing to a
 * peer that does not read, waiting for an answer. One look at all of them now and then costs less
 * than a timer for each request, and nothing while there are none.
 */
final class Overdue {
  private static final long TICK_NANOS = 50_000_000;
  private final Set<Guard> guards = ConcurrentHashMap.newKeySet();
  private final Runnable onTick;
  private volatile boolean stopped;
  private final Thread thread;

  /**
   * @param onTick what else is to be looked at now and then, while there are connections
   */
  Overdue(Runnable onTick) {
    this.onTick = onTick;
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
      if (guards.isEmpty()) LockSupport.park(this);
      else LockSupport.parkNanos(this, TICK_NANOS);
      long now = System.nanoTime();
      for (var guard : guards) guard.look(now);
      onTick.run();
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

    private void look(long now) {
      if (!armed || now - deadline < 0) return;
      late = true;
      close();
    }
  }
}
