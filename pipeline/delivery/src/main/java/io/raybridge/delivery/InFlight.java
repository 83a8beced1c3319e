package io.raybridge.delivery;

import io.raybridge.api.Clock;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The places for requests in flight and the memory for requests that are encoded. Requests that are
 * sent again go first: they are the oldest and hold memory already.
 */
final class InFlight {
  private final Clock clock;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition placeForAgain = lock.newCondition();
  private final Condition placeForNew = lock.newCondition();
  private final ConcurrencyLimit limit;
  private int waitingAgain;
  private int requests;
  private long bytes;

  InFlight(Clock clock, int maxRequests, long maxBytes) {
    this.clock = clock;
    this.maxBytes = maxBytes;
    limit = new ConcurrencyLimit(maxRequests, clock.nanoTime());
  }

  /** Waits for a place and memory for a new request. */
  void enter(long size) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!hasPlace() || waitingAgain > 0 || !hasRoom(size)) placeForNew.await();
      requests++;
      bytes += size;
      wake();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a place for a request that holds its memory already. */
  void enterAgain() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      waitingAgain++;
      try {
        while (!hasPlace()) placeForAgain.await();
      } finally {
        waitingAgain--;
      }
      requests++;
      wake();
    } finally {
      lock.unlock();
    }
  }

  /** A request that was sent at {@code started} came back; its place is free. */
  void leave(long started, boolean arrived) {
    lock.lock();
    try {
      requests--;
      if (arrived) limit.delivered(started, clock.nanoTime());
      else limit.failed(started, clock.nanoTime());
      wake();
    } finally {
      lock.unlock();
    }
  }

  /** A request came back with an answer that tells nothing of how many should be in flight. */
  void leave() {
    lock.lock();
    try {
      requests--;
      wake();
    } finally {
      lock.unlock();
    }
  }

  /** A request's memory became less. */
  void free(long size) {
    lock.lock();
    try {
      bytes -= size;
      wake();
    } finally {
      lock.unlock();
    }
  }

  int requests() {
    lock.lock();
    try {
      return requests;
    } finally {
      lock.unlock();
    }
  }

  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  int limit() {
    lock.lock();
    try {
      return limit.current();
    } finally {
      lock.unlock();
    }
  }

  private boolean hasPlace() {
    if (requests < limit.current()) return true;
    limit.full();
    return false;
  }

  private boolean hasRoom(long size) {
    return bytes == 0 || bytes + size <= maxBytes;
  }

  // Each one woken wakes the next, so that none sleeps beside a free place.
  private void wake() {
    if (requests >= limit.current()) return;
    if (waitingAgain > 0) placeForAgain.signal();
    else placeForNew.signal();
  }
}
