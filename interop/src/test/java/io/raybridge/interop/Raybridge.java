package io.raybridge.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A collector started as a user starts it, by the launcher, with the local X-Ray behind both
 * exporters.
 */
final class Raybridge implements AutoCloseable {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  static final String LAUNCHER = ROOT.resolve("raybridge").toString();
  static final String READY = "\tready";

  final int grpcPort = Collector.freePort();
  final int httpPort = Collector.freePort();
  final int xrayPort = Collector.freePort();
  final int metricsPort = Collector.freePort();
  private final Collector collector;

  Raybridge(Path directory) throws IOException, InterruptedException {
    Path config = Files.writeString(directory.resolve("config.yaml"), config(directory));
    collector =
        new Collector(
            directory.resolve("raybridge.log"),
            READY,
            Map.of("RAYBRIDGE_DATA_DIR", directory.resolve("data").toString()),
            LAUNCHER,
            "run",
            "--config",
            config.toString());
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

  String log() throws IOException {
    return collector.log();
  }

  /** Ends it as an orchestrator does and gives its exit code. */
  int stop() throws InterruptedException {
    return collector.stop();
  }

  @Override
  public void close() {
    collector.close();
  }
}
