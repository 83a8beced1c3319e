package io.raybridge.processors.probabilisticsampler;

import io.raybridge.api.Telemetry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts decisions by what they were based on. One per batch, used by one thread. */
final class Tally {
  private final Map<Policy, Count> counts = new EnumMap<>(Policy.class);

  /** What a decision was based on. */
  enum Policy {
    TRACE_ID_HASH,
    TRACE_ID_W3C,
    SAMPLING_RANDOMNESS,
    SAMPLING_PRIORITY,
    MISSING_RANDOMNESS,
    ATTRIBUTE
  }

  private static final class Count {
    long kept;
    long dropped;
  }

  void count(Policy policy, boolean isKept) {
    var count = counts.get(policy);
    if (count == null) {
      count = new Count();
      counts.put(policy, count);
    }
    if (isKept) count.kept++;
    else count.dropped++;
  }

  /** Adds what was counted to a metric with labels policy and sampled. */
  void addTo(Telemetry telemetry, String metric, String description, String attribute) {
    counts.forEach((policy, count) -> {
      String name = policy == Policy.ATTRIBUTE ? attribute : policy.name().toLowerCase(Locale.ROOT);
      add(telemetry, metric, description, name, "true", count.kept);
      add(telemetry, metric, description, name, "false", count.dropped);
    });
  }

  private static void add(
      Telemetry telemetry, String metric, String text, String policy, String sampled, long count) {
    if (count == 0) return;
    telemetry.counter(metric, "1", text, "policy", policy, "sampled", sampled).add(count);
  }
}
