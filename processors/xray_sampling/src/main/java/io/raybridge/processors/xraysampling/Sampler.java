package io.raybridge.processors.xraysampling;

import io.raybridge.api.Clock;
import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Outcome;
import io.raybridge.api.Spool;
import io.raybridge.data.Signal;
import io.raybridge.data.SpanBatch;
import io.raybridge.data.Traces;
import io.raybridge.data.view.SpanWalk;
import io.raybridge.delivery.Journal;
import io.raybridge.sampling.DecisionLog;
import io.raybridge.sampling.Decisions;
import io.raybridge.sampling.HeldTraces.Held;
import io.raybridge.sampling.PerSecond;
import io.raybridge.sampling.Pool;
import io.raybridge.sampling.RuleState;
import io.raybridge.sampling.SamplingRule;
import io.raybridge.sampling.Threshold;
import io.raybridge.sampling.TraceBuffer;
import io.raybridge.sampling.TraceScan;
import io.raybridge.sampling.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides of traces, once each. Spans whose trace is decided go on or are dropped while their
 * sender waits for the answer; the others are acknowledged and wait in the buffer.
 */
final class Sampler implements Consumer<Traces>, TraceBuffer.Sampling<Facts> {
  private final XraySamplingConfig config;
  private final Clock clock;
  private final Metrics metrics;
  private final TraceBuffer<Facts> buffer;
  private final List<PerSecond> budgets = new ArrayList<>();
  private final Adaptive adaptive;
  private volatile InForce inForce;
  private @Nullable Eyes ofRootless;

  /** What a plan looks at spans with. */
  private record Eyes(Plan plan, RequestLook look, TraceScan<Facts> scan) {
    static Eyes of(Plan plan, boolean any) {
      var walk = new SpanWalk(plan.keys());
      var look = new RequestLook(plan, walk, any);
      return new Eyes(plan, look, new TraceScan<>(walk, look));
    }
  }

  /** A plan, and what looks at spans with it. */
  private record InForce(Plan plan, Pool<Eyes> eyes) {
    static InForce of(Plan plan) {
      return new InForce(plan, new Pool<>(() -> Eyes.of(plan, false)));
    }
  }

  Sampler(
      XraySamplingConfig config,
      List<SamplingRule> local,
      Context context,
      Metrics metrics,
      Consumer<Traces> next) {
    this.config = config;
    this.metrics = metrics;
    clock = context.clock();
    for (var _ : config.keep()) budgets.add(new PerSecond());
    adaptive = new Adaptive(config.adaptive(), clock.nanoTime());
    var limits =
        new TraceBuffer.Limits(
            config.decisionWait(),
            (long) config.maxHeldMib() << 20,
            Integer.MAX_VALUE,
            true,
            config.decisionTtl(),
            (long) config.decisionCacheMib() << 20,
            false);
    var journal =
        config
            .storage()
            .map(storage -> new Journal(context, Signal.TRACES, "storage", storage))
            .orElse(null);
    var decided =
        config
            .storage()
            .map(storage -> new DecisionLog(context, storage, limits.ttl(), limits.cacheBytes()))
            .orElse(null);
    buffer = new TraceBuffer<>(limits, context, this, journal, decided, next);
    inForce = InForce.of(Plan.of(config, local, List.of(), List.of(), budgets));
    var telemetry = context.telemetry();
    telemetry.gauge(
        "otelcol_processor_xray_sampling_held_traces",
        "{traces}",
        "Traces whose spans wait for a decision.",
        buffer::traces);
    telemetry.gauge(
        "otelcol_processor_xray_sampling_held_bytes",
        "By",
        "Memory of spans that wait for a decision or to be sent on.",
        buffer::sizeBytes);
    telemetry.gauge(
        "otelcol_processor_xray_sampling_forgotten_decisions",
        "{traces}",
        "Decisions forgotten before decision_ttl because there was no room for them.",
        buffer::forgotten);
  }

  /** The rules in force. */
  List<RuleState> rules() {
    return inForce.plan().rules();
  }

  /** Decides by these rules from now on. */
  void rules(List<SamplingRule> local, List<SamplingRule> central) {
    buffer.lock().lock();
    try {
      inForce = InForce.of(Plan.of(config, local, central, rules(), budgets));
      adaptive.rulesChanged(clock.nanoTime());
    } finally {
      buffer.lock().unlock();
    }
  }

  @Override
  public Outcome consume(Traces batch) {
    var pool = inForce.eyes();
    var eyes = pool.take();
    try {
      eyes.scan().read(batch, this::known);
      return consume(batch, eyes);
    } finally {
      pool.giveBack(eyes);
    }
  }

  private Outcome consume(Traces batch, Eyes eyes) {
    var scan = eyes.scan();
    long room = decide(scan);
    if (room < 0) return buffer.full();
    var outcome = buffer.take(scan, eyes.look(), room, scan.kept(batch));
    boolean refused = outcome instanceof Outcome.Retry || outcome instanceof Outcome.Rejected;
    if (!refused) count(scan);
    return outcome;
  }

  private void count(TraceScan<Facts> scan) {
    long kept = 0;
    long dropped = 0;
    long late = 0;
    for (int i = 0; i < scan.traces(); i++) {
      var seen = scan.trace(i);
      if (seen.decision() == Threshold.NEVER) dropped += seen.spans();
      else if (!seen.waits()) kept += seen.spans();
      if (seen.late()) late += seen.spans();
    }
    if (kept > 0) metrics.spansKept.add(kept);
    if (dropped > 0) metrics.spansDropped.add(dropped);
    if (late > 0) metrics.late.add(late);
  }

  private static boolean hasId(TraceScan.Seen<Facts> seen) {
    return (seen.traceIdHi() | seen.traceIdLo()) != 0;
  }

  /** What is known of a trace when its first span of a batch is seen. */
  private long known(long hi, long lo) {
    // Without an id there is nothing to decide by; the exporter says what is wrong with it.
    return hi == 0 && lo == 0 ? Threshold.ALWAYS : buffer.known(hi, lo);
  }

  /**
   * Decides of the traces of a batch of which enough is known.
   *
   * @return the room reserved for those that must wait; negative when there is none
   */
  private long decide(TraceScan<Facts> scan) {
    long room = 0;
    buffer.lock().lock();
    try {
      for (int i = 0; i < scan.traces(); i++) {
        var seen = scan.trace(i);
        if (seen.waits()) seen.decide(buffer.known(seen.traceIdHi(), seen.traceIdLo()));
        if (!seen.waits()) {
          if (seen.note().witnesses.count() > 0 && hasId(seen)) seen.decide(late(seen));
          continue;
        }
        var waiting = buffer.waiting(seen.traceIdHi(), seen.traceIdLo());
        if (waiting != null) seen.note().merge(waiting.note());
        if (isDecidable(seen.note())) {
          seen.decide(decide(seen.traceIdHi(), seen.traceIdLo(), seen.note()));
          buffer.remember(seen.traceIdHi(), seen.traceIdLo(), seen.decision());
          if (waiting != null) buffer.leave(waiting, seen.decision());
        } else {
          room += seen.room();
        }
      }
      return room > 0 && !buffer.reserve(room) ? -1 : room;
    } finally {
      buffer.lock().unlock();
    }
  }

  private boolean isDecidable(Facts facts) {
    return switch (config.decideOn()) {
      case LOCAL_ROOT -> facts.rank >= Facts.LOCAL_ROOT;
      case ROOT -> facts.rank == Facts.ROOT;
      case WAIT -> false;
    };
  }

  private long decide(long hi, long lo, Facts facts) {
    var verdict = verdict(facts);
    var witnesses = facts.witnesses;
    if (witnesses.count() == 0) return verdict.threshold();
    var rule = facts.rule;
    var plan = inForce.plan();
    if (rule != null && !facts.dropped) {
      adaptive.decided(hi, lo, plan.rules(), rule, clock.nanoTime());
      count(hi, lo, rule, witnesses, verdict.kept());
    }
    boolean captured = !verdict.kept() && !facts.dropped && capture(rule, witnesses);
    return captured ? Threshold.ALWAYS : verdict.threshold();
  }

  /** Spans of a trace that was decided before: their anomalies count, and may capture it yet. */
  private long late(TraceScan.Seen<Facts> seen) {
    long hi = seen.traceIdHi();
    long lo = seen.traceIdLo();
    var witnesses = seen.note().witnesses;
    var rule = adaptive.rule(hi, lo, rules());
    if (rule == null) return seen.decision();
    boolean kept = seen.decision() != Threshold.NEVER;
    count(hi, lo, rule, witnesses, kept);
    if (kept || !capture(rule, witnesses)) return seen.decision();
    buffer.remember(hi, lo, Threshold.ALWAYS);
    return Threshold.ALWAYS;
  }

  private void count(long hi, long lo, RuleState rule, Witnesses witnesses, boolean kept) {
    adaptive.count(
        hi,
        lo,
        rule,
        witnesses,
        inForce.plan().anomalies().areByDefault(),
        kept,
        clock.nanoTime(),
        clock.now().getEpochSecond());
  }

  private boolean capture(@Nullable RuleState rule, Witnesses witnesses) {
    boolean byDefault = inForce.plan().anomalies().areByDefault();
    if (!adaptive.capture(rule, witnesses, byDefault, clock.now().getEpochSecond())) return false;
    metrics.decided("anomaly_capture", new Verdict(Verdict.By.CAPTURE, Threshold.ALWAYS));
    return true;
  }

  private Verdict verdict(Facts facts) {
    long now = clock.now().getEpochSecond();
    if (facts.dropped) return counted("drop", new Verdict(Verdict.By.DROP, Threshold.NEVER));
    for (int bits = facts.keeps; bits != 0; bits &= bits - 1) {
      var keep = inForce.plan().keeps().get(Integer.numberOfTrailingZeros(bits));
      if (keep.affords(now)) {
        return counted(keep.label(), new Verdict(Verdict.By.KEEP, Threshold.ALWAYS));
      }
    }
    var rule = facts.rule;
    if (rule == null) {
      boolean keeps = config.withoutRoot() == XraySamplingConfig.WithoutRoot.KEEP;
      return counted(
          "without_root",
          new Verdict(Verdict.By.POLICY, keeps ? Threshold.ALWAYS : Threshold.NEVER));
    }
    long second = PerSecond.secondOf(facts.start, now);
    return counted(rule.rule().name(), rule.decide(second, now, facts.randomness, facts.before));
  }

  private Verdict counted(String rule, Verdict verdict) {
    metrics.decided(rule, verdict);
    return verdict;
  }

  @Override
  public long decide(Held<Facts> trace, boolean stopping) {
    var facts = trace.note();
    if (facts.rank == Facts.NOTHING
        && !facts.dropped
        && config.withoutRoot() == XraySamplingConfig.WithoutRoot.RULES) {
      var batch = new SpanBatch();
      trace.addTo(batch);
      facts.merge(anyEyes().scan().look(batch.toTraces()));
    }
    return decide(trace.traceIdHi(), trace.traceIdLo(), facts);
  }

  private Eyes anyEyes() {
    var known = ofRootless;
    var plan = inForce.plan();
    if (known == null || known.plan() != plan) {
      known = Eyes.of(plan, true);
      ofRootless = known;
    }
    return known;
  }

  @Override
  public void left(Held<Facts> trace, long decision) {
    (decision == Threshold.NEVER ? metrics.spansDropped : metrics.spansKept).add(trace.spans());
  }

  @Override
  public void early() {
    metrics.early.add(1);
  }

  @Override
  public void found(Traces batch, Spool.Position position) {
    var pool = inForce.eyes();
    var eyes = pool.take();
    try {
      eyes.scan().read(batch, (_, _) -> Decisions.NONE);
      buffer.hold(eyes.scan(), eyes.look(), position);
    } finally {
      pool.giveBack(eyes);
    }
  }

  void start() throws IOException {
    buffer.start();
  }

  /** Decides of all that waits, and sends what is kept until the deadline. */
  void stop(Deadline deadline) throws InterruptedException {
    buffer.stop(deadline);
  }
}
