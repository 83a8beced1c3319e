package io.raybridge.delivery;

import io.raybridge.api.Clock;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets requests go at the rate that the destination takes: those who must wait go in the order they
 * came. Costs next to nothing while there is no limit.
 */
final class Pace {
  // What may go at once after a pause, in seconds of the rate.
  private static final double BURST = 0.05;

  private final Clock clock;
  private final double ceiling;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition turn = lock.newCondition();
  private final Condition rateChanged = lock.newCondition();
  private final SendRate rate;
  private boolean headWaits;
  private double credit;
  private long creditAt;

  /**
   * @param ceiling items per second never to exceed, or 0
   */
  Pace(Clock clock, double ceiling) {
    this.clock = clock;
    this.ceiling = ceiling == 0 ? Double.POSITIVE_INFINITY : ceiling;
    creditAt = clock.nanoTime();
    rate = new SendRate(creditAt);
  }

  /** Waits until a request of these items may go. */
  void await(int items) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (headWaits) turn.await();
      headWaits = true;
      try {
        for (long due = due(); due > 0; due = due()) {
          // Whatever woke us, what counts is the credit, which is looked at again.
          boolean _ = clock.awaitUntil(lock, rateChanged, clock.nanoTime() + due);
        }
        credit -= items;
      } finally {
        headWaits = false;
        turn.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The destination took these, sent at {@code started}. */
  void taken(int items, long started) {
    lock.lock();
    try {
      rate.taken(items, started, clock.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  /** The destination refused these, sent at {@code started}, as too much. */
  void throttled(int items, long started) {
    lock.lock();
    try {
      rate.throttled(items, started, clock.nanoTime());
      rateChanged.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Items a second, infinite when there is no limit. */
  double perSecond() {
    lock.lock();
    try {
      return Math.min(ceiling, rate.perSecond(clock.nanoTime()));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Fills the credit and tells in how many nanoseconds it is no debt any more; 0 if it is none now.
   */
  private long due() {
    long now = clock.nanoTime();
    double perSecond = Math.min(ceiling, rate.perSecond(now));
    double seconds = (now - creditAt) / 1e9;
    creditAt = now;
    if (perSecond == Double.POSITIVE_INFINITY) {
      credit = 0;
      return 0;
    }
    double burst = Math.max(1, perSecond * BURST);
    credit = Math.min(burst, credit + seconds * perSecond);
    if (credit >= 0) return 0;
    return 1 + (long) ((-credit / perSecond) * 1e9);
  }
}
