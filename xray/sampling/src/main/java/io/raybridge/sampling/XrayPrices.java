package io.raybridge.sampling;

import java.time.Duration;

/**
 * What X-Ray costs, in US dollars a month, by the list of us-east-1: the first 100,000 traces
 * recorded and the first million retrieved or scanned are free.
 */
public final class XrayPrices {
  /** Recorded traces a month that cost nothing. */
  public static final long FREE_RECORDED = 100_000;

  /** Retrieved and scanned traces a month, taken together, that cost nothing. */
  public static final long FREE_READ = 1_000_000;

  /** A month as AWS calculates with: 730 hours. */
  public static final Duration MONTH = Duration.ofHours(730);

  private static final double PER_RECORDED = 5.0 / 1_000_000;
  private static final double PER_READ = 0.5 / 1_000_000;
  private static final double PER_INSIGHT = 1.0 / 1_000_000;

  private XrayPrices() {}

  /** Of so many recorded traces. */
  public static double recorded(double traces) {
    return Math.max(0, traces - FREE_RECORDED) * PER_RECORDED;
  }

  /** Of so many traces retrieved or scanned. */
  public static double read(double traces) {
    return Math.max(0, traces - FREE_READ) * PER_READ;
  }

  /** Of so many traces that insights look at. */
  public static double insights(double traces) {
    return traces * PER_INSIGHT;
  }
}
