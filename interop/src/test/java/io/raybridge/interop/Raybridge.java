package io.raybridge.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A collector started as a user starts it, by the launcher, with the local X-Ray behind both
 * exporters.
 */
final class Raybridge implements AutoCloseable {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  final int grpcPort = freePort();
  final int httpPort = freePort();
  final int xrayPort = freePort();
  final int metricsPort = freePort();
  private final Process process;
  private final Path log;

  Raybridge(Path directory) throws IOException, InterruptedException {
    Path config = Files.writeString(directory.resolve("config.yaml"), config(directory));
    log = directory.resolve("raybridge.log");
    var command =
        new ProcessBuilder(
                ROOT.resolve("raybridge").toString(), "run", "--config", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    command.environment().put("RAYBRIDGE_DATA_DIR", directory.resolve("data").toString());
    process = command.start();
    awaitReady();
  }

  private String config(Path directory) {
    return """
    receivers:
      otlp:
        protocols:
          grpc: {endpoint: "127.0.0.1:%d"}
          http: {endpoint: "127.0.0.1:%d"}
    exporters:
      awsxray: {region: us-east-1, endpoint: "http://127.0.0.1:%d", local_mode: true}
      awscloudwatchmetrics: {region: us-east-1, endpoint: "http://127.0.0.1:%d", local_mode: true, flush_interval: 1s}
      debug: {}
    extensions:
      local_xray: {endpoint: "127.0.0.1:%d", directory: "%s"}
    service:
      extensions: [local_xray]
      telemetry:
        metrics:
          readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: %d}}}}]
      pipelines:
        traces: {receivers: [otlp], exporters: [awsxray]}
        metrics: {receivers: [otlp], exporters: [awscloudwatchmetrics]}
        logs: {receivers: [otlp], exporters: [debug]}
    """
        .formatted(
            grpcPort,
            httpPort,
            xrayPort,
            xrayPort,
            xrayPort,
            directory.resolve("xray"),
            metricsPort);
  }

  private void awaitReady() throws IOException, InterruptedException {
    while (!Files.exists(log) || !Files.readString(log).contains("\tready")) {
      if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("raybridge ended: " + Files.readString(log));
      }
    }
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  /** Ends it as an orchestrator does and gives its exit code. */
  int stop() throws InterruptedException {
    process.destroy();
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
