package io.raybridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.xray.XRayClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * The article's programs as printed, under X-Ray's SDKs as published, with Raybridge where they
 * look for the daemon and moto where they look for DynamoDB. Each trace is read back from the local
 * X-Ray. That all are sampled is X-Ray's rule, which the SDKs fetch over the daemon's TCP port.
 */
@Timeout(300)
class XraySdkInteropTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String ORDER = "12345";
  private static final Pattern WRONG =
      Pattern.compile("error|exception|refused|failed|timeout|unable", Pattern.CASE_INSENSITIVE);
  private static final int MANY = 40;
  private static final int REQUESTS = 20;

  @TempDir static Path directory;
  private static final int DAEMON = freePortOfBothKinds();
  private static final int XRAY = Collector.freePort();
  private static final int AWS = Collector.freePort();
  private static SamplingRules rules;
  private static Collector raybridge;
  private static Collector dynamodb;

  @BeforeAll
  static void start() throws Exception {
    rules = new SamplingRules();
    dynamodb =
        new Collector(
            directory.resolve("dynamodb.log"),
            "Orders is there",
            environment(),
            "target/xray/python/bin/python",
            "xray/python/dynamodb.py",
            "" + AWS);
    var config = Files.writeString(directory.resolve("config.yaml"), config());
    raybridge =
        new Collector(
            directory.resolve("raybridge.log"),
            Raybridge.READY,
            Map.of("RAYBRIDGE_DATA_DIR", directory.resolve("data").toString()),
            Raybridge.LAUNCHER,
            "run",
            "--config",
            config.toString());
  }

  @AfterAll
  static void stop() throws Exception {
    try (var _ = rules;
        var _ = dynamodb;
        var _ = raybridge) {
      assertThat(raybridge.stop()).as(raybridge.log()).isZero();
      assertThat(raybridge.log()).doesNotContain("warn", "error");
    }
  }

  private static String config() {
    return """
    receivers:
      awsxray:
        endpoint: 127.0.0.1:%d
        proxy_server: {endpoint: "127.0.0.1:%d", region: us-east-1, aws_endpoint: "%s", local_mode: true}
    exporters:
      awsxray: {region: us-east-1, endpoint: "http://127.0.0.1:%d", local_mode: true}
    extensions:
      local_xray: {endpoint: "127.0.0.1:%d", directory: "%s"}
    service:
      extensions: [local_xray]
      telemetry: {metrics: {level: none}}
      pipelines:
        traces: {receivers: [awsxray], exporters: [awsxray]}
    """
        .formatted(DAEMON, DAEMON, rules.endpoint(), XRAY, XRAY, directory.resolve("xray"));
  }

  /** Only subsegments come here: the segment is Lambda's own service's to send. */
  @Test
  void functionInPython_underLambdasRuntime_isThereWithItsOrder() throws Exception {
    var traceId = newTraceId();
    var lambda = "53995c3f42cd8ad8";
    var environment = environment();
    environment.put("_X_AMZN_TRACE_ID", "Root=" + traceId + ";Parent=" + lambda + ";Sampled=1");
    environment.put("LAMBDA_TASK_ROOT", ROOT.resolve("interop/xray/python").toString());
    environment.put("AWS_LAMBDA_FUNCTION_NAME", "my-api");

    var answer =
        run(environment, List.of("target/xray/python/bin/python", "xray/python/invoke.py", ORDER));

    assertThat(JSON.readTree(answer).at("/statusCode").asInt()).as(answer).isEqualTo(200);
    var process = awaitDocument(traceId, "process_order");
    assertThat(process.at("/type").asString()).isEqualTo("subsegment");
    assertThat(process.at("/parent_id").asString()).isEqualTo(lambda);
    assertThat(process.at("/annotations/order_id").asString()).isEqualTo(ORDER);
    assertItem(process.at("/metadata/default/order_data"));
    assertDynamoDb(List.of(process));
    try (var client = client()) {
      var now = Instant.now();
      var summaries =
          client.getTraceSummaries(
              request -> request.startTime(now.minusSeconds(600)).endTime(now.plusSeconds(60)));
      assertThat(summaries.traceSummaries()).anyMatch(summary -> summary.id().equals(traceId));
    }
  }

  @Test
  void serviceInNode_onExpress_isThereWithItsOrder() throws Exception {
    try (var service =
        service("node", "--require", "./xray/node/environment.js", "xray/node/app.js")) {
      for (var traceId : service.requestUnderTheRule()) {
        var segment = awaitDocument(traceId, "my-api");
        assertThat(segment.at("/http/response/status").asInt()).isEqualTo(200);
        assertThat(segment.at("/aws/xray/rule_name").asString()).isEqualTo(SamplingRules.RULE);
        var fetch = find(List.of(segment), "fetch-order");
        assertThat(fetch.at("/annotations/orderId").asString()).isEqualTo(ORDER);
        assertDynamoDb(List.of(segment));
      }
      service.assertNothingWentWrong();
    }
  }

  @Test
  void serviceInJava_behindTheServletFilter_isThereWithItsOrder() throws Exception {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classes = "target/xray/java/lib/*:target/xray/java/classes";
    try (var service = service(java, "-XX:TieredStopAtLevel=1", "-cp", classes, "orders.Orders")) {
      for (var traceId : service.requestUnderTheRule()) {
        var segment = awaitDocument(traceId, "my-api");
        assertThat(segment.at("/http/response/status").asInt()).isEqualTo(200);
        assertThat(segment.at("/aws/xray/rule_name").asString()).isEqualTo(SamplingRules.RULE);
        var fetch = find(List.of(segment), "fetch-order");
        assertThat(fetch.at("/annotations/orderId").asString()).isEqualTo(ORDER);
        assertItem(fetch.at("/metadata/default/order_data"));
        assertDynamoDb(List.of(segment));
      }
      service.assertNothingWentWrong();
    }
  }

  private static void assertQuiet(String said) {
    assertThat(said.lines()).as(said).noneMatch(line -> WRONG.matcher(line).find());
  }

  private static void assertItem(JsonNode item) {
    assertThat(item.at("/orderId").asString()).isEqualTo(ORDER);
    assertThat(item.at("/item").asString()).isEqualTo("book");
    assertThat(item.at("/note").asString()).isEqualTo("left at the door");
  }

  private static void assertDynamoDb(List<JsonNode> documents) {
    var call = find(documents, "DynamoDB");
    if (call.isMissingNode()) call = find(documents, "DynamoDb");
    if (call.isMissingNode()) call = find(documents, "dynamodb");
    assertThat(call.at("/namespace").asString()).as(documents.toString()).isEqualTo("aws");
    assertThat(call.at("/aws/operation").asString()).isEqualTo("GetItem");
    assertThat(call.at("/aws/table_name").asString()).isEqualTo("Orders");
    assertThat(call.at("/http/response/status").asInt()).isEqualTo(200);
  }

  /** A document of this name, with all that belongs under it, as soon as it has come. */
  private static JsonNode awaitDocument(String traceId, String name) {
    try (var client = client()) {
      while (true) {
        var answer = client.batchGetTraces(request -> request.traceIds(traceId));
        var documents = new ArrayList<JsonNode>();
        for (var trace : answer.traces()) {
          for (var segment : trace.segments()) documents.add(JSON.readTree(segment.document()));
        }
        var found = find(documents, name);
        if (!found.isMissingNode() && !found.path("in_progress").asBoolean(false)) return found;
      }
    }
  }

  private static JsonNode find(Iterable<JsonNode> documents, String name) {
    for (var document : documents) {
      if (document.path("name").asString("").equals(name)) return document;
      var inside = find(document.path("subsegments"), name);
      if (!inside.isMissingNode()) return inside;
    }
    return MissingNode.getInstance();
  }

  private static Service service(String... command) throws Exception {
    return new Service(Collector.freePort(), command);
  }

  /** One of the article's services, running until it is closed. */
  private static final class Service implements AutoCloseable {
    private final int port;
    private final Path log;
    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();

    Service(int port, String... command) throws IOException {
      this.port = port;
      log = directory.resolve(port + ".log");
      var builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().putAll(environment());
      builder.environment().put("PORT", "" + port);
      process = builder.start();
    }

    /**
     * Some requests after the SDK has got the rules, which shows in so many sampled ones after each
     * other that its own 1 a second and 5 % do not give.
     */
    List<String> requestUnderTheRule() throws Exception {
      for (int inTurn = 0; inTurn < MANY; ) inTurn = request(newTraceId()) ? inTurn + 1 : 0;
      var sampled = new ArrayList<String>();
      for (int i = 0; i < REQUESTS; i++) {
        sampled.add(newTraceId());
        assertThat(request(sampled.getLast())).isTrue();
      }
      return sampled;
    }

    /** Whether this request's trace is sampled, as the SDK says. */
    private boolean request(String traceId) throws Exception {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/orders/" + ORDER))
              .header("X-Amzn-Trace-Id", "Root=" + traceId + ";Sampled=?")
              .build();
      while (true) {
        try {
          var answer = http.send(request, BodyHandlers.ofString());
          assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
          assertThat(answer.body()).contains("left at the door");
          var said = answer.headers().firstValue("X-Amzn-Trace-Id").orElse("");
          assertThat(said).contains(traceId).contains("Sampled=");
          return said.contains("Sampled=1");
        } catch (IOException e) {
          if (!process.isAlive()) throw new AssertionError(Files.readString(log), e);
        }
      }
    }

    /** Whatever the SDK cannot do with a daemon it says where the program's own errors go. */
    void assertNothingWentWrong() throws IOException {
      assertQuiet(Files.readString(log));
    }

    @Override
    public void close() throws InterruptedException {
      http.close();
      process.destroy();
      process.waitFor();
    }
  }

  private static Map<String, String> environment() {
    var environment = new HashMap<String, String>();
    environment.put("AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:" + DAEMON);
    // Else the SDK for Node keeps to itself that it got no rules.
    environment.put("AWS_XRAY_LOG_LEVEL", "warn");
    environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:" + AWS);
    environment.put("AWS_REGION", "us-east-1");
    environment.put("AWS_DEFAULT_REGION", "us-east-1");
    environment.put("AWS_ACCESS_KEY_ID", "interop");
    environment.put("AWS_SECRET_ACCESS_KEY", "interop");
    environment.put("AWS_EC2_METADATA_DISABLED", "true");
    return environment;
  }

  private static String run(Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    var errors = directory.resolve(UUID.randomUUID() + ".log");
    var builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().putAll(environment);
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output + Files.readString(errors)).isZero();
    assertQuiet(Files.readString(errors));
    return output;
  }

  private static XRayClient client() {
    return XRayClient.builder()
        .endpointOverride(URI.create("http://127.0.0.1:" + XRAY))
        .region(Region.US_EAST_1)
        .httpClient(UrlConnectionHttpClient.create())
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("interop", "interop")))
        .build();
  }

  private static String newTraceId() {
    var random = UUID.randomUUID().toString().replace("-", "").substring(0, 24);
    return "1-" + Long.toHexString(Instant.now().getEpochSecond()) + "-" + random;
  }

  /** The daemon has one address, for UDP and for TCP. */
  private static int freePortOfBothKinds() {
    var loopback = InetAddress.getLoopbackAddress();
    while (true) {
      try (var tcp = new ServerSocket(0, 1, loopback);
          var _ = new DatagramSocket(new InetSocketAddress(loopback, tcp.getLocalPort()))) {
        return tcp.getLocalPort();
      } catch (SocketException e) {
        // In use for UDP: another one.
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
