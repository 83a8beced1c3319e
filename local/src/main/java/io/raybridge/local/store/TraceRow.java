package io.raybridge.local.store;

/**
 * What the store knows of a trace without reading its documents.
 *
 * @param startMicros the time the trace is listed under: that of its id, or of its earliest segment
 *     where the id carries no time
 * @param firstMicros the earliest start of a segment
 * @param lastMicros the latest end of a segment
 * @param updatedMicros when the last document arrived
 * @param revision grows with each change
 * @param bytes size of all documents
 */
public record TraceRow(
    String id,
    long startMicros,
    long firstMicros,
    long lastMicros,
    long updatedMicros,
    int revision,
    long bytes) {

  /** A trace that holds this many bytes takes no more documents. */
  public static final long MAX_BYTES = 10L << 20;

  private static final long HOUR_MICROS = 3_600_000_000L;

  static TraceRow first(Document document, long now) {
    return new TraceRow(
        document.traceId(),
        listedAt(document.traceId(), document.startMicros()),
        document.startMicros(),
        document.endMicros(),
        now,
        1,
        document.size());
  }

  TraceRow with(Document document, int bytesBefore, long now) {
    long first = Math.min(firstMicros, document.startMicros());
    return new TraceRow(
        id,
        listedAt(id, first),
        first,
        Math.max(lastMicros, document.endMicros()),
        now,
        revision + 1,
        bytes + document.size() - bytesBefore);
  }

  /** Whether the trace takes no more documents. */
  public boolean full() {
    return bytes >= MAX_BYTES;
  }

  /**
   * X-Ray ids begin with the second in which the trace began; W3C ids put into that form begin with
   * random digits. An hour around the earliest segment tells them apart: a random id falls into it
   * once in 600,000.
   */
  static long listedAt(String traceId, long firstMicros) {
    long fromId = Long.parseLong(traceId, 2, 10, 16) * 1_000_000;
    return Math.abs(fromId - firstMicros) <= HOUR_MICROS ? fromId : firstMicros;
  }
}
