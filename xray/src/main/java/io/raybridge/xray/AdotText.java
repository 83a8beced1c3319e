package io.raybridge.xray;

/**
 * What ADOT's SDKs send to the daemon in place of a document: {@code T1U} and spans that nobody
 * sampled, or {@code M1} and metrics, both OTLP requests in base64. The daemon hands them to X-Ray
 * as they are. X-Ray measures such spans and records no trace; they are nobody else's.
 */
final class AdotText {
  private static final byte[] UNSAMPLED = Ascii.bytes("T1U");
  private static final byte[] METRICS = Ascii.bytes("M1");

  private AdotText() {}

  /** Whether this is one; in a call it needs no escaping then. */
  static boolean is(byte[] text, int offset, int length) {
    return isUnsampled(text, offset, length) || isEncoded(text, offset, length, METRICS);
  }

  private static boolean isUnsampled(byte[] text, int offset, int length) {
    return isEncoded(text, offset, length, UNSAMPLED);
  }

  private static boolean isEncoded(byte[] text, int offset, int length, byte[] prefix) {
    if (!Ascii.startsWith(text, offset, length, prefix) || length == prefix.length) return false;
    for (int i = offset + prefix.length; i < offset + length; i++) {
      if (!isBase64(text[i])) return false;
    }
    return true;
  }

  private static boolean isBase64(byte b) {
    boolean letter = (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
    return letter || (b >= '0' && b <= '9') || b == '+' || b == '/' || b == '=';
  }

  /** Why this one becomes no span. */
  static MalformedSegmentException noSpan(byte[] text) {
    return isUnsampled(text, 0, text.length)
        ? new MalformedSegmentException(
            "unsampled", "spans that nobody sampled, for X-Ray to measure (T1U)")
        : new MalformedSegmentException(
            "metrics", "metrics (M1); a metrics pipeline takes them from the receiver awsxray");
  }
}
