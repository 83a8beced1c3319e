package io.raybridge.transport;

import org.jspecify.annotations.Nullable;

/** What a gRPC server does with the calls of one method. May block. */
public interface GrpcMethod {
  /** Answers a call. */
  Reply call(byte[] message);

  /** What goes back to the client. */
  sealed interface Reply {}

  /** The call succeeded. */
  @SuppressWarnings("ArrayRecordComponent") // handed over whole, never compared
  record Message(byte[] bytes) implements Reply {}

  /**
   * The call failed.
   *
   * @param code gRPC's status code, such as 14 for UNAVAILABLE
   * @param details the same as a google.rpc.Status message, when there is more to say
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over whole, never compared
  record Failure(int code, String message, byte @Nullable [] details) implements Reply {}

  /** The reply when the server has no room for the message; the client should come again. */
  Failure overloaded(String message);
}
