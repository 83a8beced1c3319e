package io.raybridge.data;

import java.util.HexFormat;

/** Trace and span ids as text: lower-case hex, empty for none. */
public final class Ids {
  private Ids() {}

  /** A trace id of 32 digits. */
  public static String hex(long traceIdHi, long traceIdLo) {
    if (traceIdHi == 0 && traceIdLo == 0) return "";
    return HexFormat.of().toHexDigits(traceIdHi) + HexFormat.of().toHexDigits(traceIdLo);
  }

  /** A span id of 16 digits. */
  public static String hex(long spanId) {
    return spanId == 0 ? "" : HexFormat.of().toHexDigits(spanId);
  }
}
