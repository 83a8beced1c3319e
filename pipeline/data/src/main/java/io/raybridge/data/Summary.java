package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Quantiles computed by the sender. */
public final class Summary implements MetricData {
  @Nullable List<SummaryPoint> points;
  @Nullable UnknownFields unknown;

  /** The data points; change the list to change the batch. */
  public List<SummaryPoint> points() {
    if (points == null) points = new ArrayList<>(4);
    return points;
  }

  @Override
  public int pointCount() {
    return points == null ? 0 : points.size();
  }

  @Override
  public Summary copy() {
    var copy = new Summary();
    copy.points = Lists.copy(points, SummaryPoint::copy);
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
