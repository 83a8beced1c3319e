package io.raybridge.xray;

/**
 * Watches how much of a trace has gone out: X-Ray refuses what comes after 500 KB of one. Remembers
 * the traces of late in a table of fixed size, where a newer trace may take an older one's place.
 *
 * <p>May be shared by the encoders of one destination, whose threads do not wait for one another: a
 * count may get lost between two of them, so that the warning comes a document late. It is no
 * account.
 */
public final class TraceBudget {
  /** Four fifths of X-Ray's limit. */
  public static final int WARNING = 400 * 1024;

  private static final int SLOTS = 4096;

  private final long[] high = new long[SLOTS];
  private final long[] low = new long[SLOTS];
  private final int[] bytes = new int[SLOTS];

  /** Adds a document; true for the one that takes its trace past the warning. */
  boolean add(long traceHigh, long traceLow, int size) {
    int slot = (int) ((traceLow * 0x9E37_79B9_7F4A_7C15L) >>> 52);
    if (low[slot] != traceLow || high[slot] != traceHigh) {
      high[slot] = traceHigh;
      low[slot] = traceLow;
      bytes[slot] = 0;
    }
    int before = bytes[slot];
    bytes[slot] = Math.min(before + size, Integer.MAX_VALUE / 2);
    return before < WARNING && before + size >= WARNING;
  }
}
