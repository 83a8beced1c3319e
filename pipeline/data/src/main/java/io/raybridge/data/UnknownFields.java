package io.raybridge.data;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The fields of one message that this version does not know, as they came, to be sent on. */
final class UnknownFields {
  private byte[] bytes;
  private int size;

  UnknownFields(byte[] source, int from, int to) {
    bytes = Arrays.copyOfRange(source, from, to);
    size = to - from;
  }

  /** Grows by doubling, since a hostile sender may put millions of fields in one message. */
  void add(byte[] source, int from, int to) {
    int length = to - from;
    if (bytes.length - size < length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + length, (int) Math.min(2L * size, 1 << 30)));
    }
    System.arraycopy(source, from, bytes, size, length);
    size += length;
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }

  static @Nullable UnknownFields copy(@Nullable UnknownFields fields) {
    return fields == null ? null : new UnknownFields(fields.bytes, 0, fields.size);
  }

  static @Nullable UnknownFields join(
      @Nullable UnknownFields first, @Nullable UnknownFields second) {
    if (first == null || second == null) return first == null ? second : first;
    first.add(second.bytes, 0, second.size);
    return first;
  }
}
