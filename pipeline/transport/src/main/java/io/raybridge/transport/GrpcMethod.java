package io.raybridge.transport;

import io.raybridge.data.ClientMetadata;
import org.jspecify.annotations.Nullable;

/** What a gRPC server does with the calls of one method. */
public interface GrpcMethod {
  /** Answers a call. May block. */
  Reply call(byte[] message, Caller caller);

  /**
   * Answers a call on the thread that serves the sockets, if that takes neither waiting nor long
   * work. Where it does, returns what remains, to be done on a thread that may wait.
   */
  default Step begin(byte[] message, Caller caller) {
    return (Rest) () -> call(message, caller);
  }

  /** Whoever calls. */
  interface Caller {
    /**
     * What it sent beside the message; made anew each time. Binary fields are in Base64, as they
     * travel; as {@code host} it has the name that the server was called by.
     */
    ClientMetadata metadata();
  }

  /** How a call that was begun goes on. */
  sealed interface Step {}

  /** It is not answered yet. */
  @FunctionalInterface
  non-sealed interface Rest extends Step {
    /** Answers it. May block. */
    Reply answer();
  }

  /** What goes back to the client. */
  sealed interface Reply extends Step {}

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
