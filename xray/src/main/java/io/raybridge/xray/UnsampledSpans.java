package io.raybridge.xray;

/**
 * Spans that nobody sampled, as ADOT's SDKs send them to the daemon in place of a document: {@code
 * T1U} and an OTLP request in base64. X-Ray measures them and records no trace, so that they go to
 * X-Ray as they are, and to nobody else.
 */
final class UnsampledSpans {
  static final String REASON = "unsampled";

  private static final byte[] PREFIX = Ascii.bytes("T1U");

  private UnsampledSpans() {}

  /** Whether this is them; in a call it needs no escaping then. */
  static boolean are(byte[] text, int offset, int length) {
    if (!Ascii.startsWith(text, offset, length, PREFIX) || length == PREFIX.length) return false;
    for (int i = offset + PREFIX.length; i < offset + length; i++) {
      if (!isBase64(text[i])) return false;
    }
    return true;
  }

  private static boolean isBase64(byte b) {
    boolean letter = (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
    return letter || (b >= '0' && b <= '9') || b == '+' || b == '/' || b == '=';
  }

  static MalformedSegmentException notToBeRecorded() {
    return new MalformedSegmentException(
        REASON, "spans that nobody sampled, for X-Ray to measure (T1U)");
  }
}
