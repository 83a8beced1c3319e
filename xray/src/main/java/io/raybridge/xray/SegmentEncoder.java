package io.raybridge.xray;

import io.raybridge.data.view.AnyValueView;
import io.raybridge.data.view.EventView;
import io.raybridge.data.view.KeyTable;
import io.raybridge.data.view.SpanView;
import io.raybridge.data.view.SpanWalk;
import io.raybridge.xray.TranslationConfig.EpochCheck;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Translates OTLP spans to X-Ray segment documents, from bytes to the body of PutTraceSegments in
 * one pass. Not safe for two threads; made to be used again and again, since it allocates only
 * until its buffers have grown.
 */
public final class SegmentEncoder {
  private static final int ATTEMPTS = 7;
  private static final byte[] SEGMENT = Ascii.bytes(SegmentReader.SEGMENT);
  private static final byte[] SUBSEGMENT = Ascii.bytes(SegmentReader.SUBSEGMENT);
  private static final byte[] EMBEDDED = Ascii.bytes(SegmentReader.EMBEDDED);

  private final DropListener drops;
  private final SpanWalk walk;
  private final TraceIds traceIds;
  private final Resources known;
  private final Draft draft;
  private final Document document;
  private final TraceBudget budget;
  private final boolean escaped;
  private final SpanObjects objects;
  private final DocumentTree tree = new DocumentTree();
  private final DocumentScan scan = new DocumentScan();
  private int resources;
  private int scopes;

  public SegmentEncoder(TranslationConfig config, DropListener drops, InstantSource clock) {
    this(config, drops, clock, new TraceBudget());
  }

  /**
   * @param budget of the traces that go where this encoder's documents go
   */
  public SegmentEncoder(
      TranslationConfig config, DropListener drops, InstantSource clock, TraceBudget budget) {
    this(config, drops, clock, budget, true);
  }

  /**
   * @param escaped false for documents in their plain form, which are no body of a call
   */
  SegmentEncoder(
      TranslationConfig config,
      DropListener drops,
      InstantSource clock,
      TraceBudget budget,
      boolean escaped) {
    this.drops = drops;
    this.budget = budget;
    this.escaped = escaped;
    KeyTable keys = Keys.tableWith(Indexing.exactKeys(config));
    Indexing indexing = Indexing.of(config, keys);
    walk = new SpanWalk(keys);
    traceIds = new TraceIds(config, clock);
    known = new Resources(config, indexing, escaped, walk);
    draft = new Draft(new JsonWriter(escaped), walk.span(), known.present());
    objects = new SpanObjects(keys);
    document = new Document(config, keys, indexing, traceIds, draft, new EventView(keys), escaped);
  }

  /** Takes full buffers. */
  public interface Sink {
    /** Takes a buffer that holds as many documents, or bytes, as it may, and gives an empty one. */
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
      resources = scopes = 0;
      while (walk.next()) {
        int kept = draft.attributes.indexOf(Keys.AWS_XRAY_DOCUMENT);
        if (kept >= 0 && isDocument(kept)) {
          buffer = document(kept, buffer, sink);
          continue;
        }
        if (!tree.isEmpty()) buffer = finish(buffer, sink);
        if (!accept(walk.span()) || !prepare()) continue;
        if (draft.shape.segment && draft.shape.subsegment) {
          if (buffer.isFull()) buffer = sink.next(buffer);
          if (!append(buffer, false, 1)) continue;
          if (buffer.isFull()) buffer = sink.next(buffer);
          append(buffer, true, 0);
        } else {
          if (buffer.isFull()) buffer = sink.next(buffer);
          append(buffer, draft.shape.segment, 1);
        }
      }
    }
    return tree.isEmpty() ? buffer : finish(buffer, sink);
  }

  /**
   * Whether documents can go in the bodies in which they lie, which is how most of them go; they
   * are counted then as if they had been encoded. Else they are to be encoded.
   */
  public boolean passes(CarriedDocuments documents) {
    if (!escaped || documents.largest() > Trim.LARGEST) return false;
    int document = 0;
    for (var body : documents.bodies()) {
      for (int i = 0; i < body.count(); i++) {
        count(documents.length(document++), body.traceHigh(i), body.traceLow(i));
      }
    }
    return true;
  }

  /** Whether the span is a segment document, or was made of one. */
  private boolean isDocument(int kept) {
    int type = draft.attributes.type(kept);
    return type == AnyValueView.BYTES
        || (type == AnyValueView.STRING
            && (draft.is(Keys.AWS_XRAY_DOCUMENT, SEGMENT)
                || draft.is(Keys.AWS_XRAY_DOCUMENT, SUBSEGMENT)
                || draft.is(Keys.AWS_XRAY_DOCUMENT, EMBEDDED)));
  }

  private DocumentBuffer document(int kept, DocumentBuffer into, Sink sink)
      throws InterruptedException {
    if (draft.attributes.type(kept) == AnyValueView.STRING) return restore(into, sink);
    DocumentBuffer buffer = tree.isEmpty() ? into : finish(into, sink);
    byte[] bytes = draft.bytes();
    int offset = draft.offset(kept);
    int length = draft.length(kept);
    if (SealedDocument.is(bytes, offset, length)) {
      if (escaped && SealedDocument.isOurs(bytes, offset)) return sealed(kept, buffer, sink);
      int text = offset + SealedDocument.HEAD;
      byte[] plain = DocumentText.plain(bytes, text, offset + length);
      return plain == null ? notADocument(buffer) : unchecked(plain, 0, plain.length, buffer, sink);
    }
    return unchecked(bytes, offset, length, buffer, sink);
  }

  /** What this process has looked at before goes on as it is. */
  private DocumentBuffer sealed(int kept, DocumentBuffer into, Sink sink)
      throws InterruptedException {
    byte[] bytes = draft.bytes();
    int offset = draft.offset(kept);
    int text = draft.length(kept) - SealedDocument.HEAD;
    int length = SealedDocument.plainLength(bytes, offset);
    if (length > Trim.LARGEST) return tooLarge(length, into);
    DocumentBuffer buffer = into.isFull() ? sink.next(into) : into;
    SpanView span = draft.span;
    long high = span.traceHigh();
    long low = span.traceLow();
    buffer.appendText(bytes, offset + SealedDocument.HEAD, text, 1, high, low, span.spanId());
    count(length, high, low);
    return buffer;
  }

  /** It may have come from anybody by OTLP, and would spoil the documents beside it. */
  private DocumentBuffer unchecked(
      byte[] bytes, int offset, int length, DocumentBuffer into, Sink sink)
      throws InterruptedException {
    if (scan.scan(bytes, offset, length) != DocumentScan.Verdict.DOCUMENT
        && !AdotText.is(bytes, offset, length)) {
      return notADocument(into);
    }
    if (length > Trim.LARGEST) return tooLarge(length, into);
    DocumentBuffer buffer = into.isFull() ? sink.next(into) : into;
    SpanView span = draft.span;
    append(buffer, bytes, offset, length, 1, span.traceHigh(), span.traceLow(), span.spanId());
    return buffer;
  }

  private DocumentBuffer notADocument(DocumentBuffer buffer) {
    boolean _ = drop("not_a_document", "a span that carries a segment document, which is none");
    return buffer;
  }

  private DocumentBuffer tooLarge(int length, DocumentBuffer buffer) {
    boolean _ = drop("document_too_large", length + " bytes (expected: 64 KB or less)");
    return buffer;
  }

  /** Takes a span into the document that it was part of. */
  private DocumentBuffer restore(DocumentBuffer into, Sink sink) throws InterruptedException {
    DocumentBuffer buffer = into;
    if (!accept(draft.span)) return buffer;
    try {
      var span = objects.span(draft.span);
      if (!tree.isEmpty() && !tree.takes(span)) buffer = finish(buffer, sink);
      tree.add(objects.attributes(walk.resource()), span);
    } catch (RuntimeException e) {
      boolean _ = drop("translation_failed", e.getClass().getSimpleName());
    }
    return buffer;
  }

  /** Ends the document that was put together. */
  private DocumentBuffer finish(DocumentBuffer into, Sink sink) throws InterruptedException {
    DocumentBuffer buffer = into;
    for (var ready : tree.finish(Trim.LARGEST)) {
      var span = ready.span();
      long high = span.traceIdHi();
      byte[] json = ready.json();
      if (json.length > Trim.LARGEST) {
        drops.dropped(
            ready.spans(), "document_too_large", high, span.traceIdLo(), "larger than 64 KB");
        continue;
      }
      if (buffer.isFull()) buffer = sink.next(buffer);
      append(buffer, json, 0, json.length, ready.spans(), high, span.traceIdLo(), span.spanId());
    }
    return buffer;
  }

  private void append(
      DocumentBuffer buffer,
      byte[] json,
      int offset,
      int length,
      int spans,
      long high,
      long low,
      long id) {
    buffer.append(json, offset, length, escaped, spans, high, low, id);
    count(length, high, low);
  }

  private void count(int length, long high, long low) {
    boolean traced = high != 0 || low != 0;
    if (traced && budget.add(high, low, length)) drops.noted("trace_over_budget", 1, high, low);
  }

  /** Whether a span has what X-Ray cannot do without; counted where not. */
  private boolean accept(SpanView span) {
    long high = span.traceHigh();
    long low = span.traceLow();
    if (high == 0 && low == 0) return drop("no_trace_id", "a span without a trace id");
    if (span.spanId() == 0) return drop("no_span_id", "a span without a span id");
    if (span.start() == 0 && span.end() == 0) {
      return drop("no_start_time", "a span with neither a start nor an end time");
    }
    EpochCheck verdict = traceIds.verdict(high);
    if (verdict == EpochCheck.DROP) {
      return drop("trace_epoch", "the trace id's first eight digits are no time of late");
    }
    if (verdict == EpochCheck.WARN) drops.noted("trace_epoch", 1, high, low);
    return true;
  }

  /** Reads what the span shares with others, where that has changed; false when it was dropped. */
  private boolean prepare() {
    try {
      if (walk.resources() != resources) {
        draft.resource = known.read(walk);
        document.readResource(walk);
        resources = walk.resources();
      }
      if (walk.scopes() != scopes) {
        document.readScope(walk);
        scopes = walk.scopes();
      }
      draft.shape.read(draft);
      return true;
    } catch (RuntimeException e) {
      return drop("translation_failed", e.getClass().getSimpleName());
    }
  }

  private boolean drop(String reason, String detail) {
    SpanView span = walk.span();
    drops.dropped(1, reason, span.traceHigh(), span.traceLow(), detail);
    return false;
  }

  /** Adds one document; false when the span was dropped. */
  private boolean append(DocumentBuffer buffer, boolean segment, int spans) {
    int start = buffer.open();
    JsonWriter out = draft.out;
    out.begin(buffer.bytes(), start);
    String failure = write(segment, spans == 0, start);
    if (failure != null) {
      buffer.abandon(out.bytes());
      if (spans == 0) return false;
      return drop("translation_failed", failure);
    }
    SpanView span = draft.span;
    long high = traceIds.high(span.traceHigh(), span.traceLow());
    if (spans > 0 && budget.isTight(high, span.traceLow(), (int) out.size()) && !mustGo(span)) {
      buffer.abandon(out.bytes());
      return drop("trace_over_budget", "neither a failure nor slow, in a trace of this size");
    }
    long id = document.id(draft);
    buffer.close(out.bytes(), start, out.position(), spans, high, span.traceLow(), id);
    if (draft.trim.active) drops.noted("document_trimmed", 1, span.traceHigh(), span.traceLow());
    if (budget.add(high, span.traceLow(), (int) out.size())) {
      drops.noted("trace_over_budget", 1, span.traceHigh(), span.traceLow());
    }
    if (document.invalidLinks() > 0) {
      drops.noted("link_invalid", document.invalidLinks(), span.traceHigh(), span.traceLow());
    }
    return true;
  }

  /** Whether the rest of a trace's budget is kept for spans like this one. */
  private boolean mustGo(SpanView span) {
    return document.isFailure(draft) || budget.isSlow(span.end() - span.start());
  }

  /** Writes until the document is small enough; what went wrong, or null. */
  private @Nullable String write(boolean segment, boolean companion, int start) {
    JsonWriter out = draft.out;
    draft.segment = segment;
    draft.companion = companion;
    draft.trim.clear();
    // A span must never take the rest of its batch along, whatever nobody has thought of.
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        out.begin(out.bytes(), start);
        out.cutTextsTo(draft.trim.texts);
        draft.restart();
        out.outerQuote();
        long before = out.size();
        document.write(draft);
        long size = out.size() - before;
        out.outerQuote();
        if (out.complete() && size <= Trim.LARGEST) return null;
        draft.trim.tighten(size, attempt);
      }
      return "larger than 64 KB whatever is cut";
    } catch (RuntimeException e) {
      return e.getClass().getSimpleName();
    }
  }
}
