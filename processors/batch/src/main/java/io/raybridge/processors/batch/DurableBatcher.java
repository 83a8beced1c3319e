package io.raybridge.processors.batch;

import io.raybridge.api.Clock;
import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Ledger;
import io.raybridge.api.Outcome;
import io.raybridge.api.Spool;
import io.raybridge.data.Batch;
import io.raybridge.data.Signal;
import io.raybridge.delivery.HandOver;
import io.raybridge.delivery.Journal;
import io.raybridge.delivery.Merge;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Puts batches together that are on disk already, so that their callers need not wait for it. Its
 * thread hands them on until they are taken; what is not when the process ends, the next one finds.
 */
final class DurableBatcher<B extends Batch> implements Consumer<B> {
  private static final Duration COME_AGAIN = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  /** Of the heap, what may wait in memory. */
  private static final int SHARE = 16;

  private final BatchProcessorConfig config;
  private final Context context;
  private final Clock clock;
  private final Signal signal;
  private final Journal journal;
  private final Sizes sizes;
  private final HandOver<B> next;
  private final long maxBytes = Runtime.getRuntime().maxMemory() / SHARE;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Waiting<B>> waiting = new ArrayDeque<>();
  private long items;
  private long bytes;
  private boolean stopping;
  private @Nullable Thread thread;

  /**
   * @param size as it counts against the memory, whatever becomes of the batch
   */
  private record Waiting<B extends Batch>(
      B batch, int items, long size, Spool.Position position, long due) {}

  private record Some<B extends Batch>(List<Waiting<B>> all, boolean full) {}

  DurableBatcher(
      BatchProcessorConfig config,
      String storage,
      Signal signal,
      Context context,
      Consumer<B> next) {
    this.config = config;
    this.context = context;
    this.signal = signal;
    clock = context.clock();
    this.next = new HandOver<>(clock, next);
    journal = new Journal(context, signal, "storage", storage);
    sizes = new Sizes(context.telemetry());
  }

  @SuppressWarnings("unchecked") // the journal of a signal has batches of that signal
  void start() throws IOException {
    journal.start((batch, position) -> found((B) batch, position));
    thread = Thread.ofVirtual().name(context.id() + " batches").start(this::run);
  }

  @Override
  public Outcome consume(B batch) {
    if (batch.items() == 0) return Outcome.ACCEPTED;
    Merge.pack(batch);
    long size = batch.sizeBytes();
    if (!reserve(size)) {
      return Outcome.overloaded(
          context.id() + ": what waits has no room in memory (" + maxBytes + " bytes)", COME_AGAIN);
    }
    boolean held = false;
    try {
      var result = journal.write(List.of(Journal.Entry.of(batch)));
      if (result instanceof Journal.Result.Refused(var why)) return why;
      var written = (Journal.Result.Written) result;
      add(batch, size, written.positions().getFirst());
      held = true;
      return Outcome.ACCEPTED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.unavailable("interrupted");
    } finally {
      if (!held) giveBack(size);
    }
  }

  private boolean reserve(long size) {
    lock.lock();
    try {
      // A batch that is larger than all of the room is taken alone, or it would never be.
      if (bytes > 0 && bytes + size > maxBytes) return false;
      bytes += size;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void giveBack(long size) {
    lock.lock();
    try {
      bytes -= size;
    } finally {
      lock.unlock();
    }
  }

  /** What was there at the end of the process before has room now. */
  private void found(B batch, Spool.Position position) {
    long size = batch.sizeBytes();
    giveBack(-size);
    add(batch, size, position);
  }

  private void add(B batch, long size, Spool.Position position) {
    int count = batch.items();
    long due = clock.nanoTime() + config.timeout().toNanos();
    lock.lock();
    try {
      items += count;
      waiting.add(new Waiting<>(batch, count, size, position, due));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      for (var some = take(); some != null; some = take()) {
        (some.full() ? sizes.bySize() : sizes.byTimeout()).add(1);
        if (!isHandedOn(some.all())) return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until a batch is full or its time has come; null when the work is over. */
  private @Nullable Some<B> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        boolean full = !waiting.isEmpty() && items >= config.sendBatchSize();
        var first = waiting.peekFirst();
        if (first == null && stopping) return null;
        if (first != null && (full || stopping || clock.nanoTime() - first.due() >= 0)) {
          return new Some<>(takeSome(), full);
        }
        long until = first == null ? clock.nanoTime() + LONGEST_WAIT.toNanos() : first.due();
        // The loop tests all of it again, whatever ended the wait.
        boolean _ = clock.awaitUntil(lock, changed, until);
      }
    } finally {
      lock.unlock();
    }
  }

  private List<Waiting<B>> takeSome() {
    var some = new ArrayList<Waiting<B>>();
    long count = 0;
    while (!waiting.isEmpty() && (some.isEmpty() || count < config.sendBatchSize())) {
      var one = waiting.removeFirst();
      count += one.items();
      some.add(one);
    }
    items -= count;
    return some;
  }

  /** False when the time to stop is over; what was not taken stays on disk then. */
  private boolean isHandedOn(List<Waiting<B>> some) throws InterruptedException {
    var batches = some.stream().map(Waiting::batch).toList();
    for (var part : Merge.together(batches, config.sendBatchMaxSize())) {
      sizes.sizes().record(part.items());
      if (!isTaken(part)) {
        context.log().log(
            Level.INFO,
            "what waits to be handed on stays on disk and is found again at the next start");
        return false;
      }
    }
    journal.settle(some.stream().map(Waiting::position).toList());
    giveBack(some.stream().mapToLong(Waiting::size).sum());
    return true;
  }

  private boolean isTaken(B part) throws InterruptedException {
    return switch (next.handOn(part)) {
      case Outcome.Accepted _ -> true;
      case Outcome.Partial(int rejected, String reason) -> {
        lost(rejected, reason);
        yield true;
      }
      case Outcome.Rejected(var _, String reason) -> {
        lost(part.items(), reason);
        yield true;
      }
      case Outcome.Retry _ -> false;
    };
  }

  private void lost(int count, String reason) {
    context.ledger().dropped(new Ledger.Drop(signal, count, "rejected", null, reason));
  }

  void stop(Deadline deadline) throws InterruptedException {
    lock.lock();
    try {
      stopping = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    next.stop(deadline);
    try {
      var running = thread;
      if (running != null) running.join(deadline.left().plusSeconds(1));
    } finally {
      journal.close();
    }
  }
}
