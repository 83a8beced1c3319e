package io.raybridge.exporters.awsxray;

import io.raybridge.delivery.Document;
import io.raybridge.delivery.Payload;
import io.raybridge.xray.DocumentBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
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

  /** One of its documents, as it is kept when it is given up. */
  static Document document(DocumentBuffer body, int document) {
    return new Document(
        SegmentPayloads.traceId(body.traceHigh(document), body.traceLow(document)),
        HexFormat.of().toHexDigits(body.segmentId(document)),
        "",
        body.spans(document),
        body.string(document));
  }

  @Override
  public List<Document> documents() {
    var documents = new ArrayList<Document>(body.count());
    for (int i = 0; i < body.count(); i++) documents.add(document(body, i));
    return documents;
  }

  /** Two payloads with its spans; none when it holds one span. A span's documents stay together. */
  List<SegmentPayload> halves(Buffers buffers) {
    int middle = body.count() / 2;
    while (middle < body.count() && body.spans(middle) == 0) middle++;
    if (middle == body.count()) {
      middle = body.count() / 2;
      while (middle > 0 && body.spans(middle) == 0) middle--;
    }
    if (middle == 0) return List.of();
    var halves = List.of(part(0, middle, buffers), part(middle, body.count(), buffers));
    buffers.give(body);
    return halves;
  }

  private SegmentPayload part(int from, int to, Buffers buffers) {
    var part = buffers.take();
    for (int i = from; i < to; i++) part.append(body, i);
    return of(part);
  }
}
