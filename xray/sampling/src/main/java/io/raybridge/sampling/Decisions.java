package io.raybridge.sampling;

import java.time.Duration;

/**
 * Remembers what was decided of traces, so that spans which come late get the same decision. Each
 * is kept for the time to live at least and twice that at most, unless more traces come than there
 * is room for: then the oldest half is forgotten.
 *
 * <p>Two open hash tables in plain arrays: 24 bytes a slot, 32 where times are kept, no objects.
 * Not thread-safe.
 */
public final class Decisions {
  /** Nothing is known of the trace. */
  public static final long NONE = -1;

  private static final int SMALLEST = 1024;

  /** The longs of a slot: both halves of the id, the decision, and its time where that is kept. */
  private static final int UNTIMED = 3;

  private static final int TIMED = 4;

  private final long ttlNanos;
  private final int mostSlots;
  private final int width;
  private Table young;
  private Table old;
  private long youngSince;
  private long forgotten;

  /**
   * @param maxBytes the most that both tables take
   */
  public Decisions(Duration ttl, long maxBytes, long nowNanos) {
    this(ttl, maxBytes, nowNanos, UNTIMED);
  }

  private Decisions(Duration ttl, long maxBytes, long nowNanos, int width) {
    ttlNanos = ttl.toNanos();
    this.width = width;
    long slots = Math.max(SMALLEST, Math.min(maxBytes / 2 / width / Long.BYTES, 1 << 28));
    mostSlots = Integer.highestOneBit((int) slots);
    young = new Table(SMALLEST, width);
    old = new Table(0, width);
    youngSince = nowNanos;
  }

  /** Some that know when each was made. */
  public static Decisions timed(Duration ttl, long maxBytes, long nowNanos) {
    return new Decisions(ttl, maxBytes, nowNanos, TIMED);
  }

  /** What was decided of a trace, or {@link #NONE}. */
  public long get(long hi, long lo) {
    int cell = young.find(hi, lo);
    if (cell >= 0) return young.cells[cell + 2];
    cell = old.find(hi, lo);
    return cell >= 0 ? old.cells[cell + 2] : NONE;
  }

  /**
   * When it was decided of a trace.
   *
   * @param otherwise the answer when nothing is known of it, or no times are
   */
  public long decidedAt(long hi, long lo, long otherwise) {
    if (width != TIMED) return otherwise;
    int cell = young.find(hi, lo);
    if (cell >= 0) return young.cells[cell + 3];
    cell = old.find(hi, lo);
    return cell >= 0 ? old.cells[cell + 3] : otherwise;
  }

  /**
   * Remembers a decision.
   *
   * @param decision any number but {@link #NONE}
   */
  public void put(long hi, long lo, long decision, long nowNanos) {
    if (nowNanos - youngSince >= ttlNanos) {
      rotate(nowNanos);
    } else if (young.isFull()) {
      if (young.slots < mostSlots) {
        young = young.twice();
      } else {
        forgotten += old.count;
        rotate(nowNanos);
      }
    }
    young.put(hi, lo, decision, nowNanos);
  }

  private void rotate(long nowNanos) {
    // The size that sufficed will suffice again; after a peak it shrinks by half each time.
    int slots = Math.max(SMALLEST, Integer.highestOneBit(Math.max(1, young.count)) * 2);
    old = young;
    young = new Table(Math.min(slots, mostSlots), width);
    youngSince = nowNanos;
  }

  /** Decisions forgotten before their time because there was no room. */
  public long forgotten() {
    return forgotten;
  }

  /** What both tables take now. */
  public long sizeBytes() {
    return (long) width * Long.BYTES * (young.slots + old.slots);
  }

  private static final class Table {
    final int slots;
    final int width;
    final long[] cells;
    int count;

    Table(int slots, int width) {
      this.slots = slots;
      this.width = width;
      cells = new long[width * slots];
    }

    boolean isFull() {
      return count >= slots - slots / 4;
    }

    /** Where a trace's slot begins; negative when it has none. */
    int find(long hi, long lo) {
      if (count == 0) return -1;
      for (int at = slot(hi, lo); ; at = (at + 1) & (slots - 1)) {
        int cell = width * at;
        if (cells[cell] == hi && cells[cell + 1] == lo) return cell;
        if (cells[cell] == 0 && cells[cell + 1] == 0) return -1;
      }
    }

    void put(long hi, long lo, long value, long time) {
      for (int at = slot(hi, lo); ; at = (at + 1) & (slots - 1)) {
        int cell = width * at;
        boolean free = cells[cell] == 0 && cells[cell + 1] == 0;
        if (!free && (cells[cell] != hi || cells[cell + 1] != lo)) continue;
        if (free) count++;
        cells[cell] = hi;
        cells[cell + 1] = lo;
        cells[cell + 2] = value;
        if (width == TIMED) cells[cell + 3] = time;
        return;
      }
    }

    Table twice() {
      var larger = new Table(2 * slots, width);
      for (int cell = 0; cell < cells.length; cell += width) {
        if (cells[cell] != 0 || cells[cell + 1] != 0) {
          larger.put(
              cells[cell], cells[cell + 1], cells[cell + 2], width == TIMED ? cells[cell + 3] : 0);
        }
      }
      return larger;
    }

    private int slot(long hi, long lo) {
      return TraceIds.hash(hi, lo) & (slots - 1);
    }
  }
}
