package io.raybridge.sampling;

import io.raybridge.api.Spool;
import io.raybridge.data.Envelope;
import io.raybridge.data.SpanBatch;
import io.raybridge.data.SpanFields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Traces that wait for their decision, oldest first, and every byte that they take. Spans lie here
 * as the bytes they came in; what many of them belong to lies here once. Not thread-safe.
 *
 * @param <N> what its user notes of a trace
 */
public final class HeldTraces<N> {
  /** What a trace takes beside its spans: its object, its lists, its slot in the table, a note. */
  static final int TRACE_BYTES = 240;

  /** What a piece takes beside its bytes. */
  static final int PIECE_BYTES = 88;

  private static final int ENVELOPE_BYTES = 120;
  private static final int HASTENED_BYTES = 40;

  /** What the place of a record on disk takes. */
  private static final int POSITION_BYTES = 48;

  /** What a new trace of one piece takes beside its spans, an envelope of usual size included. */
  public static final int MOST_OVERHEAD = TRACE_BYTES + PIECE_BYTES + ENVELOPE_BYTES + 1024;

  private final Map<Envelope, Shared> envelopes = new HashMap<>();
  private @Nullable Held<N>[] table = table(1024);
  private @Nullable Held<N> first;
  private @Nullable Held<N> last;
  private int count;
  private int spans;
  private long bytes;

  private static final class Shared {
    final Envelope envelope;
    int uses;

    Shared(Envelope envelope) {
      this.envelope = envelope;
    }
  }

  private record Piece(Shared shared, SpanFields fields) {}

  /** One trace that waits. */
  public static final class Held<N> {
    private final long hi;
    private final long lo;
    private final long due;
    private final long since;
    private N note;
    private final List<Piece> pieces = new ArrayList<>(2);
    private @Nullable List<Spool.Position> positions;
    private boolean taken;
    private boolean hastened;
    private int spans;
    private long bytes = TRACE_BYTES;
    private @Nullable Held<N> next;
    private @Nullable Held<N> previous;

    private Held(long hi, long lo, long since, long due, N note) {
      this.hi = hi;
      this.lo = lo;
      this.since = since;
      this.due = due;
      this.note = note;
    }

    public long traceIdHi() {
      return hi;
    }

    public long traceIdLo() {
      return lo;
    }

    /** When it is to be decided at the latest. */
    public long due() {
      return due;
    }

    /** Whether it has no decision yet. */
    boolean waits() {
      return !taken;
    }

    /** When its first span came. */
    public long since() {
      return since;
    }

    public N note() {
      return note;
    }

    public void note(N value) {
      note = value;
    }

    public int spans() {
      return spans;
    }

    /** Without what it shares with others. */
    public long sizeBytes() {
      return bytes;
    }

    /** Where its spans lie on disk; none if they are in memory only. */
    List<Spool.Position> positions() {
      return positions == null ? List.of() : positions;
    }

    /** Adds its spans to a batch. */
    public void addTo(SpanBatch batch) {
      for (var piece : pieces) batch.add(piece.shared().envelope, piece.fields());
    }
  }

  /** The trace of this id, or null. */
  public @Nullable Held<N> get(long hi, long lo) {
    for (int at = slot(hi, lo); table[at] != null; at = (at + 1) & (table.length - 1)) {
      var held = table[at];
      if (held != null && held.hi == hi && held.lo == lo) return held;
    }
    return null;
  }

  /** A new trace, without spans yet. Those that came before must not be due later. */
  public Held<N> add(long hi, long lo, long since, long due, N note) {
    if (2 * ++count > table.length) grow();
    var held = new Held<>(hi, lo, since, due, note);
    place(table, held);
    held.previous = last;
    if (last == null) first = held;
    else last.next = held;
    last = held;
    bytes += held.bytes;
    return held;
  }

  /** Adds spans to a trace. They are the trace's from here on. */
  public void add(Held<N> held, Envelope envelope, SpanFields fields) {
    var shared = envelopes.get(envelope);
    if (shared == null) {
      shared = new Shared(envelope);
      envelopes.put(envelope, shared);
      bytes += ENVELOPE_BYTES + envelope.sizeBytes();
    }
    shared.uses++;
    held.pieces.add(new Piece(shared, fields.trim()));
    held.spans += fields.spans();
    spans += fields.spans();
    held.bytes += PIECE_BYTES + fields.size();
    bytes += PIECE_BYTES + fields.size();
  }

  /** Some of its spans lie on disk there. */
  void add(Held<N> held, Spool.Position position) {
    if (held.positions == null) held.positions = new ArrayList<>(2);
    held.positions.add(position);
    held.bytes += POSITION_BYTES;
    bytes += POSITION_BYTES;
  }

  /** The one that came first, or null. */
  public @Nullable Held<N> oldest() {
    return first;
  }

  /** Notes that a trace is due sooner; false when that was noted before. */
  boolean hasten(Held<N> held) {
    if (held.hastened) return false;
    held.hastened = true;
    held.bytes += HASTENED_BYTES;
    bytes += HASTENED_BYTES;
    return true;
  }

  /** Takes a trace out, so that it is no longer found; its bytes count until they are released. */
  public void take(Held<N> held) {
    remove(held);
    held.taken = true;
    if (held.previous == null) first = held.next;
    else held.previous.next = held.next;
    if (held.next == null) last = held.previous;
    else held.next.previous = held.previous;
    held.previous = held.next = null;
    count--;
    spans -= held.spans;
  }

  /** Lets go of a taken trace's bytes. */
  public void release(Held<N> held) {
    bytes -= held.bytes;
    for (var piece : held.pieces) {
      if (--piece.shared().uses > 0) continue;
      var envelope = piece.shared().envelope;
      envelopes.remove(envelope);
      bytes -= ENVELOPE_BYTES + envelope.sizeBytes();
    }
    held.pieces.clear();
  }

  /** Traces that wait. */
  public int count() {
    return count;
  }

  /** Spans of the traces that wait. */
  public int spans() {
    return spans;
  }

  /** All that waits or was taken and not released. */
  public long sizeBytes() {
    return bytes;
  }

  private int slot(long hi, long lo) {
    return TraceIds.hash(hi, lo) & (table.length - 1);
  }

  private void grow() {
    var larger = HeldTraces.<N>table(2 * table.length);
    for (var held : table) if (held != null) place(larger, held);
    table = larger;
  }

  private static <N> void place(@Nullable Held<N>[] table, Held<N> held) {
    int at = TraceIds.hash(held.hi, held.lo) & (table.length - 1);
    while (table[at] != null) at = (at + 1) & (table.length - 1);
    table[at] = held;
  }

  private void remove(Held<N> held) {
    int at = slot(held.hi, held.lo);
    while (table[at] != held) at = (at + 1) & (table.length - 1);
    // What stands behind it in the same run moves up, so that no search ends too early.
    int free = at;
    table[free] = null;
    for (at = (at + 1) & (table.length - 1); ; at = (at + 1) & (table.length - 1)) {
      var other = table[at];
      if (other == null) return;
      int home = slot(other.hi, other.lo);
      boolean between = free <= at ? free < home && home <= at : free < home || home <= at;
      if (between) continue;
      table[free] = other;
      table[at] = null;
      free = at;
    }
  }

  @SuppressWarnings({
    "unchecked",
    "rawtypes"
  }) // an array of a generic type can be made in no other way
  private static <N> @Nullable Held<N>[] table(int slots) {
    return (Held<N>[]) new Held[slots];
  }
}
