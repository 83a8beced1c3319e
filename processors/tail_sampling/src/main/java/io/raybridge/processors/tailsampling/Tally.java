package io.raybridge.processors.tailsampling;

import io.raybridge.api.Context;
import io.raybridge.api.Telemetry;
import io.raybridge.processors.tailsampling.Judge.Judgement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The Go processor's metrics. */
final class Tally {
  private static final String PREFIX = "otelcol_processor_tail_sampling_";

  /** Seconds, in the bounds that OpenTelemetry's SDKs have where none are given, as in Go. */
  private static final double[] AGES = {
    0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000
  };

  /** Go's bounds, and some below one, since this is the time of one trace. */
  private static final double[] MILLIS = {
    0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 25, 50, 75, 100, 150, 200, 300, 400, 500, 750,
    1000, 2000, 3000, 4000, 5000, 10_000, 20_000, 30_000, 50_000
  };

  final Telemetry.Counter newTraces;
  final Telemetry.Counter tooEarly;
  final Telemetry.Counter lateSampled;
  final Telemetry.Counter lateOthers;
  final Telemetry.Counter tooLarge;
  final Telemetry.Histogram ages;
  final Telemetry.Histogram lateAges;
  final Telemetry.Histogram decisionMillis;
  private final Map<Judgement, Telemetry.Counter> global;
  private final List<OfPolicy> policies;

  /** What is counted of one policy. */
  private record OfPolicy(
      Map<Judgement, Telemetry.Counter> traces,
      Map<Judgement, Telemetry.Counter> spans,
      Map<Judgement, Telemetry.Counter> bytes,
      Telemetry.Counter executions,
      Telemetry.Counter micros) {}

  /**
   * @param policies in the order in which they are asked
   */
  Tally(Context context, List<Policy> policies) {
    var telemetry = context.telemetry();
    var name = context.id().name();
    newTraces =
        telemetry.counter(
            PREFIX + "new_trace_id_received", "{traces}", "Counts the arrival of new traces.");
    tooEarly =
        telemetry.counter(
            PREFIX + "sampling_trace_dropped_too_early",
            "{traces}",
            "Traces decided before their time for want of room.");
    tooLarge =
        telemetry.counter(
            PREFIX + "traces_dropped_too_large",
            "{traces}",
            "Traces dropped because they were larger than maximum_trace_size_bytes.");
    // No policy can fail while it is asked. Who has an alert for it finds its zero.
    telemetry
        .counter(
            PREFIX + "sampling_policy_evaluation_error",
            "{errors}",
            "Errors while policies were asked.")
        .add(0);
    lateSampled = late(telemetry, "true");
    lateOthers = late(telemetry, "false");
    ages =
        telemetry.histogram(
            PREFIX + "sampling_trace_removal_age",
            "s",
            "Time from the arrival of a new trace until its decision.",
            AGES);
    lateAges =
        telemetry.histogram(
            PREFIX + "sampling_late_span_age",
            "s",
            "Time from the decision of a trace until spans of it came late.",
            AGES);
    decisionMillis =
        telemetry.histogram(
            PREFIX + "sampling_decision_timer_latency",
            "ms",
            "Time that it took to decide of a trace.",
            MILLIS);
    global =
        counters(
            telemetry,
            "global_count_traces_sampled",
            "{traces}",
            "Traces that were sampled or not by at least one policy.");
    this.policies =
        policies.stream()
            .map(policy ->
                ofPolicy(telemetry, name.isEmpty() ? policy.name() : name + "." + policy.name()))
            .toList();
  }

  private static OfPolicy ofPolicy(Telemetry telemetry, String policy) {
    String[] label = {"policy", policy};
    return new OfPolicy(
        counters(
            telemetry,
            "count_traces_sampled",
            "{traces}",
            "Traces that were sampled or not, by policy.",
            label),
        counters(
            telemetry,
            "count_spans_sampled",
            "{spans}",
            "Spans that were sampled or not, by policy.",
            label),
        counters(
            telemetry,
            "count_bytes_sampled",
            "By",
            "Bytes of spans that were sampled or not, by policy.",
            label),
        telemetry.counter(
            PREFIX + "sampling_policy_execution_count",
            "{executions}",
            "How often a policy was asked.",
            label),
        telemetry.counter(
            PREFIX + "sampling_policy_execution_time_sum",
            "us",
            "Time that a policy took, of one trace in 16 times 16.",
            label));
  }

  private static Telemetry.Counter late(Telemetry telemetry, String sampled) {
    return telemetry.counter(
        PREFIX + "early_releases_from_cache_decision",
        "{spans}",
        "Spans that came after their trace's decision, and follow it.",
        "sampled",
        sampled);
  }

  private static Map<Judgement, Telemetry.Counter> counters(
      Telemetry telemetry, String name, String unit, String description, String... more) {
    var counters = new EnumMap<Judgement, Telemetry.Counter>(Judgement.class);
    for (var judgement : Judgement.values()) {
      var labels = new String[more.length + 4];
      System.arraycopy(more, 0, labels, 0, more.length);
      labels[more.length] = "sampled";
      labels[more.length + 1] = Boolean.toString(judgement == Judgement.SAMPLED);
      labels[more.length + 2] = "decision";
      labels[more.length + 3] =
          switch (judgement) {
            case SAMPLED -> "sampled";
            case NOT_SAMPLED -> "not_sampled";
            case DROPPED -> "dropped";
          };
      counters.put(judgement, telemetry.counter(PREFIX + name, unit, description, labels));
    }
    return counters;
  }

  /** Counts what a policy makes of a trace. */
  void count(int policy, Judgement judgement, Judge.Whole trace) {
    var counters = policies.get(policy);
    add(counters.traces(), judgement, 1);
    add(counters.spans(), judgement, trace.spans());
    add(counters.bytes(), judgement, trace.bytes());
  }

  /** Counts what became of a trace. */
  void count(Judgement judgement) {
    add(global, judgement, 1);
  }

  /** A policy was asked. */
  void executed(int policy) {
    policies.get(policy).executions().add(1);
  }

  /** A policy took so long. */
  void took(int policy, long micros) {
    policies.get(policy).micros().add(micros);
  }

  private static void add(
      Map<Judgement, Telemetry.Counter> counters, Judgement judgement, long amount) {
    var counter = counters.get(judgement);
    if (counter != null) counter.add(amount);
  }
}
