package io.raybridge.transport.client;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A request up to its body, as bytes. Used again by each request of a connection. */
final class RequestHead {
  private byte[] bytes = new byte[1024];
  private int length;

  /**
   * Writes the head of a request.
   *
   * @param proxy the proxy that is given the whole URL, for plain HTTP; null without one
   */
  void write(HttpRequest request, @Nullable Proxy proxy) {
    length = 0;
    text(request.method());
    text(" ");
    if (proxy != null) text(request.origin().toString());
    text(request.target());
    text(" HTTP/1.1\r\nhost: ");
    text(request.origin().authority());
    var fields = request.headers();
    for (int i = 0; i < fields.size(); i++) field(fields.name(i), fields.value(i));
    var authorization = proxy == null ? null : proxy.authorization();
    if (authorization != null) field("proxy-authorization", authorization);
    if (!request.method().equals("GET")) {
      field("content-length", Long.toString(request.contentLength()));
    }
    text("\r\n\r\n");
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  private void field(String name, String value) {
    text("\r\n");
    text(name);
    text(": ");
    text(value);
  }

  /** All text here is ASCII: {@link Headers}, {@link HttpRequest} and {@link Origin} see to it. */
  @SuppressWarnings("deprecation") // copies the low bytes, which is what is wanted of ASCII
  private void text(String text) {
    int end = length + text.length();
    if (end > bytes.length) bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
    text.getBytes(0, text.length(), bytes, length);
    length = end;
  }
}
