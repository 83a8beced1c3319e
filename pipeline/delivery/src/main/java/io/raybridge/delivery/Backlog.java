package io.raybridge.delivery;

import io.raybridge.api.Clock;
import io.raybridge.data.Batch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The batches taken over and not settled yet, in memory: bounded, and put together as the policy
 * says. It alone knows where they are kept, so that a log on disk can take its place.
 */
final class Backlog<B extends Batch> {
  private final SendingQueueConfig config;
  private final Clock clock;
  private final long maxBytes;
  private final IntConsumer onTaken;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition space = lock.newCondition();
  private final Condition settled = lock.newCondition();
  private final ArrayDeque<Lot<B>> ready = new ArrayDeque<>();
  private final Set<Lot<B>> unsettled = new HashSet<>();
  private BatchPolicy policy;
  private @Nullable Lot<B> filling;
  private boolean someoneTimes;
  private boolean closed;
  private long size;
  private long bytes;

  /**
   * @param onTaken told of the items of each batch before anybody can send them
   */
  Backlog(SendingQueueConfig config, Clock clock, IntConsumer onTaken) {
    this.config = config;
    this.clock = clock;
    this.onTaken = onTaken;
    maxBytes = config.effectiveMaxBytes();
    policy = config.batch().map(b -> BatchPolicy.of(b, config.sizer())).orElse(BatchPolicy.NONE);
  }

  /** From now on batches are put together like this. */
  void policy(BatchPolicy wanted) {
    lock.lock();
    try {
      policy = wanted;
    } finally {
      lock.unlock();
    }
  }

  BatchPolicy policy() {
    lock.lock();
    try {
      return policy;
    } finally {
      lock.unlock();
    }
  }

  /** What became of an offer: taken in this lot, or why not. */
  sealed interface Admission<B extends Batch> {
    record Taken<B extends Batch>(Lot<B> lot) implements Admission<B> {}

    record Full<B extends Batch>(String why) implements Admission<B> {}

    record Closed<B extends Batch>() implements Admission<B> {}
  }

  /** Takes a batch over, if there is space; waits for space if the configuration says so. */
  Admission<B> offer(B batch) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed && !fits(batch)) {
        if (!config.blockOnOverflow()) return new Admission.Full<>(fullness());
        space.await();
      }
      if (closed) return new Admission.Closed<>();
      onTaken.accept(batch.items());
      return new Admission.Taken<>(add(batch));
    } finally {
      lock.unlock();
    }
  }

  /** Takes a batch over that its caller sends itself, without queue or bounds. */
  @Nullable Lot<B> adopt(B batch) {
    lock.lock();
    try {
      if (closed) return null;
      onTaken.accept(batch.items());
      var lot = new Lot<B>(clock.nanoTime(), true);
      lot.add(batch, 0, 0);
      unsettled.add(lot);
      return lot;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next lot that is to leave; null when the backlog is closed and empty. */
  @Nullable Lot<B> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        var lot = ready.poll();
        if (lot != null) {
          // Whoever is next may have to watch the time of the lot that is being filled.
          if (!ready.isEmpty() || filling != null) work.signal();
          return lot;
        }
        if (filling == null) {
          if (closed) return null;
          work.await();
        } else if (closed || clock.nanoTime() - filling.flushAt() >= 0) {
          seal();
        } else if (someoneTimes) {
          work.await();
        } else {
          awaitFlush(filling);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** The lot is encoded: its batches take no memory here any more. */
  void encoded(Lot<B> lot) {
    lock.lock();
    try {
      bytes -= lot.held();
      space.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** All items of the lot are settled. */
  void settled(Lot<B> lot) {
    lock.lock();
    try {
      if (!unsettled.remove(lot)) return;
      size -= lot.charge();
      space.signalAll();
      if (unsettled.isEmpty()) settled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing over any more; what is there leaves without waiting to be filled. */
  void close() {
    lock.lock();
    try {
      closed = true;
      work.signalAll();
      space.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until everything is settled, or the moment comes. */
  boolean awaitSettled(long nanoTime) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!unsettled.isEmpty()) {
        if (!clock.awaitUntil(lock, settled, nanoTime) && clock.nanoTime() - nanoTime >= 0) {
          return unsettled.isEmpty();
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Everything that is not settled. */
  List<Lot<B>> unsettled() {
    lock.lock();
    try {
      return new ArrayList<>(unsettled);
    } finally {
      lock.unlock();
    }
  }

  /** Whether what comes now will have to wait. */
  boolean isLong() {
    lock.lock();
    try {
      return ready.size() > config.numConsumers();
    } finally {
      lock.unlock();
    }
  }

  /** What it holds, counted by the configured sizer. */
  long size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  /** The bytes of the batches that are not encoded yet. */
  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  private boolean fits(B batch) {
    // A batch larger than the whole queue goes when it is alone; refused it would come for ever.
    boolean sizeFits = size == 0 || size + charge(batch) <= config.queueSize();
    boolean bytesFit = bytes == 0 || bytes + batch.sizeBytes() <= maxBytes;
    return sizeFits && bytesFit;
  }

  private long charge(B batch) {
    boolean joins = policy.countsAsOne() && config.sizer() == Sizer.REQUESTS && filling != null;
    return joins ? 0 : config.sizer().sizeOf(batch);
  }

  private String fullness() {
    return size > 0 && size + 1 > config.queueSize()
        ? "sending queue is full (queue_size " + config.queueSize() + ")"
        : "sending queue is full (" + bytes + " of at most " + maxBytes + " bytes)";
  }

  private Lot<B> add(B batch) {
    long charged = charge(batch);
    size += charged;
    long held = batch.sizeBytes();
    bytes += held;
    var lot = filling;
    if (lot == null) {
      long flushAt = clock.nanoTime() + policy.flushAfter().toNanos();
      lot = new Lot<>(flushAt, config.waitForResult());
      filling = lot;
      unsettled.add(lot);
      work.signal();
    }
    lot.add(batch, charged, held);
    long filled = policy.sizer() == Sizer.BYTES ? lot.bytes() : lot.items();
    if (filled >= policy.minSize()) {
      seal();
      work.signal();
    }
    return lot;
  }

  private void seal() {
    if (filling == null) return;
    ready.add(filling);
    filling = null;
  }

  private void awaitFlush(Lot<B> lot) throws InterruptedException {
    someoneTimes = true;
    try {
      // What to do is decided by looking again, whatever woke us.
      boolean _ = clock.awaitUntil(lock, work, lot.flushAt());
    } finally {
      someoneTimes = false;
    }
  }
}
