package io.raybridge.processors.tailsampling;

import io.raybridge.api.Clock;

/** Policies that sample as long as there is room in a rate. */
final class Limits {
  private Limits() {}

  /** So many spans a second. */
  static Judge spans(Policy.RateLimiting config, Clock clock) {
    var bucket = new Bucket(config.spansPerSecond(), config.burstCapacity(), clock);
    return trace -> Judge.of(bucket.take(trace.spans()));
  }

  /** So many bytes a second. */
  static Judge bytes(Policy.BytesLimiting config, Clock clock) {
    var bucket = new Bucket(config.bytesPerSecond(), config.burstCapacity(), clock);
    return trace -> Judge.of(bucket.take(trace.bytes()));
  }

  /** A bucket that fills evenly. A trace that is larger than the bucket never passes. */
  private static final class Bucket {
    private final Clock clock;
    private final double perSecond;
    private final double most;
    private double tokens;
    private long filled;

    /**
     * @param burst what it holds; 0 is twice the rate
     */
    Bucket(long perSecond, long burst, Clock clock) {
      this.clock = clock;
      this.perSecond = perSecond;
      most = burst == 0 ? 2.0 * perSecond : burst;
      tokens = most;
      filled = clock.nanoTime();
    }

    boolean take(long amount) {
      long now = clock.nanoTime();
      tokens = Math.min(most, tokens + (now - filled) / 1e9 * perSecond);
      filled = now;
      if (tokens < amount) return false;
      tokens -= amount;
      return true;
    }
  }
}
