package io.raybridge.processors.xraysampling;

import io.raybridge.sampling.Decisions;
import io.raybridge.sampling.PerSecond;
import io.raybridge.sampling.RuleState;
import io.raybridge.sampling.SamplingRule.Boost;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Adaptive sampling: counts traces and anomalies for boosts, once for each trace and service, and
 * says which anomalous traces are captured though no rule sampled them. Asked with the buffer's
 * lock held.
 */
final class Adaptive {
  /** How long ADOT's SDKs remember what they counted. */
  private static final Duration REMEMBERED = Duration.ofMinutes(10);

  private static final long ROOM = 4L << 20;
  private static final int COUNTED = 1;
  private static final int ANOMALY_COUNTED = 2;

  private final int perSecond;
  private final PerSecond captures = new PerSecond();
  private final Decisions counted;
  private Decisions ruleOf;

  /**
   * @param config without one nothing is captured
   */
  Adaptive(Optional<AdaptiveConfig> config, long nowNanos) {
    perSecond = config.map(c -> c.anomalyCaptureLimit().anomalyTracesPerSecond()).orElse(0);
    counted = new Decisions(REMEMBERED, ROOM, nowNanos);
    ruleOf = new Decisions(REMEMBERED, ROOM, nowNanos);
  }

  /** Whether anomalous traces are captured. */
  boolean captures() {
    return perSecond > 0;
  }

  /** Other rules are in force: those by which traces were decided are no longer known. */
  void rulesChanged(long nowNanos) {
    ruleOf = new Decisions(REMEMBERED, ROOM, nowNanos);
  }

  /** Remembers by which rule it was decided of a trace. */
  void decided(long hi, long lo, List<RuleState> rules, RuleState rule, long nowNanos) {
    ruleOf.put(hi, lo, rules.indexOf(rule), nowNanos);
  }

  /** The rule by which it was decided of a trace, or null. */
  @Nullable RuleState rule(long hi, long lo, List<RuleState> rules) {
    long index = ruleOf.get(hi, lo);
    return index == Decisions.NONE ? null : rules.get((int) index);
  }

  /** Counts a trace, and what went wrong in it, under its rule. */
  void count(
      long hi,
      long lo,
      RuleState rule,
      Witnesses witnesses,
      boolean byDefault,
      boolean sampled,
      long nowNanos,
      long nowSecond) {
    if (!rule.countsAnomalies()) return;
    boolean blind = byDefault && disablesDefault(rule);
    for (int i = 0; i < witnesses.count(); i++) {
      var service = witnesses.service(i);
      long key = hi ^ (service.hashCode() * 0x9E37_79B9_7F4A_7C15L | 1);
      long before = Math.max(0, counted.get(key, lo));
      long flags = before | COUNTED;
      if ((before & COUNTED) == 0) rule.countTrace(service);
      boolean anomaly = !blind && (witnesses.usage(i) & Anomalies.BOOST) != 0;
      if (anomaly && (before & ANOMALY_COUNTED) == 0) {
        rule.countAnomaly(service, sampled, nowSecond);
        flags |= ANOMALY_COUNTED;
      }
      if (flags != before) counted.put(key, lo, flags, nowNanos);
    }
  }

  /** Whether a trace that was not sampled is captured, which takes of this second's limit. */
  boolean capture(
      @Nullable RuleState rule, Witnesses witnesses, boolean byDefault, long nowSecond) {
    if ((witnesses.all() & Anomalies.CAPTURE) == 0) return false;
    if (byDefault && rule != null && disablesDefault(rule)) return false;
    return captures.take(nowSecond, perSecond);
  }

  private static boolean disablesDefault(RuleState rule) {
    return rule.rule().boost().map(Boost::disableDefaultAnomalyDetection).orElse(false);
  }
}
