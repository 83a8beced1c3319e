package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.testkit.AwsAnswer;
import io.raybridge.testkit.Numbered;
import io.raybridge.testkit.ScriptedAws;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real process that is given another configuration while it works. */
@Timeout(180)
class ReloadEndToEndTest {
  @TempDir Path dir;

  @Test
  void sighupUnderLoad_changesProcessorAndExporterAndLosesNothing() throws Exception {
    int port = CollectorProcess.freePort();
    try (var before = new ScriptedAws();
        var after = new ScriptedAws();
        var collector = CollectorProcess.start(dir, config(port, before, "one"), "--no-watch");
        var held = new Client(port);
        var load = Load.start(port, 4)) {
      assertThat(held.send(Numbered.traces(1_000_000, 1).toOtlp())).isEqualTo(200);
      load.awaitAnswers(50);

      write(config(port, after, "two"));
      collector.signal("HUP");
      collector.await("the new configuration runs");
      load.awaitAnswers(50);
      // The same connection, so the same listener and receiver.
      assertThat(held.send(Numbered.traces(1_000_001, 1).toOtlp())).isEqualTo(200);
      load.stop();
      assertThat(collector.terminate()).as(collector.toString()).isZero();

      assertThat(load.refusals()).isEmpty();
      assertThat(load.unanswered()).isEmpty();
      var arrived = new ArrayList<>(before.documents());
      arrived.addAll(after.documents());
      var expected = new HashSet<>(load.acknowledged());
      expected.add(1_000_000L);
      expected.add(1_000_001L);
      assertThat(Load.numbers(arrived)).isEqualTo(expected);
      assertThat(arrived).hasSameSizeAs(expected);
      assertThat(before.documents())
          .isNotEmpty()
          .allMatch(doc -> doc.contains("\"generation\":\"one\""));
      assertThat(after.documents())
          .isNotEmpty()
          .anyMatch(doc -> doc.contains("\"generation\":\"two\""));
      assertThat(collector.toString())
          .contains("\"stopped\": \"exporter awsxray, processor attributes\"")
          .doesNotContain("lost");
    }
  }

  @Test
  void exporterWhoseDestinationHangs_isReplacedAndNamesWhatItLost() throws Exception {
    int port = CollectorProcess.freePort();
    try (var hanging = new ScriptedAws();
        var after = new ScriptedAws();
        var collector =
            CollectorProcess.start(
                dir, config(port, hanging, "one"), "--no-watch", "--shutdown-timeout", "2s");
        var client = new Client(port)) {
      hanging.always(AwsAnswer.hang());
      assertThat(client.send(Numbered.traces(0, 7).toOtlp())).isEqualTo(200);
      hanging.awaitCalls(1);

      write(config(port, after, "one"));
      collector.signal("HUP");
      collector.await("the new configuration runs");
      assertThat(client.send(Numbered.traces(7, 3).toOtlp())).isEqualTo(200);
      after.awaitDocuments(3);

      assertThat(collector.await("was stopped for a new configuration and lost"))
          .contains(
              "exporter awsxray was stopped for a new configuration and lost: 7 spans shutdown");
      assertThat(collector.terminate()).as(collector.toString()).isZero();
      assertThat(collector.toString())
          .contains("7 spans were not delivered by exporter awsxray: 7 shutdown");
    }
  }

  @Test
  void badFile_isNamedAndChangesNothing() throws Exception {
    int port = CollectorProcess.freePort();
    try (var aws = new ScriptedAws();
        var collector = CollectorProcess.start(dir, config(port, aws, "one"), "--no-watch");
        var client = new Client(port)) {
      write(config(port, aws, "two").replace("action: insert", "action: isnert"));
      collector.signal("HUP");
      collector.await("nothing has changed: the configuration before goes on");

      assertThat(collector.toString())
          .containsPattern(
              "error\\t.*collector.yaml:\\d+:\\d+: processors.attributes.actions\\[0\\].action: \"isnert\"");
      assertThat(client.send(Numbered.traces(0, 1).toOtlp())).isEqualTo(200);
      aws.awaitDocuments(1);
      assertThat(aws.documents().getFirst()).contains("\"generation\":\"one\"");

      // A port that somebody else has is found out only by trying.
      int taken = aws.url().getPort();
      write(config(port, aws, "two").replace(":" + port, ":" + taken));
      collector.signal("HUP");
      collector.await("the new configuration is refused: cannot start receiver otlp");
      try (var again = new Client(port)) {
        assertThat(again.send(Numbered.traces(1, 1).toOtlp())).isEqualTo(200);
      }
      assertThat(collector.terminate()).as(collector.toString()).isZero();
    }
  }

  @Test
  void changedFile_isTakenOverWithoutASignal() throws Exception {
    int port = CollectorProcess.freePort();
    try (var aws = new ScriptedAws();
        var collector = CollectorProcess.start(dir, config(port, aws, "one"));
        var client = new Client(port)) {
      write(config(port, aws, "two"));
      collector.await("reading the configuration again: its files have changed");
      collector.await("the new configuration runs");

      assertThat(client.send(Numbered.traces(0, 1).toOtlp())).isEqualTo(200);
      aws.awaitDocuments(1);
      assertThat(aws.documents().getFirst()).contains("\"generation\":\"two\"");
      assertThat(collector.terminate()).as(collector.toString()).isZero();
    }
  }

  private void write(String yaml) throws IOException {
    Files.writeString(dir.resolve("collector.yaml"), yaml);
  }

  private static String config(int port, ScriptedAws aws, String generation) {
    return """
    receivers:
      otlp: {protocols: {http: {endpoint: "127.0.0.1:%d"}}}
    processors:
      attributes:
        actions:
          - {key: generation, value: %s, action: insert}
      batch: {timeout: 50ms}
    exporters:
      awsxray: {region: us-east-1, endpoint: "%s"}
    service:
      telemetry: {metrics: {level: none}}
      pipelines:
        traces: {receivers: [otlp], processors: [attributes, batch], exporters: [awsxray]}
    """
        .formatted(port, generation, aws.url());
  }

  /** One connection that is kept. */
  private static final class Client implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader answers;

    Client(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      answers =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** Sends and gives the status. */
    int send(byte[] body) throws IOException {
      var head =
          "POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\nContent-Length: %d\r\n\r\n"
              .formatted(body.length);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(body);
      var status = answers.readLine();
      if (status == null) throw new IOException("the connection has ended");
      int length = 0;
      for (String line; !(line = answers.readLine()).isEmpty(); ) {
        if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(line.substring(15).strip());
        }
      }
      for (int i = 0; i < length; i++) answers.read();
      return Integer.parseInt(status.split(" ")[1]);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
