package io.raybridge.processors.batch;

import io.raybridge.api.Clock;
import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Ledger;
import io.raybridge.api.MetadataKeys;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  // In the order in which they began to wait; one where nothing keeps batches apart.
  private final LinkedHashMap<Apart, Pile<B>> waiting = new LinkedHashMap<>();
  private final MetadataKeys keys;
  private long bytes;
  private boolean stopping;
  private @Nullable Thread thread;

  /**
   * @param size as it counts against the memory, whatever becomes of the batch
   */
  private record Waiting<B extends Batch>(
      B batch, int items, long size, Spool.Position position, long due) {}

  private record Some<B extends Batch>(List<Waiting<B>> all, boolean full) {}

  /** What is put together. Never empty while it waits. */
  private static final class Pile<B extends Batch> {
    final ArrayDeque<Waiting<B>> all = new ArrayDeque<>();
    long items;

    long due() {
      return all.getFirst().due();
    }

    void add(Waiting<B> one) {
      items += one.items();
      all.addLast(one);
    }

    /** Takes out what has so many items, or all of it. */
    List<Waiting<B>> take(long enough) {
      var some = new ArrayList<Waiting<B>>();
      long count = 0;
      while (!all.isEmpty() && (some.isEmpty() || count < enough)) {
        var one = all.removeFirst();
        count += one.items();
        some.add(one);
      }
      items -= count;
      return some;
    }
  }

  DurableBatcher(
      BatchProcessorConfig config,
      String storage,
      Signal signal,
      Context context,
      Consumer<B> next) {
    this.config = config;
    this.context = context;
    this.signal = signal;
    keys = config.apart();
    clock = context.clock();
    this.next = new HandOver<>(clock, next);
    journal = new Journal(context, signal, "storage", storage);
    sizes = new Sizes(context.telemetry());
    Sizes.combinations(context.telemetry(), this::combinations);
  }

  @SuppressWarnings("unchecked") // the journal of a signal has batches of that signal
  void start() throws IOException {
    journal.start((batch, position) -> found((B) batch, position));
    thread = Thread.ofVirtual().name(context.id() + " batches").start(this::run);
  }

  @Override
  public Outcome consume(B batch) {
    if (batch.items() == 0) return Outcome.ACCEPTED;
    keys.reduce(batch);
    Merge.pack(batch);
    long size = size(batch);
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
    // The keys may be others now.
    keys.reduce(batch);
    long size = size(batch);
    giveBack(-size);
    add(batch, size, position);
  }

  private static long size(Batch batch) {
    var client = batch.client();
    return batch.sizeBytes() + (client == null ? 0 : client.sizeBytes());
  }

  private void add(B batch, long size, Spool.Position position) {
    int count = batch.items();
    long due = clock.nanoTime() + config.timeout().toNanos();
    lock.lock();
    try {
      waiting
          .computeIfAbsent(Apart.of(batch), _ -> new Pile<>())
          .add(new Waiting<>(batch, count, size, position, due));
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
        var next = next();
        if (next == null && stopping) return null;
        if (next != null) {
          var pile = next.getValue();
          boolean full = isFull(pile);
          boolean crowded = waiting.size() > config.maxApart();
          if (full || crowded || stopping || clock.nanoTime() - pile.due() >= 0) {
            var some = pile.take(config.sendBatchSize());
            waiting.remove(next.getKey());
            if (!pile.all.isEmpty()) waiting.put(next.getKey(), pile);
            return new Some<>(some, full);
          }
        }
        long until =
            next == null ? clock.nanoTime() + LONGEST_WAIT.toNanos() : next.getValue().due();
        // The loop tests all of it again, whatever ended the wait.
        boolean _ = clock.awaitUntil(lock, changed, until);
      }
    } finally {
      lock.unlock();
    }
  }

  /** A full pile, or else the one whose time comes first; null when nothing waits. */
  private Map.@Nullable Entry<Apart, Pile<B>> next() {
    Map.Entry<Apart, Pile<B>> first = null;
    for (var each : waiting.entrySet()) {
      if (isFull(each.getValue())) return each;
      boolean sooner = first == null || each.getValue().due() - first.getValue().due() < 0;
      if (sooner) first = each;
    }
    return first;
  }

  private boolean isFull(Pile<B> pile) {
    return pile.items >= config.sendBatchSize();
  }

  private long combinations() {
    if (keys.names().isEmpty()) return 1;
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
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
