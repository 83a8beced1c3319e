package io.raybridge.data;

/** What kind of telemetry a batch holds. */
public enum Signal {
  TRACES("traces", "spans"),
  METRICS("metrics", "metric_points"),
  LOGS("logs", "log_records");

  private final String key;
  private final String items;

  Signal(String key, String items) {
    this.key = key;
    this.items = items;
  }

  /** The signal's name in a configuration: the part of a pipeline's id before the slash. */
  public String key() {
    return key;
  }

  /**
   * What one item is called in the names of the Collector's own metrics, such as {@code
   * otelcol_receiver_accepted_spans}.
   */
  public String items() {
    return items;
  }
}
