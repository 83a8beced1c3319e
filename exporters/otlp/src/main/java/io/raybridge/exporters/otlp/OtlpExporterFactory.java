package io.raybridge.exporters.otlp;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Exporter;
import io.raybridge.api.ExporterFactory;
import io.raybridge.data.Signal;

/** Makes exporters that send OTLP over gRPC. */
public final class OtlpExporterFactory implements ExporterFactory<OtlpExporterConfig> {
  @Override
  public Descriptor<OtlpExporterConfig> descriptor() {
    return Descriptor.of(
            "otlp",
            OtlpExporterConfig.class,
            Stability.BETA,
            Signal.TRACES,
            Signal.METRICS,
            Signal.LOGS)
        .aliases("otlp_grpc");
  }

  @Override
  public Exporter create(OtlpExporterConfig config, Context context) {
    return new OtlpExporter(
        context,
        config.sendingQueue(),
        config.retryOnFailure(),
        config.deadLetters(),
        OtlpDestination.of(config, context));
  }
}
