package io.raybridge.transport;

import io.raybridge.api.Absent;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.api.Secret;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The keys of a gRPC client, named as in the Go collector's configgrpc. */
@Absent(keys = "middlewares", notYet = "send credentials with headers, auth, or tls")
@Absent(
    keys = {"read_buffer_size", "write_buffer_size"},
    noEffect = "buffers grow and shrink with what a connection needs")
public record GrpcClientConfig(
    @Key(
            doc =
                "The server's host and port. A scheme http://, https:// or dns:/// may stand before"
                    + " it; whether TLS is spoken is tls.insecure's part, except that https:// always"
                    + " is.")
        String endpoint,
    @Key(doc = "How messages are packed: gzip, zstd or none.", def = "gzip")
        Compression compression,
    @Key(doc = "TLS is spoken unless insecure is true.") TlsClientConfig tls,
    @Key(doc = "Asks a silent server for signs of life. Without it, never.")
        Optional<Keepalive> keepalive,
    @Key(
            doc = "Wait for a connection, within the time-out, instead of failing at once.",
            def = "false")
        boolean waitForReady,
    @Key(doc = "Metadata to send with each request.") Map<String, Secret> headers,
    @Key(doc = "Who proves to the server who sends.") Optional<GrpcAuthConfig> auth,
    @Key(doc = "The User-Agent to send.") Optional<String> userAgent,
    @Key(
            doc =
                "How requests are spread over the addresses of a name: round_robin or"
                    + " pick_first.",
            def = "round_robin")
        Balancer balancerName,
    @Key(doc = "The :authority to send, where it is not the endpoint's.")
        Optional<String> authority) {

  /** The values of {@code balancer_name}. */
  public enum Balancer {
    ROUND_ROBIN,
    PICK_FIRST
  }

  /** The keys under {@code keepalive}. */
  public record Keepalive(
      @Key(doc = "Asks after so long without a sign of life; at least 10s.", def = "10s")
          Duration time,
      @Key(doc = "Gives the connection up when none comes within this.", def = "10s")
          Duration timeout,
      @Key(doc = "Also while nothing is being sent.", def = "false") boolean permitWithoutStream) {}

  public GrpcClientConfig {
    if (compression != Compression.NONE
        && compression != Compression.GZIP
        && compression != Compression.ZSTD) {
      throw new Invalid("compression", compression.encoding() + " (expected: gzip, zstd or none)");
    }
    if (endpoint.startsWith("unix:")) {
      throw new Invalid(
          "endpoint", endpoint + " (expected: host:port; unix sockets are not built in yet)");
    }
    address(endpoint);
  }

  /** Whether it speaks without TLS. */
  public boolean plaintext() {
    return tls.plaintext() && !endpoint.startsWith("https://");
  }

  /** Host and port without what may stand before them. */
  static Endpoint address(String endpoint) {
    String text = endpoint;
    for (String prefix : new String[] {"http://", "https://", "dns:///", "dns://"}) {
      if (text.startsWith(prefix)) {
        text = text.substring(prefix.length());
        break;
      }
    }
    Endpoint address =
        Endpoint.parse(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    if (address.host().isEmpty()) {
      throw new Invalid("endpoint", endpoint + " (expected: host:port)");
    }
    return address;
  }
}
