package io.raybridge.exporters.awscloudwatchmetrics;

import io.raybridge.data.Buckets;
import io.raybridge.data.ExponentialHistogramPoint;
import io.raybridge.data.HistogramPoint;
import io.raybridge.exporters.awscloudwatchmetrics.Aggregate.Samples;
import io.raybridge.exporters.awscloudwatchmetrics.Aggregate.Statistics;

/** Reads out of OTLP's distributions what CloudWatch asks for. */
final class Distributions {
  private Distributions() {}

  /** Adds a histogram. Minimum and maximum that were not recorded are the outermost bounds used. */
  static void add(HistogramPoint point, Statistics into) {
    double count = point.count();
    double sum = point.hasSum() ? point.sum() : estimatedSum(point);
    double mean = sum / count;
    double min = point.hasMin() ? point.min() : Math.min(lowest(point, mean), mean);
    double max = point.hasMax() ? point.max() : Math.max(highest(point, mean), mean);
    into.add(count, sum, min, max);
  }

  /** Adds the middles of all buckets, as often as values fell in them. */
  static void add(ExponentialHistogramPoint point, Samples into) {
    double least = point.hasMin() ? point.min() : Double.NEGATIVE_INFINITY;
    double most = point.hasMax() ? point.max() : Double.POSITIVE_INFINITY;
    if (point.zeroCount() > 0) into.add(0, (double) point.zeroCount());
    add(point.positive(), point.scale(), 1, least, most, into);
    add(point.negative(), point.scale(), -1, least, most, into);
  }

  private static void add(
      Buckets buckets, int scale, int sign, double least, double most, Samples into) {
    var counts = buckets.bucketCounts();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] == 0) continue;
      double index = (double) buckets.offset() + i;
      double lower = Math.pow(2, Math.scalb(index, -scale));
      double upper = Math.pow(2, Math.scalb(index + 1, -scale));
      double middle = sign * (lower / 2 + upper / 2);
      into.add(Math.max(least, Math.min(most, middle)), (double) counts[i]);
    }
  }

  private static double estimatedSum(HistogramPoint point) {
    var counts = point.bucketCounts();
    var bounds = point.explicitBounds();
    double sum = 0;
    for (int i = 0; i < counts.length && bounds.length > 0; i++) {
      double lower = i == 0 ? Math.min(0, bounds[0]) : bounds[i - 1];
      double upper = i < bounds.length ? bounds[i] : bounds[bounds.length - 1];
      sum += counts[i] * (lower / 2 + upper / 2);
    }
    return sum;
  }

  private static double lowest(HistogramPoint point, double otherwise) {
    var counts = point.bucketCounts();
    var bounds = point.explicitBounds();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] == 0 || i > bounds.length) continue;
      if (i > 0) return bounds[i - 1];
      return bounds.length > 0 ? Math.min(0, bounds[0]) : otherwise;
    }
    return otherwise;
  }

  private static double highest(HistogramPoint point, double otherwise) {
    var counts = point.bucketCounts();
    var bounds = point.explicitBounds();
    for (int i = counts.length - 1; i >= 0; i--) {
      if (counts[i] == 0 || i > bounds.length || bounds.length == 0) continue;
      return bounds[Math.min(i, bounds.length - 1)];
    }
    return otherwise;
  }
}
