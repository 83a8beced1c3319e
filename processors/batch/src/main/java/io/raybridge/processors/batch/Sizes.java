package io.raybridge.processors.batch;

import io.raybridge.api.Telemetry;
import java.util.function.LongSupplier;

/** What is counted of batches put together here. */
record Sizes(Telemetry.Counter bySize, Telemetry.Counter byTimeout, Telemetry.Histogram sizes) {
  private static final double[] BOUNDS = {
    10, 25, 50, 75, 100, 250, 500, 750, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10000,
    20000, 30000, 50000, 100000
  };

  Sizes(Telemetry telemetry) {
    this(
        telemetry.counter(
            "otelcol_processor_batch_batch_size_trigger_send",
            "{times}",
            "Number of times the batch was sent due to a size trigger."),
        telemetry.counter(
            "otelcol_processor_batch_timeout_trigger_send",
            "{times}",
            "Number of times the batch was sent due to a timeout trigger."),
        telemetry.histogram(
            "otelcol_processor_batch_batch_send_size",
            "{units}",
            "Number of units in the batch.",
            BOUNDS));
  }

  static void combinations(Telemetry telemetry, LongSupplier count) {
    telemetry.gauge(
        "otelcol_processor_batch_metadata_cardinality",
        "{combinations}",
        "Number of distinct metadata value combinations being processed.",
        count);
  }
}
