package io.raybridge.xray;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Small questions about ASCII texts inside larger bytes. */
final class Ascii {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGHS = 0x8080_8080_8080_8080L;

  private Ascii() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The number that these digits spell, at most 18 of them; -1 when they are no number. */
  static long number(byte[] bytes, int offset, int length) {
    if (length == 0 || length > 18) return -1;
    long number = 0;
    for (int i = offset; i < offset + length; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) return -1;
      number = number * 10 + digit;
    }
    return number;
  }

  static boolean equal(byte[] bytes, int offset, int length, byte[] other) {
    return length == other.length
        && Arrays.equals(bytes, offset, offset + length, other, 0, other.length);
  }

  static boolean equalIgnoringCase(byte[] bytes, int offset, int length, byte[] lower) {
    if (length != lower.length) return false;
    for (int i = 0; i < length; i++) if (lower(bytes[offset + i]) != lower[i]) return false;
    return true;
  }

  static boolean startsWith(byte[] bytes, int offset, int length, byte[] prefix) {
    return length >= prefix.length
        && bytes[offset] == prefix[0]
        && Arrays.equals(bytes, offset, offset + prefix.length, prefix, 0, prefix.length);
  }

  /** The place of a byte between two places, or -1. */
  static int indexOf(byte[] bytes, int from, int to, char wanted) {
    for (int i = from; i < to; i++) if (bytes[i] == wanted) return i;
    return -1;
  }

  /** The first place of either of two bytes between two places, or {@code to}. */
  static int indexOfEither(byte[] bytes, int from, int to, char one, char other) {
    int i = from;
    long ones = ONES * one;
    long others = ONES * other;
    // Eight at a time: a byte that is equal becomes zero, and only zero borrows from its high bit.
    for (; to - i >= 8; i += 8) {
      long word = (long) LONG.get(bytes, i);
      long a = word ^ ones;
      long b = word ^ others;
      if (((((a - ONES) & ~a) | ((b - ONES) & ~b)) & HIGHS) != 0) break;
    }
    while (i < to && bytes[i] != one && bytes[i] != other) i++;
    return i;
  }

  /** The last place of a byte between two places, or -1. */
  static int lastIndexOf(byte[] bytes, int from, int to, char wanted) {
    for (int i = to - 1; i >= from; i--) if (bytes[i] == wanted) return i;
    return -1;
  }

  /** The place of a text between two places, or -1. */
  static int indexOf(byte[] bytes, int from, int to, byte[] wanted) {
    for (int i = from; i <= to - wanted.length; i++) {
      if (bytes[i] == wanted[0] && startsWith(bytes, i, to - i, wanted)) return i;
    }
    return -1;
  }

  static byte lower(byte b) {
    return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
  }

  static boolean letter(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
  }

  static boolean hex(byte b) {
    return digit(b) || (lower(b) >= 'a' && lower(b) <= 'f');
  }

  static boolean digit(byte b) {
    return b >= '0' && b <= '9';
  }
}
