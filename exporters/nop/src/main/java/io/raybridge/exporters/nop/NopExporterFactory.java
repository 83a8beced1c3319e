package io.raybridge.exporters.nop;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Exporter;
import io.raybridge.api.ExporterFactory;
import io.raybridge.data.Signal;

/** Makes exporters that throw everything away, to measure what stands before them. */
public final class NopExporterFactory implements ExporterFactory<NopExporterConfig> {
  @Override
  public Descriptor<NopExporterConfig> descriptor() {
    return Descriptor.of(
        "nop", NopExporterConfig.class, Stability.BETA, Signal.TRACES, Signal.METRICS, Signal.LOGS);
  }

  @Override
  public Exporter create(NopExporterConfig config, Context context) {
    return new NopExporter(context.ledger());
  }
}
