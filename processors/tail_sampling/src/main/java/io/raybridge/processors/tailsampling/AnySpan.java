package io.raybridge.processors.tailsampling;

import io.raybridge.data.view.SpanWalk;
import java.util.function.Predicate;

/** Samples traces of which any span passes a test, or none when inverted. */
final class AnySpan implements Judge {
  private final Predicate<SpanWalk> test;
  private final boolean inverted;
  private boolean found;

  AnySpan(Predicate<SpanWalk> test, boolean inverted) {
    this.test = test;
    this.inverted = inverted;
  }

  @Override
  public void begin() {
    found = false;
  }

  @Override
  public void see(SpanWalk walk) {
    found = found || test.test(walk);
  }

  @Override
  public Judgement end(Whole trace) {
    return Judge.of(found != inverted);
  }
}
