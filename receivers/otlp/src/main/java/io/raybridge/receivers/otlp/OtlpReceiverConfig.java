package io.raybridge.receivers.otlp;

import io.raybridge.api.Inline;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.transport.Endpoint;
import io.raybridge.transport.GrpcServerConfig;
import io.raybridge.transport.HttpServerConfig;
import io.raybridge.transport.HttpTimeouts;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Keys under {@code receivers.otlp}. */
public record OtlpReceiverConfig(
    @Key(doc = "What to listen for. A protocol that is not named is not served.")
        Protocols protocols) {

  /** Keys under {@code protocols}. */
  public record Protocols(
      @Key(doc = "OTLP over gRPC.") Optional<Grpc> grpc,
      @Key(doc = "OTLP over HTTP, in protobuf and JSON.") Optional<Http> http) {

    public Protocols {
      if (grpc.isEmpty() && http.isEmpty()) {
        throw new Invalid("", "names no protocol (expected: grpc, http or both)");
      }
    }
  }

  /** Keys under {@code protocols.grpc}. */
  public record Grpc(
      @Key(
              doc =
                  "The host and port to listen on; 0.0.0.0:4317 to be reached from other machines.",
              def = "localhost:4317")
          String endpoint,
      @Key(
              doc =
                  "Whether the client's header fields go along with its batches, for components that"
                      + " keep batches apart by them.",
              def = "false")
          boolean includeMetadata,
      @Inline GrpcServerConfig server) {

    public Grpc {
      Endpoint.parse(endpoint);
    }
  }

  /** Keys under {@code protocols.http}. */
  public record Http(
      @Key(
              doc =
                  "The host and port to listen on; 0.0.0.0:4318 to be reached from other machines.",
              def = "localhost:4318")
          String endpoint,
      @Key(doc = "The path that takes traces.", def = "/v1/traces") String tracesUrlPath,
      @Key(doc = "The path that takes metrics.", def = "/v1/metrics") String metricsUrlPath,
      @Key(doc = "The path that takes logs.", def = "/v1/logs") String logsUrlPath,
      @Key(doc = "How long a request's header may take. 0: as read_timeout.", def = "0s")
          Duration readHeaderTimeout,
      @Key(doc = "How long writing a response may take. 0: for ever.", def = "0s")
          Duration writeTimeout,
      @Key(
              doc = "How long a connection may wait for its next request. 0: as read_timeout.",
              def = "0s")
          Duration idleTimeout,
      @Key(doc = "Whether a connection may carry more than one request.", def = "true")
          boolean keepAlivesEnabled,
      @Key(
              doc =
                  "Whether the client's header fields go along with its batches, for components that"
                      + " keep batches apart by them.",
              def = "false")
          boolean includeMetadata,
      @Inline HttpServerConfig server) {

    public Http {
      Endpoint.parse(endpoint);
      tracesUrlPath = absolute(tracesUrlPath);
      metricsUrlPath = absolute(metricsUrlPath);
      logsUrlPath = absolute(logsUrlPath);
      if (tracesUrlPath.equals(metricsUrlPath)
          || Set.of(tracesUrlPath, metricsUrlPath).contains(logsUrlPath)) {
        throw new Invalid(
            "logs_url_path", "two signals have the same path (expected: three paths)");
      }
    }

    HttpTimeouts timeouts() {
      return new HttpTimeouts(readHeaderTimeout, writeTimeout, idleTimeout, keepAlivesEnabled);
    }

    private static String absolute(String path) {
      return path.startsWith("/") ? path : "/" + path;
    }
  }
}
