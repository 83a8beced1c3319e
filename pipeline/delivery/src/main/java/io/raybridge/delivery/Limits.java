package io.raybridge.delivery;

/**
 * The bounds within which the number of requests in flight adapts.
 *
 * @param requests at most this many requests at once
 * @param bytes encoded requests, being sent or waiting to be sent again, take at most this much
 *     memory; one larger than all of it still goes, alone
 */
public record Limits(int requests, long bytes) {
  private static final long LEAST_BYTES = 4 << 20;

  public Limits {
    if (requests < 1) throw new IllegalArgumentException("requests: " + requests);
    if (bytes < 1) throw new IllegalArgumentException("bytes: " + bytes);
  }

  /** At most this many requests at once, in at most a sixth of the heap. */
  public static Limits requests(int requests) {
    return new Limits(requests, shareOfHeap(6));
  }

  static long shareOfHeap(int part) {
    return Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / part);
  }
}
