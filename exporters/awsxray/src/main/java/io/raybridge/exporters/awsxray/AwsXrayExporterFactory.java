package io.raybridge.exporters.awsxray;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Exporter;
import io.raybridge.api.ExporterFactory;
import io.raybridge.data.Signal;

/** Makes exporters that send spans to AWS X-Ray. */
public final class AwsXrayExporterFactory implements ExporterFactory<AwsXrayExporterConfig> {
  @Override
  public Descriptor<AwsXrayExporterConfig> descriptor() {
    return Descriptor.of("awsxray", AwsXrayExporterConfig.class, Stability.BETA, Signal.TRACES);
  }

  @Override
  public Exporter create(AwsXrayExporterConfig config, Context context) {
    return new AwsXrayExporter(config, context);
  }
}
