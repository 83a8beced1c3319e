package io.raybridge.delivery;

import io.raybridge.api.BatchRequest;
import io.raybridge.api.MetadataKeys;
import java.time.Duration;

/**
 * How batches are put together in the queue.
 *
 * @param apart what keeps batches apart
 * @param maxApart so many lots are filled beside each other; of more, the oldest leaves early
 * @param countsAsOne whether batches put together count as one request against the queue's size, as
 *     they do where a batch processor stood in front of it
 */
record BatchPolicy(
    Sizer sizer,
    long minSize,
    long maxSize,
    Duration flushAfter,
    MetadataKeys apart,
    int maxApart,
    boolean countsAsOne) {
  /** As many as the Go exporterhelper keeps. */
  private static final int MOST_APART = 10_000;

  private static final int FEW_REQUESTS = 4;
  private static final int MANY_REQUESTS = 20;

  /** Each batch goes as it came. */
  static final BatchPolicy NONE =
      new BatchPolicy(Sizer.ITEMS, 0, 0, Duration.ZERO, MetadataKeys.NONE, MOST_APART, false);

  static BatchPolicy of(BatchConfig config, Sizer queue) {
    var sizer = config.sizedAs(queue).sizer().orElse(Sizer.ITEMS);
    return new BatchPolicy(
        sizer,
        config.minSize(),
        config.maxSize(),
        config.flushTimeout(),
        config.partition().keys(),
        MOST_APART,
        false);
  }

  static BatchPolicy of(BatchRequest request) {
    long minSize = request.timeout().isZero() ? 0 : request.minItems();
    return new BatchPolicy(
        Sizer.ITEMS,
        minSize,
        request.maxItems(),
        request.timeout(),
        request.apart(),
        request.maxApart() == 0 ? MOST_APART : Math.min(request.maxApart(), MOST_APART),
        true);
  }

  /** The same, with more that keeps batches apart. */
  BatchPolicy apartBy(MetadataKeys more) {
    return new BatchPolicy(
        sizer, minSize, maxSize, flushAfter, apart.and(more), maxApart, countsAsOne);
  }

  /**
   * Whether what was put together leaves. What stands for a batch processor does not wait for the
   * processor's size where that would only make more requests at once, but no larger ones: it would
   * hold that much more memory, and be late.
   *
   * @param perRequest how many items the destination takes in one request; 0 is as many as come
   */
  boolean isFull(int items, long bytes, int perRequest) {
    if (countsAsOne && perRequest > 0 && fillsRequests(items, perRequest)) return true;
    return (sizer == Sizer.BYTES ? bytes : items) >= minSize;
  }

  /** Few requests that are all full, or more of them, so that the last one weighs little. */
  private static boolean fillsRequests(int items, int perRequest) {
    if (items < FEW_REQUESTS * perRequest) return false;
    int last = items % perRequest;
    return last == 0 || last > perRequest / 4 * 3 || items >= MANY_REQUESTS * perRequest;
  }

  /** The most items that may leave together out of a batch of this size; 0 is no limit. */
  int maxItems(int items, long bytes) {
    if (maxSize == 0) return 0;
    // Items of one batch are taken to be of equal size.
    long max = sizer == Sizer.BYTES ? items * maxSize / Math.max(1, bytes) : maxSize;
    return Math.clamp(max, 1, Integer.MAX_VALUE);
  }
}
