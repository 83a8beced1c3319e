package io.raybridge.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How large batches shall become before they are sent: what the {@code batch} processor asks for,
 * and what the next queue does in its place.
 *
 * @param minItems a batch leaves as soon as it has this many items
 * @param maxItems no batch leaves with more than this many items; 0 is no limit
 * @param timeout a batch leaves after this time, whatever its size; zero sends at once and only
 *     splits
 * @param apart what keeps batches apart
 * @param maxApart so many are put together beside each other; 0 is no limit
 */
public record BatchRequest(
    int minItems, int maxItems, Duration timeout, MetadataKeys apart, int maxApart) {
  /** One that puts all batches together. */
  public BatchRequest(int minItems, int maxItems, Duration timeout) {
    this(minItems, maxItems, timeout, MetadataKeys.NONE, 0);
  }

  // Written out for the sake of the start, as in ComponentId.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BatchRequest request
        && minItems == request.minItems
        && maxItems == request.maxItems
        && timeout.equals(request.timeout)
        && apart.names().equals(request.apart.names())
        && maxApart == request.maxApart;
  }

  @Override
  public int hashCode() {
    return (minItems * 31 + maxItems) * 31 + timeout.hashCode();
  }
}
