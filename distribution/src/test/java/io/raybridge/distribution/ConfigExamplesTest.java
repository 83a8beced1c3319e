package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.raybridge.testkit.ScriptedAws;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every file in {@code config-examples/} starts as it is (on other ports), takes a trace, and stops
 * in order.
 */
@Timeout(180)
class ConfigExamplesTest {
  @TempDir Path dir;

  static Stream<Path> examples() throws IOException {
    return Files.list(Path.of("../config-examples"))
        .filter(file -> file.toString().endsWith(".yaml"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("examples")
  void example_startsTakesATraceAndStops(Path file) throws Exception {
    String yaml = Files.readString(file);
    int grpc = CollectorProcess.freePort();
    List<String> ports = new ArrayList<>();
    set(ports, "receivers.otlp.protocols.grpc.endpoint", grpc);
    set(ports, "receivers.otlp.protocols.http.endpoint", CollectorProcess.freePort());
    if (yaml.contains("health_check:")) {
      set(ports, "extensions.health_check.endpoint", CollectorProcess.freePort());
    }
    ports.addAll(List.of("--set", "service.telemetry.metrics.level=none"));
    try (var aws = new ScriptedAws();
        var collector =
            CollectorProcess.launch(dir, yaml, environment(aws), ports.toArray(String[]::new))) {
      collector.await("\tready");

      Sdk.sendTrace(OtlpGrpcSpanExporter.builder().setEndpoint("http://127.0.0.1:" + grpc).build());

      assertThat(collector.terminate()).as(collector.toString()).isZero();
      assertThat(collector.toString()).doesNotContain("warning: ");
    }
  }

  private static void set(List<String> arguments, String key, int port) {
    arguments.addAll(List.of("--set", key + "=127.0.0.1:" + port));
  }

  private Map<String, String> environment(ScriptedAws aws) {
    return Map.of(
        "AWS_ENDPOINT_URL",
        aws.url().toString(),
        "AWS_ACCESS_KEY_ID",
        "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY",
        "secret",
        "AWS_REGION",
        "us-east-1",
        "XRAY_OTLP",
        aws.url() + "/v1/traces",
        // Where a file goes, and a gateway that is not there: what is queued for it is named on
        // stop.
        "RAYBRIDGE_FILE",
        dir.resolve("telemetry.json").toString(),
        "GATEWAY",
        "127.0.0.1:1");
  }
}
