package io.raybridge.api;

import java.util.function.LongSupplier;

/**
 * The collector's own metrics. Instruments of equal name and labels are one. Labels come as key,
 * value, key, value.
 *
 * <p>Names are written as in the Go collector's source, without suffix for the unit: {@code
 * otelcol_exporter_sent_spans}.
 */
public interface Telemetry {
  /** A sum that only grows. */
  Counter counter(String name, String unit, String description, String... labels);

  /** A value that is read when somebody looks. */
  void gauge(String name, String unit, String description, LongSupplier value, String... labels);

  /** A distribution. */
  Histogram histogram(
      String name, String unit, String description, double[] bounds, String... labels);

  /** A sum that only grows. Adding is cheap enough for every batch, from any thread. */
  interface Counter {
    void add(long amount);
  }

  /** A distribution. */
  interface Histogram {
    void record(double value);
  }
}
