package io.raybridge.processors.tailsampling;

/**
 * Which policy takes how long, of one trace in sixteen: to read the clock twice a policy and span
 * would cost more than most policies do.
 */
final class PolicyTimes {
  static final int EVERY = 16;

  private final long[] nanos;
  private final Tally tally;
  private int untilNext;
  private boolean timed;
  private long began;

  PolicyTimes(int policies, Tally tally) {
    this.tally = tally;
    nanos = new long[policies];
  }

  /** Begins with another trace. */
  void begin() {
    timed = untilNext == 0;
    untilNext = timed ? EVERY - 1 : untilNext - 1;
  }

  void from() {
    if (timed) began = System.nanoTime();
  }

  void to(int policy) {
    if (timed) nanos[policy] += System.nanoTime() - began;
  }

  /** A policy has said what it makes of the trace. */
  void end(int policy) {
    tally.executed(policy);
    if (!timed) return;
    long all = nanos[policy] * EVERY;
    long micros = all / 1000;
    tally.took(policy, micros);
    // What is less than a microsecond is not lost, or quick policies would seem to take no time.
    nanos[policy] = (all - micros * 1000) / EVERY;
  }
}
