package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sum of what was measured. */
public final class Sum implements MetricData {
  @Nullable List<NumberPoint> points;
  int temporality;
  boolean monotonic;
  @Nullable UnknownFields unknown;

  /** The data points; change the list to change the batch. */
  public List<NumberPoint> points() {
    if (points == null) points = new ArrayList<>(4);
    return points;
  }

  /** One of the constants of {@link Temporality}, or a later version's number. */
  public int temporality() {
    return temporality;
  }

  /** Sets one of the constants of {@link Temporality}, or a later version's number. */
  public Sum temporality(int value) {
    temporality = value;
    return this;
  }

  /** Whether it only grows. */
  public boolean monotonic() {
    return monotonic;
  }

  /** Sets whether it only grows. */
  public Sum monotonic(boolean value) {
    monotonic = value;
    return this;
  }

  @Override
  public int pointCount() {
    return points == null ? 0 : points.size();
  }

  @Override
  public Sum copy() {
    var copy = new Sum();
    copy.points = Lists.copy(points, NumberPoint::copy);
    copy.temporality = temporality;
    copy.monotonic = monotonic;
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
