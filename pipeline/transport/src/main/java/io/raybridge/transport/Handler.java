package io.raybridge.transport;

/** What a server does with requests. */
@FunctionalInterface
public interface Handler {
  /**
   * Answers a request. Runs on a virtual thread of its own, so it may block; blocking holds back
   * this client and no other.
   */
  Response handle(Request request);

  /**
   * Answers a request on the thread that serves the sockets, if that takes neither waiting nor long
   * work. Where it does, returns what remains, to be done on a thread that may wait.
   */
  default Step begin(Request request) {
    return (Rest) () -> handle(request);
  }

  /** How a request that was begun goes on. */
  sealed interface Step permits Response, Rest {}

  /** It is not answered yet. */
  @FunctionalInterface
  non-sealed interface Rest extends Step {
    /** Answers it. May block. */
    Response answer();
  }

  /**
   * Words the answer to a request that the server itself refuses: too large, broken, not
   * unpackable, no room. The request has no body.
   */
  default Response refuse(Request request, int status, String message) {
    return Response.text(status, message);
  }
}
