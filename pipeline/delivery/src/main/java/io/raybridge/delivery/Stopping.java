package io.raybridge.delivery;

import io.raybridge.api.Clock;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The pauses between attempts, which all end when the queue begins to stop. */
final class Stopping {
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition begin = lock.newCondition();
  private boolean begun;

  Stopping(Clock clock) {
    this.clock = clock;
  }

  void begin() {
    lock.lock();
    try {
      begun = true;
      begin.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean begun() {
    lock.lock();
    try {
      return begun;
    } finally {
      lock.unlock();
    }
  }

  /** Waits this long, or until the queue begins to stop. */
  void pause(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long end = clock.nanoTime() + nanos;
      while (!begun && clock.nanoTime() - end < 0) {
        // The loop tests both again, whatever ended the wait.
        boolean _ = clock.awaitUntil(lock, begin, end);
      }
    } finally {
      lock.unlock();
    }
  }
}
