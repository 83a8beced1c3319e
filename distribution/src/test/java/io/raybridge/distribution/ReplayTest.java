package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.raybridge.testkit.AwsAnswer;
import io.raybridge.testkit.AwsCall;
import io.raybridge.testkit.Numbered;
import io.raybridge.testkit.ScriptedAws;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a collector that gives something up to {@code raybridge replay}, which brings it home. */
@Timeout(180)
class ReplayTest {
  @TempDir Path dir;

  private final ScriptedAws aws = new ScriptedAws();

  @AfterEach
  void close() {
    aws.close();
  }

  @Test
  void whatWasGivenUp_isNamedByDropsAndSentAgain() throws Exception {
    aws.always(AwsAnswer.unprocessed("InvalidSegment", ReplayTest::isTenth));
    var file = giveUp(100);
    var refused = new ArrayList<String>();
    for (var document : aws.calls().getFirst().documents()) {
      if (isTenth(document)) refused.add(document);
    }
    int taken = aws.documentCount();
    assertThat(taken).isEqualTo(90);

    aws.always(AwsAnswer.ok());
    var replay = replay(file);

    assertThat(replay.exitCode()).as(replay.toString()).isZero();
    assertThat(replay.toString()).contains(file + ": 10 sent, 0 refused, 0 not sent, 0 lines");
    var again = aws.documents().subList(taken, aws.documentCount());
    assertThat(again).hasSize(10).containsAll(refused);
    assertThat(new HashSet<>(aws.documentIds())).hasSize(100);
  }

  @Test
  void whatDoesNotArrive_isReportedAndKeptInTheRest() throws Exception {
    aws.always(AwsAnswer.unprocessed("InvalidSegment", ReplayTest::isTenth));
    var file = giveUp(100);
    var lines = new ArrayList<>(Files.readAllLines(file));
    lines.set(1, lines.get(1).substring(0, 40));
    lines.add(lines.getFirst().replace("\"awsxray\"", "\"awsxray/2\""));
    lines.add(3, "");
    Files.write(file, lines);
    var rest = dir.resolve("rest.jsonl");

    var replay = replay(file, "--rest", rest.toString());

    assertThat(replay.exitCode()).as(replay.toString()).isEqualTo(1);
    assertThat(replay.toString())
        .contains(file + ":2: skipped: not JSON")
        .contains(file + ":12: skipped: no exporter awsxray/2 is configured")
        .contains("9 refused: InvalidSegment: ")
        .contains("0 sent, 9 refused, 0 not sent, 2 lines skipped");
    assertThat(Files.readAllLines(rest)).hasSize(9);

    aws.always(AwsAnswer.ok());
    var second = replay(rest);
    assertThat(second.exitCode()).as(second.toString()).isZero();
    assertThat(second.toString()).contains("9 sent");
  }

  @Test
  void awsThatIsAway_leavesTheLettersUnsent() throws Exception {
    aws.always(AwsAnswer.unprocessed("InvalidSegment", ReplayTest::isTenth));
    var file = giveUp(100);
    aws.close();

    var replay = replay(file);

    assertThat(replay.exitCode()).as(replay.toString()).isEqualTo(1);
    assertThat(replay.toString()).contains("10 not sent: connection_refused");
  }

  @Test
  void fileThatIsNotThere_isSaid() throws Exception {
    Files.writeString(dir.resolve("collector.yaml"), config(1, 2));

    var replay = replay(dir.resolve("no.jsonl"));

    assertThat(replay.exitCode()).as(replay.toString()).isEqualTo(1);
    assertThat(replay.toString()).contains("no.jsonl: cannot be read: no such file");
  }

  @Test
  void exporterWithAuth_sendsItsLettersAsWhoItIs() throws Exception {
    var seen = new CopyOnWriteArrayList<String>();
    var status = new AtomicInteger(422);
    var upstream = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    upstream.createContext(
        "/",
        exchange -> {
          seen.add(exchange.getRequestHeaders().getFirst("Authorization"));
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(status.get(), -1);
          exchange.close();
        });
    upstream.start();
    var token = Files.writeString(dir.resolve("token"), "secret-token\n");
    int http = CollectorProcess.freePort();
    int pages = CollectorProcess.freePort();
    try (var collector =
        CollectorProcess.start(dir, gateway(http, pages, upstream.getAddress().getPort(), token))) {
      assertThat(new OtlpClient(http).send(Numbered.traces(0, 1))).isEqualTo(200);
      Drops.await(pages, page -> page.queued() == 0 && page.accepted() == 1);
      var file = onlyLetters();

      // The collector runs on and has the port of an extension that the exporter does not need.
      status.set(200);
      var replay = replay(file);
      assertThat(replay.exitCode()).as(replay.toString()).isZero();
      assertThat(replay.toString()).contains("1 sent, 0 refused").doesNotContain("secret-token");
      assertThat(seen).containsExactly("Bearer secret-token", "Bearer secret-token");

      Files.delete(token);
      var without = replay(file);
      assertThat(without.exitCode()).as(without.toString()).isEqualTo(1);
      assertThat(without.toString())
          .contains(":1: skipped: cannot use exporter otlphttp: cannot start extension bearertoken")
          .contains(token.toString());
      assertThat(seen).hasSize(2);
    } finally {
      upstream.stop(0);
    }
  }

  private static String gateway(int http, int pages, int upstream, Path token) {
    return """
    receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:%d"}}}}
    exporters:
      otlphttp:
        endpoint: "http://127.0.0.1:%d"
        auth: {authenticator: bearertokenauth}
    extensions:
      zpages: {endpoint: "127.0.0.1:%d"}
      bearertokenauth: {filename: "%s"}
    service:
      extensions: [zpages, bearertokenauth]
      telemetry: {metrics: {level: none}}
      pipelines: {traces: {receivers: [otlp], exporters: [otlphttp]}}
    """
        .formatted(http, upstream, pages, token);
  }

  /** Runs a collector until AWS has refused some of so many spans; the file it left. */
  private Path giveUp(int spans) throws Exception {
    int http = CollectorProcess.freePort();
    int pages = CollectorProcess.freePort();
    try (var collector = CollectorProcess.start(dir, config(http, pages))) {
      var client = new OtlpClient(http);
      assertThat(client.send(Numbered.traces(0, spans))).isEqualTo(200);
      var drops = Drops.await(pages, page -> page.queued() == 0 && page.accepted() == spans);
      assertThat(drops.losses())
          .isNotEmpty()
          .allMatch(loss ->
              loss.path("code").asString().equals("InvalidSegment")
                  && loss.path("component").asString().equals("awsxray")
                  && loss.path("trace_id").asString().length() == 32);
      assertThat(collector.terminate()).as(collector.toString()).isZero();
    }
    return onlyLetters();
  }

  private Path onlyLetters() throws IOException {
    try (var files = Files.list(dir.resolve("data/dead-letters"))) {
      return files.toList().getFirst();
    }
  }

  private CollectorProcess replay(Path file, String... more) throws Exception {
    var words =
        new ArrayList<>(List.of("replay", "--config", dir.resolve("collector.yaml").toString()));
    words.addAll(List.of(more));
    words.add(file.toString());
    return CollectorProcess.command(dir, Map.of(), words.toArray(String[]::new));
  }

  private String config(int http, int pages) {
    return """
    receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:%d"}}}}
    exporters:
      awsxray:
        endpoint: %s
        region: eu-west-1
        retry_on_failure: {initial_interval: 10ms, max_interval: 50ms, max_elapsed_time: 500ms}
    extensions: {zpages: {endpoint: "127.0.0.1:%d"}}
    service:
      extensions: [zpages]
      telemetry: {metrics: {level: none}}
      pipelines: {traces: {receivers: [otlp], exporters: [awsxray]}}
    """
        .formatted(http, aws.url(), pages);
  }

  private static boolean isTenth(String document) {
    return Long.parseLong(AwsCall.idOf(document), 16) % 10 == 0;
  }
}
