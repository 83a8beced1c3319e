package io.raybridge.transport.client;

import java.net.URI;
import java.util.Locale;

/**
 * Where connections go: scheme, host and port of a URL.
 *
 * @param host a name or an address, IPv6 without brackets
 */
public record Origin(boolean tls, String host, int port) {
  /**
   * Takes the origin of an {@code http} or {@code https} URL.
   *
   * @throws IllegalArgumentException when it has no such scheme or no host
   */
  public static Origin of(URI url) {
    var scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException(url + " (expected: http://... or https://...)");
    }
    var host = url.getHost();
    if (host == null || host.isEmpty()) {
      throw new IllegalArgumentException(url + " has no host (expected: " + scheme + "://host)");
    }
    boolean tls = scheme.equals("https");
    int port = url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80;
    if (host.startsWith("[")) host = host.substring(1, host.length() - 1);
    return new Origin(tls, host.toLowerCase(Locale.ROOT), port);
  }

  /** The value of the Host header: the port only where it is not the scheme's own. */
  public String authority() {
    var name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == (tls ? 443 : 80) ? name : name + ":" + port;
  }

  /** Whether the host is this machine by its very name, without asking a resolver. */
  public boolean loopback() {
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.equals("::1")
        || host.matches("127(\\.\\d{1,3}){3}");
  }

  @Override
  public String toString() {
    return (tls ? "https://" : "http://") + authority();
  }
}
