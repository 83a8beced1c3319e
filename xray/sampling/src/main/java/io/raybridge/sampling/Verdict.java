package io.raybridge.sampling;

/**
 * What was decided of a trace.
 *
 * @param threshold the sampling threshold that it passed; {@link Threshold#NEVER} when it is
 *     dropped
 */
public record Verdict(By by, long threshold) {
  /** By what it was decided. */
  public enum By {
    RESERVOIR,
    BORROWED,
    RATE,
    KEEP,
    DROP,
    POLICY,
    CAPTURE
  }

  /** Whether the trace is kept. */
  public boolean kept() {
    return threshold != Threshold.NEVER;
  }
}
