package io.raybridge.exporters.debug;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Exporter;
import io.raybridge.api.ExporterFactory;
import io.raybridge.data.Signal;

/** Makes exporters that print what they get, for people. */
public final class DebugExporterFactory implements ExporterFactory<DebugExporterConfig> {
  @Override
  public Descriptor<DebugExporterConfig> descriptor() {
    return Descriptor.of(
        "debug",
        DebugExporterConfig.class,
        Stability.ALPHA,
        Signal.TRACES,
        Signal.METRICS,
        Signal.LOGS);
  }

  @Override
  public Exporter create(DebugExporterConfig config, Context context) {
    return new DebugExporter(config, context);
  }
}
