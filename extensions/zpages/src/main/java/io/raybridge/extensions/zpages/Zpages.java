package io.raybridge.extensions.zpages;

import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Diagnostics;
import io.raybridge.api.Extension;
import io.raybridge.transport.HttpServer;
import io.raybridge.transport.Request;
import io.raybridge.transport.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Shows the collector's diagnostics on a port of its own. */
final class Zpages implements Extension, Diagnostics.Shown {
  private final ZpagesConfig config;
  private final Context context;
  private @Nullable HttpServer server;

  Zpages(ZpagesConfig config, Context context) {
    this.config = config;
    this.context = context;
  }

  @Override
  public void start() throws IOException {
    server =
        HttpServer.start(
            context, "http", config.endpoint(), config.server(), config.timeouts(), this::answer);
  }

  private Response answer(Request request) {
    if (!request.method().equals("GET")) return Response.text(405, "expected: GET");
    return context
        .host()
        .diagnostics()
        .page(request.path(), request::parameter)
        .map(page ->
            Response.of(200, page.contentType(), page.text().getBytes(StandardCharsets.UTF_8)))
        .orElseGet(() -> Response.text(404, "nothing is served here (expected: /drops)"));
  }

  int port() {
    return server == null ? 0 : server.port();
  }

  @Override
  public void stop(Deadline deadline) {
    var running = server;
    server = null;
    if (running != null) running.stop(deadline);
  }
}
