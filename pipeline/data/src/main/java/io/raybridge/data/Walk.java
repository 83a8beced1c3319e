package io.raybridge.data;

import java.util.Objects;

/**
 * Walks an export request once, counts its items and finds everything that breaks a rule of
 * protobuf or OTLP, so that whoever reads the bytes after it may trust them.
 *
 * <p>It accepts what protobuf's own parsers accept, nested to {@link #DEEPEST}, with one rule more:
 * a trace id has 16 bytes or none, a span id 8 or none. Allocates nothing but itself.
 */
final class Walk {
  /**
   * Messages, groups included, nested below the outermost. Protobuf's implementations differ: 100
   * in Java and C++, 10,000 in Go, and so in the Go collector. Here a value may be a map in a map
   * 60 times, which is three messages each time, and no stack comes near its end.
   */
  static final int DEEPEST = 200;

  private static final long HIGH_BITS = 0x8080808080808080L;

  private final byte[] bytes;
  private int items;
  private int at;

  private Walk(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Gives the number of items. */
  static int check(byte[] bytes, Shape request) throws MalformedBatchException {
    var walk = new Walk(bytes);
    walk.message(request, bytes.length, 0);
    return walk.items;
  }

  private void message(Shape shape, int end, int depth) throws MalformedBatchException {
    var kinds = shape.kinds;
    int choice = 0;
    int itemsOfChoice = 0;
    while (at < end) {
      int tag = tag(end);
      // a tag of more than a byte's range, as an index, becomes one that no field has
      byte kind = tag == (tag & 0xff) ? kinds[tag & 0xff] : Shape.UNKNOWN;
      switch (kind) {
        case Shape.STRING -> string(length(end));
        case Shape.ATTRIBUTE -> keyValue(shape, tag, end, depth);
        case Shape.MESSAGE -> nested(shape, tag, end, depth);
        case Shape.ITEM -> {
          items++;
          nested(shape, tag, end, depth);
        }
        case Shape.VARINT -> varint(end);
        case Shape.FIXED64 -> skip(8, end);
        case Shape.FIXED32 -> skip(4, end);
        case Shape.BYTES -> at = length(end);
        case Shape.TRACE_ID -> id(16, "trace", end);
        case Shape.SPAN_ID -> id(8, "span", end);
        case Shape.PACKED_FIXED64 -> packedFixed64(end);
        case Shape.PACKED_VARINT -> {
          int packed = length(end);
          while (at < packed) varint(packed);
        }
        case Shape.CHOICE -> {
          if (tag != choice) {
            items -= itemsOfChoice;
            itemsOfChoice = 0;
            choice = tag;
          }
          int before = items;
          nested(shape, tag, end, depth);
          itemsOfChoice += items - before;
        }
        default -> unknown(tag, end, depth);
      }
    }
  }

  /** Half of all bytes are attributes, nearly all of them plain: they are not worth a table. */
  private void keyValue(Shape shape, int tag, int end, int depth) throws MalformedBatchException {
    int start = at;
    int after = length(end);
    if (depth <= DEEPEST - 2 && isPlainKeyValue(after)) {
      at = after;
    } else {
      at = start;
      nested(shape, tag, end, depth);
    }
  }

  /**
   * Whether a KeyValue is a short key in ASCII and then a value, which is a short text in ASCII, a
   * number or a truth value. What is not may be sound or not.
   */
  private boolean isPlainKeyValue(int end) {
    int i = at;
    if (end - i < 6 || bytes[i] != 10) return false;
    int length = bytes[i + 1];
    i += 2;
    if (length < 0 || length > end - i - 4) return false;
    if (!isAscii(i, i + length)) return false;
    i += length;
    if (bytes[i] != 18 || bytes[i + 1] != end - i - 2) return false;
    i += 2;
    return switch (bytes[i]) {
      case 10 -> bytes[i + 1] == end - i - 2 && isAscii(i + 2, end);
      case 16, 24 -> isVarint(i + 1, end);
      case 33 -> end - i == 9;
      default -> false;
    };
  }

  private boolean isVarint(int from, int to) {
    int last = from;
    while (last < to - 1 && bytes[last] < 0) last++;
    return last == to - 1 && bytes[last] >= 0 && to - from <= 10;
  }

  private void nested(Shape shape, int tag, int end, int depth) throws MalformedBatchException {
    int start = at;
    int inner = length(end);
    if (depth == DEEPEST) throw tooDeep(start);
    message(Objects.requireNonNull(shape.messages[tag]), inner, depth + 1);
  }

  private void unknown(int tag, int end, int depth) throws MalformedBatchException {
    switch (tag & 7) {
      case 0 -> varint(end);
      case 1 -> skip(8, end);
      case 2 -> at = length(end);
      case 3 -> group(tag >>> 3, end, depth);
      case 5 -> skip(4, end);
      default ->
          throw new MalformedBatchException(
              (tag & 7) == 4
                  ? "end of a group that has not begun"
                  : "wire type " + (tag & 7) + " (expected: 0 to 5)",
              at);
    }
  }

  private void group(int number, int end, int depth) throws MalformedBatchException {
    if (depth == DEEPEST) throw tooDeep(at);
    while (at < end) {
      int tag = tag(end);
      if ((tag & 7) != 4) {
        unknown(tag, end, depth + 1);
      } else if (tag >>> 3 == number) {
        return;
      } else {
        throw new MalformedBatchException(
            "end of group " + (tag >>> 3) + " (expected: of group " + number + ")", at);
      }
    }
    throw new MalformedBatchException("group " + number + " does not end", at);
  }

  private int tag(int end) throws MalformedBatchException {
    int start = at;
    int first = bytes[at];
    int tag;
    if (first >= 0) {
      at++;
      tag = first;
    } else {
      tag = (int) longVarint(end);
    }
    if (tag >>> 3 == 0)
      throw new MalformedBatchException("field number 0 (expected: 1 or more)", start);
    return tag;
  }

  private void varint(int end) throws MalformedBatchException {
    if (at < end && bytes[at] >= 0) {
      at++;
    } else {
      longVarint(end);
    }
  }

  private long longVarint(int end) throws MalformedBatchException {
    int start = at;
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at >= end) throw truncated(at);
      byte next = bytes[at++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) return value;
    }
    throw new MalformedBatchException("varint of more than 10 bytes", start);
  }

  /** Reads a length and gives the position at which the content ends. */
  private int length(int end) throws MalformedBatchException {
    int start = at;
    int length;
    if (at < end && bytes[at] >= 0) {
      length = bytes[at++];
    } else {
      length = (int) longVarint(end);
    }
    if (length < 0) throw new MalformedBatchException("negative length", start);
    if (length > end - at)
      throw new MalformedBatchException(
          "length " + length + " (expected: at most the " + (end - at) + " bytes left)", start);
    return at + length;
  }

  private void skip(int length, int end) throws MalformedBatchException {
    if (length > end - at) throw truncated(at);
    at += length;
  }

  private void id(int length, String what, int end) throws MalformedBatchException {
    int start = at;
    int after = length(end);
    if (after - at != length && after != at) {
      throw new MalformedBatchException(
          what + " id of " + (after - at) + " bytes (expected: " + length + " or none)", start);
    }
    at = after;
  }

  private void packedFixed64(int end) throws MalformedBatchException {
    int start = at;
    int after = length(end);
    if ((after - at) % 8 != 0) {
      throw new MalformedBatchException(
          (after - at) + " bytes of packed numbers (expected: a multiple of 8)", start);
    }
    at = after;
  }

  private void string(int end) throws MalformedBatchException {
    if (!isAscii(at, end)) utf8(at, end);
    at = end;
  }

  /** Looks at eight bytes at a time. Most text is ASCII. */
  private boolean isAscii(int from, int to) {
    int i = from;
    for (; to - i >= 8; i += 8) {
      if (((long) ProtoReader.LONG.get(bytes, i) & HIGH_BITS) != 0) return false;
    }
    if (i == to) return true;
    if (to < 8) {
      for (; i < to; i++) if (bytes[i] < 0) return false;
      return true;
    }
    // the last eight bytes, of which those before i, which stand lowest, are shifted out
    long last = (long) ProtoReader.LONG.get(bytes, to - 8) >>> (8 * (8 - (to - i)));
    return (last & HIGH_BITS) == 0;
  }

  private void utf8(int from, int end) throws MalformedBatchException {
    int i = from;
    while (i < end) {
      int lead = bytes[i];
      if (lead >= 0) {
        i++;
        continue;
      }
      int length = Utf8.sequence(bytes, i, end);
      if (length == 0) throw new MalformedBatchException("text that is not UTF-8", i);
      i += length;
    }
  }

  private static MalformedBatchException truncated(int at) {
    return new MalformedBatchException("ends in the middle of a field", at);
  }

  private static MalformedBatchException tooDeep(int at) {
    return new MalformedBatchException("messages nested more than " + DEEPEST + " deep", at);
  }
}
