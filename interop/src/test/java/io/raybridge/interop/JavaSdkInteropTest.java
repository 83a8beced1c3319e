package io.raybridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.xray.XRayClient;
import software.amazon.awssdk.services.xray.model.Trace;
import software.amazon.awssdk.services.xray.model.TraceSummary;

/** The OpenTelemetry Java SDK sends, the AWS SDK for Java reads back from the local X-Ray. */
@Timeout(300)
class JavaSdkInteropTest {
  private static final Resource RESOURCE =
      Resource.getDefault().merge(Resource.builder().put("service.name", "java-shop").build());

  @TempDir static Path directory;
  private static Raybridge raybridge;

  @BeforeAll
  static void start() throws Exception {
    raybridge = new Raybridge(directory);
  }

  @AfterAll
  static void stop() {
    raybridge.close();
  }

  @ParameterizedTest(name = "over {0}")
  @ValueSource(strings = {"grpc", "http"})
  void javaSdk_sendsTraceAndMetric_xrayClientReadsThemBack(String protocol) {
    Instant from = Instant.now().minusSeconds(60);
    boolean grpc = protocol.equals("grpc");

    sendMetric(
        grpc
            ? OtlpGrpcMetricExporter.builder().setEndpoint(url(raybridge.grpcPort, "")).build()
            : OtlpHttpMetricExporter.builder()
                .setEndpoint(url(raybridge.httpPort, "/v1/metrics"))
                .build());
    String traceId =
        sendTrace(
            grpc
                ? OtlpGrpcSpanExporter.builder().setEndpoint(url(raybridge.grpcPort, "")).build()
                : OtlpHttpSpanExporter.builder()
                    .setEndpoint(url(raybridge.httpPort, "/v1/traces"))
                    .build());

    try (XRayClient client = client()) {
      TraceSummary summary = awaitSummary(client, from, traceId);
      assertThat(summary.hasThrottle()).isTrue();
      assertThat(summary.http().httpStatus()).isEqualTo(429);
      assertThat(summary.entryPoint().name()).isEqualTo("java-shop");
      Trace trace = client.batchGetTraces(request -> request.traceIds(traceId)).traces().getFirst();
      assertThat(trace.segments()).hasSize(1);
      assertThat(trace.segments().getFirst().document())
          .contains("\"table_name\":\"Orders\"")
          .contains("\"operation\":\"GetItem\"");
    }
  }

  private static String sendTrace(SpanExporter exporter) {
    try (var provider =
        SdkTracerProvider.builder()
            .setResource(RESOURCE)
            .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
            .build()) {
      var tracer = provider.get("interop");
      var server =
          tracer
              .spanBuilder("GET /orders")
              .setSpanKind(SpanKind.SERVER)
              .setAttribute("http.request.method", "GET")
              .setAttribute("url.full", "http://shop.example/orders")
              .setAttribute("http.response.status_code", 429L)
              .startSpan();
      tracer
          .spanBuilder("DynamoDB.GetItem")
          .setSpanKind(SpanKind.CLIENT)
          .setParent(Context.root().with(server))
          .setAttribute("rpc.system", "aws-api")
          .setAttribute("rpc.service", "DynamoDB")
          .setAttribute("rpc.method", "GetItem")
          .setAttribute("aws.table.name", "Orders")
          .startSpan()
          .end();
      server.setStatus(StatusCode.ERROR).end();
      assertThat(provider.forceFlush().join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
      String id = server.getSpanContext().getTraceId();
      return "1-" + id.substring(0, 8) + "-" + id.substring(8);
    }
  }

  private static void sendMetric(MetricExporter exporter) {
    try (var provider =
        SdkMeterProvider.builder()
            .setResource(RESOURCE)
            .registerMetricReader(PeriodicMetricReader.builder(exporter).build())
            .build()) {
      provider.get("interop").counterBuilder("orders").build().add(1, Attributes.empty());
      assertThat(provider.forceFlush().join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
    }
  }

  private static String url(int port, String path) {
    return "http://127.0.0.1:" + port + path;
  }

  private static XRayClient client() {
    return XRayClient.builder()
        .endpointOverride(URI.create(url(raybridge.xrayPort, "")))
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  /**
   * The trace's summary, as soon as the exporter's queue has delivered it; the class's time-out
   * ends it.
   */
  private static TraceSummary awaitSummary(XRayClient client, Instant from, String traceId) {
    while (true) {
      var page =
          client.getTraceSummaries(
              request -> request.startTime(from).endTime(Instant.now().plusSeconds(60)));
      for (TraceSummary summary : page.traceSummaries()) {
        if (summary.id().equals(traceId)) return summary;
      }
    }
  }
}
