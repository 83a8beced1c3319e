package io.raybridge.testkit;

import io.raybridge.api.Consumer;
import io.raybridge.api.Outcome;
import io.raybridge.data.Batch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The end of a pipeline under test: keeps what it is given and answers as told. Safe for use by
 * many threads.
 */
public final class RecordingConsumer<B extends Batch> implements Consumer<B> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final List<B> batches = new ArrayList<>();
  private final Deque<Outcome> script = new ArrayDeque<>();
  private Outcome otherwise = Outcome.ACCEPTED;

  /** Answers the next batches with these, in order; after them as before. */
  public RecordingConsumer<B> answering(Outcome... outcomes) {
    lock.lock();
    try {
      script.addAll(List.of(outcomes));
      return this;
    } finally {
      lock.unlock();
    }
  }

  /** Answers with this whenever no answer is scripted. */
  public RecordingConsumer<B> alwaysAnswering(Outcome outcome) {
    lock.lock();
    try {
      otherwise = outcome;
      return this;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Outcome consume(B batch) {
    lock.lock();
    try {
      batches.add(batch);
      arrived.signalAll();
      var scripted = script.poll();
      return scripted == null ? otherwise : scripted;
    } finally {
      lock.unlock();
    }
  }

  /** All batches offered so far, whatever the answer was. */
  public List<B> batches() {
    lock.lock();
    try {
      return List.copyOf(batches);
    } finally {
      lock.unlock();
    }
  }

  /** The only batch offered so far. */
  public B only() {
    var all = batches();
    if (all.size() != 1) throw new AssertionError(all.size() + " batches (expected: 1)");
    return all.getFirst();
  }

  /** Items in all batches offered so far. */
  public long items() {
    return batches().stream().mapToLong(Batch::items).sum();
  }

  /** Waits until this many batches were offered. */
  public List<B> awaitBatches(int count) throws InterruptedException {
    lock.lock();
    try {
      long left = PATIENCE.toNanos();
      while (batches.size() < count) {
        if (left <= 0) {
          throw new AssertionError(batches.size() + " batches came (expected: " + count + ")");
        }
        left = arrived.awaitNanos(left);
      }
      return List.copyOf(batches);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until this many items were offered. */
  public List<B> awaitItems(long count) throws InterruptedException {
    lock.lock();
    try {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (items() < count) {
        if (!arrived.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          throw new AssertionError(items() + " items came (expected: " + count + ")");
        }
      }
      return List.copyOf(batches);
    } finally {
      lock.unlock();
    }
  }
}
