package io.raybridge.data;

/**
 * Spans in a form of their own, of which OTLP is made only when somebody asks for it: who speaks
 * the form himself takes it as it came, by {@link Traces#foreign}. Never changes, so that copies of
 * a batch share it.
 */
public interface Foreign {
  /** How many units of the form there are, each of which counts as an item until it is OTLP. */
  int items();

  /**
   * Whether each unit is a span, so that nothing is gained by OTLP but for who reads it, and {@link
   * #toOtlp} gives a request that the form has written itself.
   */
  default boolean isSpans() {
    return false;
  }

  /** Bytes it takes in memory. */
  long sizeBytes();

  /**
   * The same as an ExportTraceServiceRequest in protobuf. What cannot be a span is not in it, and
   * has been said to whom it concerns, once, however often this is asked.
   */
  byte[] toOtlp();
}
