package io.raybridge.delivery;

import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import java.time.Duration;

/**
 * Keys under {@code retry_on_failure}, with the Go exporterhelper's names and defaults. An exporter
 * with defaults of its own declares its own record of the same keys and makes this one from it.
 */
public record RetryConfig(
    @Key(doc = "Whether a request that failed is sent again.", def = "true") boolean enabled,
    @Key(doc = "Pause after the first failure.", def = "5s") Duration initialInterval,
    @Key(
            doc = "Each pause is drawn at random from this part of itself below to above, 0 to 1.",
            def = "0.5")
        double randomizationFactor,
    @Key(doc = "Each pause is this many times the one before.", def = "1.5") double multiplier,
    @Key(doc = "No pause is longer, jitter included.", def = "30s") Duration maxInterval,
    @Key(doc = "A request is given up this long after its first attempt; 0s is never.", def = "5m")
        Duration maxElapsedTime) {

  public RetryConfig {
    if (initialInterval.isNegative()) {
      throw new Invalid("initial_interval", initialInterval, "not negative");
    }
    if (!(randomizationFactor >= 0 && randomizationFactor <= 1)) {
      throw new Invalid("randomization_factor", randomizationFactor + " (expected: 0 to 1)");
    }
    if (!(multiplier >= 0)) {
      throw new Invalid("multiplier", multiplier + " (expected: not negative)");
    }
    if (maxInterval.isNegative()) {
      throw new Invalid("max_interval", maxInterval, "not negative");
    }
    if (maxElapsedTime.isNegative()) {
      throw new Invalid("max_elapsed_time", maxElapsedTime, "not negative");
    }
    if (enabled && !maxElapsedTime.isZero()) {
      atLeast(maxElapsedTime, initialInterval, "initial_interval");
      atLeast(maxElapsedTime, maxInterval, "max_interval");
    }
  }

  private static void atLeast(Duration maxElapsedTime, Duration other, String key) {
    if (maxElapsedTime.compareTo(other) >= 0) return;
    throw new Invalid(
        "max_elapsed_time", maxElapsedTime, "not less than " + key + ", " + Invalid.written(other));
  }
}
