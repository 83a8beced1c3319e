package io.raybridge.processors.tailsampling;

import io.raybridge.data.view.SpanWalk;

/** A policy at work. Sees all spans of one trace and then says what it makes of it. */
interface Judge {
  /** What a policy makes of a trace. */
  enum Judgement {
    SAMPLED,
    NOT_SAMPLED,
    DROPPED
  }

  /**
   * A trace as a whole.
   *
   * @param bytes of its spans, as they came
   */
  record Whole(long hi, long lo, int spans, long bytes) {}

  /** Begins with another trace. */
  default void begin() {}

  /** Sees the present span of the walk. */
  default void see(SpanWalk walk) {}

  /** Says what it makes of the trace. */
  Judgement end(Whole trace);

  /** Sampled or not. */
  static Judgement of(boolean sampled) {
    return sampled ? Judgement.SAMPLED : Judgement.NOT_SAMPLED;
  }
}
