package io.raybridge.delivery;

import io.raybridge.api.Clock;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The places for requests in flight and the memory for requests that are encoded. Requests that are
 * sent again go first: they are the oldest and hold memory already.
 */
final class InFlight {
  /** More requests than this that have a place and no thread yet are a sign of falling behind. */
  private static final int FEW = 32;

  private final Clock clock;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition placeForAgain = lock.newCondition();
  private final Condition placeForNew = lock.newCondition();
  private final ConcurrencyLimit limit;
  private int waitingAgain;
  private int notBegun;
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
      while (!mayEnter(size)) placeForNew.await();
      add(size);
    } finally {
      lock.unlock();
    }
  }

  /** Takes a place and memory for a new request if they are there now. */
  boolean tryEnter(long size) {
    lock.lock();
    try {
      if (!mayEnter(size)) return false;
      add(size);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The request of the last {@link #enter} is on its way. */
  void begun() {
    lock.lock();
    try {
      notBegun--;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether requests leave as fast as they are made: there is a place, and few that have one have
   * not begun.
   */
  boolean isCalm() {
    lock.lock();
    try {
      return notBegun < FEW && waitingAgain == 0 && requests < limit.current();
    } finally {
      lock.unlock();
    }
  }

  private boolean mayEnter(long size) {
    return hasPlace() && waitingAgain == 0 && hasRoom(size);
  }

  private void add(long size) {
    requests++;
    notBegun++;
    bytes += size;
    wake();
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
