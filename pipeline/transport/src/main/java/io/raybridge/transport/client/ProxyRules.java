package io.raybridge.transport.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which proxy serves which origin: none, one for all, or as the environment says. HTTP_PROXY,
 * HTTPS_PROXY and NO_PROXY are read in both cases and mean what they mean to Go programs.
 */
public final class ProxyRules {
  private final @Nullable Proxy http;
  private final @Nullable Proxy https;
  private final boolean spareLoopback;
  private final List<Bypass> exceptions;

  private ProxyRules(
      @Nullable Proxy http, @Nullable Proxy https, boolean spareLoopback, List<Bypass> exceptions) {
    this.http = http;
    this.https = https;
    this.spareLoopback = spareLoopback;
    this.exceptions = exceptions;
  }

  /** Straight to every origin. */
  public static ProxyRules none() {
    return new ProxyRules(null, null, true, List.of());
  }

  /** One proxy for every origin, this machine too: who names a proxy means it. */
  public static ProxyRules all(Proxy proxy) {
    return new ProxyRules(proxy, proxy, false, List.of());
  }

  /** As the environment says. */
  public static ProxyRules environment(Function<String, @Nullable String> environment) {
    return new ProxyRules(
        proxy(environment, "HTTP_PROXY"),
        proxy(environment, "HTTPS_PROXY"),
        true,
        exceptions(either(environment, "NO_PROXY")));
  }

  /** The proxy to use, or null. */
  public @Nullable Proxy proxyFor(Origin origin) {
    var proxy = origin.tls() ? https : http;
    if (proxy == null || (spareLoopback && origin.loopback())) return null;
    for (var exception : exceptions) {
      if (exception.covers(origin)) return null;
    }
    return proxy;
  }

  private static @Nullable Proxy proxy(
      Function<String, @Nullable String> environment, String name) {
    var value = either(environment, name);
    if (value.isEmpty()) return null;
    try {
      return Proxy.of(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("environment variable " + name + ": " + e.getMessage(), e);
    }
  }

  private static String either(Function<String, @Nullable String> environment, String name) {
    var upper = environment.apply(name);
    if (upper != null && !upper.isBlank()) return upper.strip();
    var lower = environment.apply(name.toLowerCase(Locale.ROOT));
    return lower == null ? "" : lower.strip();
  }

  private static List<Bypass> exceptions(String noProxy) {
    var list = new ArrayList<Bypass>();
    for (var entry : noProxy.split(",", -1)) {
      var text = entry.strip().toLowerCase(Locale.ROOT);
      if (!text.isEmpty()) list.add(Bypass.of(text));
    }
    return List.copyOf(list);
  }

  /** One entry of NO_PROXY: {@code *}, a domain, an address or a network, with or without port. */
  private record Bypass(String name, boolean subdomainsOnly, @Nullable Network network, int port) {
    static Bypass of(String entry) {
      if (entry.equals("*")) return new Bypass("*", false, null, -1);
      var network = Network.parse(entry);
      if (network != null) return new Bypass("", false, network, -1);
      var name = entry;
      int port = -1;
      int colon = entry.lastIndexOf(':');
      if (colon > 0 && entry.substring(colon + 1).matches("\\d{1,5}")) {
        port = Integer.parseInt(entry.substring(colon + 1));
        name = entry.substring(0, colon);
        network = Network.parse(name);
        if (network != null) return new Bypass("", false, network, port);
      }
      if (name.startsWith("*.")) name = name.substring(1);
      return name.startsWith(".")
          ? new Bypass(name.substring(1), true, null, port)
          : new Bypass(name, false, null, port);
    }

    boolean covers(Origin origin) {
      if (name.equals("*")) return true;
      if (port >= 0 && port != origin.port()) return false;
      if (network != null) return network.contains(origin.host());
      return origin.host().endsWith("." + name) || (!subdomainsOnly && origin.host().equals(name));
    }
  }
}
