package io.raybridge.xray;

import io.raybridge.data.Foreign;
import java.util.Arrays;
import java.util.List;

/**
 * Segment documents on their way to X-Ray, of which none has to become a span. They lie in the
 * bodies of the calls in which they can leave, and leave so unless something keeps them: a queue on
 * disk, or others to be put together with.
 *
 * <p>Then they become an OTLP request that any queue can keep: each is a span of nothing but its
 * ids and the document, escaped and sealed, as an attribute of type bytes. {@link SegmentEncoder}
 * knows such spans.
 */
public final class CarriedDocuments implements Foreign {
  /** Tags and lengths of the messages around all spans, lengths in as many bytes as an int has. */
  private static final int HEAD = 12;

  /** What a span has beside its document: tags and lengths, both ids, the key, and the seal. */
  private static final int AROUND = 100;

  private static final byte[] KEY = Ascii.bytes(SegmentReader.DOCUMENT);

  private final SegmentDocuments documents;

  CarriedDocuments(SegmentDocuments documents) {
    this.documents = documents;
  }

  /** The bodies, each as full as a call may be but for the last one. Nobody changes them. */
  public List<DocumentBuffer> bodies() {
    return documents.bodies();
  }

  /** How long this document is without the escapes. */
  int length(int document) {
    return documents.length(document);
  }

  /** How long the longest one is without the escapes. */
  int largest() {
    return documents.largest();
  }

  @Override
  public int items() {
    return documents.items();
  }

  @Override
  public long sizeBytes() {
    return documents.sizeBytes();
  }

  @Override
  public boolean isSpans() {
    return true;
  }

  @Override
  public byte[] toOtlp() {
    long room = HEAD;
    for (var body : bodies()) room += body.length() + (long) AROUND * body.count();
    var out = new Request(Math.toIntExact(room));
    int document = 0;
    for (var body : bodies()) {
      for (int i = 0; i < body.count(); i++) out.add(body, i, length(document++));
    }
    return out.end();
  }

  /** Writes the request. */
  private static final class Request {
    private final byte[] bytes;
    private int position = HEAD;

    Request(int room) {
      bytes = new byte[room];
    }

    void add(DocumentBuffer body, int document, int plain) {
      // Without its quotes.
      int from = body.start(document) + 1;
      int text = body.end(document) - 1 - from;
      long high = body.traceHigh(document);
      long low = body.traceLow(document);
      long segment = body.segmentId(document);
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
      copy(KEY, 0, KEY.length);
      tag(2 << 3 | 2, value);
      tag(7 << 3 | 2, carried);
      SealedDocument.head(bytes, position, plain);
      position += SealedDocument.HEAD;
      copy(body.bytes(), from, text);
    }

    byte[] end() {
      int end = position;
      position = 0;
      tag(1 << 3 | 2);
      wide(end - 6);
      tag(2 << 3 | 2);
      wide(end - HEAD);
      return Arrays.copyOf(bytes, end);
    }

    private void copy(byte[] from, int offset, int length) {
      System.arraycopy(from, offset, bytes, position, length);
      position += length;
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
