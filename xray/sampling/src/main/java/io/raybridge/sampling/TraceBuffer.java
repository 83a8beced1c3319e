package io.raybridge.sampling;

import io.raybridge.api.Clock;
import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Ledger;
import io.raybridge.api.Outcome;
import io.raybridge.api.Spool;
import io.raybridge.api.ThrottledLog;
import io.raybridge.data.Signal;
import io.raybridge.data.SpanBatch;
import io.raybridge.data.Traces;
import io.raybridge.data.view.KeyTable;
import io.raybridge.data.view.SpanWalk;
import io.raybridge.delivery.HandOver;
import io.raybridge.delivery.Journal;
import io.raybridge.sampling.HeldTraces.Held;
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
 * Where spans wait for the decision of their trace, in a bounded room, and what was decided. One
 * thread decides of what is due and sends on what is kept, until it is taken; what cannot be sent
 * is said to the ledger.
 *
 * <p>With a {@link Journal}, what waits lies on disk as well: one record for each trace of a batch,
 * settled when the trace is dropped or was taken.
 *
 * <p>Who samples holds {@link #lock} while it asks and decides.
 *
 * @param <N> what a sampler notes of a trace
 */
public final class TraceBuffer<N> {
  private static final int SPANS_AT_ONCE = 1024;
  private static final Duration COME_AGAIN = Duration.ofSeconds(1);

  private final Limits limits;
  private final Sampling<N> sampling;
  private final @Nullable Journal journal;
  private final @Nullable DecisionLog decided;
  private final Consumer<Traces> next;
  private final HandOver<Traces> handOver;
  private final Clock clock;
  private final Ledger ledger;
  private final ThrottledLog log;
  private final String id;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final HeldTraces<N> held = new HeldTraces<>();
  private final ArrayDeque<Hastened<N>> hastened = new ArrayDeque<>();
  private final ArrayDeque<Kept<N>> outbox = new ArrayDeque<>();
  private final Decisions decisions;
  private long reserved;
  private long waitingToLeave;
  private boolean stopping;
  private @Nullable Thread thread;

  private record Kept<N>(Held<N> trace, long threshold) {}

  private record Hastened<N>(Held<N> trace, long due) {}

  /**
   * What may wait, and how long.
   *
   * @param patience how long a trace waits, from its first span
   * @param maxBytes of all that waits or is to be sent
   * @param maxTraces that wait
   * @param early whether the oldest are decided early to make room; if not, what comes is refused
   * @param ttl how long decisions are remembered at least
   * @param cacheBytes of remembered decisions
   * @param timed whether it is remembered when decisions were made
   */
  public record Limits(
      Duration patience,
      long maxBytes,
      int maxTraces,
      boolean early,
      Duration ttl,
      long cacheBytes,
      boolean timed) {}

  /** Who samples. All is asked with the lock held. */
  public interface Sampling<N> {
    /** Decides of a trace that waited, now: a threshold, {@link Threshold#NEVER} to drop it. */
    long decide(Held<N> trace, boolean stopping);

    /** A trace that waited has its decision. */
    void left(Held<N> trace, long decision);

    /** A trace was decided before its time for want of room. */
    void early();

    /**
     * Spans of one trace that waited when the process before ended, to be read and given to {@link
     * #hold(TraceScan, TraceScan.Look, Spool.Position)}. Without the lock.
     */
    void found(Traces batch, Spool.Position position);
  }

  /**
   * @param journal keeps on disk what waits, or null
   */
  public TraceBuffer(
      Limits limits,
      Context context,
      Sampling<N> sampling,
      @Nullable Journal journal,
      Consumer<Traces> next) {
    this(limits, context, sampling, journal, null, next);
  }

  /**
   * @param journal keeps on disk what waits, or null
   * @param decided keeps on disk what was decided, or null
   */
  public TraceBuffer(
      Limits limits,
      Context context,
      Sampling<N> sampling,
      @Nullable Journal journal,
      @Nullable DecisionLog decided,
      Consumer<Traces> next) {
    this.limits = limits;
    this.sampling = sampling;
    this.journal = journal;
    this.decided = decided;
    this.next = next;
    clock = context.clock();
    handOver = new HandOver<>(clock, next);
    ledger = context.ledger();
    log = new ThrottledLog(context.log(), clock);
    id = context.id().toString();
    decisions =
        limits.timed()
            ? Decisions.timed(limits.ttl(), limits.cacheBytes(), clock.nanoTime())
            : new Decisions(limits.ttl(), limits.cacheBytes(), clock.nanoTime());
  }

  /** Guards everything in here, and what a sampler decides by. */
  public ReentrantLock lock() {
    return lock;
  }

  /** What was decided of a trace, or {@link Decisions#NONE}. */
  public long known(long hi, long lo) {
    lock.lock();
    try {
      return decisions.get(hi, lo);
    } finally {
      lock.unlock();
    }
  }

  /** How long ago it was decided of a trace; zero where that is not known. */
  public Duration sinceDecision(long hi, long lo) {
    lock.lock();
    try {
      long now = clock.nanoTime();
      return Duration.ofNanos(now - decisions.decidedAt(hi, lo, now));
    } finally {
      lock.unlock();
    }
  }

  /** Remembers a decision. */
  public void remember(long hi, long lo, long decision) {
    decisions.put(hi, lo, decision, clock.nanoTime());
    if (decided != null) decided.add(hi, lo, decision);
  }

  private void keepDecisions() {
    if (decided != null) decided.flush();
  }

  /** What an earlier process or a predecessor decided. */
  private void found(long hi, long lo, long decision) {
    lock.lock();
    try {
      if (decisions.get(hi, lo) != Decisions.NONE) return;
      decisions.put(hi, lo, decision, clock.nanoTime());
      var waiting = held.get(hi, lo);
      if (waiting != null) leave(waiting, decision);
    } finally {
      lock.unlock();
    }
  }

  /** The trace of this id that waits, or null. */
  public @Nullable Held<N> waiting(long hi, long lo) {
    return held.get(hi, lo);
  }

  /** Traces that wait. */
  public long traces() {
    lock.lock();
    try {
      return held.count();
    } finally {
      lock.unlock();
    }
  }

  /** Bytes of what waits or is to be sent. */
  public long sizeBytes() {
    lock.lock();
    try {
      return held.sizeBytes();
    } finally {
      lock.unlock();
    }
  }

  /** Decisions forgotten before their time. */
  public long forgotten() {
    lock.lock();
    try {
      return decisions.forgotten();
    } finally {
      lock.unlock();
    }
  }

  /** A trace that waited has its decision: it is dropped, or sent on by the thread in here. */
  public void leave(Held<N> trace, long decision) {
    held.take(trace);
    sampling.left(trace, decision);
    if (decision == Threshold.NEVER) {
      if (journal != null) journal.settle(trace.positions());
      held.release(trace);
    } else {
      waitingToLeave += trace.sizeBytes();
      outbox.addLast(new Kept<>(trace, decision));
      changed.signalAll();
    }
  }

  /**
   * Reserves room for traces that will wait; false when there is none.
   *
   * <p>Three quarters of the room are for what waits: above, the oldest are decided early. What is
   * kept of them needs its room until it is sent, for which there is the last quarter.
   */
  public boolean reserve(long room) {
    boolean early = false;
    long most = limits.maxBytes();
    while (held.count() >= limits.maxTraces()
        || held.sizeBytes() - waitingToLeave + reserved + room > most / 4 * 3) {
      var oldest = held.oldest();
      if (oldest == null || !limits.early() || waitingToLeave > most / 4) break;
      leave(oldest, decided(oldest));
      sampling.early();
      early = true;
    }
    if (early) {
      log.log(
          Level.WARNING,
          "early",
          () ->
              "the room for waiting spans is full: the oldest traces are decided before their time");
    }
    // A batch that is larger than all of the room is taken alone, or it would never be.
    boolean empty = held.sizeBytes() == 0 && reserved == 0;
    boolean full = held.count() >= limits.maxTraces() || held.sizeBytes() + reserved + room > most;
    if (full && !empty) return false;
    reserved += room;
    return true;
  }

  private long decided(Held<N> trace) {
    long decision = sampling.decide(trace, stopping);
    remember(trace.traceIdHi(), trace.traceIdLo(), decision);
    return decision;
  }

  /** The answer when there is no room. */
  public Outcome full() {
    return Outcome.overloaded(id + ": the room for waiting spans is full", COME_AGAIN);
  }

  /**
   * Hands on what of a batch goes on now, and keeps what must wait in the room that was reserved
   * for it. The answer is for all of the batch.
   *
   * @param kept what goes on now, or null
   */
  public Outcome take(TraceScan<N> scan, TraceScan.Look<N> look, long room, @Nullable Traces kept) {
    keepDecisions();
    Map<TraceScan.Seen<N>, Spool.Position> positions = Map.of();
    if (room > 0 && journal != null) {
      switch (write(scan, journal)) {
        case Stored.Written<N>(var places) -> positions = places;
        case Stored.Refused<N>(var why) -> {
          giveBack(room);
          return why;
        }
      }
    }
    var outcome = kept == null ? Outcome.ACCEPTED : next.consume(kept);
    if (room == 0) return outcome;
    if (outcome instanceof Outcome.Retry || outcome instanceof Outcome.Rejected) {
      // Who is told to come again brings what waits again.
      if (journal != null) journal.settle(List.copyOf(positions.values()));
      giveBack(room);
    } else {
      hold(scan, look, room, positions);
    }
    return outcome;
  }

  private sealed interface Stored<N> {
    record Written<N>(Map<TraceScan.Seen<N>, Spool.Position> positions) implements Stored<N> {}

    record Refused<N>(Outcome why) implements Stored<N> {}
  }

  private Stored<N> write(TraceScan<N> scan, Journal to) {
    var parts = new LinkedHashMap<TraceScan.Seen<N>, SpanBatch>();
    scan.waiting((seen, envelope, fields) ->
        parts.computeIfAbsent(seen, _ -> new SpanBatch()).add(envelope, fields));
    var entries = new ArrayList<Journal.Entry>(parts.size());
    for (var part : parts.values()) entries.add(Journal.Entry.of(part.toTraces()));
    try {
      return switch (to.write(entries)) {
        case Journal.Result.Written(var places) -> {
          var positions = new LinkedHashMap<TraceScan.Seen<N>, Spool.Position>();
          int i = 0;
          for (var seen : parts.keySet()) positions.put(seen, places.get(i++));
          yield new Stored.Written<>(positions);
        }
        case Journal.Result.Refused(var why) -> new Stored.Refused<>(why);
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Stored.Refused<>(Outcome.unavailable("interrupted"));
    }
  }

  /** Keeps a trace that an earlier process has left on disk. */
  public void hold(TraceScan<N> scan, TraceScan.Look<N> look, Spool.Position position) {
    var positions = new LinkedHashMap<TraceScan.Seen<N>, Spool.Position>();
    for (int i = 0; i < scan.traces(); i++) positions.put(scan.trace(i), position);
    hold(scan, look, 0, positions);
  }

  private void giveBack(long room) {
    lock.lock();
    try {
      reserved -= room;
    } finally {
      lock.unlock();
    }
  }

  private void hold(
      TraceScan<N> scan,
      TraceScan.Look<N> look,
      long room,
      Map<TraceScan.Seen<N>, Spool.Position> positions) {
    lock.lock();
    try {
      reserved -= room;
      boolean first = held.oldest() == null;
      long now = clock.nanoTime();
      long due = now + limits.patience().toNanos();
      scan.waiting((seen, envelope, fields) -> {
        var trace = held.get(seen.traceIdHi(), seen.traceIdLo());
        if (trace == null) {
          trace = held.add(seen.traceIdHi(), seen.traceIdLo(), now, due, look.copy(seen.note()));
        } else {
          look.merge(trace.note(), seen.note());
        }
        held.add(trace, envelope, fields);
      });
      positions.forEach((seen, position) -> {
        var trace = held.get(seen.traceIdHi(), seen.traceIdLo());
        if (trace != null) held.add(trace, position);
      });
      // Meanwhile others may have brought what decides of some of them.
      for (int i = 0; i < scan.traces(); i++) {
        var seen = scan.trace(i);
        if (!seen.waits()) continue;
        var trace = held.get(seen.traceIdHi(), seen.traceIdLo());
        if (trace == null) continue;
        long decision = decisions.get(seen.traceIdHi(), seen.traceIdLo());
        if (decision != Decisions.NONE) leave(trace, decision);
      }
      if (first) changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets a trace that waits be decided after this time, if that is earlier than its own; once.
   *
   * @param patience always the same
   */
  public void hasten(long hi, long lo, Duration patience) {
    lock.lock();
    try {
      var trace = held.get(hi, lo);
      long due = clock.nanoTime() + patience.toNanos();
      if (trace == null || trace.due() - due <= 0 || !held.hasten(trace)) return;
      // Those that were decided early are not to pile up until their time.
      if (hastened.size() > 2 * held.count()) hastened.removeIf(each -> !each.trace().waits());
      hastened.addLast(new Hastened<>(trace, due));
      if (hastened.size() == 1) changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Begins to decide of what is due, and of what an earlier process left.
   *
   * @throws IOException when the storage cannot be had
   */
  public void start() throws IOException {
    // First: what is found waiting may be of traces that are decided.
    if (decided != null) decided.start(this::found);
    if (journal != null) journal.start((batch, at) -> sampling.found((Traces) batch, at));
    thread = Thread.ofVirtual().name(id + " decisions").start(this::run);
  }

  /** Decides of all that waits, and sends what is kept until the deadline. */
  public void stop(Deadline deadline) throws InterruptedException {
    lock.lock();
    try {
      stopping = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    handOver.stop(deadline);
    var running = thread;
    try {
      if (running != null) running.join(deadline.left().plusSeconds(1));
    } finally {
      if (journal != null) journal.close();
      keepDecisions();
      if (decided != null) decided.close();
    }
  }

  private void run() {
    try {
      for (var some = nextToSend(); !some.isEmpty(); some = nextToSend()) send(some);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for something to send; empty when the work is over. */
  private List<Kept<N>> nextToSend() throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        expire();
        keepDecisions();
        if (!outbox.isEmpty()) return someOf(outbox);
        if (stopping) return List.of();
        var oldest = held.oldest();
        long until =
            oldest == null ? clock.nanoTime() + Duration.ofHours(1).toNanos() : oldest.due();
        var sooner = hastened.peekFirst();
        if (sooner != null && sooner.due() - until < 0) until = sooner.due();
        // The loop looks at everything again, whatever ended the wait.
        boolean _ = clock.awaitUntil(lock, changed, until);
      }
    } finally {
      lock.unlock();
    }
  }

  private void expire() {
    for (var sooner = hastened.peekFirst();
        sooner != null && (!sooner.trace().waits() || sooner.due() - clock.nanoTime() <= 0);
        sooner = hastened.peekFirst()) {
      hastened.removeFirst();
      if (sooner.trace().waits()) leave(sooner.trace(), decided(sooner.trace()));
    }
    for (var oldest = held.oldest();
        oldest != null && (stopping || oldest.due() - clock.nanoTime() <= 0);
        oldest = held.oldest()) {
      leave(oldest, decided(oldest));
    }
  }

  private static <N> List<Kept<N>> someOf(ArrayDeque<Kept<N>> all) {
    var some = new ArrayList<Kept<N>>();
    int spans = 0;
    while (!all.isEmpty()
        && (some.isEmpty() || spans + all.peekFirst().trace().spans() <= SPANS_AT_ONCE)) {
      var kept = all.removeFirst();
      spans += kept.trace().spans();
      some.add(kept);
    }
    return some;
  }

  private void send(List<Kept<N>> some) throws InterruptedException {
    var batch = batch(some);
    int spans = batch.items();
    switch (handOver.handOn(batch)) {
      case Outcome.Accepted _ -> {}
      case Outcome.Partial(int rejected, String reason) -> lost(some, rejected, "rejected", reason);
      case Outcome.Rejected(var _, String reason) -> lost(some, spans, "rejected", reason);
      case Outcome.Retry(var _, String reason, var _) -> {
        if (journal != null) {
          left(spans);
          return;
        }
        lost(some, spans, "stopped", "the time to stop is over; refused before: " + reason);
      }
    }
    if (journal != null) for (var kept : some) journal.settle(kept.trace().positions());
    released(some);
  }

  /** Those of one batch whose spans say the same of their sampling leave as they came. */
  private Traces batch(List<Kept<N>> some) {
    var all = new SpanBatch();
    var parts = new ArrayList<Traces>();
    TraceScan<Object> scan = null;
    for (var kept : some) {
      if (kept.threshold() == Threshold.ALWAYS) {
        kept.trace().addTo(all);
        continue;
      }
      if (scan == null) scan = TraceScan.blind(new SpanWalk(KeyTable.of(List.of())));
      var one = new SpanBatch();
      kept.trace().addTo(one);
      parts.add(scan.sampled(one.toTraces(), kept.threshold()));
    }
    if (all.spans() > 0) parts.add(all.toTraces());
    return Traces.join(parts);
  }

  private void lost(List<Kept<N>> some, int spans, String reason, String detail) {
    var first = some.getFirst().trace();
    ledger.dropped(
        new Ledger.Drop(
            Signal.TRACES,
            spans,
            reason,
            String.format("%016x%016x", first.traceIdHi(), first.traceIdLo()),
            detail));
  }

  private void left(int spans) {
    log.log(
        Level.INFO,
        "left",
        () -> spans + " spans and more stay on disk and are decided again after the next start");
  }

  private void released(List<Kept<N>> some) {
    lock.lock();
    try {
      for (var kept : some) {
        waitingToLeave -= kept.trace().sizeBytes();
        held.release(kept.trace());
      }
    } finally {
      lock.unlock();
    }
  }
}
