package io.raybridge.transport.client;

import java.nio.charset.StandardCharsets;

/**
 * A response, whatever its status.
 *
 * @param body at most as many bytes as the client keeps
 * @param truncated whether the server sent more than that
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record HttpResponse(int status, Headers headers, byte[] body, boolean truncated) {
  /** The body as text, cut to what belongs into a message. */
  public String excerpt() {
    var text = new String(body, 0, Math.min(body.length, 1024), StandardCharsets.UTF_8).strip();
    return body.length > 1024 ? text + "..." : text;
  }
}
