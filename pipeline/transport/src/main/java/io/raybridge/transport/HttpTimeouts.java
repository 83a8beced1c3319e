package io.raybridge.transport;

import java.time.Duration;

/**
 * How patient an HTTP server is with a connection. Zero is for ever, except that a header or idle
 * timeout of zero takes {@code read_timeout}, as in Go.
 *
 * @param readHeader from the first byte of a request to the end of its header
 * @param write for writing a response, from its first byte on
 * @param idle between two requests
 * @param keepAlives whether a connection may carry more than one request
 */
public record HttpTimeouts(Duration readHeader, Duration write, Duration idle, boolean keepAlives) {
  /** Patient enough for every real client, and safe to show to strangers. */
  public static final HttpTimeouts DEFAULT =
      new HttpTimeouts(Duration.ofMinutes(1), Duration.ofSeconds(30), Duration.ofMinutes(1), true);
}
