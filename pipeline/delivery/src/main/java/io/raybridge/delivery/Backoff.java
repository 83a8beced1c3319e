package io.raybridge.delivery;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** The pauses between the attempts of one request: exponential, jittered, never over the limit. */
final class Backoff {
  private final RetryConfig config;
  private final DoubleSupplier random;
  private final double longest;
  private double interval;

  /**
   * @param random numbers from 0 to 1
   */
  Backoff(RetryConfig config, DoubleSupplier random) {
    this.config = config;
    this.random = random;
    longest = config.maxInterval().toNanos();
    interval = config.initialInterval().toNanos();
  }

  /** The pause after one more failure, in nanoseconds. */
  long next(Failure failure) {
    long pause = jittered(base(failure.kind()));
    Duration asked = failure.retryAfter();
    // The destination tells everybody the same time: come a little later, and not all at once.
    return asked == null
        ? pause
        : Math.max(pause, (long) (asked.toNanos() * (1 + 0.1 * random.getAsDouble())));
  }

  private double base(Failure.Kind kind) {
    // Nobody mends credentials within a second.
    if (kind == Failure.Kind.CREDENTIALS) return longest;
    double base = Math.min(interval, longest);
    interval = Math.min(interval * config.multiplier(), longest);
    return base;
  }

  private long jittered(double base) {
    double spread = base * config.randomizationFactor();
    double from = base - spread;
    double to = Math.min(base + spread, longest);
    return (long) (from + (to - from) * random.getAsDouble());
  }
}
