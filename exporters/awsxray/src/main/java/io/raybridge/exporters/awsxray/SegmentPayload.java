package io.raybridge.exporters.awsxray;

import io.raybridge.delivery.Payload;
import io.raybridge.xray.DocumentBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The body of one PutTraceSegments call.
 *
 * @param items its spans, none where it holds but the second document of one; kept apart from the
 *     body, which may already serve another call when this one is being counted
 */
record SegmentPayload(DocumentBuffer body, int items, long sizeBytes) implements Payload {
  static SegmentPayload of(DocumentBuffer body) {
    return new SegmentPayload(body, body.spans(), body.bytes().length);
  }

  @Override
  public @Nullable String traceId() {
    return SegmentPayloads.traceId(body.traceHigh(0), body.traceLow(0));
  }
}
