package io.raybridge.processors.tailsampling;

import io.raybridge.api.Clock;

/** Policies that sample as long as there is room in a rate. */
final class Limits {
  private Limits() {}

  /** Fewer spans than the limit in each second of the day. */
  static Judge spans(long perSecond, Clock clock) {
    return new Judge() {
      private long second;
      private long taken;

      @Override
      public Judgement end(Whole trace) {
        long now = clock.now().getEpochSecond();
        if (now != second) {
          second = now;
          taken = 0;
        }
        // As in Go, where the limit itself is out of reach.
        if (taken + trace.spans() >= perSecond) return Judgement.NOT_SAMPLED;
        taken += trace.spans();
        return Judgement.SAMPLED;
      }
    };
  }

  /** A bucket of bytes that fills evenly. */
  static Judge bytes(Policy.BytesLimiting config, Clock clock) {
    double most =
        config.burstCapacity() == 0 ? 2.0 * config.bytesPerSecond() : config.burstCapacity();
    return new Judge() {
      private double tokens = most;
      private long filled = clock.nanoTime();

      @Override
      public Judgement end(Whole trace) {
        long now = clock.nanoTime();
        tokens = Math.min(most, tokens + (now - filled) / 1e9 * config.bytesPerSecond());
        filled = now;
        if (tokens < trace.bytes()) return Judgement.NOT_SAMPLED;
        tokens -= trace.bytes();
        return Judgement.SAMPLED;
      }
    };
  }
}
