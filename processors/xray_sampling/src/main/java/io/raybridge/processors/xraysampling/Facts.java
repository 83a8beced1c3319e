package io.raybridge.processors.xraysampling;

import io.raybridge.sampling.RuleState;
import org.jspecify.annotations.Nullable;

/** What is known of a trace so far, as far as its decision needs it. */
final class Facts {
  /** No span that could decide. */
  static final int NOTHING = -1;

  /** Any span, asked only when nothing better came. */
  static final int ANY = 0;

  /** The first span of a service. */
  static final int LOCAL_ROOT = 1;

  /** The span without parent. */
  static final int ROOT = 2;

  int rank;
  @Nullable RuleState rule;
  boolean dropped;
  int keeps;
  long start;
  long randomness;
  long before;
  final Witnesses witnesses = new Witnesses();

  Facts() {
    clear();
  }

  void clear() {
    rank = NOTHING;
    rule = null;
    dropped = false;
    keeps = 0;
    start = 0;
    randomness = 0;
    before = 0;
    witnesses.clear();
  }

  /** Whether a span of this rank and start decides rather than what is known. */
  boolean yieldsTo(int otherRank, long otherStart) {
    return otherRank > rank || (otherRank == rank && Long.compareUnsigned(otherStart, start) < 0);
  }

  /** Adds what is known from elsewhere. */
  void merge(Facts other) {
    keeps |= other.keeps;
    witnesses.merge(other.witnesses);
    if (other.rank == NOTHING || !yieldsTo(other.rank, other.start)) return;
    rank = other.rank;
    rule = other.rule;
    dropped = other.dropped;
    start = other.start;
    randomness = other.randomness;
    before = other.before;
  }

  Facts copy() {
    var copy = new Facts();
    copy.merge(this);
    return copy;
  }
}
