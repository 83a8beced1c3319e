package io.raybridge.xray;

import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Watches how much of a trace has gone out: X-Ray refuses what comes after 500 KB of one. Remembers
 * the traces of late in a table of fixed size, where a newer trace may take an older one's place.
 *
 * <p>May be shared by the encoders of one destination, whose threads do not wait for one another: a
 * count may get lost between two of them, so that the warning comes a document late. It is no
 * account.
 */
public final class TraceBudget {
  /** Four fifths of X-Ray's limit. */
  public static final int WARNING = 400 * 1024;

  private static final int SLOTS = 4096;

  private final @Nullable Choice choice;
  private final InstantSource clock;
  private final long[] high = new long[SLOTS];
  private final long[] low = new long[SLOTS];
  private final int[] bytes = new int[SLOTS];
  private final long[] since = new long[SLOTS];

  /** A budget that only warns. */
  public TraceBudget() {
    this(null, InstantSource.system());
  }

  /**
   * @param choice what goes out of a trace that has used four fifths of its budget, or null for all
   * @param clock by which traces grow old
   */
  public TraceBudget(@Nullable Choice choice, InstantSource clock) {
    this.choice = choice;
    this.clock = clock;
  }

  /**
   * What the last fifth of a trace's budget is kept for: spans that failed, and slow ones.
   *
   * @param bytes of documents that X-Ray takes of a trace
   * @param slow how long a span takes that is kept for that
   * @param lateAfter how long after its first span a trace has {@code lateBytes} in all; zero for
   *     never
   * @param lateBytes of documents that X-Ray takes of a trace that goes on for long
   */
  public record Choice(long bytes, Duration slow, Duration lateAfter, long lateBytes) {}

  /** Adds a document; true for the one that takes its trace past the warning. */
  boolean add(long traceHigh, long traceLow, int size) {
    int slot = slot(traceHigh, traceLow);
    int before = bytes[slot];
    bytes[slot] = Math.min(before + size, Integer.MAX_VALUE / 2);
    return before < WARNING && before + size >= WARNING;
  }

  /** Whether a document of this size would reach into what is kept for failures and slow spans. */
  boolean isTight(long traceHigh, long traceLow, int size) {
    if (choice == null) return false;
    int slot = slot(traceHigh, traceLow);
    long after = bytes[slot] + (long) size;
    if (after > choice.bytes / 5 * 4) return true;
    return !choice.lateAfter.isZero()
        && after > choice.lateBytes / 5 * 4
        && clock.millis() - since[slot] >= choice.lateAfter.toMillis();
  }

  /** Whether a span of this many nanoseconds is kept for being slow. */
  boolean isSlow(long nanos) {
    return choice == null || nanos >= choice.slow.toNanos();
  }

  private int slot(long traceHigh, long traceLow) {
    int slot = (int) ((traceLow * 0x9E37_79B9_7F4A_7C15L) >>> 52);
    if (low[slot] != traceLow || high[slot] != traceHigh) {
      high[slot] = traceHigh;
      low[slot] = traceLow;
      bytes[slot] = 0;
      if (choice != null) since[slot] = clock.millis();
    }
    return slot;
  }
}
