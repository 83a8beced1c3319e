package io.raybridge.aws;

import io.raybridge.api.Key;
import io.raybridge.delivery.RetryConfig;
import java.time.Duration;

/**
 * Keys under {@code retry_on_failure} of AWS exporters: the exporterhelper's, with shorter pauses,
 * so that data flows again within ten seconds of AWS being back.
 */
public record AwsRetryConfig(
    @Key(doc = "Whether a request that failed is sent again.", def = "true") boolean enabled,
    @Key(doc = "Pause after the first failure.", def = "1s") Duration initialInterval,
    @Key(
            doc = "Each pause is drawn at random from this part of itself below to above, 0 to 1.",
            def = "0.5")
        double randomizationFactor,
    @Key(doc = "Each pause is this many times the one before.", def = "1.5") double multiplier,
    @Key(doc = "No pause is longer, jitter included.", def = "10s") Duration maxInterval,
    @Key(doc = "A request is given up this long after its first attempt; 0s is never.", def = "5m")
        Duration maxElapsedTime) {

  public AwsRetryConfig {
    // The checks are the exporterhelper's.
    var _ =
        new RetryConfig(
            enabled, initialInterval, randomizationFactor, multiplier, maxInterval, maxElapsedTime);
  }

  /** The same for the queue. */
  public RetryConfig forQueue() {
    return new RetryConfig(
        enabled, initialInterval, randomizationFactor, multiplier, maxInterval, maxElapsedTime);
  }
}
