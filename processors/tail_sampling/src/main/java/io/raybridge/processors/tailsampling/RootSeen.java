package io.raybridge.processors.tailsampling;

import io.raybridge.data.view.SpanWalk;
import io.raybridge.sampling.TraceScan;

/** Whether the span without parent has come. */
final class RootSeen {
  private boolean seen;

  boolean isSeen() {
    return seen;
  }

  /** Looks for it, if it matters. */
  static final class Look implements TraceScan.Look<RootSeen> {
    private static final RootSeen UNKNOWN = new RootSeen();

    private final SpanWalk walk;
    private final boolean forRoots;

    Look(SpanWalk walk, boolean forRoots) {
      this.walk = walk;
      this.forRoots = forRoots;
    }

    @Override
    public RootSeen note() {
      return forRoots ? new RootSeen() : UNKNOWN;
    }

    @Override
    public void clear(RootSeen note) {
      if (forRoots) note.seen = false;
    }

    @Override
    public void look(RootSeen note) {
      if (forRoots && walk.span().parentId() == 0) note.seen = true;
    }

    /** Traces that wait are hastened once and need no note of their own. */
    @Override
    public RootSeen copy(RootSeen note) {
      return UNKNOWN;
    }

    @Override
    public void merge(RootSeen into, RootSeen more) {}
  }
}
