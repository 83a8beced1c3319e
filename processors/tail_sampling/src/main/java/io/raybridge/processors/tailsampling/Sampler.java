package io.raybridge.processors.tailsampling;

import io.raybridge.api.Clock;
import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Ledger;
import io.raybridge.api.Outcome;
import io.raybridge.api.Spool;
import io.raybridge.data.Signal;
import io.raybridge.data.SpanBatch;
import io.raybridge.data.Traces;
import io.raybridge.data.view.KeyTable;
import io.raybridge.data.view.SpanWalk;
import io.raybridge.delivery.Journal;
import io.raybridge.processors.tailsampling.Judge.Judgement;
import io.raybridge.sampling.Decisions;
import io.raybridge.sampling.HeldTraces.Held;
import io.raybridge.sampling.Pool;
import io.raybridge.sampling.Threshold;
import io.raybridge.sampling.TraceBuffer;
import io.raybridge.sampling.TraceScan;
import io.raybridge.sampling.TraceScan.Seen;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds every trace for its time, then asks all policies about the spans that have come; or asks
 * them about the spans of each batch as it comes.
 */
final class Sampler implements Consumer<Traces>, TraceBuffer.Sampling<Noted> {
  private static final Duration REMEMBERED = Duration.ofHours(1);

  /** Bytes that a remembered decision takes in tables which are three quarters full at most. */
  private static final long DECISION_BYTES = 86;

  private final TailSamplingConfig config;
  private final Clock clock;
  private final Ledger ledger;
  private final Tally tally;
  private final TraceBuffer<Noted> buffer;
  private final Policies policies;
  private final boolean onIngest;
  private final Pool<Eyes> scans;

  /** What spans are looked at with: policies see them when they are decided. */
  private record Eyes(Noted.Look look, TraceScan<Noted> scan) {
    static Eyes of(boolean forRoots, boolean forWanted) {
      var walk = new SpanWalk(KeyTable.of(List.of()));
      var look = new Noted.Look(walk, forRoots, forWanted);
      return new Eyes(look, new TraceScan<>(walk, look));
    }
  }

  Sampler(TailSamplingConfig config, Context context, Consumer<Traces> next) {
    this.config = config;
    clock = context.clock();
    ledger = context.ledger();
    tally = new Tally(context, Policies.inOrder(config.policies()));
    policies = new Policies(config.policies(), config.sampleOnFirstMatch(), clock, tally);
    onIngest = config.samplingStrategy() == TailSamplingConfig.Strategy.SPAN_INGEST;
    boolean forRoots = !config.decisionWaitAfterRootReceived().isZero();
    boolean forWanted = onIngest && Policies.anyDrops(config.policies());
    scans = new Pool<>(() -> Eyes.of(forRoots, forWanted));
    var cache = config.decisionCache();
    long remembered =
        Math.max(config.numTraces(), (long) cache.sampledCacheSize() + cache.nonSampledCacheSize());
    var limits =
        new TraceBuffer.Limits(
            config.decisionWait(),
            (long) config.maxHeldMib() << 20,
            config.numTraces(),
            !config.blockOnOverflow(),
            config.decisionWait().compareTo(REMEMBERED) > 0 ? config.decisionWait() : REMEMBERED,
            remembered * DECISION_BYTES,
            true);
    var journal =
        config
            .tailStorage()
            .map(storage -> new Journal(context, Signal.TRACES, "tail_storage", storage))
            .orElse(null);
    buffer = new TraceBuffer<>(limits, context, this, journal, next);
    context
        .telemetry()
        .gauge(
            "otelcol_processor_tail_sampling_sampling_traces_on_memory",
            "{traces}",
            "Traces in memory.",
            buffer::traces);
    context
        .telemetry()
        .gauge(
            "otelcol_processor_tail_sampling_held_bytes",
            "By",
            "Memory of spans that wait for a decision or to be sent on.",
            buffer::sizeBytes);
  }

  @Override
  public Outcome consume(Traces batch) {
    var eyes = scans.take();
    var scan = eyes.scan();
    try {
      scan.read(batch, this::known);
      long room = reserve(scan);
      if (room < 0) return buffer.full();
      var outcome = buffer.take(scan, eyes.look(), room, scan.kept(batch));
      boolean refused = outcome instanceof Outcome.Retry || outcome instanceof Outcome.Rejected;
      if (!refused) count(scan);
      return outcome;
    } finally {
      scans.giveBack(eyes);
    }
  }

  private long known(long hi, long lo) {
    return hi == 0 && lo == 0 ? Threshold.ALWAYS : buffer.known(hi, lo);
  }

  /**
   * Decides at once of what can be, and reserves room for the rest.
   *
   * @return the room; negative when there is none
   */
  private long reserve(TraceScan<Noted> scan) {
    long room = 0;
    long fresh = 0;
    buffer.lock().lock();
    try {
      for (int i = 0; i < scan.traces(); i++) {
        var seen = scan.trace(i);
        if (!seen.waits()) continue;
        var waiting = buffer.waiting(seen.traceIdHi(), seen.traceIdLo());
        if (waiting == null) fresh++;
        if (onIngest) glance(scan, seen, waiting);
        if (seen.waits()) room += seen.room();
      }
      if (room > 0 && !buffer.reserve(room)) return -1;
    } finally {
      buffer.lock().unlock();
    }
    if (fresh > 0) tally.newTraces.add(fresh);
    return room;
  }

  /** Asks the policies about the spans of a trace that a batch brings, and only about these. */
  private void glance(TraceScan<Noted> scan, Seen<Noted> seen, @Nullable Held<Noted> waiting) {
    long begin = System.nanoTime();
    var spans = scan.spansOf(seen);
    int all = seen.spans() + (waiting == null ? 0 : waiting.spans());
    var whole = new Judge.Whole(seen.traceIdHi(), seen.traceIdLo(), all, spans.sizeBytes());
    var glance = policies.glance(spans, whole);
    tally.decisionMillis.record((System.nanoTime() - begin) / 1e6);
    switch (glance) {
      case SAMPLED -> decideNow(seen, waiting, Judgement.SAMPLED);
      case DROPPED -> decideNow(seen, waiting, Judgement.DROPPED);
      case WANTED -> seen.note().want();
      case NOTHING -> {}
    }
  }

  private void decideNow(Seen<Noted> seen, @Nullable Held<Noted> waiting, Judgement judgement) {
    tally.count(judgement);
    seen.decide(threshold(judgement));
    buffer.remember(seen.traceIdHi(), seen.traceIdLo(), seen.decision());
    if (waiting == null) tally.ages.record(0);
    else buffer.leave(waiting, seen.decision());
  }

  private static long threshold(Judgement judgement) {
    return judgement == Judgement.SAMPLED ? Threshold.ALWAYS : Threshold.NEVER;
  }

  private void count(TraceScan<Noted> scan) {
    for (int i = 0; i < scan.traces(); i++) {
      var seen = scan.trace(i);
      if (seen.late()) {
        countLate(seen);
      } else if (config.maximumTraceSizeBytes() > 0 && seen.waits()) {
        dropIfTooLarge(seen.traceIdHi(), seen.traceIdLo());
      }
    }
    hasten(scan);
  }

  private void countLate(Seen<Noted> seen) {
    (seen.decision() == Threshold.NEVER ? tally.lateOthers : tally.lateSampled).add(seen.spans());
    long seconds = buffer.sinceDecision(seen.traceIdHi(), seen.traceIdLo()).toSeconds();
    tally.lateAges.record((double) seconds);
  }

  /** A trace whose root has come need not wait for as long as the others. */
  private void hasten(TraceScan<Noted> scan) {
    for (int i = 0; i < scan.traces(); i++) {
      var seen = scan.trace(i);
      if (seen.waits() && seen.note().isRootSeen()) {
        buffer.hasten(seen.traceIdHi(), seen.traceIdLo(), config.decisionWaitAfterRootReceived());
      }
    }
  }

  private void dropIfTooLarge(long hi, long lo) {
    buffer.lock().lock();
    try {
      var trace = buffer.waiting(hi, lo);
      if (trace == null || trace.sizeBytes() <= config.maximumTraceSizeBytes()) return;
      buffer.remember(hi, lo, Threshold.NEVER);
      tally.tooLarge.add(1);
      lost(trace, "trace_too_large", "more than maximum_trace_size_bytes");
      buffer.leave(trace, Threshold.NEVER);
    } finally {
      buffer.lock().unlock();
    }
  }

  @Override
  public long decide(Held<Noted> trace, boolean stopping) {
    if (stopping && config.dropPendingTracesOnShutdown()) {
      lost(trace, "stopped", "drop_pending_traces_on_shutdown");
      return Threshold.NEVER;
    }
    var judgement = onIngest ? ofWhatCame(trace.note()) : judge(trace);
    tally.count(judgement);
    return threshold(judgement);
  }

  /** The policies have been asked as its spans came. */
  private static Judgement ofWhatCame(Noted noted) {
    return noted.isWanted() ? Judgement.SAMPLED : Judgement.NOT_SAMPLED;
  }

  private Judgement judge(Held<Noted> trace) {
    long begin = System.nanoTime();
    var spans = new SpanBatch();
    trace.addTo(spans);
    var whole =
        new Judge.Whole(trace.traceIdHi(), trace.traceIdLo(), trace.spans(), spans.sizeBytes());
    var judgement = policies.judge(spans.toTraces(), whole);
    tally.decisionMillis.record((System.nanoTime() - begin) / 1e6);
    return judgement;
  }

  private void lost(Held<Noted> trace, String reason, String detail) {
    ledger.dropped(
        new Ledger.Drop(
            Signal.TRACES,
            trace.spans(),
            reason,
            String.format("%016x%016x", trace.traceIdHi(), trace.traceIdLo()),
            detail));
  }

  @Override
  public void left(Held<Noted> trace, long decision) {
    tally.ages.record((clock.nanoTime() - trace.since()) / 1e9);
  }

  @Override
  public void early() {
    tally.tooEarly.add(1);
  }

  @Override
  public void found(Traces batch, Spool.Position position) {
    var eyes = scans.take();
    try {
      eyes.scan().read(batch, (_, _) -> Decisions.NONE);
      buffer.hold(eyes.scan(), eyes.look(), position);
      hasten(eyes.scan());
    } finally {
      scans.giveBack(eyes);
    }
  }

  void start() throws IOException {
    buffer.start();
  }

  void stop(Deadline deadline) throws InterruptedException {
    buffer.stop(deadline);
  }
}
