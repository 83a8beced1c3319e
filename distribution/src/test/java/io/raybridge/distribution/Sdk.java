package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.concurrent.TimeUnit;

/**
 * The OpenTelemetry Java SDK as programs use it. Each call returns once the collector has
 * acknowledged.
 */
final class Sdk {
  private static final Resource RESOURCE =
      Resource.getDefault().merge(Resource.builder().put("service.name", "shop").build());

  private Sdk() {}

  /**
   * A failed request with a failed query below it. Gives the trace id as OpenTelemetry writes it.
   */
  static String sendTrace(SpanExporter exporter) {
    try (var provider =
        SdkTracerProvider.builder()
            .setResource(RESOURCE)
            .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
            .build()) {
      var tracer = provider.get("shop");
      var server =
          tracer
              .spanBuilder("GET /orders/{id}")
              .setSpanKind(SpanKind.SERVER)
              .setAttribute("http.request.method", "GET")
              .setAttribute("url.scheme", "http")
              .setAttribute("server.address", "shop.example")
              .setAttribute("url.path", "/orders/7")
              .setAttribute("http.response.status_code", 500L)
              .startSpan();
      var query =
          tracer
              .spanBuilder("SELECT orders")
              .setSpanKind(SpanKind.CLIENT)
              .setParent(Context.root().with(server))
              .setAttribute("db.system.name", "postgresql")
              .setAttribute("db.query.text", "SELECT * FROM orders")
              .setAttribute("server.address", "db.example")
              .startSpan();
      query.recordException(new IllegalStateException("connection lost"));
      query.setStatus(StatusCode.ERROR).end();
      server.setStatus(StatusCode.ERROR).end();
      assertThat(provider.forceFlush().join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
      return server.getSpanContext().getTraceId();
    }
  }

  /** X-Ray's spelling of a trace id. */
  static String xrayId(String traceId) {
    return "1-" + traceId.substring(0, 8) + "-" + traceId.substring(8);
  }

  static void sendSpan(SpanExporter exporter) {
    try (var provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
            .build()) {
      provider.get("shop").spanBuilder("checkout").startSpan().end();
      assertThat(provider.forceFlush().join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
    }
  }

  static void sendMetric(MetricExporter exporter) {
    try (var provider =
        SdkMeterProvider.builder()
            .setResource(RESOURCE)
            .registerMetricReader(PeriodicMetricReader.builder(exporter).build())
            .build()) {
      provider.get("shop").counterBuilder("orders").build().add(1, Attributes.empty());
      assertThat(provider.forceFlush().join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
    }
  }

  static void sendLog(LogRecordExporter exporter) {
    try (var provider =
        SdkLoggerProvider.builder()
            .addLogRecordProcessor(BatchLogRecordProcessor.builder(exporter).build())
            .build()) {
      provider.get("shop").logRecordBuilder().setBody("order placed").emit();
      assertThat(provider.forceFlush().join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
    }
  }
}
