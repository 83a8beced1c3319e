package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.testkit.Numbered;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Exporter {@code otlp} before a gateway of several instances behind one name. */
@Timeout(180)
@EnabledOnOs(value = OS.LINUX, disabledReason = "needs 127.0.0.2")
class OtlpGatewayTest {
  private static final int REQUESTS = 20;

  @TempDir Path dir;

  @Test
  void requests_areSpreadOverAllAddressesOfAName() throws Exception {
    int entrance = CollectorProcess.freePort();
    int gateway = CollectorProcess.freePort();
    var hosts = Files.writeString(dir.resolve("hosts"), "127.0.0.1 gateway\n127.0.0.2 gateway\n");
    var token = Files.writeString(dir.resolve("token"), "secret-token\n");
    var behind = Files.createDirectory(dir.resolve("behind"));
    var before = Files.createDirectory(dir.resolve("before"));
    try (var instances = CollectorProcess.start(behind, instances(gateway));
        var sender =
            CollectorProcess.launch(
                before,
                sender(entrance, gateway, token),
                Map.of("JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + hosts))) {
      sender.await("\tready");
      var client = new OtlpClient(entrance);
      for (int i = 0; i < REQUESTS; i++) {
        assertThat(client.send(Numbered.traces(i, 1))).isEqualTo(200);
      }
      assertThat(sender.terminate()).as(sender.toString()).isZero();
      assertThat(instances.terminate()).as(instances.toString()).isZero();

      assertThat(sender.toString())
          .contains("bearertokenauth go in the clear")
          .doesNotContain("secret-token");
    }
    assertThat(arrived("a")).isPositive();
    assertThat(arrived("b")).isPositive();
    assertThat(arrived("a") + arrived("b")).isEqualTo(REQUESTS);
  }

  /** One line of OTLP/JSON for each request. */
  private long arrived(String instance) throws Exception {
    return Files.readAllLines(dir.resolve(instance + ".json")).size();
  }

  private String instances(int port) {
    return """
    receivers:
      otlp/a: {protocols: {grpc: {endpoint: "127.0.0.1:%1$d"}}}
      otlp/b: {protocols: {grpc: {endpoint: "127.0.0.2:%1$d"}}}
    exporters:
      file/a: {path: "%2$s/a.json"}
      file/b: {path: "%2$s/b.json"}
    service:
      telemetry: {metrics: {level: none}}
      pipelines:
        traces/a: {receivers: [otlp/a], exporters: [file/a]}
        traces/b: {receivers: [otlp/b], exporters: [file/b]}
    """
        .formatted(port, dir);
  }

  private static String sender(int entrance, int gateway, Path token) {
    return """
    receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:%d"}}}}
    exporters:
      otlp:
        endpoint: gateway:%d
        tls: {insecure: true}
        auth: {authenticator: bearertokenauth}
        sending_queue: {num_consumers: 1}
    extensions: {bearertokenauth: {filename: "%s"}}
    service:
      extensions: [bearertokenauth]
      telemetry: {metrics: {level: none}}
      pipelines: {traces: {receivers: [otlp], exporters: [otlp]}}
    """
        .formatted(entrance, gateway, token);
  }
}
