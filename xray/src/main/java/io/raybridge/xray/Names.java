package io.raybridge.xray;

/**
 * Writes segment names: X-Ray takes Unicode letters, digits, spaces and {@code _.:/%&#=+\-@}, at
 * most 200 characters, and refuses the document otherwise.
 */
final class Names {
  static final int LONGEST = 200;
  private static final boolean[] ALLOWED = new boolean[128];

  static {
    for (char c = '0'; c <= '9'; c++) ALLOWED[c] = true;
    for (char c = 'A'; c <= 'Z'; c++) ALLOWED[c] = true;
    for (char c = 'a'; c <= 'z'; c++) ALLOWED[c] = true;
    for (char c : " _.:/%&#=+\\-@".toCharArray()) ALLOWED[c] = true;
  }

  private Names() {}

  /** Writes the inside of a name without what is not allowed; how many characters are left. */
  static int write(JsonWriter out, byte[] bytes, int offset, int length, int room) {
    if (length <= room && plain(bytes, offset, length)) {
      out.text(bytes, offset, length);
      return length;
    }
    int written = 0;
    for (int end = offset + length; offset < end && written < room; ) {
      int size = Utf8.size(bytes[offset]);
      int c = Utf8.codePoint(bytes, offset);
      if (c < 128 ? ALLOWED[c] : Character.isLetter(c)) {
        out.text(bytes, offset, size);
        written++;
      }
      offset += size;
    }
    return written;
  }

  private static boolean plain(byte[] bytes, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      byte b = bytes[i];
      if (b < 0 || !ALLOWED[b]) return false;
    }
    return true;
  }
}
