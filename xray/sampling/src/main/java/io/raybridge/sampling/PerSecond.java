package io.raybridge.sampling;

import java.util.Arrays;

/**
 * Lets through so many a second, for each of the last 64 seconds: spans come in batches that span
 * several seconds, and each second has its own share.
 */
public final class PerSecond {
  private static final int SECONDS = 64;
  private static final int PAST = 60;
  private static final int FUTURE = 2;

  private final long[] second = new long[SECONDS];
  private final int[] taken = new int[SECONDS];

  public PerSecond() {
    Arrays.fill(second, Long.MIN_VALUE);
  }

  /** The second that a request counts to: that of its start, or now's when it lies far from now. */
  public static long secondOf(long startUnixNano, long nowSecond) {
    long start = Long.divideUnsigned(startUnixNano, 1_000_000_000L);
    return start >= nowSecond - PAST && start <= nowSecond + FUTURE ? start : nowSecond;
  }

  /** Takes one of a second's; false when the second has no more. */
  public boolean take(long ofSecond, int limit) {
    int slot = Math.floorMod(ofSecond, SECONDS);
    if (second[slot] != ofSecond) {
      second[slot] = ofSecond;
      taken[slot] = 0;
    }
    if (taken[slot] >= limit) return false;
    taken[slot]++;
    return true;
  }
}
