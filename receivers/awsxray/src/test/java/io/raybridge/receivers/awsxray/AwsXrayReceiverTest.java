package io.raybridge.receivers.awsxray;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Component;
import io.raybridge.api.Consumer;
import io.raybridge.api.Outcome;
import io.raybridge.api.Outputs;
import io.raybridge.config.Binder;
import io.raybridge.data.Foreign;
import io.raybridge.data.Metrics;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import io.raybridge.delivery.DeadLetter;
import io.raybridge.testkit.AwsAnswer;
import io.raybridge.testkit.ComponentContract;
import io.raybridge.testkit.Numbered;
import io.raybridge.testkit.RecordingConsumer;
import io.raybridge.testkit.ScriptedAws;
import io.raybridge.testkit.SelfSigned;
import io.raybridge.testkit.TestContext;
import io.raybridge.xray.SegmentDocuments;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(300)
class AwsXrayReceiverTest implements ComponentContract<AwsXrayReceiverConfig> {
  private static final String HEADER = "{\"format\": \"json\", \"version\": 1}\n";
  private static final String SEGMENT =
      "{ \"name\":\"shop\",\"id\":\"70de5b6f19ff9a0a\",\"start_time\":1478293361.271,"
          + "\"trace_id\":\"1-581cf771-a006649127e371903a2de979\",\"end_time\":1478293361.449}";

  private static final List<String> REASONS =
      List.of(
          "bad_header",
          "no_document",
          "not_json",
          "not_an_object",
          "no_id",
          "not_base64",
          "not_otlp");

  private final ScriptedAws aws = new ScriptedAws();
  private final TestContext test = context();
  private final RecordingConsumer<Traces> next = new RecordingConsumer<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private @Nullable AwsXrayReceiver receiver;

  @AfterEach
  void close() throws Exception {
    if (receiver != null) receiver.stop(generously());
    http.close();
    aws.close();
  }

  @Override
  public AwsXrayReceiverFactory factory() {
    return new AwsXrayReceiverFactory();
  }

  @Override
  public String yaml() {
    return """
    endpoint: 127.0.0.1:0
    proxy_server:
      endpoint: 127.0.0.1:0
      region: eu-west-1
      aws_endpoint: %s
    """
        .formatted(aws.url());
  }

  @Override
  public boolean isShared(String thread) {
    return ComponentContract.super.isShared(thread) || thread.startsWith("HttpClient-");
  }

  @Override
  public Component create(AwsXrayReceiverConfig config, TestContext context) {
    return factory().create(config, outputs(batch -> Outcome.ACCEPTED), context.context());
  }

  @Test
  void defaults_areTheGoReceivers() {
    var config = Binder.bind(AwsXrayReceiverConfig.class, "{}").orThrow();

    assertThat(config.endpoint()).isEqualTo("localhost:2000");
    assertThat(config.transport()).isEqualTo("udp");
    assertThat(config.proxyServer().endpoint()).isEqualTo("localhost:2000");
    assertThat(config.proxyServer().serviceName()).isEqualTo("xray");
  }

  @Test
  void documents_goOnAsTheyCame() throws Exception {
    start();

    send(HEADER + SEGMENT);
    send("{\"format\":\"json\",\"version\":1}\n" + SEGMENT);
    send("{ \"version\" : 1, \"format\" : \"JSON\", \"more\" : [{}] }\r\n" + SEGMENT);

    assertThat(documents(3)).containsOnly(SEGMENT).hasSize(3);
  }

  @Test
  void whoAsksForSpans_getsSpans() throws Exception {
    start();

    send(HEADER + SEGMENT);

    var spans = next.awaitItems(1).getFirst().resourceSpans();
    assertThat(spans.getFirst().resource().attributes().getString("service.name"))
        .isEqualTo("shop");
  }

  @Test
  void adotsSampledSpans_areSpans() throws Exception {
    start();
    var otlp = Base64.getEncoder().encodeToString(Numbered.traces(0, 7).toOtlp());

    send(HEADER + "T1S" + otlp);

    assertThat(next.awaitItems(7)).hasSize(1);
  }

  @Test
  void adotsUnsampledSpans_goToXrayAsTheyAre() throws Exception {
    start();
    var otlp = "T1U" + Base64.getEncoder().encodeToString(Numbered.traces(0, 7).toOtlp());

    send(HEADER + otlp);

    assertThat(documents(1)).containsExactly(otlp);
  }

  @Test
  void adotsUnsampledSpans_areNobodyElses() throws Exception {
    start();
    var otlp = "T1U" + Base64.getEncoder().encodeToString(Numbered.traces(0, 7).toOtlp());

    send(HEADER + otlp);

    assertThat(next.awaitItems(1).getFirst().resourceSpans()).isEmpty();
    assertThat(test.ledger().dropped(Signal.TRACES, "unsampled")).isEqualTo(1);
    assertThat(test.context().dataDir().resolve("dead-letters")).doesNotExist();
  }

  @Test
  void adotsMetrics_goToPipelinesOfMetrics() throws Exception {
    var metrics = new RecordingConsumer<Metrics>();
    var outputs = new Outputs(Optional.of(next), Optional.of(metrics), Optional.empty());
    start(outputs, config());
    var otlp = Base64.getEncoder().encodeToString(Numbered.metrics(0, 7).toOtlp());

    send(HEADER + "M1" + otlp + "\n");
    send(HEADER + "M1!");
    send(HEADER + SEGMENT);

    assertThat(metrics.awaitItems(7)).hasSize(1);
    assertThat(documents(1)).containsExactly(SEGMENT);
    assertThat(rejected("not_base64")).isEqualTo(1);
  }

  @Test
  void adotsMetrics_whereNobodyTakesMetrics_goToXrayAsTheyAre() throws Exception {
    start();
    var otlp = "M1" + Base64.getEncoder().encodeToString(Numbered.metrics(0, 7).toOtlp());

    send(HEADER + otlp);

    assertThat(documents(1)).containsExactly(otlp);
  }

  @Test
  void adotsMetrics_areNoSpans() throws Exception {
    start();
    var otlp = "M1" + Base64.getEncoder().encodeToString(Numbered.metrics(0, 7).toOtlp());

    send(HEADER + otlp);

    assertThat(next.awaitItems(1).getFirst().resourceSpans()).isEmpty();
    assertThat(test.ledger().dropped(Signal.TRACES, "metrics")).isEqualTo(1);
  }

  @Test
  void inAPipelineOfMetricsAlone_documentsAreCountedAsNobodys() throws Exception {
    var metrics = new RecordingConsumer<Metrics>();
    start(new Outputs(Optional.empty(), Optional.of(metrics), Optional.empty()), config());
    var otlp = Base64.getEncoder().encodeToString(Numbered.metrics(0, 7).toOtlp());

    send(HEADER + SEGMENT);
    send(HEADER + "M1" + otlp);

    assertThat(metrics.awaitItems(7)).hasSize(1);
    assertThat(rejected("no_pipeline")).isEqualTo(1);
    var answer = post("/TraceSegments", "{\"TraceSegmentDocuments\":[\"{}\"]}");
    assertThat(answer.statusCode()).isEqualTo(503);
  }

  @Test
  void serverNameOverride_isTheNameThatXrayIsAskedFor(@TempDir Path folder) throws Exception {
    var sockets = SelfSigned.of(folder, "x").context().getServerSocketFactory();
    try (var server = sockets.createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var name = new CompletableFuture<String>();
      var serving = Thread.ofVirtual().unstarted(() -> tellServerName(server, name));
      serving.start();
      var yaml =
          """
          endpoint: 127.0.0.1:0
          proxy_server:
            endpoint: 127.0.0.1:0
            region: eu-west-1
            aws_endpoint: https://localhost:%d
            tls:
              insecure: true
              server_name_override: xray.example.com
          """
              .formatted(server.getLocalPort());
      start(next, Binder.bind(AwsXrayReceiverConfig.class, yaml).orThrow());

      var _ = post("/GetSamplingRules", "{}");

      assertThat(name.get()).isEqualTo("xray.example.com");
      serving.join();
    }
  }

  private static void tellServerName(ServerSocket server, CompletableFuture<String> name) {
    try (var socket = (SSLSocket) server.accept()) {
      socket.startHandshake();
      var session = (ExtendedSSLSession) socket.getSession();
      for (var asked : session.getRequestedServerNames()) {
        boolean _ = name.complete(((SNIHostName) asked).getAsciiName());
      }
      boolean _ = name.complete("no name");
    } catch (IOException e) {
      boolean _ = name.completeExceptionally(e);
    }
  }

  @Test
  void arrayOfDocuments_isEachOfThem() throws Exception {
    start();
    var second = SEGMENT.replace("70de5b6f19ff9a0a", "70de5b6f19ff9a0b");

    send(HEADER + " [ " + SEGMENT + "\n, 7, {\"name\":\"x\"}," + second + "]\n");

    assertThat(documents(2)).containsExactly(SEGMENT, second);
    assertThat(rejected("not_an_object")).isEqualTo(1);
    assertThat(rejected("no_id")).isEqualTo(1);
  }

  /** All keys with the defaults of the Go receiver, as its documentation prints them. */
  @Test
  void defaultsWrittenOut_areThoseLeftOut() {
    var written =
        """
        endpoint: localhost:2000
        transport: udp
        proxy_server:
          endpoint: localhost:2000
          proxy_address: ""
          tls:
            insecure: false
            server_name_override: ""
          region: ""
          role_arn: ""
          aws_endpoint: ""
          local_mode: false
          additional_routing_rules: []
        """;

    assertThat(Binder.bind(AwsXrayReceiverConfig.class, written).orThrow())
        .isEqualTo(Binder.bind(AwsXrayReceiverConfig.class, "{}").orThrow());
  }

  @ParameterizedTest
  @CsvSource({
    "endpoint, nonsense",
    "transport, tcp",
    "proxy_server.endpoint, 1:2:3",
    "proxy_server.region, EU West",
    "proxy_server.role_arn, admin",
    "proxy_server.aws_endpoint, ftp://x",
    "proxy_server.proxy_address, socks://x",
    "proxy_server.service_name, s3",
  })
  void wrongValue_isNamedAtItsPlace(String path, String value) {
    var keys = path.split("[.]", -1);
    var yaml =
        keys.length == 1 ? keys[0] + ": " + value : keys[0] + ":\n  " + keys[1] + ": " + value;

    var problems = Binder.bind(AwsXrayReceiverConfig.class, yaml).problems();

    assertThat(problems).hasSize(1);
    var problem = problems.getFirst();
    assertThat(problem.path()).isEqualTo(path);
    assertThat(problem.message()).contains("(expected: ");
    assertThat(problem.place().line()).isEqualTo(keys.length);
    assertThat(problem.place().column()).isPositive();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "bad_header    | ``",
        "bad_header    | nonsense",
        "bad_header    | {\"format\":\"json\",\"version\":2}N{\"id\":\"1\"}",
        "bad_header    | {\"format\":\"xml\",\"version\":1}N{\"id\":\"1\"}",
        "bad_header    | {\"format\":\"json\"}N{\"id\":\"1\"}",
        "no_document   | {\"format\":\"json\",\"version\":1}",
        "no_document   | {\"format\":\"json\",\"version\":1}N",
        "not_json      | {\"format\":\"json\",\"version\":1}N{\"id\":\"1\"",
        "not_an_object | {\"format\":\"json\",\"version\":1}N7",
        "no_document   | {\"format\":\"json\",\"version\":1}N[]",
        "not_json      | {\"format\":\"json\",\"version\":1}N[{\"id\":\"1\"},]",
        "not_an_object | {\"format\":\"json\",\"version\":1}NT1U!",
        "no_document   | {\"format\":\"json\",\"version\":1}NT1S",
        "no_id         | {\"format\":\"json\",\"version\":1}N{\"name\":\"x\"}",
        "not_base64    | {\"format\":\"json\",\"version\":1}NT1S!",
        "not_otlp      | {\"format\":\"json\",\"version\":1}NT1Sdddd",
      })
  void badDatagram_isCountedByReason(String reason, String datagram) throws Exception {
    start();

    send(datagram.replace("}N", "}\n"));
    send(HEADER + SEGMENT);

    assertThat(documents(1)).containsExactly(SEGMENT);
    assertThat(rejected(reason)).isEqualTo(1);
  }

  @Test
  void documentThatCannotBeASpan_isCountedAndKept() throws Exception {
    start();
    var odd = "{\"id\":\"70de5b6f19ff9a0a\",\"trace_id\":\"1-581cf771-a006649127e371903a2de979\"}";
    send(HEADER + odd);

    assertThat(next.awaitItems(1).getFirst().resourceSpans()).isEmpty();

    assertThat(test.ledger().dropped(Signal.TRACES, "no_start_time")).isEqualTo(1);
    var letter = letters().getFirst();
    assertThat(letter.reason()).isEqualTo("no_start_time");
    assertThat(letter.document().traceId()).isEqualTo("581cf771a006649127e371903a2de979");
    assertThat(letter.document().id()).isEqualTo("70de5b6f19ff9a0a");
    assertThat(new String(letter.document().json(), StandardCharsets.UTF_8))
        .isEqualTo("\"" + odd.replace("\"", "\\\"") + "\"");
  }

  @Test
  void refusedDocuments_areCountedAndKept() throws Exception {
    next.alwaysAnswering(Outcome.overloaded("queue is full", Duration.ofSeconds(1)));
    start();

    send(HEADER + SEGMENT);

    next.awaitBatches(1);
    stop();
    assertThat(test.ledger().dropped(Signal.TRACES, "refused")).isEqualTo(1);
    assertThat(letters()).extracting(DeadLetter::code).containsExactly("refused");
  }

  @Test
  void samplingRules_comeFromXrayAndAreKept() throws Exception {
    var rules = "{\"SamplingRuleRecords\":[{\"SamplingRule\":{\"RuleName\":\"Default\"}}]}";
    aws.then(AwsAnswer.plain(200, "", rules)).always(AwsAnswer.error(500, "InternalFailure"));
    start();

    var first = post("/GetSamplingRules", "{}");
    var again = post("/GetSamplingRules", "{}");

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(first.body()).isEqualTo(rules);
    assertThat(again.body()).isEqualTo(rules);
    assertThat(aws.calls()).hasSize(1);
  }

  @Test
  void rulesOfTheConfiguration_areServedWithoutXray() throws Exception {
    var yaml =
        yaml()
            + "  rules: {inline: [{name: api, priority: 1, fixed_rate: 0.5, reservoir_size: 3}]}\n";
    start(next, Binder.bind(AwsXrayReceiverConfig.class, yaml).orThrow());

    var rules = post("/GetSamplingRules", "{}");
    var targets =
        post(
            "/SamplingTargets",
            "{\"SamplingStatisticsDocuments\":[{\"RuleName\":\"api\",\"ClientID\":"
                + "\"0123456789abcdef01234567\",\"Timestamp\":1,\"RequestCount\":7,\"SampledCount\":1}]}");

    assertThat(rules.statusCode()).isEqualTo(200);
    assertThat(rules.body()).contains("\"RuleName\":\"api\"", "\"RuleName\":\"Default\"");
    assertThat(targets.body()).contains("\"ReservoirQuota\":3");
    assertThat(aws.calls()).isEmpty();
  }

  @Test
  void withoutXray_sdksAreAnsweredAllTheSame() throws Exception {
    aws.always(AwsAnswer.error(403, "AccessDeniedException"));
    start();

    var rules = post("/GetSamplingRules", "{}");
    var targets = post("/SamplingTargets", "{\"SamplingStatisticsDocuments\":[]}");

    assertThat(rules.statusCode()).isEqualTo(200);
    assertThat(rules.body()).isEqualTo("{\"SamplingRuleRecords\":[]}");
    assertThat(targets.statusCode()).isEqualTo(200);
    assertThat(targets.body()).contains("\"SamplingTargetDocuments\":[]");
    assertThat(test.log().lines()).anyMatch(line -> line.contains("AccessDenied"));
  }

  @Test
  void putTraceSegments_isTakenDocumentByDocument() throws Exception {
    start();
    var good = SEGMENT.replace("\"", "\\\"");

    var answer =
        post("/TraceSegments", "{\"TraceSegmentDocuments\":[\"" + good + "\",\"{}\",\"x\"]}");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("id is missing").contains("no JSON object");
    assertThat(answer.headers().firstValue("x-amzn-RequestId")).isPresent();
    assertThat(documents(1)).containsExactly(SEGMENT);
  }

  @Test
  void putTraceSegments_takesAdotsSampledSpansToo() throws Exception {
    start();
    var otlp = "T1S" + Base64.getEncoder().encodeToString(Numbered.traces(0, 7).toOtlp());
    var texts = String.join("\",\"", otlp, "T1S!", "T1Sdddd", "T1S");

    var answer = post("/TraceSegments", "{\"TraceSegmentDocuments\":[\"" + texts + "\"]}");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("no base64").contains("no OTLP").contains("without an item");
    assertThat(next.awaitItems(7)).hasSize(1);
    assertThat(rejected("not_base64") + rejected("not_otlp") + rejected("no_document"))
        .isEqualTo(3);
  }

  @Test
  void adotsSpansThatAreRefusedOverTcp_areToComeAgain() throws Exception {
    next.alwaysAnswering(Outcome.overloaded("queue is full", Duration.ofSeconds(1)));
    start();
    var otlp = "T1S" + Base64.getEncoder().encodeToString(Numbered.traces(0, 7).toOtlp());

    var answer = post("/TraceSegments", "{\"TraceSegmentDocuments\":[\"" + otlp + "\"]}");

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(test.ledger().dropped(Signal.TRACES)).isZero();
  }

  @Test
  void putTraceSegmentsThatIsRefused_isToComeAgain() throws Exception {
    next.alwaysAnswering(Outcome.overloaded("queue is full", Duration.ofSeconds(1)));
    start();
    var body = "{\"TraceSegmentDocuments\":[\"" + SEGMENT.replace("\"", "\\\"") + "\"]}";

    var answer = post("/TraceSegments", body);

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("x-amzn-ErrorType")).hasValue("ThrottledException");
    assertThat(test.ledger().dropped(Signal.TRACES)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"/CreateGroup", "/", "/Traces", "/GetSamplingRules/"})
  void otherPaths_areNotSignedForAnybody(String path) throws Exception {
    start();

    var answer = post(path, "{}");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("/GetSamplingRules").contains("UnknownOperationException");
    assertThat(aws.calls()).isEmpty();
  }

  @Test
  void brokenBodies_areRefused() throws Exception {
    start();
    for (var body : List.of("", "[]", "{", "{\"TraceSegmentDocuments\":[7]}", "{\"x\":1}")) {
      assertThat(post("/TraceSegments", body).statusCode()).as(body).isEqualTo(400);
    }
  }

  /** {@code -Dconnections=10000} makes ten thousand of it. */
  @Test
  void connectionsThatSayNothingOrHalfOfIt_leaveRoomForOthers() throws Exception {
    aws.always(AwsAnswer.plain(200, "", "{\"SamplingRuleRecords\":[]}"));
    var started = start();
    var silent = new ArrayList<Socket>();
    try {
      int count = Integer.getInteger("connections", 1_500);
      for (int i = 0; i < count; i++) {
        var socket = new Socket("127.0.0.1", started.tcpPort());
        silent.add(socket);
        switch (i % 3) {
          case 0 -> say(socket, "POST /GetSamplingRules HTTP/1.1\r\nContent-");
          case 1 -> say(socket, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf");
          default -> {}
        }
      }

      assertThat(post("/GetSamplingRules", "{}").statusCode()).isEqualTo(200);
      assertThat(silent.getFirst().getInputStream().read()).isEqualTo(-1);
    } finally {
      for (var socket : silent) socket.close();
    }
    assertThat(post("/GetSamplingRules", "{}").statusCode()).isEqualTo(200);
  }

  private static void say(Socket socket, String text) throws IOException {
    try {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    } catch (SocketException e) {
      // Already closed in favour of a later one.
    }
  }

  @Test
  void whoTakesDocumentsAtOnce_isAskedOnce() throws Exception {
    var asked = new AtomicLong();
    start(
        new Consumer<Traces>() {
          @Override
          public Outcome consumeNow(Traces batch) {
            asked.addAndGet(batch.items());
            return next.consume(batch);
          }

          @Override
          public Outcome consume(Traces batch) {
            throw new AssertionError("asked again");
          }
        });

    send(HEADER + SEGMENT);

    assertThat(documents(1)).containsExactly(SEGMENT);
    assertThat(asked.get()).isEqualTo(1);
  }

  /**
   * Through a real port: what was sent is what was taken and what was counted by reason. {@code
   * -Dfuzz.datagrams=1000000} makes a million of it.
   */
  @Test
  void fuzzedDatagrams_areTakenOrCountedByReason() throws Exception {
    int count = Integer.getInteger("fuzz.datagrams", 30_000);
    var random = new Random(Long.getLong("fuzz.seed", 20_261_128L));
    var taken = new AtomicLong();
    var started =
        start(batch -> {
          taken.addAndGet(batch.foreign(SegmentDocuments.class).map(Foreign::items).orElse(1));
          return Outcome.ACCEPTED;
        });
    var otlp = Base64.getEncoder().encodeToString(Numbered.traces(0, 3).toOtlp());
    var samples =
        List.of(
            HEADER + SEGMENT,
            HEADER + "T1S" + otlp,
            HEADER + "T1U" + otlp,
            HEADER + "{\"id\":\"é\",\"cause\":{\"exceptions\":[{\"stack\":[]}]}}");

    try (var socket = new DatagramSocket()) {
      var loopback = InetAddress.getByName("127.0.0.1");
      for (int i = 0; i < count; i++) {
        var bytes = samples.get(random.nextInt(4)).getBytes(StandardCharsets.UTF_8);
        for (int hits = random.nextInt(4); hits > 0; hits--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        int length = random.nextInt(5) == 0 ? random.nextInt(bytes.length) : bytes.length;
        socket.send(new DatagramPacket(bytes, length, loopback, started.udpPort()));
        // No more than the kernel's buffer holds, and no fewer than make a batch.
        if (i % 64 == 0) awaitCount(taken, i - 100);
      }
    }
    awaitCount(taken, count);

    assertThat(taken.get() + rejected()).isEqualTo(count);
    assertThat(rejected()).isBetween(count / 5L, count - count / 20L);
    for (var reason : REASONS) assertThat(rejected(reason)).as(reason).isPositive();
    assertThat(test.log().lines()).noneMatch(line -> line.contains("bug"));
    aws.always(AwsAnswer.plain(200, "", "{\"SamplingRuleRecords\":[]}"));
    assertThat(post("/GetSamplingRules", "{}").statusCode()).isEqualTo(200);
  }

  private void awaitCount(AtomicLong taken, int count) throws InterruptedException {
    while (taken.get() + rejected() < count) {
      if (Thread.interrupted()) throw new InterruptedException(taken + " and " + rejected());
      Thread.yield();
    }
  }

  private long rejected() {
    long all = 0;
    for (var reason : REASONS) all += rejected(reason);
    return all;
  }

  private AwsXrayReceiver start() throws Exception {
    return start(next);
  }

  private AwsXrayReceiver start(Consumer<Traces> consumer) throws Exception {
    return start(consumer, config());
  }

  private AwsXrayReceiver start(Consumer<Traces> consumer, AwsXrayReceiverConfig config)
      throws Exception {
    return start(outputs(consumer), config);
  }

  private AwsXrayReceiver start(Outputs outputs, AwsXrayReceiverConfig config) throws Exception {
    var made = (AwsXrayReceiver) factory().create(config, outputs, test.context());
    receiver = made;
    made.start();
    return made;
  }

  private void stop() throws Exception {
    if (receiver != null) receiver.stop(generously());
  }

  private static Outputs outputs(Consumer<Traces> next) {
    return new Outputs(Optional.of(next), Optional.empty(), Optional.empty());
  }

  private void send(String datagram) throws Exception {
    var bytes = datagram.getBytes(StandardCharsets.UTF_8);
    sendBytes(bytes, bytes.length);
  }

  private void sendBytes(byte[] bytes, int length) throws Exception {
    int port = receiver == null ? 0 : receiver.udpPort();
    try (var socket = new DatagramSocket()) {
      socket.send(new DatagramPacket(bytes, length, InetAddress.getByName("127.0.0.1"), port));
    }
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    int port = receiver == null ? 0 : receiver.tcpPort();
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private List<String> documents(int count) throws InterruptedException {
    var texts = new ArrayList<String>();
    for (var batch : next.awaitItems(count)) {
      texts.addAll(texts(batch.foreign(SegmentDocuments.class).orElseThrow()));
    }
    return texts;
  }

  private static List<String> texts(SegmentDocuments documents) {
    var texts = new ArrayList<String>();
    documents.forEach(
        (document, trace, id) -> texts.add(new String(document, StandardCharsets.UTF_8)));
    return texts;
  }

  private long rejected(String reason) {
    String[] label = {"reason", reason};
    return test.telemetry().counter("otelcol_raybridge_awsxray_rejected_segments", label);
  }

  private List<DeadLetter> letters() throws Exception {
    var letters = new ArrayList<DeadLetter>();
    try (var files = Files.list(test.context().dataDir().resolve("dead-letters"))) {
      for (var file : files.toList()) {
        for (var line : Files.readAllLines(file)) {
          letters.add(DeadLetter.parse(line.getBytes(StandardCharsets.UTF_8)));
        }
      }
    }
    return letters;
  }
}
