package io.raybridge.transport.client;

import java.time.Duration;

/**
 * How a client connects.
 *
 * @param connectTimeout for one connection, with proxy and TLS handshake
 * @param idleTimeout how long a connection is kept for the next request; below what servers do
 * @param maxConnections open connections to one origin; more requests wait for a free one
 * @param maxResponseBytes how much of a response's body is kept
 */
public record HttpClientSettings(
    Duration connectTimeout,
    Duration idleTimeout,
    int maxConnections,
    int maxResponseBytes,
    ClientTls tls,
    ProxyRules proxies) {
  /** What suits AWS's services: their load balancers close after 60 s without traffic. */
  public static HttpClientSettings defaults() {
    return new HttpClientSettings(
        Duration.ofSeconds(10),
        Duration.ofSeconds(50),
        256,
        1 << 20,
        ClientTls.system(),
        ProxyRules.none());
  }

  /** The same with other rules for TLS. */
  public HttpClientSettings with(ClientTls other) {
    return new HttpClientSettings(
        connectTimeout, idleTimeout, maxConnections, maxResponseBytes, other, proxies);
  }

  /** The same with other proxies. */
  public HttpClientSettings with(ProxyRules other) {
    return new HttpClientSettings(
        connectTimeout, idleTimeout, maxConnections, maxResponseBytes, tls, other);
  }

  /** The same with another bound on connections to one origin. */
  public HttpClientSettings withMaxConnections(int other) {
    return new HttpClientSettings(
        connectTimeout, idleTimeout, other, maxResponseBytes, tls, proxies);
  }
}
