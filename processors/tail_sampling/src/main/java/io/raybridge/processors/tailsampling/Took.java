package io.raybridge.processors.tailsampling;

import io.raybridge.data.view.SpanWalk;

/** Samples by the time from a trace's first start to its last end. */
final class Took implements Judge {
  private final Policy.Latency config;
  private long start;
  private long end;

  Took(Policy.Latency config) {
    this.config = config;
  }

  @Override
  public void begin() {
    start = -1;
    end = 0;
  }

  @Override
  public void see(SpanWalk walk) {
    var span = walk.span();
    if (Long.compareUnsigned(span.start(), start) < 0) start = span.start();
    if (Long.compareUnsigned(span.end(), end) > 0) end = span.end();
  }

  @Override
  public Judgement end(Whole trace) {
    long millis = (end - start) / 1_000_000;
    boolean sampled =
        config.upperThresholdMs() == 0
            ? millis > config.thresholdMs()
            : millis > config.thresholdMs() && millis <= config.upperThresholdMs();
    return Judge.of(sampled);
  }
}
