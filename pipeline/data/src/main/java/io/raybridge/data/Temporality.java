package io.raybridge.data;

/** Over which time a sum or distribution was taken: OTLP's AggregationTemporality. */
public final class Temporality {
  public static final int UNSPECIFIED = 0;

  /** Since the point before. */
  public static final int DELTA = 1;

  /** Since a fixed start. */
  public static final int CUMULATIVE = 2;

  private Temporality() {}
}
