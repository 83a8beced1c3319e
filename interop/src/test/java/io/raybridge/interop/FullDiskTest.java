package io.raybridge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A queue on a disk of 8 MiB that is full or read-only, and then is not. Only root can mount one.
 */
@Timeout(180)
class FullDiskTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final int OK = 200;

  @TempDir Path directory;
  private final HttpClient http = HttpClient.newHttpClient();
  private final int port = Collector.freePort();
  private final int metricsPort = Collector.freePort();
  private Path disk;
  private Path log;
  private Process collector;

  @BeforeEach
  void start() throws Exception {
    disk = Files.createDirectory(directory.resolve("disk"));
    Program.run("mount", "-t", "tmpfs", "-o", "size=8m", "raybridge-test", disk.toString());
    log = directory.resolve("raybridge.log");
    var config = Files.writeString(directory.resolve("config.yaml"), config());
    collector =
        new ProcessBuilder(
                ROOT.resolve("raybridge").toString(), "run", "--config", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    awaitLog("\tready");
  }

  @AfterEach
  void end() throws Exception {
    collector.destroy();
    if (!collector.waitFor(30, TimeUnit.SECONDS)) collector.destroyForcibly().waitFor();
    Program.run("umount", disk.toString());
  }

  @Test
  void fullDisk_refusesClientsNamesItselfAndRecovers() throws Exception {
    assertThat(send(1_000)).isEqualTo(OK);
    var filler = Files.write(disk.resolve("filler"), new byte[7 << 20]);

    var refused = sendUntilRefused();

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(refused.body()).contains("storage cannot be written: No space left on device");
    awaitLog("cannot write in " + disk.resolve("queue/exporter_otlphttp_traces"));
    assertThat(metrics())
        .contains("otelcol_file_storage_failing{extension=\"file_storage\"")
        .contains("reason=\"no_space\"");

    Files.delete(filler);

    assertThat(send(100_000)).isEqualTo(OK);
    awaitLog("works again after");
  }

  @Test
  void readOnlyDisk_refusesClientsNamesItselfAndRecovers() throws Exception {
    assertThat(send(1_000)).isEqualTo(OK);
    var queue = disk.resolve("queue/exporter_otlphttp_traces").toString();
    // What is open stays so; the next file cannot be made.
    Program.run("mount", "-t", "tmpfs", "-o", "ro,size=1m", "raybridge-test", queue);
    try {
      var refused = sendUntilRefused();

      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.body()).contains("storage cannot be written: Read-only file system");
      awaitLog("cannot write in " + queue + ": Read-only file system");
    } finally {
      Program.run("umount", queue);
    }

    assertThat(send(100_000)).isEqualTo(OK);
    awaitLog("works again after");
  }

  private int send(int bytes) throws IOException, InterruptedException {
    return post(bytes).statusCode();
  }

  private HttpResponse<String> sendUntilRefused() throws IOException, InterruptedException {
    for (int i = 0; i < 1000; i++) {
      var answer = post(50_000);
      if (answer.statusCode() != OK) return answer;
    }
    throw new AssertionError("50 MB fitted on a disk of 8 MiB");
  }

  private HttpResponse<String> post(int bytes) throws IOException, InterruptedException {
    var body =
        """
        {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c",
        "spanId":"b7ad6b7169203331","name":"%s","startTimeUnixNano":"1767225600000000000",
        "endTimeUnixNano":"1767225600000000001"}]}]}]}\
        """
            .formatted("n".repeat(bytes));
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/traces"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private String metrics() throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metricsPort + "/metrics"));
    return http.send(request.build(), BodyHandlers.ofString()).body();
  }

  /** Nobody listens at the exporter's endpoint, so that all stays in the queue. */
  private String config() {
    return """
    receivers:
      otlp: {protocols: {http: {endpoint: "127.0.0.1:%d"}}}
    exporters:
      otlphttp:
        endpoint: http://127.0.0.1:1
        retry_on_failure: {max_elapsed_time: 0s}
        sending_queue: {storage: file_storage, queue_size: 100000}
    extensions:
      file_storage: {directory: "%s", create_directory: true, max_size: 67108864}
    service:
      extensions: [file_storage]
      telemetry:
        metrics:
          readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: %d}}}}]
      pipelines:
        traces: {receivers: [otlp], exporters: [otlphttp]}
    """
        .formatted(port, disk.resolve("queue"), metricsPort);
  }

  private void awaitLog(String text) throws IOException, InterruptedException {
    while (!Files.exists(log) || !Files.readString(log).contains(text)) {
      if (collector.waitFor(20, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("raybridge ended: " + Files.readString(log));
      }
    }
  }
}
