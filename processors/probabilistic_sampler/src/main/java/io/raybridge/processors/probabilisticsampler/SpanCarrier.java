package io.raybridge.processors.probabilisticsampler;

import io.raybridge.data.Span;
import io.raybridge.sampling.TraceState;
import org.jspecify.annotations.Nullable;

/** A span, which says in its tracestate how it was sampled. */
final class SpanCarrier implements Carrier {
  private final Span span;
  private final TraceState state;

  private SpanCarrier(Span span, TraceState state) {
    this.span = span;
    this.state = state;
  }

  /** Reads a span's; null when it is not as the specifications have it. */
  static @Nullable SpanCarrier of(Span span) {
    var state = TraceState.parse(span.traceState());
    return state == null ? null : new SpanCarrier(span, state);
  }

  @Override
  public boolean hasRandomness() {
    return state.hasRandomness();
  }

  @Override
  public long randomness() {
    return state.randomness();
  }

  @Override
  public void setRandomness(long randomness) {
    state.setRandomness(randomness);
  }

  @Override
  public boolean hasThreshold() {
    return state.hasThreshold();
  }

  @Override
  public long threshold() {
    return state.threshold();
  }

  @Override
  public void setThreshold(long threshold) {
    state.setThreshold(threshold);
  }

  @Override
  public void clearThreshold() {
    state.clearThreshold();
  }

  @Override
  public void write() {
    span.traceState(state.text());
  }
}
