package io.raybridge.transport;

/**
 * What a server does with requests. Each runs on a virtual thread of its own, so it may block;
 * blocking holds back this client and no other.
 */
@FunctionalInterface
public interface Handler {
  /** Answers a request. */
  Response handle(Request request);

  /**
   * Words the answer to a request that the server itself refuses: too large, broken, not
   * unpackable, no room. The request has no body.
   */
  default Response refuse(Request request, int status, String message) {
    return Response.text(status, message);
  }
}
