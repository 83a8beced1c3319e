package io.raybridge.data;

/** The rules of UTF-8 for what is not ASCII (RFC 3629, section 4). */
final class Utf8 {
  private Utf8() {}

  /**
   * How many bytes the character takes whose first byte, not ASCII, stands at a position; 0 when it
   * is no character: overlong, a surrogate, above U+10FFFF or cut short.
   */
  static int sequence(byte[] bytes, int at, int end) {
    int lead = bytes[at] & 0xff;
    int left = end - at;
    if (lead < 0xc2 || lead > 0xf4) return 0;
    if (lead < 0xe0) return left >= 2 && continues(bytes[at + 1]) ? 2 : 0;
    if (left < 3 || !continues(bytes[at + 1]) || !continues(bytes[at + 2])) return 0;
    int second = bytes[at + 1] & 0xff;
    if (lead < 0xf0) {
      boolean overlong = lead == 0xe0 && second < 0xa0;
      boolean surrogate = lead == 0xed && second >= 0xa0;
      return overlong || surrogate ? 0 : 3;
    }
    if (left < 4 || !continues(bytes[at + 3])) return 0;
    boolean overlong = lead == 0xf0 && second < 0x90;
    boolean tooHigh = lead == 0xf4 && second >= 0x90;
    return overlong || tooHigh ? 0 : 4;
  }

  private static boolean continues(byte b) {
    return (b & 0xc0) == 0x80;
  }
}
