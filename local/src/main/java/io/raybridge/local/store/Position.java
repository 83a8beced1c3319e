package io.raybridge.local.store;

/**
 * A place in the list of traces, newest first, just behind the trace it names.
 *
 * @param startMicros the time that trace is listed under
 */
public record Position(long startMicros, String traceId) {
  /** Before the newest trace. */
  public static final Position NEWEST = new Position(Long.MAX_VALUE, "");

  /** Just behind this trace. */
  public static Position after(TraceRow row) {
    return new Position(row.startMicros(), row.id());
  }
}
