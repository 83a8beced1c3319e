package io.raybridge.processors.tailsampling;

import io.raybridge.data.view.SpanWalk;
import io.raybridge.sampling.TraceScan;

/** What is noted of a trace that waits. */
final class Noted {
  private boolean rootSeen;
  private boolean wanted;

  /** Whether the span without parent is in this batch. */
  boolean isRootSeen() {
    return rootSeen;
  }

  /** Whether a policy has sampled it, though one that drops may still do so. */
  boolean isWanted() {
    return wanted;
  }

  void want() {
    wanted = true;
  }

  /** Looks at spans, if something of them matters. */
  static final class Look implements TraceScan.Look<Noted> {
    private static final Noted NOTHING = new Noted();

    private final SpanWalk walk;
    private final boolean forRoots;
    private final boolean forWanted;

    Look(SpanWalk walk, boolean forRoots, boolean forWanted) {
      this.walk = walk;
      this.forRoots = forRoots;
      this.forWanted = forWanted;
    }

    @Override
    public Noted note() {
      return forRoots || forWanted ? new Noted() : NOTHING;
    }

    @Override
    public void clear(Noted note) {
      if (note == NOTHING) return;
      note.rootSeen = false;
      note.wanted = false;
    }

    @Override
    public void look(Noted note) {
      if (forRoots && walk.span().parentId() == 0) note.rootSeen = true;
    }

    /** Traces that wait are hastened once and need no note of their root. */
    @Override
    public Noted copy(Noted note) {
      if (!forWanted) return NOTHING;
      var copy = new Noted();
      copy.wanted = note.wanted;
      return copy;
    }

    @Override
    public void merge(Noted into, Noted more) {
      if (forWanted) into.wanted |= more.wanted;
    }
  }
}
