package io.raybridge.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads protobuf that {@link Walk} has found sound, and so checks nothing again.
 *
 * <p>See the <a href="https://protobuf.dev/programming-guides/encoding/">encoding</a>.
 */
final class ProtoReader {
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle BIG_ENDIAN_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  final byte[] bytes;
  int at;

  ProtoReader(byte[] bytes, int at) {
    this.bytes = bytes;
    this.at = at;
  }

  /**
   * A tag, a length or any other number of 32 bits; longer ones lose what is above, as they do in
   * protobuf.
   */
  int varint() {
    int first = bytes[at];
    if (first >= 0) {
      at++;
      return first;
    }
    return (int) varlong();
  }

  long varlong() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = bytes[at++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) return value;
    }
    throw new IllegalStateException("varint of more than 10 bytes in checked bytes at " + at);
  }

  int zigzag() {
    int value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  long fixed64() {
    long value = (long) LONG.get(bytes, at);
    at += 8;
    return value;
  }

  double fixedDouble() {
    return Double.longBitsToDouble(fixed64());
  }

  int fixed32() {
    int value = (int) INT.get(bytes, at);
    at += 4;
    return value;
  }

  /** Reads a length and gives the position at which the content ends. */
  int end() {
    int length = varint();
    return at + length;
  }

  String string() {
    int length = varint();
    var text = length == 0 ? "" : new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  /**
   * A string that is likely to come again: a key, or the name of a span, event, metric or library.
   */
  String name() {
    int length = varint();
    var text = Names.get(bytes, at, length);
    at += length;
    return text;
  }

  byte[] bytes() {
    int length = varint();
    var copy = Arrays.copyOfRange(bytes, at, at + length);
    at += length;
    return copy;
  }

  /** A span id, or the first or last half of a trace id. */
  long idPart() {
    long value = (long) BIG_ENDIAN_LONG.get(bytes, at);
    at += 8;
    return value;
  }

  /** A span id with its length, 0 when it is empty. */
  long spanId() {
    return varint() == 0 ? 0 : idPart();
  }

  /** Steps over a field whose tag has been read. */
  void skip(int tag) {
    switch (tag & 7) {
      case 0 -> varlong();
      case 1 -> at += 8;
      case 2 -> at = end();
      case 3 -> {
        int inner = varint();
        while ((inner & 7) != 4) {
          skip(inner);
          inner = varint();
        }
      }
      case 5 -> at += 4;
      default -> throw new IllegalStateException("wire type " + (tag & 7) + " in checked bytes");
    }
  }

  /** Steps over a field that this version does not know, and adds it to those of its message. */
  UnknownFields keep(@Nullable UnknownFields fields, int start, int tag) {
    skip(tag);
    if (fields == null) return new UnknownFields(bytes, start, at);
    fields.add(bytes, start, at);
    return fields;
  }

  /** All occurrences of a message field between two positions, joined to one, which merges them. */
  byte[] joined(int from, int to, int field) {
    var all = new UnknownFields(bytes, 0, 0);
    var in = new ProtoReader(bytes, from);
    while (in.at < to) {
      int tag = in.varint();
      if (tag == field) {
        int end = in.end();
        all.add(bytes, in.at, end);
        in.at = end;
      } else {
        in.skip(tag);
      }
    }
    return all.toArray();
  }
}
