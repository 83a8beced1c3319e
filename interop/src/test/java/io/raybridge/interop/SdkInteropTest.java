package io.raybridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Published SDKs send, the AWS CLI reads back what they sent from the local X-Ray. */
@Timeout(300)
class SdkInteropTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  @TempDir static Path directory;
  private static Raybridge raybridge;

  @BeforeAll
  static void start() throws Exception {
    raybridge = new Raybridge(directory);
  }

  @AfterAll
  static void stop_afterAllTraffic_exitsWithZero() throws Exception {
    try (var _ = raybridge) {
      assertThat(raybridge.stop()).as(raybridge.log()).isZero();
    }
  }

  @ParameterizedTest(name = "OpenTelemetry Python over {0}")
  @ValueSource(strings = {"grpc", "http/protobuf"})
  void pythonSdk_sendsTraceAndMetric_awsCliReadsThemBack(String protocol) throws Exception {
    String service = "python-" + protocol.replace('/', '-');

    String traceId =
        Program.run(
            "target/python/bin/python", "python/send.py", protocol, endpoint(protocol), service);

    JsonNode summary = awaitSummary(traceId.strip());
    assertThat(summary.at("/Http/HttpStatus").asInt()).isEqualTo(404);
    assertThat(summary.at("/Http/HttpMethod").asString()).isEqualTo("POST");
    assertThat(summary.at("/HasError").asBoolean()).isTrue();
    assertThat(summary.at("/HasFault").asBoolean()).isFalse();
    assertThat(summary.at("/EntryPoint/Name").asString()).isEqualTo(service);
    JsonNode sql = subsegment(segments(traceId.strip()), "sql");
    assertThat(sql.at("/sql/sanitized_query").asString()).isEqualTo("SELECT ?");
    assertThat(sql.at("/namespace").asString()).isEqualTo("remote");
  }

  @ParameterizedTest(name = "OpenTelemetry Node over {0}")
  @ValueSource(strings = {"grpc", "http/protobuf", "http/json"})
  void nodeSdk_sendsTraceAndMetric_awsCliReadsThemBack(String protocol) throws Exception {
    String service = "node-" + protocol.replace('/', '-');

    String traceId = Program.run("node", "node/send.mjs", protocol, endpoint(protocol), service);

    JsonNode summary = awaitSummary(traceId.strip());
    assertThat(summary.at("/Http/HttpStatus").asInt()).isEqualTo(500);
    assertThat(summary.at("/Http/HttpURL").asString()).isEqualTo("http://shop.example/orders");
    assertThat(summary.at("/HasFault").asBoolean()).isTrue();
    JsonNode failed = subsegment(segments(traceId.strip()), "cause");
    assertThat(failed.at("/cause/exceptions/0/message").asString()).isEqualTo("no stock left");
  }

  @ParameterizedTest(name = "telemetrygen {0}")
  @ValueSource(strings = {"traces", "metrics", "logs"})
  void telemetrygen_sends_everyItemIsCountedAsAccepted(String signal) throws Exception {
    long before = accepted(signal);

    Program.run(
        "target/go/telemetrygen-v0.161.0",
        signal,
        "--otlp-endpoint=127.0.0.1:" + raybridge.grpcPort,
        "--otlp-insecure",
        "--rate=0",
        "--workers=2",
        "--" + signal + "=50");

    // 2 workers send 50 each; a trace of telemetrygen is a parent and one child.
    assertThat(accepted(signal) - before).isEqualTo(signal.equals("traces") ? 200 : 100);
  }

  @Test
  void awsCli_asksForAnOperationNotBuiltIn_isToldSo() throws Exception {
    var process = new ProcessBuilder(aws("get-groups")).redirectErrorStream(true);
    process.environment().put("AWS_ACCESS_KEY_ID", "interop");
    process.environment().put("AWS_SECRET_ACCESS_KEY", "interop");

    String output =
        new String(
            process.start().getInputStream().readAllBytes(),
            java.nio.charset.StandardCharsets.UTF_8);

    assertThat(output).contains("not built in yet").contains("GetGroups");
  }

  private static String endpoint(String protocol) {
    return "http://127.0.0.1:"
        + (protocol.equals("grpc") ? raybridge.grpcPort : raybridge.httpPort);
  }

  /** The trace's summary, as soon as the exporter has delivered it. */
  private static JsonNode awaitSummary(String otelTraceId) throws Exception {
    String traceId = xrayId(otelTraceId);
    while (true) {
      long now = Instant.now().getEpochSecond();
      JsonNode answer =
          JSON.readTree(
              Program.run(
                  aws(
                      "get-trace-summaries",
                      "--start-time",
                      "" + (now - 600),
                      "--end-time",
                      "" + (now + 60))));
      var found =
          StreamSupport.stream(answer.path("TraceSummaries").spliterator(), false)
              .filter(summary -> summary.path("Id").asString().equals(traceId))
              .findFirst();
      if (found.isPresent()) {
        return found.get();
      }
    }
  }

  private static List<JsonNode> segments(String otelTraceId) throws Exception {
    JsonNode answer =
        JSON.readTree(Program.run(aws("batch-get-traces", "--trace-ids", xrayId(otelTraceId))));
    var segments = new ArrayList<JsonNode>();
    for (JsonNode segment : answer.at("/Traces/0/Segments")) {
      segments.add(JSON.readTree(segment.path("Document").asString()));
    }
    return segments;
  }

  /** The first segment or subsegment, however deep, that has the given block. */
  private static JsonNode subsegment(Iterable<JsonNode> segments, String block) {
    for (JsonNode segment : segments) {
      if (segment.has(block)) {
        return segment;
      }
      JsonNode inside = subsegment(segment.path("subsegments"), block);
      if (!inside.isMissingNode()) {
        return inside;
      }
    }
    return tools.jackson.databind.node.MissingNode.getInstance();
  }

  private static String xrayId(String otelTraceId) {
    return "1-" + otelTraceId.substring(0, 8) + "-" + otelTraceId.substring(8);
  }

  private static String[] aws(String... arguments) {
    var command = new ArrayList<>(List.of("target/python/bin/aws", "xray"));
    command.addAll(List.of(arguments));
    command.addAll(
        List.of(
            "--endpoint-url",
            "http://127.0.0.1:" + raybridge.xrayPort,
            "--region",
            "us-east-1",
            "--output",
            "json"));
    return command.toArray(String[]::new);
  }

  /**
   * Sums the collector's own counter of accepted items, read where a user's Prometheus reads it.
   */
  private static long accepted(String signal) throws IOException, InterruptedException {
    String items =
        java.util.Map.of("traces", "spans", "metrics", "metric_points", "logs", "log_records")
            .get(signal);
    try (var client = HttpClient.newHttpClient()) {
      String metrics =
          client
              .send(
                  HttpRequest.newBuilder(
                          URI.create("http://127.0.0.1:" + raybridge.metricsPort + "/metrics"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      return metrics
          .lines()
          .filter(line -> line.startsWith("otelcol_receiver_accepted_" + items))
          .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    }
  }
}
