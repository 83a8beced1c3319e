package io.raybridge.sampling;

import io.raybridge.sampling.SamplingRule.Boost;

/**
 * Raises the rate of a rule that is not X-Ray's while things go wrong, as X-Ray does for its own:
 * to the least rate at which an anomaly of the last minute would have been sampled with a
 * probability of 95 %, for a minute, and then not before the cool-down window of the clock is over.
 * X-Ray does not publish its arithmetic; this one is ours.
 *
 * <p>Not thread-safe.
 */
final class OwnBoost {
  private static final int SECONDS = 60;
  private static final double MISSED = 0.05;

  private final Boost config;
  private final long[] second = new long[SECONDS];
  private final int[] anomalies = new int[SECONDS];
  private final int[] sampled = new int[SECONDS];
  private double rate;
  private long until = Long.MIN_VALUE;
  private long notBefore = Long.MIN_VALUE;
  private boolean news;

  OwnBoost(Boost config) {
    this.config = config;
  }

  /** An anomaly was seen. */
  void anomaly(long now, boolean wasSampled) {
    int slot = Math.floorMod(now, SECONDS);
    if (second[slot] != now) {
      second[slot] = now;
      anomalies[slot] = sampled[slot] = 0;
    }
    anomalies[slot]++;
    if (wasSampled) sampled[slot]++;
    news = true;
  }

  /** Whether a boost begins now. */
  boolean boosts(long now, double fixedRate) {
    if (!news || now <= until || now < notBefore) return false;
    news = false;
    int seen = 0;
    for (int i = 0; i < SECONDS; i++) {
      if (second[i] <= now - SECONDS || second[i] > now) continue;
      // What was sampled tells what there is to know.
      if (sampled[i] > 0) return false;
      seen += anomalies[i];
    }
    if (seen == 0) return false;
    double wanted = Math.min(config.maxRate(), 1 - Math.pow(MISSED, 1.0 / seen));
    if (wanted <= fixedRate) return false;
    rate = wanted;
    until = now + SECONDS - 1;
    notBefore = endOfWindow(until + 1);
    return true;
  }

  private long endOfWindow(long end) {
    long window = 60L * config.cooldownWindowMinutes();
    return window <= 60 ? end : Math.ceilDiv(end, window) * window;
  }

  double rate() {
    return rate;
  }

  /** The last second of the boost. */
  long until() {
    return until;
  }
}
