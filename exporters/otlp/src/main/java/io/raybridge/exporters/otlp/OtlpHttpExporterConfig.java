package io.raybridge.exporters.otlp;

import io.raybridge.api.Absent;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.api.Secret;
import io.raybridge.data.Signal;
import io.raybridge.delivery.DeadLetterConfig;
import io.raybridge.delivery.RetryConfig;
import io.raybridge.delivery.SendingQueueConfig;
import io.raybridge.transport.AuthConfig;
import io.raybridge.transport.Compression;
import io.raybridge.transport.TlsClientConfig;
import io.raybridge.transport.client.Origin;
import io.raybridge.transport.client.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Keys under {@code exporters.otlphttp}. */
@Absent(keys = "middlewares", notYet = "send credentials with headers, auth, or tls")
@Absent(
    keys = {"cookies", "disable_keep_alives"},
    notYet = "connections are kept and cookies are not")
@Absent(keys = "profiles_endpoint", notYet = "profiles are not a signal here")
@Absent(
    keys = {"read_buffer_size", "write_buffer_size"},
    noEffect = "buffers grow and shrink with what a connection needs")
@Absent(
    keys = {"http2_read_idle_timeout", "http2_ping_timeout", "force_attempt_http2"},
    noEffect = "requests go over HTTP/1.1")
@Absent(
    keys = {"max_idle_conns", "max_idle_conns_per_host"},
    noEffect = "idle connections are bounded by max_conns_per_host and idle_conn_timeout")
public record OtlpHttpExporterConfig(
    @Key(doc = "The server's base URL; /v1/traces, /v1/metrics and /v1/logs are added to it.")
        Optional<String> endpoint,
    @Key(doc = "The whole URL for traces, instead.") Optional<String> tracesEndpoint,
    @Key(doc = "The whole URL for metrics, instead.") Optional<String> metricsEndpoint,
    @Key(doc = "The whole URL for logs, instead.") Optional<String> logsEndpoint,
    @Key(doc = "How data is written: proto or json.", def = "proto") Encoding encoding,
    @Key(
            doc = "How requests are packed: gzip, zstd, zlib, deflate, x-snappy-framed or none.",
            def = "gzip")
        Compression compression,
    @Key(doc = "How hard to pack.") CompressionParams compressionParams,
    @Key(doc = "Header fields to send with each request.") Map<String, Secret> headers,
    @Key(doc = "Who proves to the server who sends.") Optional<AuthConfig> auth,
    @Key(doc = "How long one attempt may take.", def = "30s") Duration timeout,
    @Key(doc = "TLS where the URL says https.") TlsClientConfig tls,
    @Key(
            doc =
                "The proxy to go through, as http://user:password@host:port. Without it, the"
                    + " environment's HTTP_PROXY, HTTPS_PROXY and NO_PROXY are heeded.")
        Optional<Secret> proxyUrl,
    @Key(doc = "The most connections to one server. 0: 256.", def = "0", min = 0, max = 10000)
        int maxConnsPerHost,
    @Key(doc = "How long a connection is kept for the next request.", def = "1m30s")
        Duration idleConnTimeout,
    @Key(doc = "Where batches wait until they are sent.") SendingQueueConfig sendingQueue,
    @Key(doc = "What happens to requests that fail.") RetryConfig retryOnFailure,
    @Key(doc = "Where what is given up is kept. Not a key of the Go Collector.")
        DeadLetterConfig deadLetters) {

  /** The values of {@code encoding}. */
  public enum Encoding {
    PROTO,
    JSON
  }

  /** The keys under {@code compression_params}. */
  public record CompressionParams(
      @Key(
              doc =
                  "From 1, fast, to 9, small, for gzip, zlib and deflate; -1 for their own default."
                      + " No other compression has levels here.",
              def = "-1",
              min = -1,
              max = 9)
          int level) {}

  public OtlpHttpExporterConfig {
    if (endpoint.isEmpty()
        && tracesEndpoint.isEmpty()
        && metricsEndpoint.isEmpty()
        && logsEndpoint.isEmpty()) {
      throw new Invalid(
          "endpoint", "is missing (expected: a URL such as https://collector.example.com:4318)");
    }
    url("endpoint", endpoint);
    url("traces_endpoint", tracesEndpoint);
    url("metrics_endpoint", metricsEndpoint);
    url("logs_endpoint", logsEndpoint);
    if (!timeout.isPositive()) {
      throw new Invalid("timeout", timeout, "more than 0");
    }
    if (!idleConnTimeout.isPositive()) {
      throw new Invalid("idle_conn_timeout", idleConnTimeout, "more than 0");
    }
    proxyUrl.ifPresent(OtlpHttpExporterConfig::proxy);
  }

  /** Where a signal goes; empty when only other signals have a URL. */
  Optional<URI> url(Signal signal) {
    Optional<String> whole =
        switch (signal) {
          case TRACES -> tracesEndpoint;
          case METRICS -> metricsEndpoint;
          case LOGS -> logsEndpoint;
        };
    return whole
        .or(() ->
            endpoint.map(base -> base + (base.endsWith("/") ? "" : "/") + "v1/" + signal.key()))
        .map(URI::create);
  }

  static Proxy proxy(Secret url) {
    try {
      return Proxy.of(url.reveal());
    } catch (IllegalArgumentException e) {
      throw new Invalid("proxy_url", String.valueOf(e.getMessage()));
    }
  }

  private static void url(String key, Optional<String> text) {
    if (text.isEmpty()) {
      return;
    }
    try {
      Origin.of(URI.create(text.get()));
    } catch (IllegalArgumentException e) {
      throw new Invalid(key, String.valueOf(e.getMessage()));
    }
  }
}
