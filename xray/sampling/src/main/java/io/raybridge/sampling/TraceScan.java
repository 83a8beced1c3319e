package io.raybridge.sampling;

import io.raybridge.data.Envelope;
import io.raybridge.data.SpanBatch;
import io.raybridge.data.SpanFields;
import io.raybridge.data.Traces;
import io.raybridge.data.view.SpanWalk;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One batch under a sampler's eyes: which traces it has spans of, where each span lies, and what is
 * to become of it. Reused from batch to batch; nothing in here is made an object per span.
 *
 * @param <N> what a sampler notes of a trace
 */
public final class TraceScan<N> {
  private final SpanWalk walk;
  private final Look<N> look;

  private @Nullable Seen<N>[] traces = seats(64);
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

  /**
   * @param walk goes through the batches; who looks may have views of it
   */
  public TraceScan(SpanWalk walk, Look<N> look) {
    this.walk = walk;
    this.look = look;
  }

  /** One that decides nothing, to say in spans what was decided of them. */
  static TraceScan<Object> blind(SpanWalk walk) {
    var nothing = new Object();
    return new TraceScan<>(
        walk,
        new Look<>() {
          @Override
          public Object note() {
            return nothing;
          }

          @Override
          public void clear(Object note) {}

          @Override
          public void look(Object note) {}

          @Override
          public Object copy(Object note) {
            return note;
          }

          @Override
          public void merge(Object into, Object more) {}
        });
  }

  /** What a sampler notes of the traces that it has no decision for. */
  public interface Look<N> {
    /** A note of which nothing is known yet. */
    N note();

    /** Forgets what is noted. */
    void clear(N note);

    /** Notes what the present span of the walk tells. */
    void look(N note);

    /** The same of a span whose trace is decided already. */
    default void late(N note) {}

    /** A copy that outlives the batch. */
    N copy(N note);

    /** Adds what another note of the same trace knows. */
    void merge(N into, N more);
  }

  /** A trace that the batch has spans of. */
  public static final class Seen<N> {
    long hi;
    long lo;
    int spans;
    long bytes;
    boolean late;
    long decision;
    private final N note;
    private int first;
    private int last;
    private String state = "";

    private Seen(N note) {
      this.note = note;
    }

    public long traceIdHi() {
      return hi;
    }

    public long traceIdLo() {
      return lo;
    }

    public N note() {
      return note;
    }

    /** Its spans in the batch. */
    public int spans() {
      return spans;
    }

    /** Whether it was decided before the batch came. */
    public boolean late() {
      return late;
    }

    /** What was or is decided, or {@link Decisions#NONE}. */
    public long decision() {
      return decision;
    }

    /** Decides of it. */
    public void decide(long value) {
      decision = value;
    }

    /** Room for its spans of this batch while they wait. */
    public long room() {
      return bytes + 16L * spans + HeldTraces.MOST_OVERHEAD;
    }

    /** Whether it waits for its decision. */
    public boolean waits() {
      return decision == Decisions.NONE;
    }
  }

  /** Answers what was decided before. */
  public interface Known {
    long decision(long hi, long lo);
  }

  /** How many traces the batch has spans of. */
  public int traces() {
    return traceCount;
  }

  /** One of them. */
  public Seen<N> trace(int index) {
    return seat(index);
  }

  private Seen<N> seat(int index) {
    var seen = traces[index];
    if (seen == null) {
      seen = new Seen<>(look.note());
      traces[index] = seen;
    }
    return seen;
  }

  /** Reads a batch. Traces without a decision are looked at, the others only counted. */
  public void read(Traces batch, Known known) {
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

  /** Looks at the spans of a batch that is all of one trace. */
  public N look(Traces batch) {
    var note = look.note();
    for (var bytes : batch.otlpChunks()) {
      walk.start(bytes);
      while (walk.next()) look.look(note);
    }
    return note;
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
    var seen = seat(index);
    if (seen.spans == 0) seen.first = spanCount;
    else next[seen.last] = spanCount;
    seen.last = spanCount++;
    seen.spans++;
    seen.bytes += walk.spanLength();
    if (seen.waits()) look.look(seen.note);
    else look.late(seen.note);
  }

  private int indexOf(long hi, long lo, Known known) {
    int mask = table.length - 1;
    int slot = TraceIds.hash(hi, lo) & mask;
    for (; table[slot] != 0; slot = (slot + 1) & mask) {
      var seen = seat(table[slot] - 1);
      if (seen.hi == hi && seen.lo == lo) return table[slot] - 1;
    }
    if (traceCount == traces.length) traces = Arrays.copyOf(traces, 2 * traceCount);
    var seen = seat(traceCount);
    seen.hi = hi;
    seen.lo = lo;
    seen.spans = 0;
    seen.bytes = 0;
    seen.state = "";
    look.clear(seen.note);
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
      var seen = seat(i);
      int slot = TraceIds.hash(seen.hi, seen.lo) & mask;
      while (table[slot] != 0) slot = (slot + 1) & mask;
      table[slot] = i + 1;
    }
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
  public @Nullable Traces kept(Traces batch) {
    boolean some = false;
    boolean all = true;
    for (int i = 0; i < traceCount; i++) {
      long decision = seat(i).decision;
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
      var seen = seat(trace[i]);
      if (seen.decision == Decisions.NONE || seen.decision == Threshold.NEVER) continue;
      if (fields == null || at != scope[i]) {
        at = scope[i];
        fields = kept.of(envelope(at));
      }
      if (seen.decision == Threshold.ALWAYS) fields.add(chunk[i], offset[i], length[i]);
      else addSampled(fields, i, seen);
    }
    var traces = kept.toTraces();
    traces.client(batch.client());
    return traces;
  }

  /** Says in the span's tracestate with which threshold it was sampled. */
  private void addSampled(SpanFields fields, int i, Seen<N> seen) {
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
  interface Pieces<N> {
    void add(Seen<N> trace, Envelope envelope, SpanFields fields);
  }

  /** Hands out copies of the spans of traces that wait, in pieces of one envelope. */
  void waiting(Pieces<N> pieces) {
    for (int t = 0; t < traceCount; t++) {
      if (seat(t).waits()) pieces(seat(t), pieces);
    }
  }

  /** A copy of one trace's spans. */
  public Traces spansOf(Seen<N> seen) {
    var spans = new SpanBatch();
    pieces(seen, (_, envelope, fields) -> spans.add(envelope, fields));
    return spans.toTraces();
  }

  private void pieces(Seen<N> seen, Pieces<N> pieces) {
    SpanFields fields = null;
    int at = -1;
    for (int i = seen.first; i >= 0; i = next[i]) {
      if (fields != null && at != scope[i]) {
        pieces.add(seen, envelope(at), fields);
        fields = null;
      }
      if (fields == null) {
        at = scope[i];
        fields = new SpanFields(length[i] + 16);
      }
      fields.add(chunk[i], offset[i], length[i]);
    }
    if (fields != null) pieces.add(seen, envelope(at), fields);
  }

  /** Says in each span's tracestate with which threshold it was sampled. */
  public Traces sampled(Traces batch, long threshold) {
    read(batch, (_, _) -> threshold);
    var kept = kept(batch);
    return kept == null ? batch : kept;
  }

  private static String text(byte[] bytes, int offset, int length) {
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // arrays of generic types are made in no other way
  private static <N> @Nullable Seen<N>[] seats(int count) {
    return (Seen<N>[]) new Seen[count];
  }
}
