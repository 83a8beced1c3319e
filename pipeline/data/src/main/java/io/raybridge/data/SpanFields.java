package io.raybridge.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Spans of one {@link Envelope}, one behind the other as the fields of a ScopeSpans. They come by
 * copying their bytes; no span becomes an object.
 */
public final class SpanFields {
  private static final int SPAN = 2 << 3 | 2;
  private static final int TRACE_STATE = 3 << 3 | 2;

  private byte[] bytes;
  private int size;
  private int spans;

  /** None yet, with room for so many bytes. */
  public SpanFields(int capacity) {
    bytes = new byte[capacity];
  }

  /** Adds the span whose fields lie there. */
  public void add(byte[] source, int offset, int length) {
    need(length + 11);
    varint(SPAN);
    varint(length);
    copy(source, offset, length);
    spans++;
  }

  /**
   * Adds a span of which only the tracestate is another.
   *
   * @param stateOffset where the text of the present one begins; 0 without one
   */
  public void add(
      byte[] source, int offset, int length, int stateOffset, int stateLength, String traceState) {
    int begin = offset;
    int end = offset;
    if (stateOffset > 0) {
      end = stateOffset + stateLength;
      begin = stateOffset - 1 - varintSize(stateLength);
      // A tag or length written longer than need be stays; of two, readers take the last.
      if (begin < offset || source[begin] != TRACE_STATE) begin = end;
    }
    var text = traceState.getBytes(StandardCharsets.UTF_8);
    int all = length - (end - begin) + 1 + varintSize(text.length) + text.length;
    need(all + 11);
    varint(SPAN);
    varint(all);
    copy(source, offset, begin - offset);
    copy(source, end, offset + length - end);
    varint(TRACE_STATE);
    varint(text.length);
    copy(text, 0, text.length);
    spans++;
  }

  /** Adds all spans of another. */
  public void addAll(SpanFields other) {
    need(other.size);
    copy(other.bytes, 0, other.size);
    spans += other.spans;
  }

  /** How many spans there are. */
  public int spans() {
    return spans;
  }

  /** How many bytes they take. */
  public int size() {
    return size;
  }

  /** Gives back what room is not needed, for who keeps the spans for a while. */
  public SpanFields trim() {
    if (size < bytes.length) bytes = Arrays.copyOf(bytes, size);
    return this;
  }

  void writeTo(ProtoWriter out) {
    out.raw(bytes, 0, size);
  }

  private void copy(byte[] source, int offset, int length) {
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
  }

  private void varint(int value) {
    int rest = value;
    for (; (rest & ~0x7f) != 0; rest >>>= 7) bytes[size++] = (byte) (rest | 0x80);
    bytes[size++] = (byte) rest;
  }

  private static int varintSize(int value) {
    return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
  }

  private void need(int more) {
    if (bytes.length - size >= more) return;
    long wanted = Math.max((long) size + more, 2L * size);
    bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
  }
}
