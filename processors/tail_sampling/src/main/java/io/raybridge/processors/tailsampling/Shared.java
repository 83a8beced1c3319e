package io.raybridge.processors.tailsampling;

import io.raybridge.api.Clock;
import io.raybridge.data.view.SpanWalk;
import java.util.List;

/** The {@code composite} policy: the first part that samples, within its share of a rate. */
final class Shared implements Judge {
  private final List<Part> parts;
  private final long most;
  private final Clock clock;
  private long second;

  /** A part, with the spans that it may sample in a second, and has sampled in this one. */
  static final class Part {
    private final Judge judge;
    private final long share;
    private long taken;

    Part(Judge judge, long share) {
      this.judge = judge;
      this.share = share;
    }
  }

  Shared(List<Part> parts, long most, Clock clock) {
    this.parts = parts;
    this.most = most;
    this.clock = clock;
  }

  @Override
  public void begin() {
    for (var part : parts) part.judge.begin();
  }

  @Override
  public void see(SpanWalk walk) {
    for (var part : parts) part.judge.see(walk);
  }

  @Override
  public Judgement end(Whole trace) {
    long now = clock.now().getEpochSecond();
    if (now != second) {
      second = now;
      for (var part : parts) part.taken = 0;
    }
    for (var part : parts) {
      if (part.judge.end(trace) != Judgement.SAMPLED) continue;
      long taken = part.taken + trace.spans();
      if (taken > part.share || taken > most) return Judgement.NOT_SAMPLED;
      part.taken = taken;
      return Judgement.SAMPLED;
    }
    return Judgement.NOT_SAMPLED;
  }
}
