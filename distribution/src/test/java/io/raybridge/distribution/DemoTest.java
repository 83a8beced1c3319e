package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo and the local default as a newcomer meets them, on other ports. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class DemoTest {
  @TempDir Path dir;
  private final HttpClient browser = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    browser.close();
  }

  @Test
  void demo_showsTracesOfThreeServicesAndMetricsAndEndsInOrder() throws Exception {
    int page = CollectorProcess.freePort();
    int grpc = CollectorProcess.freePort();
    String local = "http://127.0.0.1:" + page;
    try (var demo =
        CollectorProcess.command(
            dir,
            Map.of(),
            "demo",
            "--set=extensions.local_xray.endpoint=127.0.0.1:" + page,
            "--set=receivers.otlp.protocols.grpc.endpoint=127.0.0.1:" + grpc,
            "--set=receivers.otlp.protocols.http.endpoint=127.0.0.1:" + CollectorProcess.freePort(),
            "--set=exporters.awsxray.endpoint=" + local,
            "--set=exporters.awscloudwatchmetrics.endpoint=" + local,
            "--set=exporters.awscloudwatchmetrics.flush_interval=1s",
            "--set=service.telemetry.metrics.level=none")) {
      assertThat(demo.await("  send ")).contains("http://127.0.0.1:" + grpc);
      assertThat(demo.await("  look ")).contains(local);
      assertThat(demo.await("  data ")).contains(dir.resolve("data").toString());

      await(local + "/api/traces", text -> text.contains("\"segments\":3"));
      await(local + "/api/metrics", text -> text.contains("http.server.request.duration"));

      assertThat(demo.terminate()).as("%s", demo).isZero();
      assertThat(demo.toString()).contains("stopped").doesNotContain("\terror\t");
    }
  }

  /** Asks until the answer is as expected; the test's timeout ends it. */
  private void await(String url, Predicate<String> expected) throws Exception {
    String text = "";
    while (!expected.test(text)) {
      var request = HttpRequest.newBuilder(URI.create(url)).build();
      text = browser.send(request, BodyHandlers.ofString()).body();
      Thread.onSpinWait();
    }
  }
}
