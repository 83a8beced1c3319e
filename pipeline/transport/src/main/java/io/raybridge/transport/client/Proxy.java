package io.raybridge.transport.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy.
 *
 * @param user name and password, or null; never printed
 */
public record Proxy(Origin origin, @Nullable String user, @Nullable String password) {
  /**
   * Reads {@code http://user:password@host:port}; a bare {@code host:port} is taken for http.
   *
   * @throws IllegalArgumentException saying what was expected, without repeating a password
   */
  public static Proxy of(String address) {
    var text = address.contains("://") ? address : "http://" + address;
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "not a proxy address (expected: http://host:port): " + e.getReason(), e);
    }
    if (!"http".equalsIgnoreCase(url.getScheme())) {
      throw new IllegalArgumentException(
          "proxies of scheme " + url.getScheme() + " are not supported (expected: http)");
    }
    if (url.getHost() == null) {
      throw new IllegalArgumentException("proxy address has no host (expected: http://host:port)");
    }
    var info = url.getRawUserInfo();
    if (info == null) return new Proxy(Origin.of(url), null, null);
    int colon = info.indexOf(':');
    var user = colon < 0 ? info : info.substring(0, colon);
    var password = colon < 0 ? "" : info.substring(colon + 1);
    return new Proxy(Origin.of(url), decode(user), decode(password));
  }

  /** The value of Proxy-Authorization, or null. */
  @Nullable String authorization() {
    if (user == null) return null;
    var pair = user + ":" + (password == null ? "" : password);
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return origin.toString();
  }
}
