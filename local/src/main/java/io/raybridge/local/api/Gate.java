package io.raybridge.local.api;

import io.raybridge.transport.Request;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pages of other origins out. A page anywhere may make a browser send requests to this
 * machine; it cannot choose their Origin, nor, once its own name resolves to 127.0.0.1, their Host.
 */
final class Gate {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final String ownHost;
  private final boolean loopback;

  /**
   * @param ownHost the host that the endpoint names
   * @param loopback whether it is bound to this machine only; otherwise any name may lead here
   */
  Gate(String ownHost, boolean loopback) {
    this.ownHost = ownHost.toLowerCase(Locale.ROOT);
    this.loopback = loopback;
  }

  /** Why a request must not be answered; null when it may. */
  @Nullable String refusal(Request request) {
    String host = request.header("Host");
    if (loopback && host != null && !leadsHere(host)) {
      return "Host: expected localhost or 127.0.0.1, since this port serves this machine only";
    }
    String origin = request.header("Origin");
    if (origin != null && !sameOrigin(origin, host)) {
      return "Origin: requests from pages of other origins are refused";
    }
    return null;
  }

  private boolean leadsHere(String host) {
    String name = withoutPort(host).toLowerCase(Locale.ROOT);
    return LOOPBACK.contains(name)
        || name.endsWith(".localhost")
        || name.equals(ownHost)
        || name.equals("[" + ownHost + "]");
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
  }

  private static boolean sameOrigin(String origin, @Nullable String host) {
    int scheme = origin.indexOf("://");
    return scheme > 0 && host != null && origin.substring(scheme + 3).equalsIgnoreCase(host);
  }
}
