package io.raybridge.data.view;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A position in protobuf bytes that are known to be well-formed: {@code Traces.ofOtlp} has walked
 * them before, so nothing is checked here but the bounds of the array.
 */
final class Wire {
  private static final VarHandle LITTLE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LITTLE_INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BIG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  byte[] bytes = new byte[0];
  int position;

  int varint() {
    int first = bytes[position++];
    return first >= 0 ? first : (int) longer(first);
  }

  long varlong() {
    int first = bytes[position++];
    return first >= 0 ? first : longer(first);
  }

  long fixed64() {
    long value = (long) LITTLE.get(bytes, position);
    position += 8;
    return value;
  }

  int fixed32() {
    int value = (int) LITTLE_INT.get(bytes, position);
    position += 4;
    return value;
  }

  long bigEndian(int offset) {
    return (long) BIG.get(bytes, offset);
  }

  void skip(int tag) {
    switch (tag & 7) {
      case 0 -> varlong();
      case 1 -> position += 8;
      case 2 -> {
        int length = varint();
        position += length;
      }
      case 3 -> skipGroup();
      case 5 -> position += 4;
      default -> throw new IllegalStateException("wire type " + (tag & 7) + " at " + position);
    }
  }

  /** Groups are long gone from OTLP, yet well-formed protobuf may hold one as an unknown field. */
  private void skipGroup() {
    for (int depth = 1; depth > 0; ) {
      int tag = varint();
      switch (tag & 7) {
        case 3 -> depth++;
        case 4 -> depth--;
        default -> skip(tag);
      }
    }
  }

  private long longer(long first) {
    long value = first & 0x7f;
    for (int shift = 7; shift < 64; shift += 7) {
      byte next = bytes[position++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) return value;
    }
    throw new IllegalStateException("varint of more than 10 bytes at " + position);
  }
}
