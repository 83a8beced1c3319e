package io.raybridge.data;

import org.jspecify.annotations.Nullable;

/** One metric of a scope: its name and its data points. */
public final class Metric {
  String name = "";
  String description = "";
  String unit = "";
  @Nullable MetricData data;
  final Attributes metadata;
  @Nullable UnknownFields unknown;

  public Metric() {
    this(new Attributes());
  }

  private Metric(Attributes metadata) {
    this.metadata = metadata;
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** Sets the name. */
  public Metric name(String value) {
    name = value;
    return this;
  }

  /** The description, or empty. */
  public String description() {
    return description;
  }

  /** Sets the description, or empty. */
  public Metric description(String value) {
    description = value;
    return this;
  }

  /** The unit in UCUM, or empty. */
  public String unit() {
    return unit;
  }

  /** Sets the unit in UCUM, or empty. */
  public Metric unit(String value) {
    unit = value;
    return this;
  }

  /** The points and what kind they are of, or null when a later version's kind or none came. */
  public @Nullable MetricData data() {
    return data;
  }

  /**
   * Sets the points and what kind they are of, or null when a later version's kind or none came.
   */
  public Metric data(@Nullable MetricData value) {
    data = value;
    return this;
  }

  /** What further describes the metric. */
  public Attributes metadata() {
    return metadata;
  }

  /** How many data points there are. */
  public int pointCount() {
    return data == null ? 0 : data.pointCount();
  }

  /** A deep copy: changing it leaves this one as it is. */
  public Metric copy() {
    var copy = new Metric(metadata.copy());
    copy.name = name;
    copy.description = description;
    copy.unit = unit;
    copy.data = data == null ? null : data.copy();
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
