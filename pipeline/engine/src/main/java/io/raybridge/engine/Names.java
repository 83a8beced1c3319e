package io.raybridge.engine;

import io.raybridge.api.Telemetry;
import io.raybridge.api.Telemetry.Counter;
import io.raybridge.data.Signal;

/**
 * The Go collector's names for what every component of a kind reports (receiverhelper,
 * processorhelper and exporterhelper in v0.159), so that dashboards keep working.
 */
final class Names {
  private Names() {}

  static Counter receiver(
      Telemetry telemetry, Signal signal, String what, String how, String... labels) {
    return telemetry.counter(
        "otelcol_receiver_" + what + "_" + signal.items(),
        unit(signal),
        "Number of " + words(signal) + " " + how + " the pipeline.",
        labels);
  }

  static Counter processorIncoming(Telemetry telemetry, Signal signal) {
    return telemetry.counter(
        "otelcol_processor_incoming_items",
        "{item}",
        "Number of items passed to the processor.",
        "otel.signal",
        signal.key());
  }

  static Counter processorOutgoing(Telemetry telemetry, Signal signal) {
    return telemetry.counter(
        "otelcol_processor_outgoing_items",
        "{item}",
        "Number of items emitted from the processor.",
        "otel.signal",
        signal.key());
  }

  static Counter sent(Telemetry telemetry, Signal signal) {
    return telemetry.counter(
        "otelcol_exporter_sent_" + signal.items(),
        unit(signal),
        "Number of " + words(signal) + " successfully sent to destination.");
  }

  static Counter sendFailed(Telemetry telemetry, Signal signal) {
    return telemetry.counter(
        "otelcol_exporter_send_failed_" + signal.items(),
        unit(signal),
        "Number of " + words(signal) + " in failed attempts to send to destination.");
  }

  static Counter enqueueFailed(Telemetry telemetry, Signal signal) {
    return telemetry.counter(
        "otelcol_exporter_enqueue_failed_" + signal.items(),
        unit(signal),
        "Number of " + words(signal) + " that could not be added to the sending queue.");
  }

  static String words(Signal signal) {
    return signal.items().replace('_', ' ');
  }

  private static String unit(Signal signal) {
    return switch (signal) {
      case TRACES -> "{span}";
      case METRICS -> "{datapoint}";
      case LOGS -> "{record}";
    };
  }
}
