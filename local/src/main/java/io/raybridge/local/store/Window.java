package io.raybridge.local.store;

/**
 * A stretch of time to list traces of, from its first microsecond up to but without its last.
 *
 * @param by which of a trace's times must lie in it
 */
public record Window(By by, long fromMicros, long toMicros) {
  /** The meaning of a window, GetTraceSummaries' TimeRangeType. */
  public enum By {
    /** The trace began in it. */
    START,
    /** Something of the trace happened in it. */
    ACTIVITY,
    /** A segment of the trace ended in it. */
    SEGMENT_END
  }
}
