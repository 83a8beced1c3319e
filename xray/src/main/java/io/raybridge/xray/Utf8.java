package io.raybridge.xray;

/** Places in valid UTF-8. */
final class Utf8 {
  private Utf8() {}

  /** The greatest length up to this one at which no character is cut in two. */
  static int cut(byte[] bytes, int offset, int length) {
    while (length > 0 && (bytes[offset + length] & 0xc0) == 0x80) length--;
    return length;
  }

  /** The code point that begins at this offset. */
  static int codePoint(byte[] b, int offset) {
    int first = b[offset];
    if (first >= 0) return first;
    if (first < (byte) 0xe0) return (first & 0x1f) << 6 | (b[offset + 1] & 0x3f);
    if (first < (byte) 0xf0) {
      return (first & 0x0f) << 12 | (b[offset + 1] & 0x3f) << 6 | (b[offset + 2] & 0x3f);
    }
    return (first & 0x07) << 18
        | (b[offset + 1] & 0x3f) << 12
        | (b[offset + 2] & 0x3f) << 6
        | (b[offset + 3] & 0x3f);
  }

  /** How many bytes the character takes that begins with this byte. */
  static int size(byte first) {
    return first >= 0 ? 1 : first < (byte) 0xe0 ? 2 : first < (byte) 0xf0 ? 3 : 4;
  }
}
