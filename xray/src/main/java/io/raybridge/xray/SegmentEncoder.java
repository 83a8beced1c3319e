package io.raybridge.xray;

import io.raybridge.data.view.SpanView;
import io.raybridge.data.view.SpanWalk;
import java.time.InstantSource;
import java.util.List;

/**
 * Translates OTLP spans to X-Ray segment documents, from bytes to the body of PutTraceSegments in
 * one pass. Not safe for two threads; made to be used again and again, since it allocates only
 * until its buffers have grown.
 */
public final class SegmentEncoder {
  private static final Fragment HEAD = Fragment.json("{\"name\":");
  private static final Fragment ID = Fragment.name("id");
  private static final Fragment TRACE_ID = Fragment.name("trace_id");
  private static final Fragment START_TIME = Fragment.name("start_time");
  private static final Fragment END_TIME = Fragment.name("end_time");

  private final DropListener drops;
  private final JsonWriter out = new JsonWriter(true);
  private final SpanWalk walk;

  public SegmentEncoder(TranslationConfig config, DropListener drops, InstantSource clock) {
    this.drops = drops;
    walk = new SpanWalk(Keys.tableWith(config.indexedAttributes()));
  }

  /** Takes a full buffer and gives an empty one. */
  public interface Sink {
    /** Called whenever a buffer holds as many documents, or bytes, as it may. */
    DocumentBuffer next(DocumentBuffer full) throws InterruptedException;
  }

  /**
   * Translates the spans of these OTLP requests, which {@code Traces.ofOtlp} must have accepted.
   *
   * @param into where documents go first; may hold some already
   * @return the buffer in use at the end, with what was not yet handed to the sink
   */
  public DocumentBuffer encode(List<byte[]> otlpChunks, DocumentBuffer into, Sink sink)
      throws InterruptedException {
    DocumentBuffer buffer = into;
    for (byte[] chunk : otlpChunks) {
      walk.start(chunk);
      while (walk.next()) {
        if (buffer.isFull()) buffer = sink.next(buffer);
        document(buffer);
      }
    }
    return buffer;
  }

  private void document(DocumentBuffer buffer) {
    SpanView span = walk.span();
    if (span.traceHigh() == 0 && span.traceLow() == 0) {
      drops.dropped(1, "no_trace_id", 0, 0, "span without a trace id");
      return;
    }
    int start = buffer.open();
    out.begin(buffer.bytes(), start);
    out.outerQuote();
    out.put(HEAD);
    out.quote();
    if (Names.write(out, span.bytes(), span.nameOffset(), span.nameLength(), Names.LONGEST) == 0) {
      out.ascii("span");
    }
    out.quote();
    out.member(ID);
    out.quote();
    out.hex(span.spanId(), 16);
    out.quote();
    out.member(TRACE_ID);
    Ids.writeTraceId(out, span.traceHigh(), span.traceLow());
    out.member(START_TIME).seconds(span.start());
    out.member(END_TIME).seconds(span.end());
    out.put('}');
    out.outerQuote();
    buffer.close(
        out.bytes(), start, out.position(), 1, span.traceHigh(), span.traceLow(), span.spanId());
  }
}
