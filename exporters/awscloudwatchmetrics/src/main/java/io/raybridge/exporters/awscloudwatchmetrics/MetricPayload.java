package io.raybridge.exporters.awscloudwatchmetrics;

import io.raybridge.delivery.Payload;
import java.util.List;

/**
 * The data of one PutMetricData call.
 *
 * @param namespace what all of them belong to
 * @param items the data points that went into them, and those that need no call: what later ones
 *     are counted from
 */
record MetricPayload(String namespace, List<Datum> data, int items, long sizeBytes)
    implements Payload {
  /**
   * One MetricDatum.
   *
   * @param json as it goes on the wire
   * @param items the data points that it stands for
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  record Datum(byte[] json, int items) {}

  static MetricPayload of(String namespace, List<Datum> data) {
    return of(namespace, data, 0);
  }

  /**
   * @param more data points that come along without data
   */
  static MetricPayload of(String namespace, List<Datum> data, int more) {
    int items = more;
    long size = 0;
    for (var datum : data) {
      items += datum.items();
      size += datum.json().length;
    }
    return new MetricPayload(namespace, List.copyOf(data), items, size);
  }
}
