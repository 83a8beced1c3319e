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
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Holds every trace for its time, then asks all policies about the spans that have come. */
final class Sampler implements Consumer<Traces>, TraceBuffer.Sampling<RootSeen> {
  private static final Duration REMEMBERED = Duration.ofHours(1);

  /** Bytes that a remembered decision takes in tables which are three quarters full at most. */
  private static final long DECISION_BYTES = 64;

  private final TailSamplingConfig config;
  private final Clock clock;
  private final Ledger ledger;
  private final Tally tally;
  private final TraceBuffer<RootSeen> buffer;
  private final List<Judge> judges;
  private final SpanWalk walk;
  private final Pool<Eyes> scans;

  /** What spans are looked at with: policies see them when they are decided. */
  private record Eyes(RootSeen.Look look, TraceScan<RootSeen> scan) {
    static Eyes of(boolean forRoots) {
      var walk = new SpanWalk(KeyTable.of(List.of()));
      var look = new RootSeen.Look(walk, forRoots);
      return new Eyes(look, new TraceScan<>(walk, look));
    }
  }

  Sampler(TailSamplingConfig config, Context context, Consumer<Traces> next) {
    this.config = config;
    clock = context.clock();
    ledger = context.ledger();
    tally = new Tally(context.telemetry(), config.policies());
    var making = new Judges(clock);
    judges = config.policies().stream().map(making::of).toList();
    walk = new SpanWalk(making.keys());
    boolean forRoots = !config.decisionWaitAfterRootReceived().isZero();
    scans = new Pool<>(() -> Eyes.of(forRoots));
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
            remembered * DECISION_BYTES);
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

  private long reserve(TraceScan<RootSeen> scan) {
    long room = 0;
    long fresh = 0;
    buffer.lock().lock();
    try {
      for (int i = 0; i < scan.traces(); i++) {
        var seen = scan.trace(i);
        if (!seen.waits()) continue;
        room += seen.room();
        if (buffer.waiting(seen.traceIdHi(), seen.traceIdLo()) == null) fresh++;
      }
      if (room > 0 && !buffer.reserve(room)) return -1;
    } finally {
      buffer.lock().unlock();
    }
    if (fresh > 0) tally.newTraces.add(fresh);
    return room;
  }

  private void count(TraceScan<RootSeen> scan) {
    for (int i = 0; i < scan.traces(); i++) {
      var seen = scan.trace(i);
      if (seen.late()) {
        (seen.decision() == Threshold.NEVER ? tally.lateOthers : tally.lateSampled)
            .add(seen.spans());
      } else if (config.maximumTraceSizeBytes() > 0 && seen.waits()) {
        dropIfTooLarge(seen.traceIdHi(), seen.traceIdLo());
      }
    }
    hasten(scan);
  }

  /** A trace whose root has come need not wait for as long as the others. */
  private void hasten(TraceScan<RootSeen> scan) {
    for (int i = 0; i < scan.traces(); i++) {
      var seen = scan.trace(i);
      if (seen.waits() && seen.note().isSeen()) {
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
      tally.count(Judgement.DROPPED);
      lost(trace, "trace_too_large", "more than maximum_trace_size_bytes");
      buffer.leave(trace, Threshold.NEVER);
    } finally {
      buffer.lock().unlock();
    }
  }

  @Override
  public long decide(Held<RootSeen> trace, boolean stopping) {
    if (stopping && config.dropPendingTracesOnShutdown()) {
      lost(trace, "stopped", "drop_pending_traces_on_shutdown");
      return Threshold.NEVER;
    }
    long begin = System.nanoTime();
    var judgement = judge(trace);
    tally.decisionMillis.record((System.nanoTime() - begin) / 1e6);
    tally.count(judgement);
    return judgement == Judgement.SAMPLED ? Threshold.ALWAYS : Threshold.NEVER;
  }

  private Judgement judge(Held<RootSeen> trace) {
    var spans = new SpanBatch();
    trace.addTo(spans);
    for (var judge : judges) judge.begin();
    for (var bytes : spans.toTraces().otlpChunks()) {
      walk.start(bytes);
      while (walk.next()) {
        for (int i = 0; i < judges.size(); i++) judges.get(i).see(walk);
      }
    }
    var whole =
        new Judge.Whole(trace.traceIdHi(), trace.traceIdLo(), trace.spans(), spans.sizeBytes());
    var all = Judgement.NOT_SAMPLED;
    for (int i = 0; i < judges.size(); i++) {
      var judgement = judges.get(i).end(whole);
      tally.count(i, judgement);
      if (judgement == Judgement.DROPPED) return judgement;
      if (judgement != Judgement.SAMPLED) continue;
      all = judgement;
      if (config.sampleOnFirstMatch()) return all;
    }
    return all;
  }

  private void lost(Held<RootSeen> trace, String reason, String detail) {
    ledger.dropped(
        new Ledger.Drop(
            Signal.TRACES,
            trace.spans(),
            reason,
            String.format("%016x%016x", trace.traceIdHi(), trace.traceIdLo()),
            detail));
  }

  @Override
  public void left(Held<RootSeen> trace, long decision) {
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
