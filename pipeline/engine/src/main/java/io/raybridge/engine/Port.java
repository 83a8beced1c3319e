package io.raybridge.engine;

import io.raybridge.api.Connector;
import io.raybridge.api.Consumer;
import io.raybridge.api.Exporter;
import io.raybridge.api.Processor;
import io.raybridge.data.Batch;
import io.raybridge.data.Logs;
import io.raybridge.data.Metrics;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;

/** One signal's methods of components, so that all else is written once for all signals. */
sealed interface Port<B extends Batch> {
  /** The port of a signal. */
  static Port<?> of(Signal signal) {
    return switch (signal) {
      case TRACES -> new TracesPort();
      case METRICS -> new MetricsPort();
      case LOGS -> new LogsPort();
    };
  }

  Signal signal();

  Consumer<B> through(Processor processor, Consumer<B> next);

  Consumer<B> into(Exporter exporter);

  Consumer<B> into(Connector connector);

  /** What was kept under this port's signal is of its type. */
  @SuppressWarnings("unchecked")
  default Consumer<B> cast(Consumer<?> kept) {
    return (Consumer<B>) kept;
  }

  /** The same for a switch. */
  @SuppressWarnings("unchecked")
  default Switch<B> cast(Switch<?> kept) {
    return (Switch<B>) kept;
  }

  record TracesPort() implements Port<Traces> {
    @Override
    public Signal signal() {
      return Signal.TRACES;
    }

    @Override
    public Consumer<Traces> through(Processor processor, Consumer<Traces> next) {
      return processor.traces(next);
    }

    @Override
    public Consumer<Traces> into(Exporter exporter) {
      return exporter.traces();
    }

    @Override
    public Consumer<Traces> into(Connector connector) {
      return connector.traces();
    }
  }

  record MetricsPort() implements Port<Metrics> {
    @Override
    public Signal signal() {
      return Signal.METRICS;
    }

    @Override
    public Consumer<Metrics> through(Processor processor, Consumer<Metrics> next) {
      return processor.metrics(next);
    }

    @Override
    public Consumer<Metrics> into(Exporter exporter) {
      return exporter.metrics();
    }

    @Override
    public Consumer<Metrics> into(Connector connector) {
      return connector.metrics();
    }
  }

  record LogsPort() implements Port<Logs> {
    @Override
    public Signal signal() {
      return Signal.LOGS;
    }

    @Override
    public Consumer<Logs> through(Processor processor, Consumer<Logs> next) {
      return processor.logs(next);
    }

    @Override
    public Consumer<Logs> into(Exporter exporter) {
      return exporter.logs();
    }

    @Override
    public Consumer<Logs> into(Connector connector) {
      return connector.logs();
    }
  }
}
