package io.raybridge.xray;

/** A segment document cannot become what was asked for. */
public final class MalformedSegmentException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  MalformedSegmentException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** A short fixed word for counting, such as {@code no_trace_id}. */
  public String reason() {
    return reason;
  }
}
