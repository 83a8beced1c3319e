package io.raybridge.sampling;

/** Trace ids as keys of hash tables. */
public final class TraceIds {
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

  private TraceIds() {}

  /** Mixes all bits, since ids of some makers are a clock and zeros. */
  public static int hash(long hi, long lo) {
    long hash = (hi * MIX ^ lo) * MIX;
    hash ^= hash >>> 32;
    hash *= MIX;
    return (int) (hash >>> 32);
  }
}
