package io.raybridge.exporters.awscloudwatchmetrics;

import io.raybridge.delivery.PayloadSink;
import io.raybridge.delivery.Rejection;
import io.raybridge.exporters.awscloudwatchmetrics.MetricPayload.Datum;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is sent together: data by namespace, series and minute, cut into calls within <a
 * href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html">
 * PutMetricData</a>'s limits. Accounts for every data point once.
 */
final class Flush {
  private static final Duration OLDEST = Duration.ofDays(14);
  private static final Duration NEWEST = Duration.ofHours(2);
  private static final double LARGEST = Math.pow(2, 360);

  private final PayloadSink<MetricPayload> out;
  private final Instant now;
  private final Map<String, Map<Key, Entry>> namespaces = new LinkedHashMap<>();
  private int withoutData;

  Flush(PayloadSink<MetricPayload> out, Instant now) {
    this.out = out;
    this.now = now;
  }

  /** What CloudWatch keeps apart; values of different forms cannot stand in one datum. */
  private record Key(DatumWriter.Label label, Class<? extends Aggregate> form) {}

  private static final class Entry {
    final Aggregate aggregate;
    int items;

    Entry(Aggregate aggregate) {
      this.aggregate = aggregate;
    }
  }

  /** Counts a data point that CloudWatch needs no word of. */
  void withoutData() {
    withoutData++;
  }

  /**
   * Where to add a data point, which is counted; null when it was rejected because of its time or
   * one of its values.
   */
  <A extends Aggregate> @Nullable A of(
      Series series, long nanos, Class<A> form, Supplier<A> empty, double... values) {
    for (double value : values) {
      if (Double.isFinite(value) && Math.abs(value) <= LARGEST) continue;
      reject("value_out_of_range", "NaN, infinite or beyond 2^360, which CloudWatch does not take");
      return null;
    }
    var time = nanos == 0 ? now : Instant.ofEpochSecond(Math.floorDiv(nanos, 1_000_000_000L));
    if (time.isBefore(now.minus(OLDEST)) || time.isAfter(now.plus(NEWEST))) {
      reject("timestamp_out_of_range", "older than 14 days or more than 2 hours ahead");
      return null;
    }
    long minute = Math.floorDiv(time.getEpochSecond(), 60) * 60;
    var entry =
        namespaces
            .computeIfAbsent(series.namespace(), _ -> new LinkedHashMap<>())
            .computeIfAbsent(new Key(series.label(minute), form), _ -> new Entry(empty.get()));
    entry.items++;
    return form.cast(entry.aggregate);
  }

  private void reject(String code, String message) {
    out.reject(new Rejection(1, code, message, null));
  }

  /** Hands everything on. */
  void end() throws InterruptedException {
    var writer = new DatumWriter();
    for (var namespace : namespaces.entrySet()) {
      var data = new ArrayList<Datum>();
      namespace
          .getValue()
          .forEach((key, entry) -> writer.write(key.label(), entry.aggregate, entry.items, data));
      for (var call : MetricPayload.calls(namespace.getKey(), data)) out.accept(call);
    }
    if (withoutData > 0) out.accept(MetricPayload.of("", List.of(), withoutData));
  }
}
