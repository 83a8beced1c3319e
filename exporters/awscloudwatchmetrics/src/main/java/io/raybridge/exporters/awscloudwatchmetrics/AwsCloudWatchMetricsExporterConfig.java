package io.raybridge.exporters.awscloudwatchmetrics;

import io.raybridge.api.Inline;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.aws.AwsRetryConfig;
import io.raybridge.aws.AwsSessionConfig;
import io.raybridge.delivery.DeadLetterConfig;
import io.raybridge.delivery.SendingQueueConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Keys under {@code exporters.awscloudwatchmetrics}. */
public record AwsCloudWatchMetricsExporterConfig(
    @Inline AwsSessionConfig session,
    @Key(
            doc =
                "The CloudWatch namespace of all metrics. Without it the resource's `service.name`,"
                    + " else `default`.")
        Optional<String> namespace,
    @Key(
            doc =
                "Attributes that become dimensions, of the data point or else of its resource."
                    + " Without it all attributes of the data point; of more than 30 the first 30 by"
                    + " name.",
            def = "[]")
        List<String> dimensions,
    @Key(
            doc =
                "How long data points are put together before they are sent. What is there at a stop"
                    + " is sent too.",
            def = "60s")
        Duration flushInterval,
    @Key(doc = "What waits to be sent.") SendingQueueConfig sendingQueue,
    @Key(doc = "How a request that failed is sent again.") AwsRetryConfig retryOnFailure,
    @Key(doc = "What is given up in the end.") DeadLetterConfig deadLetters) {

  static final int MOST_DIMENSIONS = 30;

  public AwsCloudWatchMetricsExporterConfig {
    namespace.ifPresent(AwsCloudWatchMetricsExporterConfig::checkNamespace);
    if (dimensions.size() > MOST_DIMENSIONS) {
      throw new Invalid(
          "dimensions", dimensions.size() + " names (expected: at most " + MOST_DIMENSIONS + ")");
    }
    if (flushInterval.isNegative() || flushInterval.isZero()) {
      throw new Invalid("flush_interval", flushInterval, "more than 0");
    }
  }

  private static void checkNamespace(String namespace) {
    if (!namespace.equals(Names.namespace(namespace))) {
      throw new Invalid(
          "namespace",
          namespace
              + " (expected: 1 to 255 letters, digits, spaces and . - _ / #, not beginning with :)");
    }
  }
}
