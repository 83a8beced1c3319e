package io.raybridge.xray;

import io.raybridge.data.Foreign;
import io.raybridge.data.MalformedBatchException;
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
 * nothing but its ids and the document as an attribute of type bytes. {@link SegmentEncoder} knows
 * such spans.
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
    var scan = new DocumentScan();
    var _ = scan.scan(otlp, starts[i], ends[i] - starts[i]);
    boolean traced = scan.traceHigh() != 0 || scan.traceLow() != 0;
    visitor.visit(
        Arrays.copyOfRange(otlp, starts[i], ends[i]),
        traced ? Ids.hex(scan.traceHigh()) + Ids.hex(scan.traceLow()) : null,
        scan.id() != 0 ? Ids.hex(scan.id()) : null);
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
    try {
      return Traces.ofOtlp(otlp);
    } catch (MalformedBatchException e) {
      throw new IllegalStateException("documents were not carried as OTLP", e);
    }
  }

  @Override
  public synchronized byte[] toOtlp() {
    if (spans != null) return spans;
    var groups = new ArrayList<ResourceSpans>(starts.length);
    for (int i = 0; i < starts.length; i++) {
      int length = ends[i] - starts[i];
      try {
        if (UnsampledSpans.are(otlp, starts[i], length)) throw UnsampledSpans.notToBeRecorded();
        groups.add(SegmentReader.read(otlp, starts[i], length));
      } catch (MalformedSegmentException e) {
        visit(i, (document, traceId, id) -> lost.lost(document, traceId, id, e));
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

    /** What a span has beside its document, lengths in as many bytes as they may need. */
    private static final int AROUND = 80;

    private static final byte[] KEY = Ascii.bytes(SegmentReader.DOCUMENT);

    private final DocumentScan scan = new DocumentScan();
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
      switch (scan.scan(document, offset, length)) {
        case NOT_AN_OBJECT ->
            throw new MalformedSegmentException("not_an_object", "no JSON object");
        case NOT_JSON ->
            throw new MalformedSegmentException("not_json", "no JSON in UTF-8, or nested too deep");
        case NO_ID ->
            throw new MalformedSegmentException(
                "no_id", "id is missing or empty (expected: 16 hex digits)");
        case DOCUMENT ->
            take(document, offset, length, scan.traceHigh(), scan.traceLow(), scan.id());
      }
    }

    /**
     * Takes what X-Ray takes as one document: one JSON object, or an array of them, of which each
     * becomes a document, or spans of {@link UnsampledSpans}.
     *
     * @param refused hears of each object in an array that is not taken
     * @throws MalformedSegmentException when nothing is taken
     */
    public void addAll(
        byte[] document, int offset, int length, Consumer<MalformedSegmentException> refused)
        throws MalformedSegmentException {
      if (UnsampledSpans.are(document, offset, length)) {
        take(document, offset, length, 0, 0, 0);
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

    private void take(byte[] document, int offset, int length, long high, long low, long segment) {
      if (bytes.length - position < length + AROUND) {
        bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, position + length + AROUND));
      }
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, 2 * count);
        ends = Arrays.copyOf(ends, 2 * count);
      }
      int trace = high == 0 && low == 0 ? 0 : 18;
      int id = segment == 0 ? 0 : 10;
      int value = 1 + varintSize(length) + length;
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
      tag(7 << 3 | 2, length);
      System.arraycopy(document, offset, bytes, position, length);
      starts[count] = position;
      position += length;
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
