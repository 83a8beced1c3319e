package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.raybridge.data.Traces;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as users run it: a process, a configuration, SDKs that send, signals that end it. */
class EndToEndTest {
  @TempDir Path dir;

  @Test
  void sdkOverGrpc_reachesTheDebugExporter() throws Exception {
    int grpc = CollectorProcess.freePort();
    int own = CollectorProcess.freePort();
    try (var collector =
        CollectorProcess.start(dir, config(grpc, CollectorProcess.freePort(), own))) {
      var to = "http://127.0.0.1:" + grpc;
      Sdk.sendSpan(OtlpGrpcSpanExporter.builder().setEndpoint(to).build());
      Sdk.sendMetric(OtlpGrpcMetricExporter.builder().setEndpoint(to).build());
      Sdk.sendLog(OtlpGrpcLogRecordExporter.builder().setEndpoint(to).build());

      assertEverythingArrived(collector);
      assertThat(CollectorProcess.metrics(own))
          .contains("otelcol_receiver_accepted_spans{receiver=\"otlp\",transport=\"grpc\"} 1\n")
          .contains(
              "otelcol_receiver_accepted_metric_points{receiver=\"otlp\",transport=\"grpc\"} ")
          .contains(
              "otelcol_receiver_accepted_log_records{receiver=\"otlp\",transport=\"grpc\"} 1\n")
          .contains("otelcol_exporter_sent_spans{exporter=\"debug\"} 1\n");
    }
  }

  @Test
  void sdkOverHttp_reachesTheDebugExporter() throws Exception {
    int http = CollectorProcess.freePort();
    int own = CollectorProcess.freePort();
    try (var collector =
        CollectorProcess.start(dir, config(CollectorProcess.freePort(), http, own))) {
      var to = "http://127.0.0.1:" + http;
      Sdk.sendSpan(OtlpHttpSpanExporter.builder().setEndpoint(to + "/v1/traces").build());
      Sdk.sendMetric(OtlpHttpMetricExporter.builder().setEndpoint(to + "/v1/metrics").build());
      Sdk.sendLog(OtlpHttpLogRecordExporter.builder().setEndpoint(to + "/v1/logs").build());

      assertEverythingArrived(collector);
      assertThat(CollectorProcess.metrics(own))
          .contains("otelcol_receiver_accepted_spans{receiver=\"otlp\",transport=\"http\"} 1\n");
    }
  }

  @Test
  void sigterm_endsInOrderWithExitCodeZero() throws Exception {
    try (var collector = CollectorProcess.start(dir, config())) {
      assertThat(collector.terminate()).as(collector.toString()).isZero();
      assertThat(collector.toString()).contains("stopping: SIGTERM").endsWith("\tinfo\tstopped");
    }
  }

  @Test
  void sigint_endsInOrderWithExitCodeZero() throws Exception {
    // A shell without job control has its background jobs ignore SIGINT, and children inherit that.
    assumeThat(ignoredSignals() & 1 << 1).as("SIGINT among the ignored signals").isZero();
    try (var collector = CollectorProcess.start(dir, config())) {
      collector.signal("INT");

      assertThat(collector.exitCode()).as(collector.toString()).isZero();
    }
  }

  @Test
  void secondSignal_endsAtOnce() throws Exception {
    int http = CollectorProcess.freePort();
    var config = config(CollectorProcess.freePort(), http, CollectorProcess.freePort());
    try (var collector = CollectorProcess.start(dir, config, "--shutdown-timeout", "10m");
        var client = new Socket(InetAddress.getLoopbackAddress(), http)) {
      // A request that never becomes whole, so that the receiver has something to wait for.
      client
          .getOutputStream()
          .write(
              "POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"
                  .getBytes(StandardCharsets.US_ASCII));
      collector.signal("TERM");
      collector.await("stopping: SIGTERM");
      collector.signal("TERM");

      assertThat(collector.exitCode()).as(collector.toString()).isEqualTo(143);
    }
  }

  @Test
  void sdk_reachesTheFileExporter() throws Exception {
    int grpc = CollectorProcess.freePort();
    var file = dir.resolve("out.json");
    var config =
        config(grpc, CollectorProcess.freePort(), CollectorProcess.freePort())
            .replace("debug: {verbosity: detailed}", "file: {path: " + file + "}")
            .replace("[debug]", "[file]");
    try (var collector = CollectorProcess.start(dir, config)) {
      Sdk.sendSpan(OtlpGrpcSpanExporter.builder().setEndpoint("http://127.0.0.1:" + grpc).build());

      assertThat(collector.terminate()).isZero();
    }

    var traces = Traces.ofOtlpJson(Files.readAllBytes(file));
    assertThat(traces.items()).isEqualTo(1);
    traces.forEachSpan(span -> assertThat(span.name()).isEqualTo("checkout"));
  }

  @Test
  void jsonLog_isOneObjectALine() throws Exception {
    try (var collector =
        CollectorProcess.launch(dir, config(), "--set", "service.telemetry.logs.encoding=json")) {
      var ready = collector.await("\"msg\":\"ready\"");

      assertThat(ready).startsWith("{\"level\":\"info\",\"ts\":\"").contains("\"pipelines\":3");
    }
  }

  @Test
  void configurationWithProblems_isRefusedWithTheirPlaces() throws Exception {
    var broken = config().replace("verbosity", "verbositty").replace("[otlp]", "[oltp]");
    try (var collector = CollectorProcess.launch(dir, broken)) {
      assertThat(collector.exitCode()).isEqualTo(1);
      assertThat(collector.toString())
          .contains("collector.yaml:7:11: exporters.debug: unknown key \"verbositty\"")
          .contains("did you mean \"verbosity\"?")
          .contains("did you mean \"otlp\"?");
    }
  }

  @Test
  void keysOfAnotherSignal_areAStartErrorThatNamesTheProcessor() throws Exception {
    var config =
        config()
            .replace(
                "service:",
                """
                processors:
                  attributes:
                    include: {match_type: strict, log_bodies: [a]}
                    actions: [{key: a, action: delete}]
                service:\
                """)
            .replace(
                "traces: {receivers: [otlp],",
                "traces: {receivers: [otlp], processors: [attributes],");
    try (var collector = CollectorProcess.launch(dir, config)) {
      assertThat(collector.exitCode()).isEqualTo(1);
      assertThat(collector.toString())
          .contains("processor attributes")
          .contains("log_bodies")
          .doesNotContain("\tat io.raybridge");
    }
  }

  @Test
  void portInUse_namesPortAndReceiver() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var collector =
            CollectorProcess.launch(
                dir,
                config(
                    taken.getLocalPort(),
                    CollectorProcess.freePort(),
                    CollectorProcess.freePort()))) {
      assertThat(collector.exitCode()).isEqualTo(1);
      assertThat(collector.toString())
          .contains("cannot start receiver otlp")
          .contains("port " + taken.getLocalPort() + " is in use");
    }
  }

  @Test
  void metricsPortInUse_isAStartError() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var collector =
            CollectorProcess.launch(
                dir,
                config(
                    CollectorProcess.freePort(),
                    CollectorProcess.freePort(),
                    taken.getLocalPort()))) {
      assertThat(collector.exitCode()).isEqualTo(1);
      assertThat(collector.toString())
          .contains("service.telemetry")
          .contains("port " + taken.getLocalPort() + " is in use");
    }
  }

  private static void assertEverythingArrived(CollectorProcess collector) throws Exception {
    collector.await("    Name           : checkout");
    collector.await("     -> Name: orders");
    collector.await("Body: Str(order placed)");
  }

  private static String config() throws Exception {
    return config(
        CollectorProcess.freePort(), CollectorProcess.freePort(), CollectorProcess.freePort());
  }

  private static String config(int grpc, int http, int own) {
    return """
    receivers:
      otlp:
        protocols:
          grpc: {endpoint: 127.0.0.1:%d}
          http: {endpoint: 127.0.0.1:%d}
    exporters:
      debug: {verbosity: detailed}
    service:
      telemetry:
        metrics: {address: "127.0.0.1:%d"}
      pipelines:
        traces: {receivers: [otlp], exporters: [debug]}
        metrics: {receivers: [otlp], exporters: [debug]}
        logs: {receivers: [otlp], exporters: [debug]}
    """
        .formatted(grpc, http, own);
  }

  /** The signals that this process ignores, and so its children: bit n - 1 for signal n. */
  private static long ignoredSignals() throws IOException {
    var status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .mapToLong(line -> Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16))
        .findFirst()
        .orElse(0);
  }
}
