package io.raybridge.exporters.awscloudwatchmetrics;

import io.raybridge.api.Clock;
import io.raybridge.data.Buckets;
import io.raybridge.data.ExponentialHistogramPoint;
import io.raybridge.data.HistogramPoint;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes points since the one before of points since a start. What a first point stands for is known
 * only when its counting began after ours did; else it is what later ones are counted from. After a
 * reset (an earlier value, another start) a point stands for itself.
 *
 * <p>Remembers at most 100,000 series, each for an hour after its last point. For one thread at a
 * time, which the lock of the queue's one consumer sees to.
 */
final class Deltas {
  private static final int MOST_SERIES = 100_000;
  private static final long KEPT_NANOS = Duration.ofHours(1).toNanos();

  private final Clock clock;
  private final long began;
  private final LinkedHashMap<String, Last<?>> series = new LinkedHashMap<>(64, 0.75f, true);

  Deltas(Clock clock) {
    this.clock = clock;
    var now = clock.now();
    this.began = now.getEpochSecond() * 1_000_000_000 + now.getNano();
  }

  /** The last point of a series. */
  private record Last<T>(long start, long time, T value, long seenAt) {}

  /** A count and a sum that grow together. */
  record CountAndSum(long count, double sum) {}

  /** What two points in a row come to; null after a reset. */
  private interface Difference<T> {
    @Nullable T between(T before, T now);
  }

  /** What a sum grew by, or null where that is not known. */
  @Nullable Double sum(String key, long start, long time, double value) {
    return next(key, start, time, value, (before, now) -> now < before ? null : now - before);
  }

  @Nullable CountAndSum summary(String key, long start, long time, CountAndSum value) {
    return next(
        key,
        start,
        time,
        value,
        (before, now) ->
            now.count < before.count
                ? null
                : new CountAndSum(now.count - before.count, now.sum - before.sum));
  }

  @Nullable HistogramPoint histogram(String key, HistogramPoint point) {
    return next(key, point.startTimeUnixNano(), point.timeUnixNano(), point.copy(), Deltas::minus);
  }

  @Nullable ExponentialHistogramPoint exponential(String key, ExponentialHistogramPoint point) {
    return next(key, point.startTimeUnixNano(), point.timeUnixNano(), point.copy(), Deltas::minus);
  }

  private <T> @Nullable T next(
      String key, long start, long time, T value, Difference<T> difference) {
    forgetOld();
    @SuppressWarnings("unchecked") // a key says what kind of metric it is of
    var last = (Last<T>) series.get(key);
    if (last != null && time <= last.time) return null;
    series.put(key, new Last<>(start, time, value, clock.nanoTime()));
    if (last == null) return start >= began ? value : null;
    if (start != last.start && start >= last.time) return value;
    var grown = difference.between(last.value, value);
    return grown == null ? value : grown;
  }

  private void forgetOld() {
    long now = clock.nanoTime();
    var oldest = series.entrySet().iterator();
    while (oldest.hasNext()) {
      Map.Entry<String, Last<?>> entry = oldest.next();
      boolean old = now - entry.getValue().seenAt > KEPT_NANOS;
      if (!old && series.size() < MOST_SERIES) return;
      oldest.remove();
    }
  }

  private static @Nullable HistogramPoint minus(HistogramPoint before, HistogramPoint now) {
    boolean same = Arrays.equals(before.explicitBounds(), now.explicitBounds());
    if (!same || now.count() < before.count()) return null;
    var counts = minus(before.bucketCounts(), now.bucketCounts());
    if (counts == null) return null;
    var grown =
        new HistogramPoint()
            .timeUnixNano(now.timeUnixNano())
            .count(now.count() - before.count())
            .bucketCounts(counts)
            .explicitBounds(now.explicitBounds());
    if (now.hasSum() && before.hasSum()) grown.sum(now.sum() - before.sum());
    return grown;
  }

  private static long @Nullable [] minus(long[] before, long[] now) {
    if (before.length != now.length) return null;
    var grown = new long[now.length];
    for (int i = 0; i < now.length; i++) {
      grown[i] = now[i] - before[i];
      if (grown[i] < 0) return null;
    }
    return grown;
  }

  private static @Nullable ExponentialHistogramPoint minus(
      ExponentialHistogramPoint before, ExponentialHistogramPoint now) {
    // A cumulative histogram only ever gets coarser, unless it began anew.
    int shift = before.scale() - now.scale();
    if (shift < 0 || now.count() < before.count()) return null;
    if (now.zeroCount() < before.zeroCount() && now.zeroThreshold() == before.zeroThreshold()) {
      return null;
    }
    var grown =
        new ExponentialHistogramPoint()
            .timeUnixNano(now.timeUnixNano())
            .count(now.count() - before.count())
            .scale(now.scale())
            .zeroCount(Math.max(0, now.zeroCount() - before.zeroCount()))
            .zeroThreshold(now.zeroThreshold());
    if (now.hasSum() && before.hasSum()) grown.sum(now.sum() - before.sum());
    boolean positive = minus(before.positive(), now.positive(), shift, grown.positive());
    boolean negative = minus(before.negative(), now.negative(), shift, grown.negative());
    return positive && negative ? grown : null;
  }

  private static boolean minus(Buckets before, Buckets now, int shift, Buckets grown) {
    var counts = now.bucketCounts().clone();
    for (int i = 0; i < before.bucketCounts().length; i++) {
      if (before.bucketCounts()[i] == 0) continue;
      long at = (((long) before.offset() + i) >> Math.min(shift, 63)) - now.offset();
      if (at < 0 || at >= counts.length) return false;
      counts[(int) at] -= before.bucketCounts()[i];
    }
    for (long count : counts) {
      if (count < 0) return false;
    }
    grown.offset(now.offset()).bucketCounts(counts);
    return true;
  }
}
