package io.raybridge.xray;

/** The ids in a document's text, where they are what X-Ray makes ids of. */
final class DocumentIds {
  private static final int DASHED = 35;
  private static final byte[] DIGITS = new byte[256];

  static {
    for (int i = 0; i < 256; i++) DIGITS[i] = (byte) Character.digit(i < 128 ? i : 0, 16);
  }

  private long traceHigh;
  private long traceLow;
  private long id;

  /** Reads the texts of both, which may be empty. */
  void read(byte[] json, int idFrom, int idTo, int traceFrom, int traceTo) {
    traceHigh = traceLow = id = 0;
    if (idTo - idFrom == 16 && areDigits(json, idFrom, 16)) id = number(json, idFrom, 16);
    boolean dashed =
        traceTo - traceFrom == DASHED
            && json[traceFrom] == '1'
            && json[traceFrom + 1] == '-'
            && json[traceFrom + 10] == '-';
    if (!dashed || !areDigits(json, traceFrom + 2, 8) || !areDigits(json, traceFrom + 11, 24)) {
      return;
    }
    traceHigh = number(json, traceFrom + 2, 8) << 32 | number(json, traceFrom + 11, 8);
    traceLow = number(json, traceFrom + 19, 16);
  }

  /** The id, or 0 where it is not 16 hex digits. */
  long id() {
    return id;
  }

  /** The first half of the trace id, or 0 where it is none. */
  long traceHigh() {
    return traceHigh;
  }

  /** The second half of the trace id, or 0 where it is none. */
  long traceLow() {
    return traceLow;
  }

  static boolean areDigits(byte[] json, int from, int count) {
    int all = 0;
    for (int i = from; i < from + count; i++) all |= DIGITS[json[i] & 255];
    return all >= 0;
  }

  private static long number(byte[] json, int from, int count) {
    long value = 0;
    for (int i = from; i < from + count; i++) value = value << 4 | (DIGITS[json[i] & 255] & 15);
    return value;
  }
}
