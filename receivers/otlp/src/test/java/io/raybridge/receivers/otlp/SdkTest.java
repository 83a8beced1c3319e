package io.raybridge.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.raybridge.data.Traces;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The OpenTelemetry Java SDK as the client. */
class SdkTest {
  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip"})
  void spansOverGrpc_arrive(String compression) throws Exception {
    try (var receiving = Receiving.with(Receiving.BOTH)) {
      send(
          OtlpGrpcSpanExporter.builder()
              .setEndpoint("http://localhost:" + receiving.receiver.grpcPort())
              .setCompression(compression)
              .build());

      assertThat(names(receiving.traces.batches())).containsExactly("first", "second");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip"})
  void spansOverHttp_arrive(String compression) throws Exception {
    try (var receiving = Receiving.with(Receiving.BOTH)) {
      send(
          OtlpHttpSpanExporter.builder()
              .setEndpoint(receiving.http("/v1/traces").toString())
              .setCompression(compression)
              .build());

      assertThat(names(receiving.traces.batches())).containsExactly("first", "second");
    }
  }

  @Test
  void metricsAndLogsOverGrpc_arrive() throws Exception {
    try (var receiving = Receiving.with(Receiving.BOTH)) {
      String endpoint = "http://localhost:" + receiving.receiver.grpcPort();
      send(
          OtlpGrpcMetricExporter.builder().setEndpoint(endpoint).build(),
          OtlpGrpcLogRecordExporter.builder().setEndpoint(endpoint).build());

      assertThat(receiving.metrics.items()).isPositive();
      assertThat(receiving.logs.items()).isEqualTo(1);
    }
  }

  @Test
  void metricsAndLogsOverHttp_arrive() throws Exception {
    try (var receiving = Receiving.with(Receiving.BOTH)) {
      send(
          OtlpHttpMetricExporter.builder()
              .setEndpoint(receiving.http("/v1/metrics").toString())
              .build(),
          OtlpHttpLogRecordExporter.builder()
              .setEndpoint(receiving.http("/v1/logs").toString())
              .build());

      assertThat(receiving.metrics.items()).isPositive();
      assertThat(receiving.logs.items()).isEqualTo(1);
    }
  }

  private static void send(MetricExporter metrics, LogRecordExporter logs) {
    try (var meters =
            SdkMeterProvider.builder()
                .registerMetricReader(PeriodicMetricReader.create(metrics))
                .build();
        var loggers =
            SdkLoggerProvider.builder()
                .addLogRecordProcessor(SimpleLogRecordProcessor.create(logs))
                .build()) {
      meters.get("test").counterBuilder("orders").build().add(1);
      loggers.get("test").logRecordBuilder().setBody("hello").emit();
      assertThat(meters.forceFlush().join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
      assertThat(loggers.forceFlush().join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
    }
  }

  private static void send(SpanExporter exporter) {
    try (var provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
            .build()) {
      var tracer = provider.get("test");
      tracer.spanBuilder("first").startSpan().end();
      tracer.spanBuilder("second").startSpan().end();
      assertThat(provider.forceFlush().join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
    }
  }

  private static List<String> names(List<Traces> batches) {
    var names = new ArrayList<String>();
    for (Traces batch : batches) {
      batch.forEachSpan(span -> names.add(span.name()));
    }
    return names;
  }
}
