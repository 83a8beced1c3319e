package io.raybridge.processors.probabilisticsampler;

import io.raybridge.processors.probabilisticsampler.ProbabilisticSamplerConfig.Mode;
import io.raybridge.sampling.Threshold;
import org.jspecify.annotations.Nullable;

/** Decides of one item after another whether it is kept, as the Go Collector's sampler does. */
final class Sampler {
  /** A priority that says nothing. */
  static final long NO_PRIORITY = -1;

  // What passes every threshold but never.
  private static final long ANY = Threshold.NEVER - 1;

  private final boolean failClosed;
  private final int precision;
  private final long seed;
  private final Mode mode;
  private final double ratio;
  private final long threshold;
  private final boolean never;
  private final Tally tally;

  Sampler(ProbabilisticSamplerConfig config, Tally tally) {
    this.tally = tally;
    failClosed = config.failClosed();
    precision = config.samplingPrecision();
    seed = config.hashSeed();
    mode = config.mode();
    // As in Go, where the percentage is a 32-bit number: who rounds otherwise chooses other items.
    float percentage = (float) Math.min(100, config.samplingPercentage());
    ratio = Math.max((double) percentage / 100, Threshold.LEAST_PROBABILITY);
    int buckets = (int) (percentage * (float) (FnvHash.BUCKETS / 100.0));
    threshold =
        mode == Mode.HASH_SEED
            ? (long) (FnvHash.BUCKETS - buckets) << 42
            : Threshold.of(ratio, precision);
    never = percentage == 0 || (mode == Mode.HASH_SEED && buckets == 0);
  }

  /**
   * Whether an item is kept; if so, it is told how it was sampled.
   *
   * @param given what it said of its sampling, or null when that could not be read
   * @param attribute the bytes of a log record's attribute to hash where there is no trace id
   * @param priority {@link #NO_PRIORITY}, or a threshold that replaces a higher one; never always
   *     does
   */
  boolean keeps(
      long traceIdHi,
      long traceIdLo,
      @Nullable Carrier given,
      byte @Nullable [] attribute,
      long priority) {
    var carrier = given;
    boolean failed = given == null;
    long randomness = ANY;
    var policy = Tally.Policy.MISSING_RANDOMNESS;
    boolean hasTraceId = (traceIdHi | traceIdLo) != 0;

    if (never) {
      policy = Tally.Policy.SAMPLING_PRIORITY;
    } else if (mode == Mode.HASH_SEED) {
      if (hasTraceId) {
        randomness = FnvHash.randomness(FnvHash.hash(seed, traceIdHi, traceIdLo));
        policy = Tally.Policy.TRACE_ID_HASH;
      } else if (attribute != null) {
        randomness = FnvHash.randomness(FnvHash.hash(seed, attribute));
        policy = Tally.Policy.ATTRIBUTE;
      }
      if (carrier != null && (carrier.hasRandomness() || carrier.hasThreshold())) {
        // Somebody samples by the specification here; what this mode would write could only lie.
        failed = true;
        carrier = null;
      } else if (carrier != null && policy != Tally.Policy.MISSING_RANDOMNESS) {
        carrier.setRandomness(randomness);
      }
    } else if (carrier != null) {
      if (carrier.hasRandomness()) {
        randomness = carrier.randomness();
        policy = Tally.Policy.SAMPLING_RANDOMNESS;
      } else if (hasTraceId) {
        randomness = Threshold.randomness(traceIdLo);
        policy = Tally.Policy.TRACE_ID_W3C;
      }
    }
    failed |= policy == Tally.Policy.MISSING_RANDOMNESS;
    if (!failed && carrier != null && randomness < carrier.threshold()) {
      // It says that it passed a threshold that it cannot have passed.
      carrier.clearThreshold();
      failed = true;
    }

    long decided = failed ? (failClosed ? Threshold.NEVER : Threshold.ALWAYS) : decide(carrier);
    if (priority == Threshold.NEVER || (priority != NO_PRIORITY && priority < decided)) {
      decided = priority;
      policy = Tally.Policy.SAMPLING_PRIORITY;
    }
    boolean kept = randomness >= decided;
    if (kept && carrier != null) tell(carrier, decided);
    tally.count(policy, kept);
    return kept;
  }

  private long decide(@Nullable Carrier carrier) {
    if (never) return Threshold.NEVER;
    long before = carrier == null ? Threshold.ALWAYS : carrier.threshold();
    return switch (mode) {
      case HASH_SEED -> threshold;
      case EQUALIZING -> Math.max(threshold, before);
      case PROPORTIONAL -> Threshold.of(Threshold.probability(before) * ratio, precision);
    };
  }

  // What was sampled before cannot become more likely.
  private static void tell(Carrier carrier, long decided) {
    if (!carrier.hasThreshold() || decided >= carrier.threshold()) carrier.setThreshold(decided);
    carrier.write();
  }
}
