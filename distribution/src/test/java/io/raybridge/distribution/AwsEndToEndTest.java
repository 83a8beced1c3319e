package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.raybridge.testkit.ScriptedAws;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** From an OpenTelemetry SDK to AWS, and to the local X-Ray and back out of it. */
@Timeout(180)
class AwsEndToEndTest {
  private static final Path ARTICLE = Path.of("../config-examples/article.yaml");

  @TempDir Path dir;

  @Test
  void configurationOfTheArticle_unchanged_reachesXrayAndCloudWatch() throws Exception {
    int grpc = CollectorProcess.freePort();
    int http = CollectorProcess.freePort();
    try (var aws = new ScriptedAws();
        var collector =
            CollectorProcess.launch(
                dir,
                Files.readString(ARTICLE),
                environment(aws),
                "--set",
                "receivers.otlp.protocols.grpc.endpoint=127.0.0.1:" + grpc,
                "--set",
                "receivers.otlp.protocols.http.endpoint=127.0.0.1:" + http,
                "--set",
                "service.telemetry.metrics.level=none")) {
      collector.await("\tready");

      String traceId =
          Sdk.sendTrace(
              OtlpGrpcSpanExporter.builder().setEndpoint("http://127.0.0.1:" + grpc).build());
      Sdk.sendMetric(
          OtlpHttpMetricExporter.builder()
              .setEndpoint("http://127.0.0.1:" + http + "/v1/metrics")
              .build());
      aws.awaitDocuments(2);
      assertThat(collector.terminate()).as(collector.toString()).isZero();

      assertThat(aws.documents())
          .allSatisfy(
              document -> assertThat(document).contains("\"trace_id\":\"" + Sdk.xrayId(traceId)));
      assertThat(aws.calls("PutTraceSegments"))
          .allSatisfy(
              call -> assertThat(call.credential()).contains("/us-east-1/xray/aws4_request"));
      // Nothing waits for the flush interval of a minute: what is there is flushed on stop.
      assertThat(aws.calls("PutMetricData"))
          .hasSize(1)
          .allSatisfy(
              call -> assertThat(call.credential()).contains("/us-east-1/monitoring/aws4_request"));
    }
  }

  @ParameterizedTest(name = "over {0}")
  @ValueSource(strings = {"grpc", "http"})
  void localDefault_tracesOfTheSdk_areReadBack(String protocol) throws Exception {
    int port = CollectorProcess.freePort();
    int xray = CollectorProcess.freePort();
    try (var collector = startLocal(protocol, port, xray)) {
      var api = new XrayApi(xray);

      String traceId = Sdk.xrayId(Sdk.sendTrace(spans(protocol, port)));
      Sdk.sendMetric(metrics(protocol, port));

      JsonNode summary = api.awaitSummary(traceId);
      assertThat(summary.at("/HasFault").asBoolean()).isTrue();
      assertThat(summary.at("/Http/HttpStatus").asInt()).isEqualTo(500);
      assertThat(summary.at("/Http/HttpURL").asString()).isEqualTo("http://shop.example/orders/7");
      assertThat(summary.at("/EntryPoint/Name").asString()).isEqualTo("shop");
      JsonNode trace = api.trace(traceId);
      assertThat(trace.path("Segments")).hasSize(1);
      assertThat(trace.at("/Segments/0/Document").asString())
          .contains("\"sanitized_query\":\"SELECT * FROM orders\"")
          .contains("connection lost");
      assertThat(collector.terminate()).as(collector.toString()).isZero();
    }
  }

  @Test
  void localDefault_afterARestart_stillHasItsTraces() throws Exception {
    int port = CollectorProcess.freePort();
    int xray = CollectorProcess.freePort();
    String traceId;
    try (var collector = startLocal("grpc", port, xray)) {
      traceId = Sdk.xrayId(Sdk.sendTrace(spans("grpc", port)));
      new XrayApi(xray).awaitSummary(traceId);
      assertThat(collector.terminate()).as(collector.toString()).isZero();
    }

    try (var _ = startLocal("grpc", port, xray)) {
      assertThat(new XrayApi(xray).trace(traceId).at("/Id").asString()).isEqualTo(traceId);
    }
  }

  private CollectorProcess startLocal(String protocol, int port, int xray) throws Exception {
    String other = protocol.equals("grpc") ? "http" : "grpc";
    var collector =
        CollectorProcess.launch(
            dir,
            Files.readString(Path.of("src/main/resources/io/raybridge/distribution/default.yaml")),
            "--set",
            "receivers.otlp.protocols." + protocol + ".endpoint=127.0.0.1:" + port,
            "--set",
            "receivers.otlp.protocols."
                + other
                + ".endpoint=127.0.0.1:"
                + CollectorProcess.freePort(),
            "--set",
            "extensions.local_xray.endpoint=127.0.0.1:" + xray,
            "--set",
            "exporters.awsxray.endpoint=http://127.0.0.1:" + xray,
            "--set",
            "exporters.awscloudwatchmetrics.endpoint=http://127.0.0.1:" + xray,
            "--set",
            "service.telemetry.metrics.level=none");
    collector.await("\tready");
    return collector;
  }

  private static Map<String, String> environment(ScriptedAws aws) {
    return Map.of(
        "AWS_ENDPOINT_URL_XRAY",
        aws.url().toString(),
        "AWS_ENDPOINT_URL_CLOUDWATCH",
        aws.url().toString(),
        "AWS_ACCESS_KEY_ID",
        "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY",
        "secret");
  }

  private static SpanExporter spans(String protocol, int port) {
    String to = "http://127.0.0.1:" + port;
    return protocol.equals("grpc")
        ? OtlpGrpcSpanExporter.builder().setEndpoint(to).build()
        : OtlpHttpSpanExporter.builder().setEndpoint(to + "/v1/traces").build();
  }

  private static MetricExporter metrics(String protocol, int port) {
    String to = "http://127.0.0.1:" + port;
    return protocol.equals("grpc")
        ? OtlpGrpcMetricExporter.builder().setEndpoint(to).build()
        : OtlpHttpMetricExporter.builder().setEndpoint(to + "/v1/metrics").build();
  }
}
