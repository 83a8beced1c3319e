package io.raybridge.xray;

import io.raybridge.data.Foreign;
import io.raybridge.data.ResourceSpans;
import io.raybridge.data.Traces;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Segment documents on their way from X-Ray's SDKs. Who sends to X-Ray takes them unparsed; for
 * everybody else they become spans.
 *
 * <p>They lie one after the other in an OTLP request that any queue can keep: each is a span of
 * nothing but its ids and the document, escaped and sealed, as an attribute of type bytes. {@link
 * SegmentEncoder} knows such spans.
 */
public final class SegmentDocuments implements Foreign {
  private final byte[] otlp;
  private final int[] ends;
  private final int[] starts;
  private final Lost lost;
  private byte @Nullable [] spans;

  private SegmentDocuments(byte[] otlp, int[] starts, int[] ends, Lost lost) {
    this.otlp = otlp;
    this.starts = starts;
    this.ends = ends;
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
    for (int i = 0; i < starts.length; i++) visit(i, visitor);
  }

  private void visit(int i, Visitor visitor) {
    byte[] document = plain(i);
    var scan = new DocumentScan();
    var _ = scan.scan(document, 0, document.length);
    var ids = scan.ids();
    boolean traced = ids.traceHigh() != 0 || ids.traceLow() != 0;
    visitor.visit(
        document,
        traced ? Ids.hex(ids.traceHigh()) + Ids.hex(ids.traceLow()) : null,
        ids.id() != 0 ? Ids.hex(ids.id()) : null);
  }

  private byte[] plain(int i) {
    byte[] plain = DocumentText.plain(otlp, starts[i], ends[i]);
    if (plain == null) throw new IllegalStateException("a document was not carried as a text");
    return plain;
  }

  /** A document as the JSON string that it is in a call. */
  public static byte[] jsonString(byte[] document) {
    var buffer = new DocumentBuffer(1, document.length);
    buffer.append(document, 0, document.length, true, 1, 0, 0, 0);
    return buffer.string(0);
  }

  @Override
  public int items() {
    return starts.length;
  }

  @Override
  public long sizeBytes() {
    return otlp.length;
  }

  /** The documents as OTLP that carries them whole, for {@link SegmentEncoder}. */
  public Traces carried() {
    return Traces.ofChecked(otlp, starts.length);
  }

  @Override
  public synchronized byte[] toOtlp() {
    if (spans != null) return spans;
    var groups = new ArrayList<ResourceSpans>(starts.length);
    for (int i = 0; i < starts.length; i++) {
      byte[] document = plain(i);
      try {
        if (AdotText.is(document, 0, document.length)) {
          throw AdotText.noSpan(document);
        }
        groups.add(SegmentReader.read(document));
      } catch (MalformedSegmentException e) {
        visit(i, (lost, traceId, id) -> this.lost.lost(lost, traceId, id, e));
      }
    }
    spans = Traces.of(groups).toOtlp();
    return spans;
  }

  /** Gathers documents. Not safe for two threads; made to be used again and again. */
  public static final class Builder {
    /**
     * Tags and lengths of the messages around all spans, lengths in as many bytes as an int has.
     */
    private static final int HEAD = 12;

    /**
     * What stands before a document's text: the tags and lengths of its span, in as many bytes as
     * they may need, both ids, the attribute's key, and the seal.
     */
    private static final int AROUND = 100;

    private static final byte[] KEY = Ascii.bytes(SegmentReader.DOCUMENT);

    private final DocumentScan scan = new DocumentScan();
    private final DocumentCopy copy = new DocumentCopy();
    private byte[] bytes = new byte[64 << 10];
    private int position = HEAD;
    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private int count;

    public int count() {
      return count;
    }

    /** How many bytes have been gathered. */
    public int size() {
      return position;
    }

    /**
     * Takes a document that is one JSON object with an id, of whatever form: X-Ray judges it.
     *
     * @throws MalformedSegmentException when it is not; nothing is taken then
     */
    public void add(byte[] document, int offset, int length) throws MalformedSegmentException {
      reserve(2L * length + DocumentCopy.SLACK);
      int text = position + AROUND;
      switch (copy.copy(document, offset, length, bytes, text)) {
        case NOT_AN_OBJECT ->
            throw new MalformedSegmentException("not_an_object", "no JSON object");
        case NOT_JSON ->
            throw new MalformedSegmentException("not_json", "no JSON in UTF-8, or nested too deep");
        case NO_ID ->
            throw new MalformedSegmentException(
                "no_id", "id is missing or empty (expected: 16 hex digits)");
        case DOCUMENT -> {
          var ids = copy.ids();
          take(text, copy.position(), length, ids.traceHigh(), ids.traceLow(), ids.id());
        }
      }
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
        reserve(length);
        int text = position + AROUND;
        System.arraycopy(document, offset, bytes, text, length);
        take(text, text + length, length, 0, 0, 0);
        return;
      }
      int first = offset;
      while (first < offset + length && JsonGrammar.isSpace(document[first])) first++;
      if (first == offset + length || document[first] != '[') {
        add(document, offset, length);
        return;
      }
      int[] places = scan.elements(document, offset, length);
      if (places == null) {
        throw new MalformedSegmentException("not_json", "no JSON in UTF-8, or nested too deep");
      }
      if (places.length == 0) throw new MalformedSegmentException("no_document", "an empty array");
      for (int i = 0; i < places.length; i += 2) {
        try {
          add(document, places[i], places[i + 1] - places[i]);
        } catch (MalformedSegmentException e) {
          refused.accept(e);
        }
      }
    }

    /** Makes room for a document's text and what stands before it. */
    private void reserve(long text) {
      long wanted = position + AROUND + text;
      if (wanted > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max(2L * bytes.length, wanted)));
      }
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, 2 * count);
        ends = Arrays.copyOf(ends, 2 * count);
      }
    }

    /** Takes a text that was written a little further on, where its length was not known yet. */
    private void take(int from, int to, int plain, long high, long low, long segment) {
      int text = to - from;
      int trace = high == 0 && low == 0 ? 0 : 18;
      int id = segment == 0 ? 0 : 10;
      int carried = SealedDocument.HEAD + text;
      int value = 1 + varintSize(carried) + carried;
      int attribute = 2 + KEY.length + 1 + varintSize(value) + value;
      tag(2 << 3 | 2, trace + id + 1 + varintSize(attribute) + attribute);
      if (trace > 0) {
        tag(1 << 3 | 2, 16);
        fixed(high);
        fixed(low);
      }
      if (id > 0) {
        tag(2 << 3 | 2, 8);
        fixed(segment);
      }
      tag(9 << 3 | 2, attribute);
      tag(1 << 3 | 2, KEY.length);
      System.arraycopy(KEY, 0, bytes, position, KEY.length);
      position += KEY.length;
      tag(2 << 3 | 2, value);
      tag(7 << 3 | 2, carried);
      SealedDocument.head(bytes, position, plain);
      position += SealedDocument.HEAD;
      System.arraycopy(bytes, from, bytes, position, text);
      starts[count] = position;
      position += text;
      ends[count++] = position;
    }

    /** The documents gathered, of which the builder forgets. */
    public SegmentDocuments build(Lost lost) {
      int end = position;
      position = 0;
      tag(1 << 3 | 2);
      wide(end - 6);
      tag(2 << 3 | 2);
      wide(end - HEAD);
      var built =
          new SegmentDocuments(
              Arrays.copyOf(bytes, end),
              Arrays.copyOf(starts, count),
              Arrays.copyOf(ends, count),
              lost);
      position = HEAD;
      count = 0;
      return built;
    }

    private void tag(int tag) {
      bytes[position++] = (byte) tag;
    }

    private void tag(int tag, int length) {
      tag(tag);
      for (; length > 127; length >>>= 7) bytes[position++] = (byte) (length | 128);
      bytes[position++] = (byte) length;
    }

    /** A length in five bytes, whatever it is, since it is known only when all is written. */
    private void wide(int length) {
      for (int i = 0; i < 4; i++, length >>>= 7) bytes[position++] = (byte) (length | 128);
      bytes[position++] = (byte) length;
    }

    private void fixed(long value) {
      for (int shift = 56; shift >= 0; shift -= 8) bytes[position++] = (byte) (value >> shift);
    }

    private static int varintSize(int value) {
      return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
    }
  }
}
