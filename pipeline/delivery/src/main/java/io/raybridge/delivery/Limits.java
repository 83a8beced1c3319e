package io.raybridge.delivery;

/**
 * The bounds within which a queue adapts to its destination.
 *
 * @param requests at most this many requests at once
 * @param bytes encoded requests, being sent or waiting to be sent again, take at most this much
 *     memory; one larger than all of it still goes, alone
 * @param itemsPerSecond at most this many items are sent a second; 0 is no limit
 * @param itemsPerRequest how many items the destination takes in one request; 0 is as many as come
 * @param bytesAtOnce batches of up to this many bytes may be encoded by the thread that brings the
 *     last of them, which may serve sockets: for encoders that are quick and wait for nothing but
 *     their sink; 0 for none
 */
public record Limits(
    int requests, long bytes, double itemsPerSecond, int itemsPerRequest, int bytesAtOnce) {
  private static final long LEAST_BYTES = 4 << 20;

  public Limits {
    if (requests < 1) throw new IllegalArgumentException("requests: " + requests);
    if (bytes < 1) throw new IllegalArgumentException("bytes: " + bytes);
    if (!(itemsPerSecond >= 0)) {
      throw new IllegalArgumentException("itemsPerSecond: " + itemsPerSecond);
    }
    if (itemsPerRequest < 0) {
      throw new IllegalArgumentException("itemsPerRequest: " + itemsPerRequest);
    }
    if (bytesAtOnce < 0) throw new IllegalArgumentException("bytesAtOnce: " + bytesAtOnce);
  }

  /** For a destination that takes any number of items in a request. */
  public Limits(int requests, long bytes, double itemsPerSecond) {
    this(requests, bytes, itemsPerSecond, 0, 0);
  }

  /** At most this many requests at once, in at most a sixth of the heap, at any rate. */
  public static Limits ofRequests(int requests) {
    return new Limits(requests, shareOfHeap(6), 0);
  }

  static long shareOfHeap(int part) {
    return Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / part);
  }
}
