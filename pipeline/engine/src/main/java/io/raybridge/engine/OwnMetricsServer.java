package io.raybridge.engine;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.exporter.prometheus.PrometheusHttpServer;
import io.opentelemetry.exporter.prometheus.TranslationStrategy;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.resources.Resource;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * Serves the collector's own metrics to Prometheus. Names go out as they are written, without unit
 * and {@code _total}, and without scope labels: the Go collector's default.
 */
final class OwnMetricsServer implements AutoCloseable {
  private final SdkMeterProvider provider;

  private OwnMetricsServer(SdkMeterProvider provider) {
    this.provider = provider;
  }

  /**
   * Where Prometheus may come.
   *
   * @param suffixes whether names end in unit and {@code _total}
   * @param scopes whether series carry the scope's name and version
   */
  record Endpoint(String host, int port, boolean suffixes, boolean scopes) {}

  /** Listens on all endpoints. */
  static OwnMetricsServer start(List<Endpoint> endpoints, Map<String, String> resource)
      throws StartException {
    var builder = SdkMeterProvider.builder().setResource(Resource.create(attributes(resource)));
    for (var endpoint : endpoints) builder.registerMetricReader(listen(endpoint));
    return new OwnMetricsServer(builder.build());
  }

  /** Where instruments are made. */
  Meter meter() {
    return provider.get("io.raybridge");
  }

  @Override
  public void close() {
    provider.close();
  }

  private static PrometheusHttpServer listen(Endpoint endpoint) throws StartException {
    try {
      return PrometheusHttpServer.builder()
          .setHost(endpoint.host())
          .setPort(endpoint.port())
          .setTranslationStrategy(
              endpoint.suffixes()
                  ? TranslationStrategy.UNDERSCORE_ESCAPING_WITH_SUFFIXES
                  : TranslationStrategy.UNDERSCORE_ESCAPING_WITHOUT_SUFFIXES)
          .setOtelScopeLabelsEnabled(endpoint.scopes())
          .build();
    } catch (UncheckedIOException e) {
      throw new StartException(
          "cannot serve own metrics (service.telemetry.metrics) on %s:%d: %s"
              .formatted(endpoint.host(), endpoint.port(), cause(e)),
          e);
    }
  }

  private static String cause(UncheckedIOException e) {
    Throwable cause = e;
    while (cause.getCause() != null) cause = cause.getCause();
    var message = cause.getMessage();
    return message == null ? cause.toString() : message;
  }

  private static Attributes attributes(Map<String, String> resource) {
    var builder = Attributes.builder();
    resource.forEach((key, value) -> builder.put(AttributeKey.stringKey(key), value));
    return builder.build();
  }
}
