package io.raybridge.engine;

import io.opentelemetry.api.metrics.Meter;
import io.raybridge.api.Clock;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Kind;
import io.raybridge.config.TelemetryConfig;
import io.raybridge.config.TelemetryConfig.Prometheus;
import io.raybridge.transport.HttpServer;
import io.raybridge.transport.HttpServerConfig;
import io.raybridge.transport.HttpTimeouts;
import io.raybridge.transport.Request;
import io.raybridge.transport.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Serves the collector's own metrics to Prometheus, where {@code service.telemetry} says. */
final class OwnMetricsServer implements AutoCloseable {
  private final List<HttpServer> servers = new ArrayList<>();
  private final OwnMetricsReader reader;
  private final Clock clock;

  private OwnMetricsServer(OwnMetricsReader reader, Clock clock) {
    this.reader = reader;
    this.clock = clock;
  }

  /** Opens all listeners; none when the level is none. */
  static OwnMetricsServer start(TelemetryConfig config, System.Logger log, Clock clock)
      throws StartException {
    var server = new OwnMetricsServer(new OwnMetricsReader(resource(config)), clock);
    for (var listener : config.metrics().prometheus()) {
      try {
        server.listen(listener, log);
      } catch (IOException e) {
        server.close();
        throw new StartException(
            "cannot serve own metrics (service.telemetry.metrics): " + e.getMessage(), e);
      }
    }
    return server;
  }

  /** Where instruments are made. */
  Meter meter() {
    return reader.meter();
  }

  /** The ports listened on, in the order of the configuration. */
  List<Integer> ports() {
    return servers.stream().map(HttpServer::port).toList();
  }

  @Override
  public void close() {
    var deadline = Deadline.in(Duration.ofMillis(200), clock);
    for (var server : servers) server.stop(deadline);
    servers.clear();
    reader.close();
  }

  private void listen(Prometheus listener, System.Logger log) throws IOException {
    var style =
        new PrometheusText.Style(
            !listener.withoutUnits(), !listener.withoutTypeSuffix(), !listener.withoutScopeInfo());
    var host = listener.host().indexOf(':') < 0 ? listener.host() : "[" + listener.host() + "]";
    servers.add(
        HttpServer.start(
            context(log),
            "metrics",
            host + ":" + listener.port(),
            HttpServerConfig.DEFAULT,
            HttpTimeouts.DEFAULT,
            request -> answer(request, style)));
  }

  private Response answer(Request request, PrometheusText.Style style) {
    if (!request.path().equals("/metrics")) return Response.text(404, "try /metrics");
    var text = reader.text(style);
    return Response.of(200, PrometheusText.TYPE, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The listener is no component, and yet its server wants to know for whom it listens. */
  private Context context(System.Logger log) {
    var id = new ComponentId(Kind.EXTENSION, "service.telemetry", "");
    var metrics = new OwnMetrics(reader.meter());
    return new Context(
        id,
        log,
        clock,
        metrics.with(),
        new LossLedger(metrics, _ -> log, clock).of(id),
        Extensions.none(id),
        Path.of(""));
  }

  private static Map<String, String> resource(TelemetryConfig config) {
    var version = OwnMetricsServer.class.getPackage().getImplementationVersion();
    Map<String, String> resource = new LinkedHashMap<>();
    resource.put("service.name", "raybridge");
    resource.put("service.version", version == null ? "development" : version);
    resource.put("service.instance.id", UUID.randomUUID().toString());
    resource.putAll(config.resourceAttributes());
    resource.values().removeIf(String::isEmpty);
    return resource;
  }
}
