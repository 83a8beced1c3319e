package io.raybridge.processors.probabilisticsampler;

import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.api.Named;
import io.raybridge.sampling.Threshold;

/** Keys of the {@code probabilistic_sampler} processor. */
public record ProbabilisticSamplerConfig(
    @Key(
            doc = "Percentage of spans or log records to keep; 100 and more keeps all, 0 none.",
            def = "0")
        double samplingPercentage,
    @Key(
            doc =
                "Seed of the hash of mode `hash_seed`. All collectors of one tier must have the same.",
            def = "0",
            min = 0,
            max = 0xffff_ffffL)
        long hashSeed,
    @Key(
            doc =
                "`hash_seed` hashes the trace id; `proportional` keeps that part of what comes,"
                    + " however much was sampled before; `equalizing` brings all to that part.",
            def = "hash_seed")
        Mode mode,
    @Key(
            doc = "Whether an item is dropped when its randomness or threshold cannot be read.",
            def = "true")
        boolean failClosed,
    @Key(doc = "Hexadecimal digits that a threshold is written with.", def = "4", min = 1, max = 14)
        int samplingPrecision,
    @Key(
            doc =
                "Logs: `traceID` takes the trace id and, without one, `from_attribute`; `record`"
                    + " takes only the attribute.",
            def = "traceID")
        AttributeSource attributeSource,
    @Key(doc = "Logs: the attribute to take randomness from.", def = "") String fromAttribute,
    @Key(
            doc = "Logs: an attribute with a percentage that raises the one above for its record.",
            def = "")
        String samplingPriority) {

  /** How items are chosen. */
  public enum Mode {
    HASH_SEED,
    PROPORTIONAL,
    EQUALIZING
  }

  /** Where the randomness of log records comes from. */
  public enum AttributeSource {
    @Named("traceID")
    TRACE_ID,
    RECORD
  }

  public ProbabilisticSamplerConfig {
    double ratio = samplingPercentage / 100;
    if (!Double.isFinite(samplingPercentage) || ratio < 0) {
      throw new Invalid("sampling_percentage", samplingPercentage + " (expected: 0 or more)");
    }
    if (ratio > 0 && ratio < Threshold.LEAST_PROBABILITY) {
      throw new Invalid(
          "sampling_percentage", samplingPercentage + " (expected: 0, or at least 2^-56 of 100)");
    }
  }
}
