package io.raybridge.api;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Time as components see it, so that a test can turn it by hand. All policies of time (back-off,
 * flush, rate) wait through it.
 */
public interface Clock {
  /** The machine's clock. */
  Clock SYSTEM = new SystemClock();

  /** Nanoseconds from an arbitrary origin, never going back. */
  long nanoTime();

  /** The time of day. */
  Instant now();

  /** Lets the calling thread wait for this long. */
  void sleep(Duration duration) throws InterruptedException;

  /**
   * Does something each time that so long has passed, at full multiples of it, until closed. It is
   * to be short and to wait for nobody: all that a process does this way shares one thread, so that
   * an idle process wakes once for all of it. For work that waits there is {@link Repeating}.
   */
  Periodic every(Duration interval, Runnable work);

  /**
   * Waits on a condition until it is signalled or {@link #nanoTime()} reaches the given value, like
   * {@link Condition#awaitNanos}. The caller holds the lock, and tests its own predicate again
   * after each return.
   *
   * @return false when the time has come
   */
  boolean awaitUntil(ReentrantLock lock, Condition condition, long nanoTime)
      throws InterruptedException;
}
