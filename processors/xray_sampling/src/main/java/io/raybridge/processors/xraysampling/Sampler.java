package io.raybridge.processors.xraysampling;

import io.raybridge.api.Clock;
import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Ledger;
import io.raybridge.api.Outcome;
import io.raybridge.api.ThrottledLog;
import io.raybridge.data.Signal;
import io.raybridge.data.SpanBatch;
import io.raybridge.data.Traces;
import io.raybridge.sampling.Decisions;
import io.raybridge.sampling.HeldTraces;
import io.raybridge.sampling.HeldTraces.Held;
import io.raybridge.sampling.PerSecond;
import io.raybridge.sampling.RuleState;
import io.raybridge.sampling.SamplingRule;
import io.raybridge.sampling.Threshold;
import io.raybridge.sampling.Verdict;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Decides of traces, once each. Spans whose trace is decided go on or are dropped while their
 * sender waits for the answer; the others are acknowledged and wait here, and one thread sends them
 * on when they are kept.
 */
final class Sampler implements Consumer<Traces> {
  private static final int SPANS_AT_ONCE = 1024;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration LAST_PAUSE = Duration.ofMillis(100);
  private static final int MOST_SCANS = 16;

  private final XraySamplingConfig config;
  private final Consumer<Traces> next;
  private final Clock clock;
  private final Ledger ledger;
  private final Metrics metrics;
  private final ThrottledLog log;
  private final String id;
  private final long maxHeld;
  private final List<PerSecond> budgets = new ArrayList<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final HeldTraces<Facts> held = new HeldTraces<>();
  private final ArrayDeque<Kept> outbox = new ArrayDeque<>();
  private final ArrayDeque<Scan> scans = new ArrayDeque<>();
  private final Decisions decisions;
  private long reserved;
  private long waitingToLeave;
  private volatile Plan plan;
  private @Nullable Deadline stop;
  private @Nullable Thread thread;

  private record Kept(Held<Facts> trace, long threshold) {}

  Sampler(
      XraySamplingConfig config,
      List<SamplingRule> local,
      Context context,
      Metrics metrics,
      Consumer<Traces> next) {
    this.config = config;
    this.next = next;
    this.metrics = metrics;
    clock = context.clock();
    ledger = context.ledger();
    log = new ThrottledLog(context.log(), clock);
    id = context.id().toString();
    maxHeld = (long) config.maxHeldMib() << 20;
    for (var _ : config.keep()) budgets.add(new PerSecond());
    decisions =
        new Decisions(
            config.decisionTtl(), (long) config.decisionCacheMib() << 20, clock.nanoTime());
    plan = Plan.of(config, local, List.of(), List.of(), budgets);
    var telemetry = context.telemetry();
    telemetry.gauge(
        "otelcol_processor_xray_sampling_held_traces",
        "{traces}",
        "Traces whose spans wait for a decision.",
        () -> guarded(held::count));
    telemetry.gauge(
        "otelcol_processor_xray_sampling_held_bytes",
        "By",
        "Memory of spans that wait for a decision or to be sent on.",
        () -> guarded(held::sizeBytes));
    telemetry.gauge(
        "otelcol_processor_xray_sampling_forgotten_decisions",
        "{traces}",
        "Decisions forgotten before decision_ttl because there was no room for them.",
        () -> guarded(decisions::forgotten));
  }

  private interface Reading {
    long read();
  }

  private long guarded(Reading reading) {
    lock.lock();
    try {
      return reading.read();
    } finally {
      lock.unlock();
    }
  }

  /** The rules in force. */
  List<RuleState> rules() {
    return plan.rules();
  }

  /** Decides by these rules from now on. */
  void rules(List<SamplingRule> local, List<SamplingRule> central) {
    lock.lock();
    try {
      plan = Plan.of(config, local, central, plan.rules(), budgets);
      scans.clear();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Outcome consume(Traces batch) {
    var scan = takeScan();
    try {
      scan.read(batch, this::known);
      return consume(batch, scan);
    } finally {
      giveBack(scan);
    }
  }

  private Outcome consume(Traces batch, Scan scan) {
    long room = decide(scan);
    if (room < 0) {
      return Outcome.overloaded(
          id + ": spans that wait to be sent on take all of max_held_mib", FIRST_PAUSE);
    }
    var kept = scan.kept(batch);
    var outcome = kept == null ? Outcome.ACCEPTED : next.consume(kept);
    boolean refused = outcome instanceof Outcome.Retry || outcome instanceof Outcome.Rejected;
    // Who is told to come again brings them again.
    if (room > 0) hold(scan, room, !refused);
    if (!refused) count(scan);
    return outcome;
  }

  private void count(Scan scan) {
    long keptSpans = 0;
    long droppedSpans = 0;
    long lateSpans = 0;
    for (int i = 0; i < scan.traces(); i++) {
      var seen = scan.trace(i);
      if (seen.decision == Threshold.NEVER) droppedSpans += seen.spans;
      else if (!seen.waits()) keptSpans += seen.spans;
      if (seen.late) lateSpans += seen.spans;
    }
    if (lateSpans > 0) metrics.late.add(lateSpans);
    if (keptSpans > 0) metrics.spansKept.add(keptSpans);
    if (droppedSpans > 0) metrics.spansDropped.add(droppedSpans);
  }

  /** What is known of a trace when its first span of a batch is seen. */
  private long known(long hi, long lo) {
    // Without an id there is nothing to decide by; the exporter says what is wrong with it.
    if (hi == 0 && lo == 0) return Threshold.ALWAYS;
    lock.lock();
    try {
      return decisions.get(hi, lo);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Decides of the traces of a batch of which enough is known.
   *
   * @return the room reserved for those that must wait; negative when there is none
   */
  private long decide(Scan scan) {
    long room = 0;
    lock.lock();
    try {
      for (int i = 0; i < scan.traces(); i++) {
        var seen = scan.trace(i);
        if (!seen.waits()) continue;
        seen.decision = decisions.get(seen.hi, seen.lo);
        if (!seen.waits()) continue;
        var waiting = held.get(seen.hi, seen.lo);
        if (waiting != null) seen.facts.merge(waiting.note());
        if (isDecidable(seen.facts)) {
          seen.decision = decide(seen.facts, seen.hi, seen.lo);
          if (waiting != null) leave(waiting, seen.decision);
        } else {
          room += seen.bytes + HeldTraces.MOST_OVERHEAD + 16L * seen.spans;
        }
      }
      if (room > 0 && !reserve(room)) return -1;
      return room;
    } finally {
      lock.unlock();
    }
  }

  private boolean isDecidable(Facts facts) {
    return switch (config.decideOn()) {
      case LOCAL_ROOT -> facts.rank >= Facts.LOCAL_ROOT;
      case ROOT -> facts.rank == Facts.ROOT;
      case WAIT -> false;
    };
  }

  /** Decides of a trace and remembers it. */
  private long decide(Facts facts, long hi, long lo) {
    var verdict = verdict(facts);
    var rule = facts.rule;
    if (rule != null && rule.countsAnomalies()) {
      rule.countAnomaly(facts.service, facts.fault, verdict.kept());
    }
    decisions.put(hi, lo, verdict.threshold(), clock.nanoTime());
    return verdict.threshold();
  }

  private Verdict verdict(Facts facts) {
    long now = clock.now().getEpochSecond();
    if (facts.dropped) return counted("drop", new Verdict(Verdict.By.DROP, Threshold.NEVER));
    for (int bits = facts.keeps; bits != 0; bits &= bits - 1) {
      var keep = plan.keeps().get(Integer.numberOfTrailingZeros(bits));
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

  /** A trace that waited has its decision. */
  private void leave(Held<Facts> trace, long decision) {
    held.take(trace);
    if (decision == Threshold.NEVER) {
      metrics.spansDropped.add(trace.spans());
      held.release(trace);
    } else {
      metrics.spansKept.add(trace.spans());
      waitingToLeave += trace.sizeBytes();
      outbox.addLast(new Kept(trace, decision));
      changed.signalAll();
    }
  }

  /** Makes room by deciding early of what came first. */
  private boolean reserve(long room) {
    boolean early = false;
    while (held.sizeBytes() + reserved + room > maxHeld) {
      var oldest = held.oldest();
      // What is kept needs its room until it is sent; more of it would free nothing.
      if (oldest == null || waitingToLeave > maxHeld / 2) return false;
      leave(oldest, decideWithoutWaiting(oldest));
      metrics.early.add(1);
      early = true;
    }
    if (early) {
      log.log(
          Level.WARNING,
          "early",
          () -> "max_held_mib is reached: the oldest traces are decided before their time");
    }
    reserved += room;
    return true;
  }

  private long decideWithoutWaiting(Held<Facts> trace) {
    var facts = trace.note();
    if (facts.rank == Facts.NOTHING
        && !facts.dropped
        && config.withoutRoot() == XraySamplingConfig.WithoutRoot.RULES) {
      var batch = new SpanBatch();
      trace.addTo(batch);
      var scan = takeScan();
      facts.merge(scan.readRootless(batch.toTraces(), trace.traceIdLo()));
      giveBack(scan);
    }
    return decide(facts, trace.traceIdHi(), trace.traceIdLo());
  }

  /** Keeps what must wait, or only gives back the room for it. */
  private void hold(Scan scan, long room, boolean keeps) {
    lock.lock();
    try {
      reserved -= room;
      if (!keeps) return;
      boolean first = held.oldest() == null;
      long now = clock.nanoTime();
      long due = now + config.decisionWait().toNanos();
      scan.waiting((seen, envelope, fields) -> {
        var trace = held.get(seen.hi, seen.lo);
        if (trace == null) {
          trace = held.add(seen.hi, seen.lo, now, due, seen.facts.copy());
        } else {
          trace.note().merge(seen.facts);
        }
        held.add(trace, envelope, fields);
      });
      // Meanwhile others may have brought what decides of some of them.
      for (int i = 0; i < scan.traces(); i++) {
        var seen = scan.trace(i);
        if (!seen.waits()) continue;
        var trace = held.get(seen.hi, seen.lo);
        if (trace == null) continue;
        long decision = decisions.get(seen.hi, seen.lo);
        if (decision != Decisions.NONE) leave(trace, decision);
      }
      if (first) changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private Scan takeScan() {
    lock.lock();
    try {
      var scan = scans.pollLast();
      return scan == null ? new Scan(plan) : scan;
    } finally {
      lock.unlock();
    }
  }

  private void giveBack(Scan scan) {
    lock.lock();
    try {
      if (scan.plan() == plan && scans.size() < MOST_SCANS) scans.addLast(scan);
    } finally {
      lock.unlock();
    }
  }

  void start() {
    thread = Thread.ofVirtual().name(id + " decisions").start(this::run);
  }

  /** Decides of all that waits, and sends what is kept until the deadline. */
  void stop(Deadline deadline) throws InterruptedException {
    lock.lock();
    try {
      if (stop == null) stop = deadline;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    var running = thread;
    if (running != null) running.join(deadline.left().plusSeconds(1));
  }

  private void run() {
    try {
      for (var some = nextToSend(); !some.isEmpty(); some = nextToSend()) send(some);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for something to send; empty when the work is over. */
  private List<Kept> nextToSend() throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        expire();
        if (!outbox.isEmpty()) return someOf(outbox);
        if (stop != null) return List.of();
        var oldest = held.oldest();
        long until =
            oldest == null ? clock.nanoTime() + Duration.ofHours(1).toNanos() : oldest.due();
        // The loop looks at everything again, whatever ended the wait.
        boolean _ = clock.awaitUntil(lock, changed, until);
      }
    } finally {
      lock.unlock();
    }
  }

  private void expire() {
    for (var oldest = held.oldest();
        oldest != null && (stop != null || oldest.due() - clock.nanoTime() <= 0);
        oldest = held.oldest()) {
      leave(oldest, decideWithoutWaiting(oldest));
    }
  }

  private static List<Kept> someOf(ArrayDeque<Kept> all) {
    var some = new ArrayList<Kept>();
    int spans = 0;
    while (!all.isEmpty()
        && (some.isEmpty() || spans + all.peekFirst().trace().spans() <= SPANS_AT_ONCE)) {
      var kept = all.removeFirst();
      spans += kept.trace().spans();
      some.add(kept);
    }
    return some;
  }

  private void send(List<Kept> some) throws InterruptedException {
    var batch = batch(some);
    int spans = batch.items();
    var pause = FIRST_PAUSE;
    while (true) {
      switch (next.consume(batch.copy())) {
        case Outcome.Accepted _ -> {}
        case Outcome.Partial(int rejected, String reason) ->
            lost(some, rejected, "rejected", reason);
        case Outcome.Rejected(var _, String reason) -> lost(some, spans, "rejected", reason);
        case Outcome.Retry(var _, String reason, Duration after) -> {
          if (pause(after == null ? pause : after)) {
            pause =
                pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                    ? LONGEST_PAUSE
                    : pause.multipliedBy(2);
            continue;
          }
          lost(some, spans, "stopped", "the time to stop is over; refused before: " + reason);
        }
      }
      released(some);
      return;
    }
  }

  /** Those of one batch whose spans say the same of their sampling leave as they came. */
  private Traces batch(List<Kept> some) {
    var all = new SpanBatch();
    var parts = new ArrayList<Traces>();
    Scan scan = null;
    for (var kept : some) {
      if (kept.threshold() == Threshold.ALWAYS) {
        kept.trace().addTo(all);
        continue;
      }
      if (scan == null) scan = new Scan(plan);
      var one = new SpanBatch();
      kept.trace().addTo(one);
      parts.add(scan.sampled(one.toTraces(), kept.threshold()));
    }
    if (all.spans() > 0) parts.add(all.toTraces());
    return Traces.join(parts);
  }

  /** Waits to try again, until a stop at most; false when there is no time left for that. */
  private boolean pause(Duration wanted) throws InterruptedException {
    lock.lock();
    try {
      boolean stopping = stop != null;
      if (stop != null && stop.passed()) return false;
      boolean brief = stopping && LAST_PAUSE.compareTo(wanted) < 0;
      long until = clock.nanoTime() + (brief ? LAST_PAUSE : wanted).toNanos();
      while ((stop != null) == stopping && clock.nanoTime() - until < 0) {
        // The loop tests both again, whatever ended the wait.
        boolean _ = clock.awaitUntil(lock, changed, until);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void lost(List<Kept> some, int spans, String reason, String detail) {
    var first = some.getFirst().trace();
    ledger.dropped(
        new Ledger.Drop(
            Signal.TRACES,
            spans,
            reason,
            String.format("%016x%016x", first.traceIdHi(), first.traceIdLo()),
            detail));
  }

  private void released(List<Kept> some) {
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
