package io.raybridge.extensions.awsproxy;

import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Extension;
import io.raybridge.sampling.SamplingHandler;
import io.raybridge.sampling.SamplingRelay;
import io.raybridge.sampling.SamplingService;
import io.raybridge.sampling.ServedRules;
import io.raybridge.transport.HttpServer;
import io.raybridge.transport.HttpServerConfig;
import io.raybridge.transport.HttpTimeouts;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers the two calls by which SDKs sample centrally, on a port of its own. */
final class AwsProxy implements Extension {
  private static final HttpTimeouts TIMEOUTS =
      new HttpTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(2), true);
  private static final HttpServerConfig SERVER =
      new HttpServerConfig(
          "tcp",
          Optional.empty(),
          Optional.empty(),
          1 << 20,
          Map.of(),
          List.of(),
          Duration.ofSeconds(30));

  private final AwsProxyConfig config;
  private final Context context;
  private @Nullable HttpServer server;
  private @Nullable SamplingRelay relay;
  private @Nullable ServedRules own;

  AwsProxy(AwsProxyConfig config, Context context) {
    this.config = config;
    this.context = context;
  }

  @Override
  public void start() throws IOException {
    var handler = new SamplingHandler(service());
    server = HttpServer.start(context, "proxy", config.endpoint(), SERVER, TIMEOUTS, handler);
  }

  private SamplingService service() throws IOException {
    if (config.rules().isLocal()) {
      var made = new ServedRules(config.rules(), context);
      made.start();
      own = made;
      return made;
    }
    var made = new SamplingRelay(config.session(), context);
    made.prepare();
    relay = made;
    return made;
  }

  int port() {
    return server == null ? 0 : server.port();
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    var running = server;
    server = null;
    if (running != null) running.stop(deadline);
    var asking = relay;
    relay = null;
    if (asking != null) asking.close();
    if (own != null) own.stop(deadline);
  }
}
