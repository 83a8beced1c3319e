package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.raybridge.data.Traces;
import io.raybridge.testkit.AwsAnswer;
import io.raybridge.testkit.ScriptedAws;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From an SDK, signed, to X-Ray's OTLP endpoint: the example's configuration. */
@Timeout(180)
class XrayOtlpEndToEndTest {
  private static final String TRACES = "traces";

  @TempDir Path dir;

  @Test
  void spans_arriveSignedAsAwsComputesIt() throws Exception {
    int grpc = CollectorProcess.freePort();
    try (var aws = new ScriptedAws();
        var collector = launch(aws, grpc)) {
      collector.await("\tready");
      Sdk.sendTrace(OtlpGrpcSpanExporter.builder().setEndpoint("http://127.0.0.1:" + grpc).build());
      assertThat(collector.terminate()).as(collector.toString()).isZero();

      var call = aws.calls(TRACES).getFirst();
      assertThat(call.path()).isEqualTo("/v1/traces");
      assertThat(call.headers())
          .containsEntry("content-type", "application/x-protobuf")
          .containsEntry("content-encoding", "gzip");
      assertThat(Traces.ofOtlp(call.content()).items()).isEqualTo(2);
      assertThat(SignatureCheck.isValid(call, "secret", "us-east-1/xray")).isTrue();
      assertThat(SignatureCheck.isValid(call, "another", "us-east-1/xray")).isFalse();
    }
  }

  @Test
  void accountWithoutTransactionSearch_isToldTheSwitchAndLosesNothing() throws Exception {
    int grpc = CollectorProcess.freePort();
    var refusal =
        AwsAnswer.plain(
            400,
            "Content-Type: application/json\r\nx-amzn-ErrorType: InvalidRequestException\r\n",
            "{\"code\":3,\"message\":\"The OTLP API is supported with CloudWatch Logs as a Trace"
                + " Segment Destination.\"}");
    try (var aws = new ScriptedAws().then(refusal, refusal);
        var collector =
            launch(
                aws,
                grpc,
                "--set",
                "exporters.otlphttp.retry_on_failure.initial_interval=50ms",
                "--set",
                "exporters.otlphttp.retry_on_failure.max_interval=100ms")) {
      collector.await("\tready");
      Sdk.sendTrace(OtlpGrpcSpanExporter.builder().setEndpoint("http://127.0.0.1:" + grpc).build());

      collector.await("turn on Transaction Search");
      aws.awaitCalls(3);
      assertThat(collector.terminate()).as(collector.toString()).isZero();
      assertThat(collector.toString()).doesNotContain("were not delivered");
      assertThat(Traces.ofOtlp(aws.calls(TRACES).getLast().content()).items()).isEqualTo(2);
    }
  }

  @Test
  void missingExtension_isNamedWithItsPlace() throws Exception {
    var yaml = example().replace("extensions: [sigv4auth]", "extensions: []");
    try (var collector = CollectorProcess.launch(dir, yaml)) {
      assertThat(collector.exitCode()).isEqualTo(1);
      assertThat(collector.toString())
          .containsPattern(
              "collector.yaml:\\d+:22: exporters.otlphttp.auth.authenticator: extension \"sigv4auth\""
                  + " does not run \\(expected: sigv4auth in service.extensions\\)");
    }
  }

  @Test
  void otherAuthExtensions_areNamedAsNotBuiltInYet() throws Exception {
    for (var type : List.of("oauth2client", "oidc")) {
      var yaml = example().replace("sigv4auth", type).replaceAll("(region|service): .*", "");
      try (var collector = CollectorProcess.launch(dir, yaml)) {
        assertThat(collector.exitCode()).isEqualTo(1);
        assertThat(collector.toString())
            .contains("extension \"" + type + "\" of contrib is not built in yet");
      }
    }
  }

  private static String example() throws Exception {
    return Files.readString(Path.of("../config-examples/xray-otlp.yaml"));
  }

  private CollectorProcess launch(ScriptedAws aws, int grpc, String... more) throws Exception {
    var arguments = new ArrayList<String>();
    arguments.addAll(
        List.of(
            "--set",
            "receivers.otlp.protocols.grpc.endpoint=127.0.0.1:" + grpc,
            "--set",
            "receivers.otlp.protocols.http.endpoint=127.0.0.1:" + CollectorProcess.freePort(),
            "--set",
            "service.telemetry.metrics.level=none"));
    arguments.addAll(List.of(more));
    return CollectorProcess.launch(
        dir,
        example(),
        Map.of(
            "XRAY_OTLP", aws.url() + "/v1/traces",
            "AWS_ACCESS_KEY_ID", "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY", "secret"),
        arguments.toArray(String[]::new));
  }
}
