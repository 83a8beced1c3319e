package io.raybridge.processors.tailsampling;

import io.raybridge.data.view.SpanWalk;
import java.util.List;
import java.util.function.BiFunction;

/** Policies that others are part of. */
final class Joined implements Judge {
  private final List<Judge> parts;
  private final BiFunction<List<Judge>, Whole, Judgement> joining;

  private Joined(List<Judge> parts, BiFunction<List<Judge>, Whole, Judgement> joining) {
    this.parts = parts;
    this.joining = joining;
  }

  /** Samples when all do. The others are not asked once one does not. */
  static Judge and(List<Judge> parts) {
    return new Joined(parts, (all, trace) -> Judge.of(allSample(all, trace)));
  }

  /** Samples when the one does not. */
  static Judge not(Judge part) {
    return new Joined(
        List.of(part), (all, trace) -> Judge.of(all.getFirst().end(trace) != Judgement.SAMPLED));
  }

  /** Drops when all sample. */
  static Judge drop(List<Judge> parts) {
    return new Joined(
        parts, (all, trace) -> allSample(all, trace) ? Judgement.DROPPED : Judgement.NOT_SAMPLED);
  }

  private static boolean allSample(List<Judge> all, Whole trace) {
    for (var part : all) if (part.end(trace) != Judgement.SAMPLED) return false;
    return true;
  }

  @Override
  public void begin() {
    parts.forEach(Judge::begin);
  }

  @Override
  public void see(SpanWalk walk) {
    for (int i = 0; i < parts.size(); i++) parts.get(i).see(walk);
  }

  @Override
  public Judgement end(Whole trace) {
    return joining.apply(parts, trace);
  }
}
