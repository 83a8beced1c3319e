package io.raybridge.transport.client;

import java.time.Duration;
import java.util.List;

/**
 * One request. The client adds Host and Content-Length itself.
 *
 * @param target path and query, as they go on the wire
 * @param body the body's parts in order; sent without being joined
 * @param timeout for all of it: a free connection, connecting, sending, the whole response
 */
public record HttpRequest(
    String method,
    Origin origin,
    String target,
    Headers headers,
    List<Slice> body,
    Duration timeout) {
  public HttpRequest {
    if (!method.equals("GET")
        && !method.equals("POST")
        && !method.equals("PUT")
        && !method.equals("DELETE")) {
      throw new IllegalArgumentException(method + " (expected: GET, POST, PUT or DELETE)");
    }
    if (!target.startsWith("/")) {
      throw new IllegalArgumentException(target + " (expected: a path that begins with /)");
    }
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c >= 0x7f) {
        throw new IllegalArgumentException(
            "path has character " + (int) c + " (expected: percent-encoded)");
      }
    }
  }

  /** The length of the whole body. */
  public long contentLength() {
    long sum = 0;
    for (int i = 0; i < body.size(); i++) sum += body.get(i).length();
    return sum;
  }
}
