package io.raybridge.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was decoded and encoded again means to protobuf-java what it meant before. */
class OracleTest {
  private static final int ROUNDS = 500;

  @ParameterizedTest(name = "unknown fields: {0}")
  @ValueSource(booleans = {false, true})
  void decodedTraces_encodeToTheSameMeaning(boolean unknownFields) throws Exception {
    for (int seed = 0; seed < ROUNDS; seed++) {
      var request =
          new RandomMessages(seed, unknownFields)
              .like(ExportTraceServiceRequest.getDefaultInstance());
      var batch = Traces.ofOtlp(request.toByteArray());
      batch.resourceSpans();

      assertThat(ExportTraceServiceRequest.parseFrom(batch.toOtlp()))
          .as("seed %d", seed)
          .isEqualTo(request);
    }
  }

  @ParameterizedTest(name = "unknown fields: {0}")
  @ValueSource(booleans = {false, true})
  void decodedMetrics_encodeToTheSameMeaning(boolean unknownFields) throws Exception {
    for (int seed = 0; seed < ROUNDS; seed++) {
      var request =
          new RandomMessages(seed, unknownFields)
              .like(ExportMetricsServiceRequest.getDefaultInstance());
      var batch = Metrics.ofOtlp(request.toByteArray());
      batch.resourceMetrics();

      assertThat(ExportMetricsServiceRequest.parseFrom(batch.toOtlp()))
          .as("seed %d", seed)
          .isEqualTo(request);
    }
  }

  @ParameterizedTest(name = "unknown fields: {0}")
  @ValueSource(booleans = {false, true})
  void decodedLogs_encodeToTheSameMeaning(boolean unknownFields) throws Exception {
    for (int seed = 0; seed < ROUNDS; seed++) {
      var request =
          new RandomMessages(seed, unknownFields)
              .like(ExportLogsServiceRequest.getDefaultInstance());
      var batch = Logs.ofOtlp(request.toByteArray());
      batch.resourceLogs();

      assertThat(ExportLogsServiceRequest.parseFrom(batch.toOtlp()))
          .as("seed %d", seed)
          .isEqualTo(request);
    }
  }
}
