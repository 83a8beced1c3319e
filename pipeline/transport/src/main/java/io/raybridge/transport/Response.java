package io.raybridge.transport;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An HTTP response. The server adds Content-Length, Date and what CORS and its configuration ask
 * for.
 */
@SuppressWarnings("ArrayRecordComponent") // handed over whole, never compared
public record Response(int status, Map<String, String> headers, byte[] body)
    implements Handler.Step {
  static final byte[] EMPTY = {};

  /** A response with a body of this media type. */
  public static Response of(int status, String contentType, byte[] body) {
    return new Response(status, Map.of("Content-Type", contentType), body);
  }

  /** A response of plain text for people. */
  public static Response text(int status, String message) {
    return of(status, "text/plain; charset=utf-8", message.getBytes(StandardCharsets.UTF_8));
  }

  /** A response of JSON text. */
  public static Response json(int status, String json) {
    return of(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  /** A response without body. */
  public static Response empty(int status) {
    return new Response(status, Map.of(), EMPTY);
  }

  /** The same with one more header field. */
  public Response with(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Response(status, more, body);
  }
}
