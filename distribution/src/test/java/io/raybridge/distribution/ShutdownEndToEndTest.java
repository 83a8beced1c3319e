package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.testkit.AwsAnswer;
import io.raybridge.testkit.ScriptedAws;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM under load, with an AWS that is slow or does not answer. */
@Timeout(180)
class ShutdownEndToEndTest {
  private static final Pattern LOST =
      Pattern.compile("(\\d+) spans were not delivered by exporter awsxray: (\\d+) shutdown");

  @TempDir Path dir;

  @Test
  void slowAws_getsAllThatWasAcknowledged() throws Exception {
    int port = CollectorProcess.freePort();
    try (var aws =
            new ScriptedAws().always(AwsAnswer.after(Duration.ofMillis(100), AwsAnswer.ok()));
        var collector =
            CollectorProcess.start(dir, config(port, aws, ""), "--shutdown-timeout", "60s");
        var load = Load.start(port, 8)) {
      load.awaitAnswers(300);

      assertThat(collector.terminate()).as(collector.toString()).isZero();
      load.awaitEnd();

      assertThat(Load.numbers(aws.documents())).isEqualTo(load.acknowledged());
      assertThat(aws.documents()).hasSameSizeAs(load.acknowledged());
      assertThat(load.refusals()).allMatch(status -> status == 503);
      assertThat(collector.toString()).doesNotContain("were not delivered");
    }
  }

  @Test
  void awsThatDoesNotAnswer_leavesAnExactCountOfWhatWasLost() throws Exception {
    int port = CollectorProcess.freePort();
    try (var aws = new ScriptedAws().times(5, AwsAnswer.ok()).always(AwsAnswer.hang());
        var collector =
            CollectorProcess.start(dir, config(port, aws, ""), "--shutdown-timeout", "2s");
        var load = Load.start(port, 8)) {
      load.awaitAnswers(300);

      assertThat(collector.terminate()).as(collector.toString()).isZero();
      load.awaitEnd();

      var lost = LOST.matcher(collector.toString());
      assertThat(lost.find()).as(collector.toString()).isTrue();
      assertThat(Integer.parseInt(lost.group(1)))
          .isEqualTo(load.acknowledged().size() - Load.numbers(aws.documents()).size());
      assertThat(load.acknowledged()).containsAll(Load.numbers(aws.documents()));
      assertThat(collector.toString())
          .contains("\tinfo\tstopped")
          .doesNotContain("did not stop by the deadline");
    }
  }

  @Test
  void requestsThatWaitForAws_areAllAnswered() throws Exception {
    int port = CollectorProcess.freePort();
    try (var aws = new ScriptedAws().times(5, AwsAnswer.ok()).always(AwsAnswer.hang());
        var collector =
            CollectorProcess.start(
                dir,
                config(port, aws, "sending_queue: {wait_for_result: true}"),
                "--shutdown-timeout",
                "3s");
        var load = Load.start(port, 8)) {
      // Then all eight clients wait for an answer that AWS does not give.
      aws.awaitCalls(13);

      assertThat(collector.terminate()).as(collector.toString()).isZero();
      load.awaitEnd();

      assertThat(load.refusals()).hasSize(8).containsOnly(503);
      assertThat(Load.numbers(aws.documents())).isEqualTo(load.acknowledged());
    }
  }

  private static String config(int port, ScriptedAws aws, String more) {
    return """
    receivers:
      otlp: {protocols: {http: {endpoint: "127.0.0.1:%d"}}}
    exporters:
      awsxray:
        region: us-east-1
        endpoint: "%s"
        num_workers: 8
        %s
    service:
      telemetry: {metrics: {level: none}}
      pipelines:
        traces: {receivers: [otlp], exporters: [awsxray]}
    """
        .formatted(port, aws.url(), more);
  }
}
