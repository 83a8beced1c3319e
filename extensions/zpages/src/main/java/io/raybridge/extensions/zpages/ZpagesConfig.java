package io.raybridge.extensions.zpages;

import io.raybridge.api.Absent;
import io.raybridge.api.Inline;
import io.raybridge.api.Key;
import io.raybridge.transport.Endpoint;
import io.raybridge.transport.HttpServerConfig;
import io.raybridge.transport.HttpTimeouts;
import java.time.Duration;

/** Keys under {@code extensions.zpages}. */
@Absent(keys = "expvar", noEffect = "there are no expvar pages outside of Go")
@Absent(keys = "include_metadata", noEffect = "nothing comes of a client's header fields here")
public record ZpagesConfig(
    @Key(
            doc =
                "The host and port to listen on. Whoever reaches it can read the ids of lost traces:"
                    + " leave it on this machine.",
            def = "localhost:55679")
        String endpoint,
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
    @Inline HttpServerConfig server) {

  public ZpagesConfig {
    Endpoint.parse(endpoint);
  }

  HttpTimeouts timeouts() {
    return new HttpTimeouts(readHeaderTimeout, writeTimeout, idleTimeout, keepAlivesEnabled);
  }
}
