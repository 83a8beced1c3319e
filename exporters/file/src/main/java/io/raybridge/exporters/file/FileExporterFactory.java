package io.raybridge.exporters.file;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Exporter;
import io.raybridge.api.ExporterFactory;
import io.raybridge.data.Signal;

/** Makes exporters that write to files. */
public final class FileExporterFactory implements ExporterFactory<FileExporterConfig> {
  @Override
  public Descriptor<FileExporterConfig> descriptor() {
    return Descriptor.of(
        "file",
        FileExporterConfig.class,
        Stability.ALPHA,
        Signal.TRACES,
        Signal.METRICS,
        Signal.LOGS);
  }

  @Override
  public Exporter create(FileExporterConfig config, Context context) {
    return new FileExporter(config, context);
  }
}
