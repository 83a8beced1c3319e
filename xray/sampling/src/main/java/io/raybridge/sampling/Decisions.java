package io.raybridge.sampling;

import java.time.Duration;

/**
 * Remembers what was decided of traces, so that spans which come late get the same decision. Each
 * is kept for the time to live at least and twice that at most, unless more traces come than there
 * is room for: then the oldest half is forgotten.
 *
 * <p>Two open hash tables in plain arrays: 24 bytes a slot, no objects. Not thread-safe.
 */
public final class Decisions {
  /** Nothing is known of the trace. */
  public static final long NONE = -1;

  private static final int SLOT_BYTES = 24;
  private static final int SMALLEST = 1024;

  private final long ttlNanos;
  private final int mostSlots;
  private Table young;
  private Table old = new Table(0);
  private long youngSince;
  private long forgotten;

  /**
   * @param maxBytes the most that both tables take
   */
  public Decisions(Duration ttl, long maxBytes, long nowNanos) {
    ttlNanos = ttl.toNanos();
    long slots = Math.max(SMALLEST, Math.min(maxBytes / 2 / SLOT_BYTES, 1 << 28));
    mostSlots = Integer.highestOneBit((int) slots);
    young = new Table(SMALLEST);
    youngSince = nowNanos;
  }

  /** What was decided of a trace, or {@link #NONE}. */
  public long get(long hi, long lo) {
    long found = young.get(hi, lo);
    return found == NONE ? old.get(hi, lo) : found;
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
    young.put(hi, lo, decision);
  }

  private void rotate(long nowNanos) {
    // The size that sufficed will suffice again; after a peak it shrinks by half each time.
    int slots = Math.max(SMALLEST, Integer.highestOneBit(Math.max(1, young.count)) * 2);
    old = young;
    young = new Table(Math.min(slots, mostSlots));
    youngSince = nowNanos;
  }

  /** Decisions forgotten before their time because there was no room. */
  public long forgotten() {
    return forgotten;
  }

  /** What both tables take now. */
  public long sizeBytes() {
    return (long) SLOT_BYTES * (young.slots + old.slots);
  }

  private static final class Table {
    final int slots;
    final long[] cells;
    int count;

    Table(int slots) {
      this.slots = slots;
      cells = new long[3 * slots];
    }

    boolean isFull() {
      return count >= slots - slots / 4;
    }

    long get(long hi, long lo) {
      if (count == 0) return NONE;
      for (int at = slot(hi, lo); ; at = (at + 1) & (slots - 1)) {
        int cell = 3 * at;
        if (cells[cell] == hi && cells[cell + 1] == lo) return cells[cell + 2];
        if (cells[cell] == 0 && cells[cell + 1] == 0) return NONE;
      }
    }

    void put(long hi, long lo, long value) {
      for (int at = slot(hi, lo); ; at = (at + 1) & (slots - 1)) {
        int cell = 3 * at;
        boolean free = cells[cell] == 0 && cells[cell + 1] == 0;
        if (!free && (cells[cell] != hi || cells[cell + 1] != lo)) continue;
        if (free) count++;
        cells[cell] = hi;
        cells[cell + 1] = lo;
        cells[cell + 2] = value;
        return;
      }
    }

    Table twice() {
      var larger = new Table(2 * slots);
      for (int cell = 0; cell < cells.length; cell += 3) {
        if (cells[cell] != 0 || cells[cell + 1] != 0) {
          larger.put(cells[cell], cells[cell + 1], cells[cell + 2]);
        }
      }
      return larger;
    }

    private int slot(long hi, long lo) {
      return TraceIds.hash(hi, lo) & (slots - 1);
    }
  }
}
