package io.raybridge.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.util.JsonFormat;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponsesTest {
  @Test
  void fullSuccess_isEmpty() throws Exception {
    assertThat(ExportResponse.SUCCESS.toOtlp()).isEmpty();
    assertThat(ExportResponse.SUCCESS.toOtlpJson(Signal.TRACES)).asString().isEqualTo("{}");
    assertThat(ExportResponse.ofOtlp(new byte[0])).isEqualTo(ExportResponse.SUCCESS);
    assertThat(ExportResponse.ofOtlpJson("{}".getBytes(UTF_8))).isEqualTo(ExportResponse.SUCCESS);
  }

  @Test
  void partialSuccess_isWhatProtobufReadsAndWrites() throws Exception {
    var response = new ExportResponse(12, "too old: Grüße");
    var traces = ExportTraceServiceResponse.parseFrom(response.toOtlp());
    var metrics = ExportMetricsServiceResponse.newBuilder();
    var logs = ExportLogsServiceResponse.newBuilder();
    JsonFormat.parser().merge(new String(response.toOtlpJson(Signal.METRICS), UTF_8), metrics);
    JsonFormat.parser().merge(new String(response.toOtlpJson(Signal.LOGS), UTF_8), logs);

    assertThat(traces.getPartialSuccess().getRejectedSpans()).isEqualTo(12);
    assertThat(traces.getPartialSuccess().getErrorMessage()).isEqualTo("too old: Grüße");
    assertThat(metrics.getPartialSuccess().getRejectedDataPoints()).isEqualTo(12);
    assertThat(logs.getPartialSuccess().getRejectedLogRecords()).isEqualTo(12);
    assertThat(ExportResponse.ofOtlp(metrics.build().toByteArray())).isEqualTo(response);
    for (var message : new com.google.protobuf.Message[] {traces, metrics.build(), logs.build()}) {
      var json = JsonFormat.printer().print(message).getBytes(UTF_8);
      assertThat(ExportResponse.ofOtlpJson(json)).isEqualTo(response);
    }
  }

  @Test
  void warningWithoutRejection_isKept() throws Exception {
    var response = new ExportResponse(0, "slow down");

    assertThat(ExportResponse.ofOtlp(response.toOtlp())).isEqualTo(response);
    assertThat(ExportResponse.ofOtlpJson(response.toOtlpJson(Signal.LOGS))).isEqualTo(response);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT1S", "PT0.5S", "PT3M0.000000001S", "PT24H"})
  void statusWithRetryInfo_survivesBothEncodings(String delay) throws Exception {
    var status = new RpcStatus(8, "queue is full", Duration.parse(delay));

    assertThat(RpcStatus.ofProto(status.toProto())).isEqualTo(status);
    assertThat(RpcStatus.ofJson(status.toJson())).isEqualTo(status);
  }

  @Test
  void status_isWhatOthersWrite() throws Exception {
    // code: 14, message: "x", details: [RetryInfo{retry_delay: 2s}]
    var duration = new byte[] {0x08, 2};
    var retryInfo = new byte[] {0x0a, 2, 0x08, 2};
    assertThat(com.google.protobuf.Duration.parseFrom(duration).getSeconds()).isEqualTo(2);
    var any =
        Any.newBuilder()
            .setTypeUrl("type.googleapis.com/google.rpc.RetryInfo")
            .setValue(com.google.protobuf.ByteString.copyFrom(retryInfo))
            .build();
    var bytes = new ByteArrayOutputStream();
    var out = CodedOutputStream.newInstance(bytes);
    out.writeInt32(1, 14);
    out.writeString(2, "x");
    out.writeMessage(3, Any.newBuilder().setTypeUrl("type.googleapis.com/other").build());
    out.writeMessage(3, any);
    out.flush();

    assertThat(RpcStatus.ofProto(bytes.toByteArray()))
        .isEqualTo(new RpcStatus(14, "x", Duration.ofSeconds(2)));
    assertThat(new RpcStatus(14, "x", Duration.ofSeconds(2)).toJson())
        .asString()
        .isEqualTo(
            """
            {"code":14,"message":"x","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"2s"}]}\
            """);
  }

  @Test
  void statusWithoutDetails_hasNoDelay() throws Exception {
    var status = new RpcStatus(3, "bad", null);

    assertThat(RpcStatus.ofProto(status.toProto())).isEqualTo(status);
    assertThat(RpcStatus.ofJson(status.toJson())).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-5s", "99999999999999999999s"})
  void absurdDelay_isBounded(String delay) throws Exception {
    var json =
        "{\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"%s\"}]}"
            .formatted(delay);

    assertThat(RpcStatus.ofJson(json.getBytes(UTF_8)).retryDelay())
        .isBetween(Duration.ZERO, Duration.ofDays(3650));
  }

  @Test
  void brokenAnswer_isRefusedAndNothingElse() {
    var random = new Random(9);
    var seeds =
        new byte[][] {
          new RpcStatus(8, "queue is full", Duration.ofMillis(1500)).toProto(),
          new RpcStatus(8, "queue is full", Duration.ofMillis(1500)).toJson(),
          new ExportResponse(3, "no").toOtlp(),
          new ExportResponse(3, "no").toOtlpJson(Signal.LOGS)
        };
    int refused = 0;
    for (int i = 0; i < 40_000; i++) {
      var bytes = seeds[i % seeds.length].clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      try {
        switch (i % seeds.length) {
          case 0 -> RpcStatus.ofProto(bytes);
          case 1 -> RpcStatus.ofJson(bytes);
          case 2 -> ExportResponse.ofOtlp(bytes);
          default -> ExportResponse.ofOtlpJson(bytes);
        }
      } catch (MalformedBatchException e) {
        refused++;
      }
    }

    assertThat(refused).isBetween(1_000, 39_000);
  }

  @Test
  void delayThatIsNoDuration_isRefused() {
    var json =
        "{\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"soon\"}]}";

    assertThatThrownBy(() -> RpcStatus.ofJson(json.getBytes(UTF_8)))
        .hasMessageContaining("expected: seconds such as 1.5s");
  }
}
