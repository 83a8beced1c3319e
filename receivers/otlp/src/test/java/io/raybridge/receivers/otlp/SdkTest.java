package io.raybridge.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.raybridge.data.Traces;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
