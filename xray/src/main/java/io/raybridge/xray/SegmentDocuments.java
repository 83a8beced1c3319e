package io.raybridge.xray;

import io.raybridge.data.Foreign;
import io.raybridge.data.ResourceSpans;
import io.raybridge.data.Traces;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Segment documents on their way from X-Ray's SDKs. Who sends to X-Ray takes them unparsed; for
 * everybody else they become spans.
 *
 * <p>They are written once, where they may leave: in the bodies of calls to X-Ray.
 */
public final class SegmentDocuments implements Foreign {
  private final List<DocumentBuffer> bodies;
  private final int[] lengths;
  private final Lost lost;
  private byte @Nullable [] spans;

  private SegmentDocuments(List<DocumentBuffer> bodies, int[] lengths, Lost lost) {
    this.bodies = bodies;
    this.lengths = lengths;
    this.lost = lost;
  }

  /** Hears of documents that cannot be spans where spans are needed. */
  public interface Lost {
    /**
     * @param document belongs to whom it is told
     * @param traceId in hex, or null where there is none
     * @param id in hex, or null where it is not 16 hex digits
     * @param why its reason is a word for counting
     */
    void lost(
        byte[] document,
        @Nullable String traceId,
        @Nullable String id,
        MalformedSegmentException why);
  }

  /** Is shown documents one after the other. */
  public interface Visitor {
    /**
     * @param document belongs to whom it is shown
     * @param traceId in hex, or null where there is none
     * @param id in hex, or null where it is not 16 hex digits
     */
    void visit(byte[] document, @Nullable String traceId, @Nullable String id);
  }

  /** Shows all documents. */
  public void forEach(Visitor visitor) {
    for (var body : bodies) {
      for (int i = 0; i < body.count(); i++) visit(plain(body, i), visitor);
    }
  }

  private static void visit(byte[] document, Visitor visitor) {
    var scan = new DocumentScan();
    var _ = scan.scan(document, 0, document.length);
    var ids = scan.ids();
    boolean traced = ids.traceHigh() != 0 || ids.traceLow() != 0;
    visitor.visit(
        document,
        traced ? Ids.hex(ids.traceHigh()) + Ids.hex(ids.traceLow()) : null,
        ids.id() != 0 ? Ids.hex(ids.id()) : null);
  }

  private static byte[] plain(DocumentBuffer body, int document) {
    byte[] plain =
        DocumentText.plain(body.bytes(), body.start(document) + 1, body.end(document) - 1);
    if (plain == null) throw new IllegalStateException("a document was not kept as a text");
    return plain;
  }

  /** A document as the JSON string that it is in a call. */
  public static byte[] jsonString(byte[] document) {
    var buffer = new DocumentBuffer(1, document.length);
    buffer.append(document, 0, document.length, true, 1, 0, 0, 0);
    return buffer.string(0);
  }

  List<DocumentBuffer> bodies() {
    return bodies;
  }

  /** How long this document is without the escapes. */
  int length(int document) {
    return lengths[document];
  }

  int largest() {
    int largest = 0;
    for (int length : lengths) largest = Math.max(largest, length);
    return largest;
  }

  @Override
  public int items() {
    return lengths.length;
  }

  @Override
  public long sizeBytes() {
    long size = 0;
    for (var body : bodies) size += body.bytes().length;
    return size;
  }

  /** The documents as they are, for {@link SegmentEncoder}. */
  public Traces carried() {
    return Traces.of(new CarriedDocuments(this));
  }

  @Override
  public synchronized byte[] toOtlp() {
    if (spans != null) return spans;
    var groups = new ArrayList<ResourceSpans>(lengths.length);
    for (var body : bodies) {
      for (int i = 0; i < body.count(); i++) read(plain(body, i), groups);
    }
    spans = Traces.of(groups).toOtlp();
    return spans;
  }

  private void read(byte[] document, List<ResourceSpans> into) {
    try {
      if (AdotText.is(document, 0, document.length)) {
        throw AdotText.noSpan(document);
      }
      into.add(SegmentReader.read(document));
    } catch (MalformedSegmentException e) {
      visit(document, (lost, traceId, id) -> this.lost.lost(lost, traceId, id, e));
    }
  }

  /** Gathers documents. Not safe for two threads; made to be used again and again. */
  public static final class Builder {
    private final DocumentScan scan = new DocumentScan();
    private final DocumentCopy copy = new DocumentCopy();
    private final NewBodies bodies = new NewBodies(4 << 10);
    private final List<DocumentBuffer> full = new ArrayList<>();
    private @Nullable DocumentBuffer filling;
    private int[] lengths = new int[DocumentBuffer.DOCUMENTS_PER_CALL];
    private int count;
    private int size;

    public int count() {
      return count;
    }

    /** How many bytes have been gathered. */
    public int size() {
      return size;
    }

    /**
     * Takes a document that is one JSON object with an id, of whatever form: X-Ray judges it.
     *
     * @throws MalformedSegmentException when it is not; nothing is taken then
     */
    public void add(byte[] document, int offset, int length) throws MalformedSegmentException {
      int room = Math.toIntExact(2L * length + 2 + DocumentCopy.SLACK);
      var body = body();
      int start = body.open();
      byte[] bytes = body.room(start, room);
      var verdict = DocumentScan.Verdict.NOT_JSON;
      try {
        verdict = copy.copy(document, offset, length, bytes, start + 1);
      } finally {
        // Whatever happens, the documents beside it stay whole.
        if (verdict != DocumentScan.Verdict.DOCUMENT) body.abandon(bytes);
      }
      if (verdict != DocumentScan.Verdict.DOCUMENT) throw refusal(verdict);
      var ids = copy.ids();
      take(body, start, copy.position(), length, ids.traceHigh(), ids.traceLow(), ids.id());
    }

    private static MalformedSegmentException refusal(DocumentScan.Verdict verdict) {
      return switch (verdict) {
        case NOT_AN_OBJECT -> new MalformedSegmentException("not_an_object", "no JSON object");
        case NOT_JSON -> notJson();
        case NO_ID, DOCUMENT ->
            new MalformedSegmentException(
                "no_id", "id is missing or empty (expected: 16 hex digits)");
      };
    }

    private static MalformedSegmentException notJson() {
      return new MalformedSegmentException("not_json", "no JSON in UTF-8, or nested too deep");
    }

    /**
     * Takes what X-Ray takes as one document: one JSON object, or an array of them, of which each
     * becomes a document, or a text of {@link AdotText}.
     *
     * @param refused hears of each object in an array that is not taken
     * @throws MalformedSegmentException when nothing is taken
     */
    public void addAll(
        byte[] document, int offset, int length, Consumer<MalformedSegmentException> refused)
        throws MalformedSegmentException {
      if (AdotText.is(document, offset, length)) {
        var body = body();
        int start = body.open();
        byte[] bytes = body.room(start, length + 2);
        System.arraycopy(document, offset, bytes, start + 1, length);
        take(body, start, start + 1 + length, length, 0, 0, 0);
        return;
      }
      int first = offset;
      while (first < offset + length && JsonGrammar.isSpace(document[first])) first++;
      if (first == offset + length || document[first] != '[') {
        add(document, offset, length);
        return;
      }
      int[] places = scan.elements(document, offset, length);
      if (places == null) throw notJson();
      if (places.length == 0) throw new MalformedSegmentException("no_document", "an empty array");
      for (int i = 0; i < places.length; i += 2) {
        try {
          add(document, places[i], places[i + 1] - places[i]);
        } catch (MalformedSegmentException e) {
          refused.accept(e);
        }
      }
    }

    /** A body that takes one more. */
    private DocumentBuffer body() {
      var body = filling;
      if (body != null && !body.isFull()) return body;
      if (body != null) leave(body);
      var next = bodies.next();
      filling = next;
      return next;
    }

    private void leave(DocumentBuffer body) {
      bodies.learn(body);
      body.share();
      full.add(body);
    }

    /** Takes the text that was written behind the place of its opening quote. */
    private void take(
        DocumentBuffer body, int start, int end, int plain, long high, long low, long segment) {
      byte[] bytes = body.bytes();
      bytes[start] = '"';
      bytes[end] = '"';
      body.close(bytes, start, end + 1, 1, high, low, segment);
      if (count == lengths.length) lengths = Arrays.copyOf(lengths, 2 * count);
      lengths[count++] = plain;
      size += end + 1 - start;
    }

    /** The documents gathered, of which the builder forgets. */
    public SegmentDocuments build(Lost lost) {
      var last = filling;
      if (last != null && last.count() > 0) end(last);
      var built = new SegmentDocuments(List.copyOf(full), Arrays.copyOf(lengths, count), lost);
      full.clear();
      count = 0;
      size = 0;
      return built;
    }

    /** What would keep memory that it does not need goes as a copy. */
    private void end(DocumentBuffer last) {
      if (last.length() >= last.bytes().length / 2) {
        leave(last);
        filling = null;
        return;
      }
      bodies.learn(last);
      var copy = last.copy();
      copy.share();
      full.add(copy);
      last.clear();
    }
  }
}
