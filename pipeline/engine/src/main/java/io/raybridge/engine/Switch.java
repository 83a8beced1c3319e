package io.raybridge.engine;

import io.raybridge.api.Clock;
import io.raybridge.api.Consumer;
import io.raybridge.api.Deadline;
import io.raybridge.api.Outcome;
import io.raybridge.data.Batch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A consumer that can be exchanged while batches pass. Those inside finish where they are, those
 * that come next take the new way, and whoever exchanged it can wait until nobody is inside the old
 * one any more. Costs two atomic steps a batch.
 */
final class Switch<B extends Batch> implements Consumer<B> {
  private static final Outcome HELD_TOO_LONG =
      Outcome.unavailable("the collector is taking over a new configuration");

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition turned = lock.newCondition();
  private volatile Way<B> way;
  private @Nullable Deadline heldUntil;

  Switch(Consumer<B> first, Clock clock) {
    this.clock = clock;
    this.way = new Way<>(first, clock);
  }

  @Override
  public Outcome consume(B batch) {
    while (true) {
      var here = way;
      if (here.enter()) {
        try {
          return here.next.consume(batch);
        } finally {
          here.leave();
        }
      }
      if (!awaitTurn(here)) return HELD_TOO_LONG;
    }
  }

  /** Null also while batches are held, for which {@link #consume} waits. */
  @Override
  public @Nullable Outcome consumeNow(B batch) {
    var here = way;
    if (!here.enter()) return null;
    try {
      return here.next.consumeNow(batch);
    } finally {
      here.leave();
    }
  }

  /** From now on batches go here. Returns the way they went before. */
  Passage turn(Consumer<B> next) {
    lock.lock();
    try {
      var before = way;
      way = new Way<>(next, clock);
      before.close();
      turned.signalAll();
      return before;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets nobody in until it is turned; who comes waits for that.
   *
   * @param longest when those who wait are told to come again
   */
  Passage hold(Deadline longest) {
    lock.lock();
    try {
      heldUntil = longest;
      way.close();
      return way;
    } finally {
      lock.unlock();
    }
  }

  private boolean awaitTurn(Way<B> closed) {
    lock.lock();
    try {
      while (way == closed) {
        var until = heldUntil;
        if (until == null || until.passed()) return false;
        // The loop looks again, whatever ended the wait.
        boolean _ = clock.awaitUntil(lock, turned, until.nanoTime());
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** A way that nobody enters any more. */
  sealed interface Passage permits Way {
    /** Waits until all have left it, or the deadline. Returns whether they have. */
    boolean awaitEmpty(Deadline deadline) throws InterruptedException;
  }

  private static final class Way<B extends Batch> implements Passage {
    /** The sign bit of the number of those inside. */
    private static final int CLOSED = Integer.MIN_VALUE;

    private final Consumer<B> next;
    private final Clock clock;
    private final AtomicInteger inside = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition emptied = lock.newCondition();

    Way(Consumer<B> next, Clock clock) {
      this.next = next;
      this.clock = clock;
    }

    boolean enter() {
      int now = inside.get();
      while (now >= 0) {
        int seen = inside.compareAndExchange(now, now + 1);
        if (seen == now) return true;
        now = seen;
      }
      return false;
    }

    void leave() {
      if (inside.decrementAndGet() != CLOSED) return;
      lock.lock();
      try {
        emptied.signalAll();
      } finally {
        lock.unlock();
      }
    }

    void close() {
      inside.getAndUpdate(now -> now | CLOSED);
    }

    @Override
    public boolean awaitEmpty(Deadline deadline) throws InterruptedException {
      lock.lockInterruptibly();
      try {
        while (inside.get() != CLOSED) {
          if (deadline.passed()) return false;
          // The loop looks again, whatever ended the wait.
          boolean _ = clock.awaitUntil(lock, emptied, deadline.nanoTime());
        }
        return true;
      } finally {
        lock.unlock();
      }
    }
  }
}
