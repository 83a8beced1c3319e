package io.raybridge.exporters.awscloudwatchmetrics;

import io.raybridge.delivery.Document;
import io.raybridge.delivery.Payload;
import java.util.ArrayList;
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
  private static final int MOST_DATA = 1000;
  private static final int MOST_BYTES = 900_000; // of 1 MB, with room for what is around the data

  /**
   * One MetricDatum.
   *
   * @param json as it goes on the wire
   * @param items the data points that it stands for
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  record Datum(byte[] json, int items) {}

  /** Calls within PutMetricData's limits. */
  static List<MetricPayload> calls(String namespace, List<Datum> data) {
    var calls = new ArrayList<MetricPayload>();
    int from = 0;
    long bytes = 0;
    for (int i = 0; i < data.size(); i++) {
      int length = data.get(i).json().length + 1;
      if (i - from == MOST_DATA || (i > from && bytes + length > MOST_BYTES)) {
        calls.add(of(namespace, data.subList(from, i)));
        from = i;
        bytes = 0;
      }
      bytes += length;
    }
    if (from < data.size()) calls.add(of(namespace, data.subList(from, data.size())));
    return calls;
  }

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

  @Override
  public List<Document> documents() {
    return data.stream()
        .map(datum -> new Document(null, null, namespace, datum.items(), datum.json()))
        .toList();
  }

  /** Two payloads with its data; none when it holds one. */
  List<MetricPayload> halves() {
    int middle = data.size() / 2;
    if (middle == 0) return List.of();
    var rest = data.subList(middle, data.size());
    return List.of(of(namespace, data.subList(0, middle)), of(namespace, rest));
  }
}
