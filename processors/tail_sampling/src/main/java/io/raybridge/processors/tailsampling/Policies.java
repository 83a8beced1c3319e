package io.raybridge.processors.tailsampling;

import io.raybridge.api.Clock;
import io.raybridge.data.Traces;
import io.raybridge.data.view.SpanWalk;
import io.raybridge.processors.tailsampling.Judge.Judgement;
import io.raybridge.processors.tailsampling.Judge.Whole;
import java.util.Comparator;
import java.util.List;

/**
 * All policies of a processor, and what they make of a trace together. Those that drop are asked
 * before the others, whatever their place, as in Go. Not thread-safe.
 */
final class Policies {
  private final List<Judge> judges;
  private final int dropping;
  private final boolean onFirstMatch;
  private final SpanWalk walk;
  private final Tally tally;
  private final PolicyTimes times;

  /** What the spans of one batch say of their trace. */
  enum Glance {
    SAMPLED,
    DROPPED,
    /** Sampled, unless a policy drops it by spans that are still to come. */
    WANTED,
    NOTHING
  }

  Policies(List<Policy> all, boolean onFirstMatch, Clock clock, Tally tally) {
    this.onFirstMatch = onFirstMatch;
    this.tally = tally;
    var making = new Judges(clock);
    judges = inOrder(all).stream().map(making::of).toList();
    dropping = (int) all.stream().filter(Policies::drops).count();
    walk = new SpanWalk(making.keys());
    times = new PolicyTimes(judges.size(), tally);
  }

  /** The policies in the order in which they are asked. */
  static List<Policy> inOrder(List<Policy> all) {
    return all.stream().sorted(Comparator.comparing(policy -> !drops(policy))).toList();
  }

  private static boolean drops(Policy policy) {
    return policy.type() == Policy.Type.DROP;
  }

  /** Whether some of them drop. */
  static boolean anyDrops(List<Policy> all) {
    return all.stream().anyMatch(Policies::drops);
  }

  /** What all of them make of all spans of a trace. */
  Judgement judge(Traces spans, Whole whole) {
    see(spans);
    var all = Judgement.NOT_SAMPLED;
    for (int i = 0; i < judges.size(); i++) {
      var judgement = end(i, whole);
      if (judgement == Judgement.DROPPED) return judgement;
      if (judgement != Judgement.SAMPLED) continue;
      all = judgement;
      if (onFirstMatch) return all;
    }
    return all;
  }

  /** What they make of some spans of a trace while others are still to come. */
  Glance glance(Traces spans, Whole whole) {
    see(spans);
    for (int i = 0; i < judges.size(); i++) {
      switch (end(i, whole)) {
        case DROPPED -> {
          return Glance.DROPPED;
        }
        case SAMPLED -> {
          return dropping > 0 ? Glance.WANTED : Glance.SAMPLED;
        }
        case NOT_SAMPLED -> {}
      }
    }
    return Glance.NOTHING;
  }

  private void see(Traces spans) {
    times.begin();
    for (var judge : judges) judge.begin();
    for (var bytes : spans.otlpChunks()) {
      walk.start(bytes);
      while (walk.next()) {
        for (int i = 0; i < judges.size(); i++) {
          times.from();
          judges.get(i).see(walk);
          times.to(i);
        }
      }
    }
  }

  private Judgement end(int index, Whole whole) {
    times.from();
    var judgement = judges.get(index).end(whole);
    times.to(index);
    times.end(index);
    tally.count(index, judgement, whole);
    return judgement;
  }
}
