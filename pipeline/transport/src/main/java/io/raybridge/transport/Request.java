package io.raybridge.transport;

import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request, whole and unpacked.
 *
 * @param method in capitals, such as {@code POST}
 * @param path without query, percent-decoded
 * @param query what follows the question mark, as sent; empty without one
 * @param body the body with its Content-Encoding undone; empty without one
 */
@SuppressWarnings("ArrayRecordComponent") // handed over whole, never compared
public record Request(
    String method,
    String path,
    String query,
    Headers headers,
    byte[] body,
    InetSocketAddress remote) {

  /** The first value of a header field, its name in any case; null without one. */
  public @Nullable String header(String name) {
    return headers.first(name);
  }

  /** The first value of a query parameter, decoded; null without one. */
  public @Nullable String parameter(String name) {
    int at = 0;
    while (at < query.length()) {
      int end = query.indexOf('&', at);
      end = end < 0 ? query.length() : end;
      int equals = query.indexOf('=', at);
      int nameEnd = equals < 0 || equals > end ? end : equals;
      if (decode(query.substring(at, nameEnd)).equals(name)) {
        return decode(query.substring(Math.min(nameEnd + 1, end), end));
      }
      at = end + 1;
    }
    return null;
  }

  Request withBody(byte[] unpacked) {
    return new Request(method, path, query, headers, unpacked, remote);
  }

  /** What is not valid percent-encoding is taken as it stands. */
  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
