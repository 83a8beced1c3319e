package io.raybridge.exporters.debug;

import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Exporter;
import io.raybridge.api.Ledger;
import io.raybridge.api.Outcome;
import io.raybridge.data.Logs;
import io.raybridge.data.Metrics;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import io.raybridge.exporters.debug.DebugExporterConfig.Verbosity;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Prints batches. What is printed counts as delivered, and so does what sampling leaves out: the
 * user asked for no more.
 */
final class DebugExporter implements Exporter {
  private final Verbosity verbosity;
  private final Ledger ledger;
  private final Printer printer;
  private final Map<Signal, Sampler> samplers;

  DebugExporter(DebugExporterConfig config, Context context) {
    this.verbosity = config.verbosity();
    this.ledger = context.ledger();
    this.printer =
        config.useInternalLogger()
            ? new Printer.ToLog(context.log())
            : new Printer.ToPaths(config.outputPaths().orElse(List.of("stdout")));
    this.samplers =
        Map.of(
            Signal.TRACES, Sampler.of(config, context.clock()),
            Signal.METRICS, Sampler.of(config, context.clock()),
            Signal.LOGS, Sampler.of(config, context.clock()));
  }

  @Override
  public void start() throws IOException {
    printer.open();
  }

  @Override
  public void stop(Deadline deadline) throws IOException {
    printer.close();
  }

  @Override
  public Consumer<Traces> traces() {
    return this::print;
  }

  @Override
  public Consumer<Metrics> metrics() {
    return this::print;
  }

  @Override
  public Consumer<Logs> logs() {
    return this::print;
  }

  private Outcome print(Traces batch) {
    if (isSampled(Signal.TRACES)) {
      printer.print(
          "Traces",
          List.of(
              Map.entry("resource spans", batch.resourceSpans().size()),
              Map.entry("spans", batch.items())));
      switch (verbosity) {
        case BASIC -> {}
        case NORMAL -> printer.print(NormalText.of(batch), List.of());
        case DETAILED -> printer.print(DetailedText.of(batch), List.of());
      }
    }
    return printed(Signal.TRACES, batch.items());
  }

  private Outcome print(Metrics batch) {
    if (isSampled(Signal.METRICS)) {
      printer.print(
          "Metrics",
          List.of(
              Map.entry("resource metrics", batch.resourceMetrics().size()),
              Map.entry("metrics", metrics(batch)),
              Map.entry("data points", batch.items())));
      switch (verbosity) {
        case BASIC -> {}
        case NORMAL -> printer.print(NormalText.of(batch), List.of());
        case DETAILED -> printer.print(DetailedText.of(batch), List.of());
      }
    }
    return printed(Signal.METRICS, batch.items());
  }

  private Outcome print(Logs batch) {
    if (isSampled(Signal.LOGS)) {
      printer.print(
          "Logs",
          List.of(
              Map.entry("resource logs", batch.resourceLogs().size()),
              Map.entry("log records", batch.items())));
      switch (verbosity) {
        case BASIC -> {}
        case NORMAL -> printer.print(NormalText.of(batch), List.of());
        case DETAILED -> printer.print(DetailedText.of(batch), List.of());
      }
    }
    return printed(Signal.LOGS, batch.items());
  }

  private boolean isSampled(Signal signal) {
    var sampler = samplers.get(signal);
    return sampler != null && sampler.next();
  }

  private Outcome printed(Signal signal, int items) {
    ledger.accepted(signal, items);
    ledger.delivered(signal, items);
    return Outcome.ACCEPTED;
  }

  private static int metrics(Metrics batch) {
    int metrics = 0;
    for (var resource : batch.resourceMetrics()) {
      for (var scope : resource.scopeMetrics()) metrics += scope.metrics().size();
    }
    return metrics;
  }
}
