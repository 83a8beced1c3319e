package io.raybridge.api;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

final class SystemClock implements Clock {
  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    Thread.sleep(duration);
  }

  // The loop is the caller's, as the contract says.
  @SuppressWarnings("WaitNotInLoop")
  @Override
  public boolean awaitUntil(ReentrantLock lock, Condition condition, long nanoTime)
      throws InterruptedException {
    return condition.awaitNanos(nanoTime - System.nanoTime()) > 0;
  }
}
