package io.raybridge.processors.xraysampling;

import io.raybridge.data.Envelope;
import io.raybridge.data.SpanBatch;
import io.raybridge.data.SpanFields;
import io.raybridge.data.Traces;
import io.raybridge.data.view.SpanWalk;
import io.raybridge.sampling.Decisions;
import io.raybridge.sampling.RequestView;
import io.raybridge.sampling.Threshold;
import io.raybridge.sampling.TraceIds;
import io.raybridge.sampling.TraceState;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One batch under the sampler's eyes: which traces it has spans of, where each span lies, and what
 * is to become of it. Reused from batch to batch; nothing in here is made an object per span.
 */
final class Scan {
  private final Plan plan;
  private final SpanWalk walk;
  private final RequestView request;

  private Seen[] traces = new Seen[64];
  private int traceCount;
  private int[] table = new int[256];

  private int spanCount;
  private byte[][] chunk = new byte[256][];
  private int[] offset = new int[256];
  private int[] length = new int[256];
  private int[] stateOffset = new int[256];
  private int[] stateLength = new int[256];
  private int[] scope = new int[256];
  private int[] trace = new int[256];
  private int[] next = new int[256];

  private int scopeCount;
  private byte[][] scopeChunk = new byte[16][];
  private int[] bounds = new int[64];
  private @Nullable Envelope[] envelopes = new Envelope[16];

  Scan(Plan plan) {
    this.plan = plan;
    walk = new SpanWalk(plan.keys());
    request = new RequestView(walk);
  }

  /** A trace that the batch has spans of. */
  static final class Seen {
    long hi;
    long lo;
    int spans;
    long bytes;

    /** Whether it was decided before the batch came. */
    boolean late;

    /** What was or is decided, or {@link Decisions#NONE}. */
    long decision;

    final Facts facts = new Facts();
    private int first;
    private int last;
    private String state = "";

    /** Whether it waits for its decision. */
    boolean waits() {
      return decision == Decisions.NONE;
    }
  }

  /** Answers what was decided before. */
  interface Known {
    long decision(long hi, long lo);
  }

  Plan plan() {
    return plan;
  }

  int traces() {
    return traceCount;
  }

  Seen trace(int index) {
    return traces[index];
  }

  int spans() {
    return spanCount;
  }

  /** Reads a batch. Traces without a decision are looked at, the others only counted. */
  void read(Traces batch, Known known) {
    clear();
    for (var bytes : batch.otlpChunks()) {
      walk.start(bytes);
      int scopes = 0;
      while (walk.next()) {
        if (walk.scopes() != scopes) {
          scopes = walk.scopes();
          addScope(bytes);
        }
        add(bytes, known);
      }
    }
  }

  /**
   * Looks at the spans of one trace of which nothing but other spans came, as if the earliest were
   * the root.
   */
  Facts readRootless(Traces batch, long lo) {
    var facts = new Facts();
    for (var bytes : batch.otlpChunks()) {
      walk.start(bytes);
      while (walk.next()) look(facts, lo, true);
    }
    return facts;
  }

  private void clear() {
    Arrays.fill(chunk, 0, spanCount, null);
    Arrays.fill(scopeChunk, 0, scopeCount, null);
    Arrays.fill(envelopes, 0, scopeCount, null);
    Arrays.fill(table, 0);
    traceCount = spanCount = scopeCount = 0;
  }

  private void add(byte[] bytes, Known known) {
    var span = walk.span();
    int index = indexOf(span.traceHigh(), span.traceLow(), known);
    if (spanCount == offset.length) growSpans();
    chunk[spanCount] = bytes;
    offset[spanCount] = walk.spanOffset();
    length[spanCount] = walk.spanLength();
    stateOffset[spanCount] = span.stateOffset();
    stateLength[spanCount] = span.stateLength();
    scope[spanCount] = scopeCount - 1;
    trace[spanCount] = index;
    next[spanCount] = -1;
    var seen = traces[index];
    if (seen.spans == 0) seen.first = spanCount;
    else next[seen.last] = spanCount;
    seen.last = spanCount++;
    seen.spans++;
    seen.bytes += walk.spanLength();
    if (seen.waits()) look(seen.facts, seen.lo, false);
  }

  private int indexOf(long hi, long lo, Known known) {
    int mask = table.length - 1;
    int slot = TraceIds.hash(hi, lo) & mask;
    for (; table[slot] != 0; slot = (slot + 1) & mask) {
      var seen = traces[table[slot] - 1];
      if (seen.hi == hi && seen.lo == lo) return table[slot] - 1;
    }
    if (traceCount == traces.length) traces = Arrays.copyOf(traces, 2 * traceCount);
    var seen = traces[traceCount];
    if (seen == null) {
      seen = new Seen();
      traces[traceCount] = seen;
    }
    seen.hi = hi;
    seen.lo = lo;
    seen.spans = 0;
    seen.bytes = 0;
    seen.state = "";
    seen.facts.clear();
    seen.decision = known.decision(hi, lo);
    seen.late = !seen.waits() && (hi | lo) != 0;
    table[slot] = ++traceCount;
    if (2 * traceCount > table.length) rehash();
    return traceCount - 1;
  }

  private void rehash() {
    table = new int[2 * table.length];
    int mask = table.length - 1;
    for (int i = 0; i < traceCount; i++) {
      var seen = traces[i];
      int slot = TraceIds.hash(seen.hi, seen.lo) & mask;
      while (table[slot] != 0) slot = (slot + 1) & mask;
      table[slot] = i + 1;
    }
  }

  private void look(Facts facts, long lo, boolean any) {
    var span = walk.span();
    boolean localRoot = request.isLocalRoot();
    facts.keeps |= plan.keeps(request, localRoot);
    if (!localRoot && !any) return;
    int rank = !localRoot ? Facts.ANY : span.parentId() == 0 ? Facts.ROOT : Facts.LOCAL_ROOT;
    if (!facts.yieldsTo(rank, span.start())) return;
    facts.rank = rank;
    facts.start = span.start();
    facts.dropped = plan.drops(request);
    facts.rule = plan.match(request);
    if (facts.rule.countsAnomalies()) {
      facts.fault = request.isFault();
      facts.service = request.serviceName();
    }
    facts.randomness = Threshold.randomness(lo);
    facts.before = Threshold.ALWAYS;
    if (mentionsSampling()) readState(facts);
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
    var state = TraceState.parse(text(span.bytes(), span.stateOffset(), span.stateLength()));
    if (state == null) return;
    if (state.hasRandomness()) facts.randomness = state.randomness();
    // One that the trace cannot have passed says nothing of how it was sampled.
    if (state.threshold() <= facts.randomness) facts.before = state.threshold();
  }

  private void addScope(byte[] bytes) {
    if (scopeCount == scopeChunk.length) {
      scopeChunk = Arrays.copyOf(scopeChunk, 2 * scopeCount);
      envelopes = Arrays.copyOf(envelopes, 2 * scopeCount);
      bounds = Arrays.copyOf(bounds, 8 * scopeCount);
    }
    scopeChunk[scopeCount] = bytes;
    bounds[4 * scopeCount] = walk.resourceBegin();
    bounds[4 * scopeCount + 1] = walk.resourceEnd();
    bounds[4 * scopeCount + 2] = walk.scopeBegin();
    bounds[4 * scopeCount + 3] = walk.scopeEnd();
    scopeCount++;
  }

  private void growSpans() {
    int size = 2 * spanCount;
    chunk = Arrays.copyOf(chunk, size);
    offset = Arrays.copyOf(offset, size);
    length = Arrays.copyOf(length, size);
    stateOffset = Arrays.copyOf(stateOffset, size);
    stateLength = Arrays.copyOf(stateLength, size);
    scope = Arrays.copyOf(scope, size);
    trace = Arrays.copyOf(trace, size);
    next = Arrays.copyOf(next, size);
  }

  private Envelope envelope(int scope) {
    var known = envelopes[scope];
    if (known != null) return known;
    var envelope =
        Envelope.of(
            scopeChunk[scope],
            bounds[4 * scope],
            bounds[4 * scope + 1],
            bounds[4 * scope + 2],
            bounds[4 * scope + 3]);
    envelopes[scope] = envelope;
    return envelope;
  }

  /** What goes on now: the batch itself if all of it does as it is; null if nothing does. */
  @Nullable Traces kept(Traces batch) {
    boolean some = false;
    boolean all = true;
    for (int i = 0; i < traceCount; i++) {
      long decision = traces[i].decision;
      boolean kept = decision != Decisions.NONE && decision != Threshold.NEVER;
      some |= kept;
      all &= kept && decision == Threshold.ALWAYS;
    }
    if (!some) return null;
    if (all) return batch;
    var kept = new SpanBatch();
    int at = -1;
    SpanFields fields = null;
    for (int i = 0; i < spanCount; i++) {
      var seen = traces[trace[i]];
      if (seen.decision == Decisions.NONE || seen.decision == Threshold.NEVER) continue;
      if (fields == null || at != scope[i]) {
        at = scope[i];
        fields = kept.of(envelope(at));
      }
      if (seen.decision == Threshold.ALWAYS) fields.add(chunk[i], offset[i], length[i]);
      else addSampled(fields, i, seen);
    }
    return kept.toTraces();
  }

  /** Says in the span's tracestate with which threshold it was sampled. */
  private void addSampled(SpanFields fields, int i, Seen seen) {
    String state;
    if (stateLength[i] == 0) {
      if (seen.state.isEmpty()) seen.state = "ot=th:" + Threshold.text(seen.decision);
      state = seen.state;
    } else {
      state = sampled(text(chunk[i], stateOffset[i], stateLength[i]), seen.decision);
    }
    fields.add(chunk[i], offset[i], length[i], stateOffset[i], stateLength[i], state);
  }

  /** A tracestate with at least this threshold; as it is where it cannot be read. */
  private static String sampled(String text, long threshold) {
    var state = TraceState.parse(text);
    if (state == null) return text;
    if (!state.hasThreshold() || state.threshold() < threshold) state.setThreshold(threshold);
    return state.text();
  }

  /** Gets the spans of traces that wait. */
  interface Pieces {
    void add(Seen trace, Envelope envelope, SpanFields fields);
  }

  /** Hands out copies of the spans of traces that wait, in pieces of one envelope. */
  void waiting(Pieces pieces) {
    for (int t = 0; t < traceCount; t++) {
      if (!traces[t].waits()) continue;
      SpanFields fields = null;
      int at = -1;
      for (int i = traces[t].first; i >= 0; i = next[i]) {
        if (fields != null && at != scope[i]) {
          pieces.add(traces[t], envelope(at), fields);
          fields = null;
        }
        if (fields == null) {
          at = scope[i];
          fields = new SpanFields(length[i] + 16);
        }
        fields.add(chunk[i], offset[i], length[i]);
      }
      if (fields != null) pieces.add(traces[t], envelope(at), fields);
    }
  }

  /** Says in each span's tracestate with which threshold it was sampled. */
  Traces sampled(Traces batch, long threshold) {
    read(batch, (_, _) -> threshold);
    var kept = kept(batch);
    return kept == null ? batch : kept;
  }

  private static String text(byte[] bytes, int offset, int length) {
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }
}
