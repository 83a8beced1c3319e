package io.raybridge.exporters.awsxray;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Clock;
import io.raybridge.api.Kind;
import io.raybridge.aws.AwsClient;
import io.raybridge.aws.AwsService;
import io.raybridge.config.Binder;
import io.raybridge.delivery.Failure;
import io.raybridge.testkit.AwsAnswer;
import io.raybridge.testkit.ScriptedAws;
import io.raybridge.testkit.TestContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TelemetryRecordsTest {
  private final ScriptedAws aws = new ScriptedAws();
  private final AwsXrayExporterConfig config =
      Binder.bind(
              AwsXrayExporterConfig.class,
              """
              endpoint: %s
              resource_arn: arn:aws:ec2:us-east-1:123456789012:instance/i-1
              telemetry:
                enabled: true
                include_metadata: true
                hostname: my "host"
                instance_id: i-1
              """
                  .formatted(aws.url()))
          .orThrow();
  private final AwsClient client =
      new AwsClient(
          AwsService.XRAY, config.session(), TestContext.of(Kind.EXPORTER, "awsxray").context());
  private final Counts counts = new Counts();
  private final TelemetryRecords records =
      new TelemetryRecords(
          client, counts, Clock.SYSTEM, config.telemetry(), config.session().resourceArn());

  @AfterEach
  void close() {
    client.close();
    aws.close();
  }

  @Test
  void withoutSpans_nothingIsSent() throws Exception {
    records.sendDue();

    assertThat(aws.calls()).isEmpty();
  }

  @Test
  void counts_goOutOnceEach() throws Exception {
    counts.received(10);
    counts.sent(7);
    counts.rejected(2);
    counts.spilled(1);
    counts.failed(Failure.unavailable("timeout", ""));
    counts.failed(Failure.unavailable("connection_refused", ""));
    counts.failed(Failure.unavailable("dns", ""));
    counts.failed(Failure.throttled("ThrottledException", "HTTP 429 ThrottledException", null));
    counts.failed(Failure.unavailable("InternalFailure", "HTTP 500 InternalFailure"));
    counts.failed(Failure.unavailable("tls", ""));
    records.sendDue();
    counts.received(1);
    records.sendDue();

    assertThat(aws.calls("PutTelemetryRecords")).hasSize(2);
    var body = aws.calls().getFirst().json();
    assertThat(body.path("Hostname").asString()).isEqualTo("my \"host\"");
    assertThat(body.path("EC2InstanceId").asString()).isEqualTo("i-1");
    assertThat(body.path("ResourceARN").asString()).endsWith("instance/i-1");
    var record = body.path("TelemetryRecords").get(0);
    assertThat(record.path("SegmentsReceivedCount").asInt()).isEqualTo(10);
    assertThat(record.path("SegmentsSentCount").asInt()).isEqualTo(7);
    assertThat(record.path("SegmentsRejectedCount").asInt()).isEqualTo(2);
    assertThat(record.path("SegmentsSpilloverCount").asInt()).isEqualTo(1);
    assertThat(record.path("BackendConnectionErrors")).hasSize(6).allMatch(n -> n.asInt() == 1);
    var second = aws.calls().get(1).json().path("TelemetryRecords").get(0);
    assertThat(second.path("SegmentsReceivedCount").asInt()).isEqualTo(1);
    assertThat(second.path("SegmentsSentCount").asInt()).isZero();
  }

  @Test
  void failedCalls_keepTheLastThirtyRecords() throws Exception {
    aws.times(35, AwsAnswer.error(500, "InternalFailure"));
    for (int i = 0; i < 35; i++) {
      counts.received(1);
      records.sendDue();
    }
    aws.always(AwsAnswer.ok());
    records.sendDue();

    var sent = aws.calls().subList(35, aws.calls().size());
    assertThat(sent.stream().mapToInt(c -> c.json().path("TelemetryRecords").size()))
        .containsExactly(10, 10, 10);
  }
}
