package io.raybridge.xray;

/**
 * An annotation's key as X-Ray takes it: letters, digits, {@code _} and {@code .}; what else there
 * was became {@code _}.
 */
final class AnnotationKey {
  private static final int SUFFIX = 9;

  byte[] bytes = new byte[64];
  int length;
  private int suffix;

  /** Takes a key over; whether it had to be changed. */
  boolean set(byte[] key, int offset, int size) {
    if (bytes.length < size + SUFFIX) bytes = new byte[2 * size + SUFFIX];
    // FNV-1a, of the key as it was: the suffix must not depend on the key's neighbours.
    int hash = 0x811c9dc5;
    boolean changed = size == 0;
    length = 0;
    for (int i = 0; i < size; i++) {
      byte b = key[offset + i];
      hash = (hash ^ (b & 255)) * 0x01000193;
      // A character of several bytes is one.
      if ((b & 0xc0) == 0x80) continue;
      boolean allowed = Ascii.letter(b) || Ascii.digit(b) || b == '.' || b == '_';
      changed |= !allowed;
      bytes[length++] = allowed ? b : (byte) '_';
    }
    if (length == 0) bytes[length++] = '_';
    suffix = hash;
    return changed;
  }

  /** Appends {@code _} and eight hex digits that stand for the original key. */
  void addSuffix() {
    bytes[length++] = '_';
    for (int shift = 28; shift >= 0; shift -= 4) {
      bytes[length++] = (byte) Character.forDigit((suffix >>> shift) & 15, 16);
    }
  }
}
