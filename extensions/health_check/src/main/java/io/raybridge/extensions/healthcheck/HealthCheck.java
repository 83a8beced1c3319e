package io.raybridge.extensions.healthcheck;

import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Extension;
import io.raybridge.extensions.healthcheck.HealthCheckConfig.ResponseBody;
import io.raybridge.transport.HttpServer;
import io.raybridge.transport.Request;
import io.raybridge.transport.Response;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Answers probes: 200 while all pipelines run, 503 before and after. */
final class HealthCheck implements Extension {
  private static final String NEVER = "0001-01-01T00:00:00Z"; // Go's zero time

  private final HealthCheckConfig config;
  private final Context context;
  private volatile @Nullable Instant upSince;
  private @Nullable HttpServer server;

  HealthCheck(HealthCheckConfig config, Context context) {
    this.config = config;
    this.context = context;
  }

  @Override
  public void start() throws IOException {
    server =
        HttpServer.start(
            context, "http", config.endpoint(), config.server(), config.timeouts(), this::answer);
  }

  @Override
  public void ready() {
    upSince = context.clock().now();
  }

  @Override
  public void notReady() {
    upSince = null;
  }

  @Override
  public void stop(Deadline deadline) {
    HttpServer running = server;
    server = null;
    if (running != null) {
      running.stop(deadline);
    }
  }

  int port() {
    return server == null ? 0 : server.port();
  }

  private Response answer(Request request) {
    if (!serves(request.path())) {
      return Response.text(404, "nothing is served here (expected: " + config.path() + ")");
    }
    Instant since = upSince;
    int status = since == null ? 503 : 200;
    return config
        .responseBody()
        .map(body -> Response.text(status, words(body, since)))
        .orElseGet(() -> Response.json(status, json(since)));
  }

  private boolean serves(String path) {
    return path.equals(config.path())
        || (config.path().endsWith("/") && path.startsWith(config.path()));
  }

  private static String words(ResponseBody body, @Nullable Instant since) {
    return since == null ? body.unhealthy() : body.healthy();
  }

  private String json(@Nullable Instant since) {
    if (since == null) {
      return "{\"status\":\"Server not available\",\"upSince\":\"" + NEVER + "\",\"uptime\":\"\"}";
    }
    return "{\"status\":\"Server available\",\"upSince\":\""
        + DateTimeFormatter.ISO_INSTANT.format(since)
        + "\",\"uptime\":\""
        + goDuration(Duration.between(since, context.clock().now()))
        + "\"}";
  }

  /** Go's spelling of a duration: 1h2m3.5s, 1.5ms. */
  static String goDuration(Duration duration) {
    long nanos = duration.toNanos();
    if (nanos != 0 && nanos < 1_000) {
      return nanos + "ns";
    }
    if (nanos != 0 && nanos < 1_000_000) {
      return decimal(nanos, 3) + "µs";
    }
    if (nanos != 0 && nanos < 1_000_000_000) {
      return decimal(nanos, 6) + "ms";
    }
    String hours = duration.toHours() == 0 ? "" : duration.toHours() + "h";
    String minutes = duration.toMinutes() == 0 ? "" : duration.toMinutesPart() + "m";
    return hours + minutes + decimal(nanos % 60_000_000_000L, 9) + "s";
  }

  private static String decimal(long value, int places) {
    return BigDecimal.valueOf(value, places).stripTrailingZeros().toPlainString();
  }
}
