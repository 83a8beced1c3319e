package io.raybridge.delivery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt did not deliver, sorted by what to do about it.
 *
 * @param code a short fixed word for counting: the destination's error code, such as {@code
 *     ThrottledException}, or one of ours, such as {@code connection_refused}
 * @param message for people; never telemetry content, never a secret
 * @param retryAfter how long the destination asks to wait, or null
 */
public record Failure(Kind kind, String code, String message, @Nullable Duration retryAfter) {

  /** What to do about a failure. */
  public enum Kind {
    /** The destination takes less than we send: again later, and slower. */
    THROTTLED,
    /** The destination or the way to it is out of order: again later. */
    UNAVAILABLE,
    /** Credentials, permissions or the clock are wrong until somebody mends them: again, slowly. */
    CREDENTIALS,
    /** Sending again would not help. */
    FINAL
  }

  /** The destination takes less than we send. */
  public static Failure throttled(String code, String message, @Nullable Duration retryAfter) {
    return new Failure(Kind.THROTTLED, code, message, retryAfter);
  }

  /** The destination or the way to it is out of order. */
  public static Failure unavailable(String code, String message) {
    return new Failure(Kind.UNAVAILABLE, code, message, null);
  }

  /** Somebody has to mend credentials, permissions or the clock. */
  public static Failure credentials(String code, String message) {
    return new Failure(Kind.CREDENTIALS, code, message, null);
  }

  /** Sending again would not help. */
  public static Failure permanent(String code, String message) {
    return new Failure(Kind.FINAL, code, message, null);
  }
}
