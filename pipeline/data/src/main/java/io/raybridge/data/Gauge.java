package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values as they were when somebody looked. */
public final class Gauge implements MetricData {
  @Nullable List<NumberPoint> points;
  @Nullable UnknownFields unknown;

  /** The data points; change the list to change the batch. */
  public List<NumberPoint> points() {
    if (points == null) points = new ArrayList<>(4);
    return points;
  }

  @Override
  public int pointCount() {
    return points == null ? 0 : points.size();
  }

  @Override
  public Gauge copy() {
    var copy = new Gauge();
    copy.points = Lists.copy(points, NumberPoint::copy);
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
