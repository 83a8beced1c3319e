package io.raybridge.api;

import java.time.Duration;

/**
 * A moment by which something must have ended, on the clock that made it. Shared by all that stop
 * together.
 */
public record Deadline(Clock clock, long nanoTime) {
  /** The moment that lies this far ahead. */
  public static Deadline in(Duration duration, Clock clock) {
    return new Deadline(clock, clock.nanoTime() + duration.toNanos());
  }

  /** What is left, never negative. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, nanoTime - clock.nanoTime()));
  }

  /** Whether nothing is left. */
  public boolean passed() {
    return left().isZero();
  }
}
