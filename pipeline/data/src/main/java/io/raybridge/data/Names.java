package io.raybridge.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Strings that come again and again, found by their bytes: a hit allocates nothing.
 *
 * <p>Shared by all threads without a lock. An entry is immutable and a slot is read once, so the
 * worst that a race does is to make the same string twice. The table has a fixed size; what falls
 * on a taken slot takes its place, so neither a hostile sender nor span names full of ids make it
 * grow.
 */
final class Names {
  private static final int SLOTS = 4096;
  private static final int LONGEST = 96;
  private static final Name[] TABLE = new Name[SLOTS];

  static {
    Arrays.fill(TABLE, new Name(new byte[0], ""));
  }

  // Never compared, never handed out.
  @SuppressWarnings("ArrayRecordComponent")
  private record Name(byte[] bytes, String text) {}

  private Names() {}

  static String get(byte[] bytes, int from, int length) {
    if (length == 0) return "";
    if (length > LONGEST) return new String(bytes, from, length, StandardCharsets.UTF_8);
    int slot = slot(bytes, from, length);
    var known = TABLE[slot];
    if (known.bytes.length == length
        && Arrays.equals(known.bytes, 0, length, bytes, from, from + length)) {
      return known.text;
    }
    var text = new String(bytes, from, length, StandardCharsets.UTF_8);
    TABLE[slot] = new Name(Arrays.copyOfRange(bytes, from, from + length), text);
    return text;
  }

  private static int slot(byte[] bytes, int from, int length) {
    long hash = length;
    int i = from;
    for (int last = from + length - 8; i <= last; i += 8) {
      hash = (hash ^ (long) ProtoReader.LONG.get(bytes, i)) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
    for (int end = from + length; i < end; i++) hash = (hash ^ bytes[i]) * 0x9E3779B97F4A7C15L;
    return (int) (hash >>> 52);
  }
}
