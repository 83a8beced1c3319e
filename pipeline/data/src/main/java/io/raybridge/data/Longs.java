package io.raybridge.data;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Numbers of 64 bits, or the bits of doubles, while they are read. */
final class Longs {
  private long[] values;
  private int size;

  private Longs(int capacity) {
    values = new long[capacity];
  }

  static Longs add(@Nullable Longs longs, long value) {
    var to = room(longs, 1);
    to.values[to.size++] = value;
    return to;
  }

  static Longs addPackedFixed64(@Nullable Longs longs, ProtoReader in) {
    int end = in.end();
    var to = room(longs, (end - in.at) / 8);
    while (in.at < end) to.values[to.size++] = in.fixed64();
    return to;
  }

  static Longs addPackedVarint(@Nullable Longs longs, ProtoReader in) {
    int end = in.end();
    int count = 0;
    for (int i = in.at; i < end; i++) count += in.bytes[i] >= 0 ? 1 : 0;
    var to = room(longs, count);
    while (in.at < end) to.values[to.size++] = in.varlong();
    return to;
  }

  static long[] toArray(@Nullable Longs longs) {
    if (longs == null || longs.size == 0) return No.LONGS;
    return longs.size == longs.values.length
        ? longs.values
        : Arrays.copyOf(longs.values, longs.size);
  }

  static double[] toDoubles(@Nullable Longs longs) {
    if (longs == null || longs.size == 0) return No.DOUBLES;
    var doubles = new double[longs.size];
    for (int i = 0; i < doubles.length; i++) doubles[i] = Double.longBitsToDouble(longs.values[i]);
    return doubles;
  }

  private static Longs room(@Nullable Longs longs, int count) {
    if (longs == null) return new Longs(count);
    if (longs.size + count > longs.values.length) {
      longs.values = Arrays.copyOf(longs.values, Math.max(2 * longs.size, longs.size + count));
    }
    return longs;
  }
}
