package io.raybridge.exporters.otlp;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Exporter;
import io.raybridge.api.ExporterFactory;
import io.raybridge.data.Signal;

/** Makes exporters that send OTLP over HTTP. */
public final class OtlpHttpExporterFactory implements ExporterFactory<OtlpHttpExporterConfig> {
  @Override
  public Descriptor<OtlpHttpExporterConfig> descriptor() {
    return Descriptor.of(
            "otlphttp",
            OtlpHttpExporterConfig.class,
            Stability.BETA,
            Signal.TRACES,
            Signal.METRICS,
            Signal.LOGS)
        .aliases("otlp_http");
  }

  @Override
  public Exporter create(OtlpHttpExporterConfig config, Context context) {
    return new OtlpExporter(
        context,
        config.sendingQueue(),
        config.retryOnFailure(),
        config.deadLetters(),
        OtlpHttpDestination.of(config, context));
  }
}
