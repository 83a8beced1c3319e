package io.raybridge.xray;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The body of one PutTraceSegments call, growing document by document: {@code
 * {"TraceSegmentDocuments":["...","..."]}}. It is a complete body at any time, so that it can be
 * hashed and sent from this very array, and it knows of each document what is needed to send it
 * again alone.
 */
public final class DocumentBuffer {
  /** How many documents X-Ray takes in a call. */
  public static final int DOCUMENTS_PER_CALL = 50;

  /** From how many bytes on a call takes no further document. */
  public static final int FULL_AT_BYTES = 512 << 10;

  private static final byte[] PREFIX =
      "{\"TraceSegmentDocuments\":[".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SUFFIX = "]}".getBytes(StandardCharsets.US_ASCII);

  private final int maxDocuments;
  private final int maxBytes;
  private byte[] bytes;
  private int length;
  private int count;
  private int spans;
  private boolean shared;
  private final int[] starts;
  private final int[] ends;
  private final int[] spansOf;
  private final long[] traceHigh;
  private final long[] traceLow;
  private final long[] segmentId;

  /**
   * @param maxDocuments how many documents one call may carry; 50 for X-Ray
   * @param maxBytes from how many bytes on no further document is taken; a body is longer than this
   *     by at most one document
   */
  public DocumentBuffer(int maxDocuments, int maxBytes) {
    this(maxDocuments, maxBytes, Math.min(maxBytes, 64 << 10));
  }

  /**
   * @param expected bytes for which there is room from the beginning
   */
  public DocumentBuffer(int maxDocuments, int maxBytes, int expected) {
    this.maxDocuments = maxDocuments;
    this.maxBytes = maxBytes;
    bytes = new byte[expected + PREFIX.length + SUFFIX.length];
    starts = new int[maxDocuments];
    ends = new int[maxDocuments];
    spansOf = new int[maxDocuments];
    traceHigh = new long[maxDocuments];
    traceLow = new long[maxDocuments];
    segmentId = new long[maxDocuments];
    clear();
  }

  /** Forgets the documents, keeps the memory. */
  public void clear() {
    if (shared) throw new IllegalStateException("others may read this buffer");
    System.arraycopy(PREFIX, 0, bytes, 0, PREFIX.length);
    System.arraycopy(SUFFIX, 0, bytes, PREFIX.length, SUFFIX.length);
    length = PREFIX.length + SUFFIX.length;
    count = 0;
    spans = 0;
  }

  /** The body; its first {@link #length} bytes count. Another array after the next document. */
  public byte[] bytes() {
    return bytes;
  }

  public int length() {
    return length;
  }

  /** From now on nothing of it changes: several may read it, and nobody knows who is the last. */
  void share() {
    shared = true;
  }

  /** Whether others may read it for as long as they like, so that it is not to be filled again. */
  public boolean isShared() {
    return shared;
  }

  /** How many documents there are. */
  public int count() {
    return count;
  }

  /** How many spans the documents stand for: a span that became two documents counts once. */
  public int spans() {
    return spans;
  }

  public boolean isFull() {
    return count == maxDocuments || (count > 0 && length >= maxBytes);
  }

  /** Where in the body this document's string begins, its opening quote included. */
  public int start(int document) {
    return starts[document];
  }

  public int end(int document) {
    return ends[document];
  }

  /**
   * How many spans this document stands for: those embedded in it too, and 0 for the companion of
   * another document.
   */
  public int spans(int document) {
    return spansOf[document];
  }

  /** The trace id as sent, after any mapping. */
  public long traceHigh(int document) {
    return traceHigh[document];
  }

  public long traceLow(int document) {
    return traceLow[document];
  }

  /** The id by which UnprocessedTraceSegments names this document. */
  public long segmentId(int document) {
    return segmentId[document];
  }

  /** A copy of this document's string as it stands in the body, its quotes included. */
  public byte[] string(int document) {
    return Arrays.copyOfRange(bytes, starts[document], ends[document]);
  }

  /** Takes over one document of another body, to send it again. */
  public void append(DocumentBuffer from, int document) {
    append(
        from.bytes,
        from.starts[document],
        from.ends[document],
        from.spansOf[document],
        from.traceHigh[document],
        from.traceLow[document],
        from.segmentId[document]);
  }

  /**
   * Takes over a document that was kept outside of any body.
   *
   * @param string as {@link #string} gave it
   */
  public void append(byte[] string, int spans, long high, long low, long id) {
    append(string, 0, string.length, spans, high, low, id);
  }

  /**
   * Takes a document in its plain form, which is checked JSON.
   *
   * @param escaped whether it is to stand as a JSON string, as in a call
   */
  void append(
      byte[] json,
      int offset,
      int length,
      boolean escaped,
      int spansOfIt,
      long high,
      long low,
      long id) {
    int at = open();
    // White space is all that checked JSON has of control characters: two bytes at the most.
    reserve(at, 2 * length + 2 + SUFFIX.length);
    int end = escaped ? escape(json, offset, length, at) : at + length;
    if (!escaped) System.arraycopy(json, offset, bytes, at, length);
    close(bytes, at, end, spansOfIt, high, low, id);
  }

  private int escape(byte[] json, int offset, int length, int start) {
    byte[] out = bytes;
    int at = start;
    out[at++] = '"';
    for (int i = offset; i < offset + length; i++) {
      byte b = json[i];
      if (b >= 0 && (b < 0x20 || b == '"' || b == '\\')) out[at++] = '\\';
      out[at++] = DocumentText.escape(b);
    }
    out[at++] = '"';
    return at;
  }

  /** Takes a document that is escaped already, without its quotes. */
  void appendText(
      byte[] text, int offset, int length, int spansOfIt, long high, long low, long id) {
    int at = open();
    reserve(at, length + 2 + SUFFIX.length);
    bytes[at] = '"';
    System.arraycopy(text, offset, bytes, at + 1, length);
    bytes[at + 1 + length] = '"';
    close(bytes, at, at + length + 2, spansOfIt, high, low, id);
  }

  private void append(
      byte[] from, int start, int end, int spansOfIt, long high, long low, long id) {
    int at = open();
    int size = end - start;
    reserve(at, size + SUFFIX.length);
    System.arraycopy(from, start, bytes, at, size);
    close(bytes, at, at + size, spansOfIt, high, low, id);
  }

  /** Where the next document's opening quote goes; the comma before it is written. */
  int open() {
    if (shared) throw new IllegalStateException("others may read this buffer");
    if (isFull()) throw new IllegalStateException("buffer is full: " + count + " documents");
    int at = length - SUFFIX.length;
    if (count == 0) return at;
    reserve(at, 1);
    bytes[at] = ',';
    return at + 1;
  }

  /** Takes the document that was written from start to end of these bytes as its own. */
  void close(byte[] written, int start, int end, int spans, long high, long low, long id) {
    bytes = written;
    reserve(end, SUFFIX.length);
    System.arraycopy(SUFFIX, 0, bytes, end, SUFFIX.length);
    length = end + SUFFIX.length;
    starts[count] = start;
    ends[count] = end;
    spansOf[count] = spans;
    traceHigh[count] = high;
    traceLow[count] = low;
    segmentId[count] = id;
    this.spans += spans;
    count++;
  }

  /** The bytes, with room for so many from there on and for the body's end behind them. */
  byte[] room(int at, int more) {
    reserve(at, more + SUFFIX.length);
    return bytes;
  }

  /** A copy that takes no more memory than it needs. */
  DocumentBuffer copy() {
    var copy = new DocumentBuffer(count, maxBytes, length - PREFIX.length - SUFFIX.length);
    System.arraycopy(bytes, 0, copy.bytes, 0, length);
    System.arraycopy(starts, 0, copy.starts, 0, count);
    System.arraycopy(ends, 0, copy.ends, 0, count);
    System.arraycopy(spansOf, 0, copy.spansOf, 0, count);
    System.arraycopy(traceHigh, 0, copy.traceHigh, 0, count);
    System.arraycopy(traceLow, 0, copy.traceLow, 0, count);
    System.arraycopy(segmentId, 0, copy.segmentId, 0, count);
    copy.length = length;
    copy.count = count;
    copy.spans = spans;
    return copy;
  }

  /** Undoes what {@link #open} and a failed document wrote. */
  void abandon(byte[] written) {
    bytes = written;
    System.arraycopy(SUFFIX, 0, bytes, length - SUFFIX.length, SUFFIX.length);
  }

  private void reserve(int at, int more) {
    if (at + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(at + more, bytes.length * 2));
    }
  }
}
