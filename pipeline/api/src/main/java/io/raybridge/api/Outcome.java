package io.raybridge.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What became of a batch. Returned up the call stack to the receiver, which says it in its own
 * protocol.
 *
 * <p>OTLP's rendering is in the specification's sections on <a
 * href="https://opentelemetry.io/docs/specs/otlp/#failures">failures</a> and <a
 * href="https://opentelemetry.io/docs/specs/otlp/#partial-success">partial success</a>.
 */
public sealed interface Outcome {
  /** The whole batch was taken; from here on it is ours to deliver. */
  record Accepted() implements Outcome {}

  /** Part of the batch was taken; the rest is refused for good. */
  record Partial(int rejectedItems, String reason) implements Outcome {}

  /**
   * Nothing was taken and the client should try again.
   *
   * @param cause why, so that the protocol can tell an overload from an outage
   * @param after how long the client should wait, or null to leave it to the client
   */
  record Retry(Cause cause, String reason, @Nullable Duration after) implements Outcome {}

  /** Nothing was taken and trying again would not help. */
  record Rejected(Fault fault, String reason) implements Outcome {}

  /** Why a batch should come again. */
  enum Cause {
    /** A limit is reached: gRPC RESOURCE_EXHAUSTED, HTTP 429. */
    OVERLOADED,
    /** Something is not there now: gRPC UNAVAILABLE, HTTP 503. */
    UNAVAILABLE
  }

  /** Whose fault a final refusal is. */
  enum Fault {
    /** The data is wrong: gRPC INVALID_ARGUMENT, HTTP 400. */
    DATA,
    /** The destination refused it, or we have a bug: gRPC INTERNAL, HTTP 500. */
    DESTINATION
  }

  /** The one accepted outcome. */
  Outcome ACCEPTED = new Accepted();

  /** A limit is reached; come again after the given time. */
  static Outcome overloaded(String reason, Duration after) {
    return new Retry(Cause.OVERLOADED, reason, after);
  }

  /** Not available now; come again. */
  static Outcome unavailable(String reason) {
    return new Retry(Cause.UNAVAILABLE, reason, null);
  }

  /** The data is wrong. */
  static Outcome invalid(String reason) {
    return new Rejected(Fault.DATA, reason);
  }

  /** The destination refused it for good, or a bug of ours did. */
  static Outcome failed(String reason) {
    return new Rejected(Fault.DESTINATION, reason);
  }
}
