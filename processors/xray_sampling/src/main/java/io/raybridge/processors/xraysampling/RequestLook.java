package io.raybridge.processors.xraysampling;

import io.raybridge.data.view.SpanWalk;
import io.raybridge.sampling.RequestView;
import io.raybridge.sampling.Threshold;
import io.raybridge.sampling.TraceScan;
import io.raybridge.sampling.TraceState;
import java.nio.charset.StandardCharsets;

/** Looks at spans as requests: who decides of the trace, by which rule, and what is to be kept. */
final class RequestLook implements TraceScan.Look<Facts> {
  private final Plan plan;
  private final SpanWalk walk;
  private final RequestView request;
  private final boolean any;

  /**
   * @param any whether every span may decide, when no better one came
   */
  RequestLook(Plan plan, SpanWalk walk, boolean any) {
    this.plan = plan;
    this.walk = walk;
    this.request = new RequestView(walk);
    this.any = any;
  }

  @Override
  public Facts note() {
    return new Facts();
  }

  @Override
  public void clear(Facts note) {
    note.clear();
  }

  @Override
  public Facts copy(Facts note) {
    return note.copy();
  }

  @Override
  public void merge(Facts into, Facts more) {
    into.merge(more);
  }

  @Override
  public void look(Facts facts) {
    var span = walk.span();
    boolean localRoot = request.isLocalRoot();
    facts.keeps |= plan.keeps(request, localRoot);
    late(facts);
    if (!localRoot && !any) return;
    int rank = !localRoot ? Facts.ANY : span.parentId() == 0 ? Facts.ROOT : Facts.LOCAL_ROOT;
    if (!facts.yieldsTo(rank, span.start())) return;
    facts.rank = rank;
    facts.start = span.start();
    facts.dropped = plan.drops(request);
    var rule = plan.match(request);
    facts.rule = rule;
    facts.randomness = Threshold.randomness(span.traceLow());
    facts.before = Threshold.ALWAYS;
    if (mentionsSampling()) readState(facts);
  }

  /** Anomalies are of interest whatever was decided. */
  @Override
  public void late(Facts facts) {
    if (plan.watches()) {
      facts.witnesses.saw(request.serviceName(), plan.anomalies().of(request));
    }
  }

  private boolean mentionsSampling() {
    var span = walk.span();
    var bytes = span.bytes();
    int end = span.stateOffset() + span.stateLength() - 2;
    for (int i = span.stateOffset(); i < end; i++) {
      if (bytes[i] == 'o' && bytes[i + 1] == 't' && bytes[i + 2] == '=') return true;
    }
    return false;
  }

  private void readState(Facts facts) {
    var span = walk.span();
    var state =
        TraceState.parse(
            new String(
                span.bytes(), span.stateOffset(), span.stateLength(), StandardCharsets.UTF_8));
    if (state == null) return;
    if (state.hasRandomness()) facts.randomness = state.randomness();
    // One that the trace cannot have passed says nothing of how it was sampled.
    if (state.threshold() <= facts.randomness) facts.before = state.threshold();
  }
}
