package io.raybridge.local.store;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where traces are kept and for how long.
 *
 * @param directory holds the store and nothing else; made when missing
 * @param maxSize bytes that all files together stay within; the oldest traces go first
 * @param maxAge how long after its last change a trace can be read
 */
public record StoreSettings(Path directory, long maxSize, Duration maxAge) {
  /** Below this the headroom kept for one request would be smaller than a request may be. */
  public static final long SMALLEST_MAX_SIZE = 64L << 20;

  /** Files the store is divided into, so that one can go while the others stay. */
  static final int VOLUMES = 8;

  long volumeSize() {
    return maxSize / VOLUMES;
  }

  long volumeMicros() {
    return Math.max(1, maxAge.toNanos() / 1000 / VOLUMES);
  }
}
