package io.raybridge.extensions.healthcheck;

import io.raybridge.api.Absent;
import io.raybridge.api.Inline;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.transport.Endpoint;
import io.raybridge.transport.HttpServerConfig;
import io.raybridge.transport.HttpTimeouts;
import java.time.Duration;
import java.util.Optional;

/** Keys under {@code extensions.health_check}. */
@Absent(
    keys = "check_collector_pipeline",
    noEffect = "as in Go; watch the exporters' metrics instead")
@Absent(
    keys = {"use_v2", "http", "grpc", "component_health"},
    notYet = "use endpoint and path; the second version of this extension is an experiment in Go")
@Absent(keys = "include_metadata", noEffect = "nothing comes of a client's header fields here")
public record HealthCheckConfig(
    @Key(
            doc =
                "The host and port to listen on; 0.0.0.0:13133 to be reached from other machines.",
            def = "localhost:13133")
        String endpoint,
    @Key(doc = "The path that is answered; with a slash at its end also those below it.", def = "/")
        String path,
    @Key(doc = "What to answer with instead of the JSON text.") Optional<ResponseBody> responseBody,
    @Key(doc = "How long a request's header may take. 0: as read_timeout.", def = "0s")
        Duration readHeaderTimeout,
    @Key(doc = "How long writing a response may take. 0: for ever.", def = "0s")
        Duration writeTimeout,
    @Key(
            doc = "How long a connection may wait for its next request. 0: as read_timeout.",
            def = "0s")
        Duration idleTimeout,
    @Key(doc = "Whether a connection may carry more than one request.", def = "false")
        boolean keepAlivesEnabled,
    @Inline HttpServerConfig server) {

  /** Keys under {@code response_body}. */
  public record ResponseBody(
      @Key(doc = "While the collector runs.", def = "") String healthy,
      @Key(doc = "While it starts or stops.", def = "") String unhealthy) {}

  public HealthCheckConfig {
    Endpoint.parse(endpoint);
    if (!path.startsWith("/")) {
      throw new Invalid("path", path + " (expected: a path that begins with /)");
    }
  }

  HttpTimeouts timeouts() {
    return new HttpTimeouts(readHeaderTimeout, writeTimeout, idleTimeout, keepAlivesEnabled);
  }
}
