package io.raybridge.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A collector, whoever made it, running as a process until it is closed. */
final class Collector implements AutoCloseable {
  private final Process process;
  private final Path log;

  /**
   * Returns once the collector's log says that it is ready.
   *
   * @param readyMark what only that line of the log contains
   */
  Collector(Path log, String readyMark, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    this.log = log;
    var builder =
        new ProcessBuilder(List.of(command)).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    process = builder.start();
    while (!Files.exists(log) || !Files.readString(log).contains(readyMark)) {
      if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(command[0] + " ended: " + Files.readString(log));
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

  static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
