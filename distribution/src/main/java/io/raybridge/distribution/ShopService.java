package io.raybridge.distribution;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.AggregationTemporalitySelector;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * One service of the demo's shop, with an OpenTelemetry SDK of its own, as a process would have.
 */
final class ShopService implements AutoCloseable {
  private static final Duration SPANS_EVERY = Duration.ofMillis(500);
  private static final Duration METRICS_EVERY = Duration.ofSeconds(10);
  private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey("http.response.status_code");

  private final String name;
  private final SdkTracerProvider traces;
  private final SdkMeterProvider metrics;
  private final Tracer tracer;
  private final DoubleHistogram durations;

  ShopService(String name, String version, String endpoint) {
    this.name = name;
    Resource resource =
        Resource.getDefault()
            .merge(
                Resource.create(
                    Attributes.builder()
                        .put("service.name", name)
                        .put("service.version", version)
                        .put("deployment.environment.name", "demo")
                        .build()));
    var spans = OtlpGrpcSpanExporter.builder().setEndpoint(endpoint).build();
    traces =
        SdkTracerProvider.builder()
            .setResource(resource)
            .addSpanProcessor(
                BatchSpanProcessor.builder(spans).setScheduleDelay(SPANS_EVERY).build())
            .build();
    var points =
        OtlpGrpcMetricExporter.builder()
            .setEndpoint(endpoint)
            .setAggregationTemporalitySelector(AggregationTemporalitySelector.deltaPreferred())
            .build();
    metrics =
        SdkMeterProvider.builder()
            .setResource(resource)
            .registerMetricReader(
                PeriodicMetricReader.builder(points).setInterval(METRICS_EVERY).build())
            .build();
    tracer = traces.get("raybridge.demo");
    durations =
        metrics
            .get("raybridge.demo")
            .histogramBuilder("http.server.request.duration")
            .setUnit("s")
            .build();
  }

  String name() {
    return name;
  }

  /** Begins to answer a request; the caller's span is of another process. */
  Span serve(SpanContext caller, String method, String route, Instant at) {
    SpanContext remote =
        SpanContext.createFromRemoteParent(
            caller.getTraceId(),
            caller.getSpanId(),
            caller.getTraceFlags(),
            caller.getTraceState());
    return tracer
        .spanBuilder(method + " " + route)
        .setSpanKind(SpanKind.SERVER)
        .setParent(Context.root().with(Span.wrap(remote)))
        .setStartTimestamp(at)
        .setAttribute("http.request.method", method)
        .setAttribute("http.route", route)
        .setAttribute("url.scheme", "http")
        .setAttribute("server.address", name + ".shop.test")
        .startSpan();
  }

  /** Begins to call something on behalf of a request. */
  Span call(Span request, String what, SpanKind kind, Instant at) {
    return tracer
        .spanBuilder(what)
        .setSpanKind(kind)
        .setParent(Context.root().with(request))
        .setStartTimestamp(at)
        .startSpan();
  }

  /** Counts an answered request. */
  void served(String route, long status, Duration took) {
    durations.record(took.toNanos() / 1e9, Attributes.of(ROUTE, route, STATUS, status));
  }

  @Override
  public void close() {
    traces.shutdown().join(2, TimeUnit.SECONDS);
    metrics.shutdown().join(2, TimeUnit.SECONDS);
  }
}
