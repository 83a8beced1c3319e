package io.raybridge.processors.xraysampling;

import io.raybridge.processors.xraysampling.AdaptiveConfig.Condition;
import io.raybridge.processors.xraysampling.AdaptiveConfig.Usage;
import io.raybridge.sampling.RequestView;
import io.raybridge.sampling.SpanKeys;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells which spans are anomalies, as ADOT's SDKs do, and what for. */
final class Anomalies {
  /** It counts for X-Ray's boosts. */
  static final int BOOST = 1;

  /** Its trace is worth capturing. */
  static final int CAPTURE = 2;

  private final List<Test> tests = new ArrayList<>();
  private final boolean byDefault;
  private final int[] operation;

  private record Test(@Nullable BitSet statuses, long nanos, Set<String> operations, int usage) {}

  /**
   * @param config without one nothing is captured
   */
  Anomalies(Optional<AdaptiveConfig> config, SpanKeys keys) {
    var conditions = config.flatMap(AdaptiveConfig::anomalyConditions);
    byDefault = conditions.isEmpty();
    for (var condition : conditions.orElse(List.of())) {
      // One without a condition is never fulfilled.
      if (condition.errorCodeRegex().isEmpty() && condition.highLatencyMs().isEmpty()) continue;
      tests.add(test(condition));
    }
    boolean asked = tests.stream().anyMatch(test -> !test.operations().isEmpty());
    operation = asked ? keys.of("aws.local.operation") : new int[0];
  }

  private static Test test(Condition condition) {
    return new Test(
        condition.errorCodeRegex().map(Anomalies::statuses).orElse(null),
        condition.highLatencyMs().map(millis -> millis * 1_000_000).orElse(0L),
        Set.copyOf(condition.operations()),
        usage(condition.usage()));
  }

  /** All statuses that match: there are few, and spans are many. */
  private static BitSet statuses(String regex) {
    var pattern = Pattern.compile(regex);
    var statuses = new BitSet(1000);
    for (int status = 1; status < 1000; status++) {
      if (pattern.matcher(Integer.toString(status)).matches()) statuses.set(status);
    }
    return statuses;
  }

  private static int usage(Usage usage) {
    return switch (usage) {
      case BOTH -> BOOST | CAPTURE;
      case SAMPLING_BOOST -> BOOST;
      case ANOMALY_TRACE_CAPTURE -> CAPTURE;
      case NEITHER -> 0;
    };
  }

  /** Whether no conditions are configured, so that a rule may disable what an anomaly is then. */
  boolean areByDefault() {
    return byDefault;
  }

  /** What the present span is an anomaly for; 0 when it is none. */
  int of(RequestView request) {
    if (byDefault) return request.isFault() ? BOOST | CAPTURE : 0;
    int usage = 0;
    for (int i = 0; i < tests.size(); i++) {
      var test = tests.get(i);
      if ((usage | test.usage()) != usage && holds(test, request)) usage |= test.usage();
    }
    return usage;
  }

  private boolean holds(Test test, RequestView request) {
    if (test.statuses() != null && !test.statuses().get(request.httpStatus())) return false;
    var span = request.walk().span();
    if (span.end() - span.start() < test.nanos()) return false;
    return test.operations().isEmpty() || test.operations().contains(request.operation(operation));
  }
}
