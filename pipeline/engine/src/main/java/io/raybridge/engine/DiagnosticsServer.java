package io.raybridge.engine;

import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Diagnostics;
import io.raybridge.transport.HttpServer;
import io.raybridge.transport.HttpServerConfig;
import io.raybridge.transport.HttpTimeouts;
import io.raybridge.transport.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Serves the {@link Diagnostics} pages where nobody has configured it. Nobody has asked for it
 * either, so a port that is taken is worth a line in the log and no more.
 */
final class DiagnosticsServer implements AutoCloseable {
  /** Where the Go collector's zpages extension listens. */
  static final String ENDPOINT = "localhost:55679";

  private final Context context;
  private final @Nullable HttpServer server;

  private DiagnosticsServer(Context context, @Nullable HttpServer server) {
    this.context = context;
    this.server = server;
  }

  static DiagnosticsServer none(Context context) {
    return new DiagnosticsServer(context, null);
  }

  static DiagnosticsServer start(Context context, String endpoint, Diagnostics pages) {
    try {
      var server =
          HttpServer.start(
              context,
              "http",
              endpoint,
              HttpServerConfig.DEFAULT,
              HttpTimeouts.DEFAULT,
              request ->
                  pages
                      .page(request.path(), request::parameter)
                      .map(page -> Response.of(200, page.contentType(), bytes(page.text())))
                      .orElseGet(() -> Response.text(404, "try /drops")));
      return new DiagnosticsServer(context, server);
    } catch (IOException e) {
      context.log().log(
          System.Logger.Level.WARNING,
          "GET /drops is not served: " + e.getMessage() + " (extension zpages moves it)");
      return none(context);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The port listened on, or 0. */
  int port() {
    return server == null ? 0 : server.port();
  }

  @Override
  public void close() {
    if (server != null) server.stop(Deadline.in(Duration.ofMillis(200), context.clock()));
  }
}
