package io.raybridge.exporters.awscloudwatchmetrics;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Exporter;
import io.raybridge.api.ExporterFactory;
import io.raybridge.data.Signal;

/** Makes exporters that send metrics to CloudWatch. */
public final class AwsCloudWatchMetricsExporterFactory
    implements ExporterFactory<AwsCloudWatchMetricsExporterConfig> {
  @Override
  public Descriptor<AwsCloudWatchMetricsExporterConfig> descriptor() {
    return Descriptor.of(
        "awscloudwatchmetrics",
        AwsCloudWatchMetricsExporterConfig.class,
        Stability.BETA,
        Signal.METRICS);
  }

  @Override
  public Exporter create(AwsCloudWatchMetricsExporterConfig config, Context context) {
    return new AwsCloudWatchMetricsExporter(config, context);
  }
}
