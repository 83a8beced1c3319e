package io.raybridge.exporters.awscloudwatchmetrics;

import java.util.Map;
import java.util.TreeMap;

/**
 * What the data points of one series in one minute come to. The three kinds are the three forms in
 * which CloudWatch takes values.
 */
sealed interface Aggregate {
  /** One number: what a sum grew by. */
  final class Total implements Aggregate {
    double value;
  }

  /** Values as often as they came: what a gauge showed, or the middles of exponential buckets. */
  final class Samples implements Aggregate {
    final Map<Double, Double> counts = new TreeMap<>();

    void add(double value, double count) {
      counts.merge(value, count, Double::sum);
    }
  }

  /** A statistic set: what is known of a histogram or a summary exactly. */
  final class Statistics implements Aggregate {
    double count;
    double sum;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;

    void add(double count, double sum, double min, double max) {
      this.count += count;
      this.sum += sum;
      this.min = Math.min(this.min, min);
      this.max = Math.max(this.max, max);
    }
  }
}
