package io.raybridge.data;

/** Arrays with nothing in them, shared. */
final class No {
  static final long[] LONGS = {};
  static final double[] DOUBLES = {};

  private No() {}
}
