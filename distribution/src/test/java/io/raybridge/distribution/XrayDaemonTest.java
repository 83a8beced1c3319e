package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.config.CollectorConfig;
import io.raybridge.exporters.awsxray.AwsXrayExporterConfig;
import io.raybridge.receivers.awsxray.AwsXrayReceiverConfig;
import io.raybridge.testkit.AwsAnswer;
import io.raybridge.testkit.Numbered;
import io.raybridge.testkit.ScriptedAws;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(180)
class XrayDaemonTest {
  private static final String SEGMENT =
      "{ \"name\":\"shop\", \"id\":\"70de5b6f19ff9a%02x\", \"start_time\":1.478293361271E9,"
          + "\"trace_id\":\"1-581cf771-a006649127e371903a2de979\",\"end_time\":1478293361.449 }";

  @TempDir Path dir;
  private final StringWriter err = new StringWriter();
  private @Nullable CollectorConfig seen;

  @Test
  void flags_areThoseOfTheDaemon() {
    int code =
        run(
            "-a",
            "arn:aws:ec2:us-east-1:123456789012:instance/i-1",
            "-o",
            "-m",
            "7",
            "-n",
            "eu-west-1",
            "-b",
            "0.0.0.0:2100",
            "-t",
            "0.0.0.0:2101",
            "-r",
            "arn:aws:iam::123456789012:role/x",
            "-f",
            dir.resolve("log").toString(),
            "-l",
            "dev",
            "-p",
            "http://proxy:3128");

    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(receiver().endpoint()).isEqualTo("0.0.0.0:2100");
    assertThat(receiver().proxyServer().endpoint()).isEqualTo("0.0.0.0:2101");
    assertThat(receiver().proxyServer().localMode()).isTrue();
    assertThat(exporter().session().region()).hasValue("eu-west-1");
    assertThat(exporter().session().roleArn()).hasValue("arn:aws:iam::123456789012:role/x");
    assertThat(exporter().session().proxyAddress()).hasValue("http://proxy:3128");
    assertThat(exporter().sendingQueue().queueSize()).isEqualTo(7L << 20);
    assertThat(exporter().telemetry().enabled()).isTrue();
    assertThat(seen).isNotNull();
  }

  @Test
  void longFlags_mayHaveOneDash_andTheLastOneCounts() {
    assertThat(
            run("-b", "0.0.0.0:2000", "-local-mode", "-region=eu-west-1", "-bind", "127.0.0.1:1"))
        .as(err.toString())
        .isZero();

    assertThat(receiver().endpoint()).isEqualTo("127.0.0.1:1");
    assertThat(receiver().proxyServer().localMode()).isTrue();
    assertThat(exporter().session().region()).hasValue("eu-west-1");
  }

  @Test
  void file_isReadAndFlagsWin() throws Exception {
    var file =
        Files.writeString(
            dir.resolve("cfg.yaml"),
            """
            TotalBufferSizeMB: 24
            Concurrency: 4
            Region: "us-east-2"
            Endpoint: "http://127.0.0.1:9"
            Socket:
              UDPAddress: "127.0.0.1:3000"
              TCPAddress: "127.0.0.1:3001"
            Logging:
              LogRotation: true
              LogLevel: "prod"
              LogPath: ""
            LocalMode: true
            ResourceARN: ""
            RoleARN: ""
            NoVerifySSL: false
            ProxyAddress: ""
            Version: 2
            """);

    assertThat(run("-c", file.toString(), "--region", "eu-north-1")).isZero();

    assertThat(err.toString()).isEmpty();
    assertThat(receiver().endpoint()).isEqualTo("127.0.0.1:3000");
    assertThat(exporter().session().region()).hasValue("eu-north-1");
    assertThat(exporter().session().endpoint()).hasValue("http://127.0.0.1:9");
    assertThat(exporter().session().numWorkers()).hasValue(4);
    assertThat(seen().telemetry().logs().rotateMegabytes()).isEqualTo(50);
  }

  @Test
  void wrongFilesAndFlags_areNamed() throws Exception {
    var file =
        Files.writeString(
            dir.resolve("cfg.yaml"), "Version: 3\nRegoin: x\nProcessor:\n  Region: y\n");

    assertThat(run("-c", file.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("Regoin").contains("Region").contains("Processor");

    assertThat(run("-m", "2")).isEqualTo(1);
    assertThat(err.toString()).contains("2 (expected: 3 or more, in MB)");
    assertThat(run("-l", "loud")).isEqualTo(1);
    assertThat(err.toString()).contains("loud (expected: dev, debug");
    assertThat(run("-d")).isEqualTo(1);
    assertThat(err.toString()).contains("'-d'");
    assertThat(run("-c", dir.resolve("none").toString())).isEqualTo(1);
    assertThat(err.toString()).contains("none: cannot be read: no such file\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-b 127.0.0.1:99999 | --bind, Socket.UDPAddress: 127.0.0.1:99999 (expected: host:port",
        "-t x | --bind-tcp, Socket.TCPAddress: x (expected: host:port",
        "-n EU_WEST | --region, Region: EU_WEST (expected: a region",
        "-r admin | --role-arn, RoleARN: admin (expected: arn:aws:iam::",
        "-p socks5://x:1 | --proxy-address, ProxyAddress: ",
      })
  void wrongValueOfAFlag_isNamedByTheFlagOnce(String flag, String expected) {
    assertThat(run(flag.split(" "))).isEqualTo(1);

    assertThat(err.toString().lines()).singleElement().asString().startsWith(expected);
  }

  @Test
  void datagrams_arriveAtXrayByteForByteThrottledOrNot() throws Exception {
    int udp = CollectorProcess.freePort();
    int tcp = CollectorProcess.freePort();
    try (var aws = new ScriptedAws().times(3, AwsAnswer.error(429, "ThrottledException"))) {
      var config =
          Files.writeString(
              dir.resolve("cfg.yaml"), "Version: 2\nRegion: eu-west-1\nEndpoint: " + aws.url());
      try (var daemon =
          CollectorProcess.command(
              dir,
              Map.of(),
              "xray-daemon",
              "-o",
              "-c",
              config.toString(),
              "-b",
              "127.0.0.1:" + udp,
              "-t",
              "127.0.0.1:" + tcp)) {
        daemon.await("\tready");
        var sent = new ArrayList<String>();
        for (int i = 1; i <= 120; i++) {
          sent.add(SEGMENT.formatted(i));
          send(udp, "{\"format\":\"json\",\"version\":1}\n" + sent.getLast());
        }

        assertThat(aws.awaitDocuments(120).documents()).containsExactlyInAnyOrderElementsOf(sent);
        var endpoint = "127.0.0.1:" + tcp + "/GetSamplingRules";
        assertThat(execute("health", "--endpoint", endpoint)).as(err.toString()).isZero();
        assertThat(daemon.terminate()).as(daemon.toString()).isZero();
      }
    }
  }

  @Test
  void samplesOfAws_arriveAtXrayByteForByte() throws Exception {
    assertThat(throughRaybridge("", samples(), samples().size()))
        .containsExactlyInAnyOrderElementsOf(samples());
  }

  @Test
  void whatSdksOfAdotSend_arrivesAtXray() throws Exception {
    var base64 = Base64.getEncoder();
    var spans = base64.encodeToString(Numbered.traces(0, 3).toOtlp());
    var metrics = base64.encodeToString(Numbered.metrics(0, 3).toOtlp());

    var arrived = throughRaybridge("", List.of("T1S" + spans, "T1U" + spans, "M1" + metrics), 5);

    assertThat(arrived).contains("T1U" + spans, "M1" + metrics);
    assertThat(arrived.stream().filter(text -> text.startsWith("{")).map(XrayDaemonTest::tree))
        .extracting(document -> document.path("id").asString())
        .containsExactlyInAnyOrder("0000000000000001", "0000000000000002", "0000000000000003");
  }

  @Test
  void samplesOfAws_thatBecameSpansOnTheWay_saySame() throws Exception {
    var before = samples().stream().map(XrayDaemonTest::tree).toList();

    // Deletes nothing, but asks for spans.
    var after = throughRaybridge("attributes", samples(), samples().size());

    assertThat(after.stream().map(XrayDaemonTest::tree).toList())
        .containsExactlyInAnyOrderElementsOf(before);
  }

  private List<String> throughRaybridge(String processor, List<String> sent, int arrive)
      throws Exception {
    int udp = CollectorProcess.freePort();
    var yaml =
        """
        receivers:
          awsxray:
            endpoint: 127.0.0.1:%d
            proxy_server: {endpoint: "127.0.0.1:%d", region: eu-west-1, local_mode: true}
        processors:
          attributes: {actions: [{key: nobody.has.this, action: delete}]}
        exporters:
          awsxray: {region: eu-west-1, endpoint: "%s", local_mode: true}
        service:
          telemetry: {metrics: {level: none}}
          pipelines:
            traces: {receivers: [awsxray], processors: [%s], exporters: [awsxray]}
        """;
    try (var aws = new ScriptedAws();
        var raybridge =
            CollectorProcess.start(
                dir, yaml.formatted(udp, CollectorProcess.freePort(), aws.url(), processor))) {
      for (var each : sent) send(udp, "{\"format\":\"json\",\"version\":1}\n" + each);
      var documents = aws.awaitDocuments(arrive).documents();
      assertThat(raybridge.terminate()).as(raybridge.toString()).isZero();
      return documents;
    }
  }

  private static List<String> samples() throws IOException {
    var samples = new ArrayList<String>();
    try (var files = Files.list(Path.of("../xray/src/test/resources/documents"))) {
      for (var file : files.toList()) samples.add(Files.readString(file));
    }
    return samples;
  }

  private static JsonNode tree(String document) {
    return JsonMapper.shared().readTree(document);
  }

  private static void send(int port, String datagram) throws Exception {
    byte[] bytes = datagram.getBytes(StandardCharsets.UTF_8);
    try (var socket = new DatagramSocket()) {
      socket.send(
          new DatagramPacket(bytes, bytes.length, InetAddress.getByName("127.0.0.1"), port));
    }
  }

  private int run(String... args) {
    var all = new ArrayList<>(List.of("xray-daemon"));
    all.addAll(List.of(args));
    return execute(all.toArray(String[]::new));
  }

  private int execute(String... args) {
    err.getBuffer().setLength(0);
    var surroundings =
        new Surroundings(
            Map.of(),
            BuiltIn::factories,
            new PrintWriter(new StringWriter(), true),
            new PrintWriter(err, true));
    return Raybridge.execute(
        surroundings,
        (config, reloading, timeout, around, companion) -> {
          seen = config;
          return 0;
        },
        args);
  }

  private CollectorConfig seen() {
    if (seen == null) throw new AssertionError("nothing ran");
    return seen;
  }

  private AwsXrayReceiverConfig receiver() {
    return config(AwsXrayReceiverConfig.class);
  }

  private AwsXrayExporterConfig exporter() {
    return config(AwsXrayExporterConfig.class);
  }

  private <C> C config(Class<C> type) {
    return seen().components().values().stream()
        .map(component -> component.config())
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst()
        .orElseThrow();
  }
}
