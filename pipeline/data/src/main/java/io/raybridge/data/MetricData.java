package io.raybridge.data;

/** The points of a metric, by kind. */
public sealed interface MetricData permits Gauge, Sum, Histogram, ExponentialHistogram, Summary {
  /** How many points there are. */
  int pointCount();

  /** A deep copy: changing it leaves this one as it is. */
  MetricData copy();
}
