package io.raybridge.processors.tailsampling;

import io.raybridge.api.Telemetry;
import io.raybridge.processors.tailsampling.Judge.Judgement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The Go processor's metrics. */
final class Tally {
  private static final String PREFIX = "otelcol_processor_tail_sampling_";
  private static final double[] AGES = {
    1, 2, 5, 10, 25, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000, 2000, 3000, 4000, 5000, 10000,
    20000, 30000, 50000
  };

  private static final double[] MILLIS = {
    0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 25, 50, 100, 250, 1000
  };

  final Telemetry.Counter newTraces;
  final Telemetry.Counter tooEarly;
  final Telemetry.Counter lateSampled;
  final Telemetry.Counter lateOthers;
  final Telemetry.Histogram ages;
  final Telemetry.Histogram decisionMillis;
  private final Map<Judgement, Telemetry.Counter> global;
  private final List<Map<Judgement, Telemetry.Counter>> policies;

  Tally(Telemetry telemetry, List<Policy> policies) {
    newTraces =
        telemetry.counter(
            PREFIX + "new_trace_id_received", "{traces}", "Counts the arrival of new traces.");
    tooEarly =
        telemetry.counter(
            PREFIX + "sampling_trace_dropped_too_early",
            "{traces}",
            "Traces decided before their time for want of room.");
    lateSampled = late(telemetry, "true");
    lateOthers = late(telemetry, "false");
    ages =
        telemetry.histogram(
            PREFIX + "sampling_trace_removal_age",
            "s",
            "Time from the arrival of a new trace until its decision.",
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
            "Traces that were sampled or not by at least one policy.");
    this.policies =
        policies.stream()
            .map(policy ->
                counters(
                    telemetry,
                    "count_traces_sampled",
                    "Traces that were sampled or not, by policy.",
                    "policy",
                    policy.name()))
            .toList();
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
      Telemetry telemetry, String name, String description, String... more) {
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
      counters.put(judgement, telemetry.counter(PREFIX + name, "{traces}", description, labels));
    }
    return counters;
  }

  void count(int policy, Judgement judgement) {
    add(policies.get(policy), judgement);
  }

  void count(Judgement judgement) {
    add(global, judgement);
  }

  private static void add(Map<Judgement, Telemetry.Counter> counters, Judgement judgement) {
    var counter = counters.get(judgement);
    if (counter != null) counter.add(1);
  }
}
