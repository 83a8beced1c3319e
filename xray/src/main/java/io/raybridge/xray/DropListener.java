package io.raybridge.xray;

/**
 * Hears of everything that an encoder could not put into a document. Called on the encoder's
 * thread, in the middle of a batch.
 */
public interface DropListener {
  /**
   * Spans that became no document.
   *
   * @param reason a short fixed word for counting, such as {@code no_trace_id}
   * @param traceHigh the first eight bytes of the trace id, 0 when there is none
   * @param detail for people; never telemetry content
   */
  void dropped(int spans, String reason, long traceHigh, long traceLow, String detail);

  /**
   * Something less than a span was left out or is remarkable, and its document went on: {@code
   * link_invalid}, {@code document_trimmed}, {@code trace_epoch}, and {@code trace_over_budget} for
   * the document that takes its trace past 400 KB, since X-Ray refuses what comes after 500.
   */
  default void noted(String what, int count, long traceHigh, long traceLow) {}
}
