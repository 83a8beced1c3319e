package io.raybridge.exporters.debug;

import io.raybridge.api.Clock;

/** Lets the first of each second through and then every so many, as zap's sampler does. */
final class Sampler {
  private static final long SECOND = 1_000_000_000;

  private final int initial;
  private final int thereafter;
  private final Clock clock;
  private long second;
  private int seen;

  private Sampler(int initial, int thereafter, Clock clock) {
    this.initial = initial;
    this.thereafter = thereafter;
    this.clock = clock;
    this.second = clock.nanoTime();
  }

  static Sampler of(DebugExporterConfig config, Clock clock) {
    return new Sampler(config.samplingInitial(), config.samplingThereafter(), clock);
  }

  /** Whether the next one is let through. */
  synchronized boolean next() {
    long now = clock.nanoTime();
    if (now - second >= SECOND) {
      second = now;
      seen = 0;
    }
    seen++;
    if (seen <= initial) return true;
    return thereafter > 0 && (seen - initial) % thereafter == 0;
  }
}
