package io.raybridge.xray;

import java.util.HexFormat;

/** X-Ray ids from OpenTelemetry's. */
final class Ids {
  /** The Go exporter's bounds: 28 days back, for X-Ray once refused 30, and five minutes ahead. */
  private static final long OLDEST_SECONDS = 28L * 24 * 60 * 60;

  private static final long NEWEST_SECONDS = 5 * 60;

  private Ids() {}

  static void writeTraceId(JsonWriter out, long high, long low) {
    out.quote();
    out.put('1');
    out.put('-');
    out.hex(high >>> 32, 8);
    out.put('-');
    out.hex(high, 8);
    out.hex(low, 16);
    out.quote();
  }

  /** A segment's id as documents write it. */
  static String hex(long id) {
    return HexFormat.of().toHexDigits(id);
  }

  /** A trace id as documents write it. */
  static String traceId(long high, long low) {
    var hex = hex(high);
    return "1-" + hex.substring(0, 8) + "-" + hex.substring(8) + hex(low);
  }

  /** Whether the first eight hex digits are a time that X-Ray once insisted on. */
  static boolean recent(long traceHigh, long nowSeconds) {
    long age = nowSeconds - (traceHigh >>> 32);
    return age <= OLDEST_SECONDS && age >= -NEWEST_SECONDS;
  }

  /**
   * The upper half for an id of which a 64-bit tracer filled only the lower: the same on every
   * node, never zero, and the lower half stays readable.
   */
  static long upperHalf(long traceLow) {
    return mix(traceLow, 0x7261_7962_7269_6467L);
  }

  /**
   * An id made from another: the same one each time, so that a second sending replaces the first.
   */
  static long derived(long id, int number) {
    return mix(id, number * 0x9E37_79B9_7F4A_7C15L);
  }

  /** The finisher of SplitMix64, a bijection for each salt; zero is not an id and becomes one. */
  private static long mix(long value, long salt) {
    long z = value + salt;
    z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    z ^= z >>> 31;
    return z == 0 ? 1 : z;
  }
}
