package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Distributions over buckets of exponentially growing width. */
public final class ExponentialHistogram implements MetricData {
  @Nullable List<ExponentialHistogramPoint> points;
  int temporality;
  @Nullable UnknownFields unknown;

  /** The data points; change the list to change the batch. */
  public List<ExponentialHistogramPoint> points() {
    if (points == null) points = new ArrayList<>(4);
    return points;
  }

  /** One of the constants of {@link Temporality}, or a later version's number. */
  public int temporality() {
    return temporality;
  }

  /** Sets one of the constants of {@link Temporality}, or a later version's number. */
  public ExponentialHistogram temporality(int value) {
    temporality = value;
    return this;
  }

  @Override
  public int pointCount() {
    return points == null ? 0 : points.size();
  }

  @Override
  public ExponentialHistogram copy() {
    var copy = new ExponentialHistogram();
    copy.points = Lists.copy(points, ExponentialHistogramPoint::copy);
    copy.temporality = temporality;
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
