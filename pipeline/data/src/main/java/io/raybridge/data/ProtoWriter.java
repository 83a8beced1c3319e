package io.raybridge.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes protobuf from the last byte to the first, so that a message's length is known when its
 * content stands: no pass to compute sizes. Whoever writes a message writes its fields in
 * descending order.
 *
 * <p>Marks count from the end of the buffer, which stays true when the buffer grows at its start.
 */
final class ProtoWriter {
  private byte[] buffer;
  private int at;

  ProtoWriter(int capacity) {
    buffer = new byte[Math.max(capacity, 64)];
    at = buffer.length;
  }

  /** How much has been written. */
  int mark() {
    return buffer.length - at;
  }

  byte[] toArray() {
    return at == 0 ? buffer : Arrays.copyOfRange(buffer, at, buffer.length);
  }

  /** The tag and length of what has been written since the mark. */
  void message(int tag, int mark) {
    varint(mark() - mark);
    varint(tag);
  }

  void varint(long value) {
    if ((value & ~0x7fL) == 0) {
      need(1);
      buffer[--at] = (byte) value;
      return;
    }
    int length = (70 - Long.numberOfLeadingZeros(value)) / 7;
    need(length);
    int to = at -= length;
    for (; (value & ~0x7fL) != 0; value >>>= 7) buffer[to++] = (byte) (value | 0x80);
    buffer[to] = (byte) value;
  }

  void tag(int tag) {
    varint(tag);
  }

  void bool(int tag, boolean value) {
    if (value) {
      varint(1);
      varint(tag);
    }
  }

  void uint32(int tag, int value) {
    if (value != 0) {
      varint(value & 0xffffffffL);
      varint(tag);
    }
  }

  /** An int32 or an enum, whose negative values take ten bytes. */
  void int32(int tag, int value) {
    if (value != 0) {
      varint(value);
      varint(tag);
    }
  }

  void sint32(int tag, int value) {
    if (value != 0) {
      varint(((value << 1) ^ (value >> 31)) & 0xffffffffL);
      varint(tag);
    }
  }

  void fixed32(int tag, int value) {
    if (value != 0) {
      need(4);
      ProtoReader.INT.set(buffer, at -= 4, value);
      varint(tag);
    }
  }

  void fixed64(int tag, long value) {
    if (value != 0) fixed64Always(tag, value);
  }

  void fixed64Always(int tag, long value) {
    raw64(value);
    varint(tag);
  }

  /** Negative zero is not zero, by its bits. */
  void fixedDouble(int tag, double value) {
    fixed64(tag, Double.doubleToRawLongBits(value));
  }

  void fixedDoubleAlways(int tag, double value) {
    fixed64Always(tag, Double.doubleToRawLongBits(value));
  }

  void packedFixed64(int tag, long[] values) {
    if (values.length == 0) return;
    int mark = mark();
    for (int i = values.length; i-- > 0; ) raw64(values[i]);
    message(tag, mark);
  }

  void packedDouble(int tag, double[] values) {
    if (values.length == 0) return;
    int mark = mark();
    for (int i = values.length; i-- > 0; ) raw64(Double.doubleToRawLongBits(values[i]));
    message(tag, mark);
  }

  void packedVarint(int tag, long[] values) {
    if (values.length == 0) return;
    int mark = mark();
    for (int i = values.length; i-- > 0; ) varint(values[i]);
    message(tag, mark);
  }

  void string(int tag, String value) {
    if (!value.isEmpty()) stringAlways(tag, value);
  }

  void stringAlways(int tag, String value) {
    int mark = mark();
    // twice as fast as a loop over the characters, and the array rarely outlives the inlining
    raw(value.getBytes(StandardCharsets.UTF_8));
    message(tag, mark);
  }

  void bytes(int tag, byte[] value) {
    int mark = mark();
    raw(value);
    message(tag, mark);
  }

  void traceId(int tag, long high, long low) {
    if (high == 0 && low == 0) return;
    need(16);
    ProtoReader.BIG_ENDIAN_LONG.set(buffer, at -= 8, low);
    ProtoReader.BIG_ENDIAN_LONG.set(buffer, at -= 8, high);
    varint(16);
    varint(tag);
  }

  void spanId(int tag, long id) {
    if (id == 0) return;
    need(8);
    ProtoReader.BIG_ENDIAN_LONG.set(buffer, at -= 8, id);
    varint(8);
    varint(tag);
  }

  /** Goes first, so that unknown fields stand last and win as they did where they came from. */
  void unknown(@Nullable UnknownFields fields) {
    if (fields != null) raw(fields.bytes(), 0, fields.size());
  }

  void raw(byte[] bytes) {
    raw(bytes, 0, bytes.length);
  }

  void raw(byte[] bytes, int from, int to) {
    int length = to - from;
    need(length);
    System.arraycopy(bytes, from, buffer, at -= length, length);
  }

  private void raw64(long value) {
    need(8);
    ProtoReader.LONG.set(buffer, at -= 8, value);
  }

  private void need(int length) {
    if (at < length) grow(length);
  }

  private void grow(int length) {
    int used = mark();
    long wanted = Math.max(2L * buffer.length, (long) used + length);
    if ((long) used + length > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException("a batch of more than 2 GiB cannot be encoded");
    }
    var larger = new byte[(int) Math.min(wanted, Integer.MAX_VALUE - 8)];
    System.arraycopy(buffer, at, larger, larger.length - used, used);
    buffer = larger;
    at = larger.length - used;
  }
}
