package io.raybridge.testkit;

import io.raybridge.api.Clock;
import io.raybridge.api.Periodic;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A clock that a test turns by hand. Who waits on it is woken in the order of time, each at its own
 * moment; between two moments the test can wait until the woken ones wait again.
 */
public final class ManualClock implements Clock {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition waitersChanged = lock.newCondition();
  private final TreeSet<Waiter> waiters =
      new TreeSet<>(Comparator.comparingLong(Waiter::due).thenComparingLong(Waiter::number));
  private final Instant origin;
  private long nanoTime;
  private long numbers;

  private record Waiter(long due, long number, ReentrantLock lock, Condition condition) {}

  /** A clock that shows noon of a day in 2026. */
  public ManualClock() {
    this(Instant.parse("2026-01-02T12:00:00Z"));
  }

  public ManualClock(Instant origin) {
    this.origin = origin;
  }

  @Override
  public long nanoTime() {
    lock.lock();
    try {
      return nanoTime;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Instant now() {
    return origin.plusNanos(nanoTime());
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    var own = new ReentrantLock();
    var never = own.newCondition();
    own.lock();
    try {
      long due = nanoTime() + duration.toNanos();
      while (nanoTime() < due && awaitUntil(own, never, due)) {}
    } finally {
      own.unlock();
    }
  }

  /** On a thread of its own, so that time stands still until the work of a moment is done. */
  @Override
  public Periodic every(Duration interval, Runnable work) {
    var thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                while (true) {
                  long nanos = interval.toNanos();
                  sleep(Duration.ofNanos(nanos - nanoTime() % nanos));
                  work.run();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    return thread::interrupt;
  }

  // The loop is the caller's, as the contract says.
  @SuppressWarnings("WaitNotInLoop")
  @Override
  public boolean awaitUntil(ReentrantLock callers, Condition condition, long due)
      throws InterruptedException {
    var waiter = enter(due, callers, condition);
    if (waiter == null) return false;
    try {
      condition.await();
      return nanoTime() < due;
    } finally {
      leave(waiter);
    }
  }

  /** Moves time on, waking everybody who is due on the way at exactly the moment they asked for. */
  public void advance(Duration by) throws InterruptedException {
    long end = nanoTime() + by.toNanos();
    for (var next = moveTowards(end); next != null; next = moveTowards(end)) {
      next.lock().lock();
      try {
        next.condition().signalAll();
      } finally {
        next.lock().unlock();
      }
      awaitGone(next);
    }
  }

  /** Moves time to the next moment somebody waits for, and tells how far that was. */
  public Duration advanceToNext() throws InterruptedException {
    awaitWaiting(1);
    long before = nanoTime();
    long due;
    lock.lock();
    try {
      due = waiters.isEmpty() ? before : waiters.first().due();
    } finally {
      lock.unlock();
    }
    var by = Duration.ofNanos(due - before);
    advance(by);
    return by;
  }

  /** Waits until at least this many threads wait on this clock for a moment to come. */
  public void awaitWaiting(int threads) throws InterruptedException {
    lock.lock();
    try {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (waiters.size() < threads) {
        if (!waitersChanged.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          throw new AssertionError(waiters.size() + " threads wait (expected: " + threads + ")");
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many threads wait on this clock now. */
  public int waiting() {
    lock.lock();
    try {
      return waiters.size();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Waiter enter(long due, ReentrantLock callers, Condition condition) {
    lock.lock();
    try {
      if (due <= nanoTime) return null;
      var waiter = new Waiter(due, numbers++, callers, condition);
      waiters.add(waiter);
      waitersChanged.signalAll();
      return waiter;
    } finally {
      lock.unlock();
    }
  }

  private void leave(Waiter waiter) {
    lock.lock();
    try {
      waiters.remove(waiter);
      waitersChanged.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Moves to the end, or to the first waiter's moment if that comes before. */
  private @Nullable Waiter moveTowards(long end) {
    lock.lock();
    try {
      if (waiters.isEmpty() || waiters.first().due() > end) {
        nanoTime = Math.max(nanoTime, end);
        return null;
      }
      nanoTime = Math.max(nanoTime, waiters.first().due());
      return waiters.first();
    } finally {
      lock.unlock();
    }
  }

  /** Time stands still until the woken one has seen its moment. */
  private void awaitGone(Waiter waiter) throws InterruptedException {
    lock.lock();
    try {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (waiters.contains(waiter)) {
        if (!waitersChanged.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          throw new AssertionError("a thread was woken at its moment and did not run");
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
