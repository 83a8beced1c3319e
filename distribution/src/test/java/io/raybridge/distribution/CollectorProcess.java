package io.raybridge.distribution;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The program in a process of its own, as users run it. Ended with the test. */
final class CollectorProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final List<String> lines = new ArrayList<>();
  private final Process process;
  private final Thread reader;
  private boolean ended;

  private CollectorProcess(Process process) {
    this.process = process;
    this.reader = Thread.ofPlatform().daemon().name("collector output").start(this::read);
  }

  /** Starts with this configuration and waits until it is ready. */
  static CollectorProcess start(Path dir, String yaml, String... arguments) throws Exception {
    var process = launch(dir, yaml, arguments);
    process.await("\tready");
    return process;
  }

  /** Starts with this configuration, which may fail. */
  static CollectorProcess launch(Path dir, String yaml, String... arguments) throws IOException {
    return launch(dir, yaml, Map.of(), arguments);
  }

  /** The same with more environment variables. */
  static CollectorProcess launch(
      Path dir, String yaml, Map<String, String> env, String... arguments) throws IOException {
    var config = dir.resolve("collector.yaml");
    Files.writeString(config, yaml);
    List<String> words = new ArrayList<>(List.of("run", "--config", config.toString()));
    words.addAll(List.of(arguments));
    return command(dir, env, words.toArray(String[]::new));
  }

  /** Starts any command of the program. */
  static CollectorProcess command(Path dir, Map<String, String> env, String... words)
      throws IOException {
    List<String> command = new ArrayList<>();
    // Whoever starts the tests may ignore SIGHUP, as nohup does, and a JVM then lets nobody have
    // it.
    if (isHangupIgnored()) command.addAll(List.of("env", "--default-signal=HUP"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            classPath(),
            Main.class.getName()));
    command.addAll(List.of(words));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("RAYBRIDGE_DATA_DIR", dir.resolve("data").toString());
    builder.environment().putAll(env);
    return new CollectorProcess(builder.start());
  }

  private static boolean isHangupIgnored() throws IOException {
    var status = Path.of("/proc/self/status");
    if (!Files.exists(status)) return false;
    for (var line : Files.readAllLines(status)) {
      if (line.startsWith("SigIgn:"))
        return (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1) != 0;
    }
    return false;
  }

  /** A port that was free a moment ago. */
  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Waits for a line that contains this, and gives it. */
  String await(String text) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    synchronized (lines) {
      while (true) {
        for (var line : lines) if (line.contains(text)) return line;
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (ended || left <= 0)
          throw new AssertionError("no line with \"" + text + "\" in:\n" + this);
        lines.wait(left);
      }
    }
  }

  /** Sends SIGTERM and gives the exit code. */
  int terminate() throws IOException, InterruptedException {
    // Not Process.destroy(): it closes the output, and with it the last lines of the log.
    signal("TERM");
    return exitCode();
  }

  /** Sends a signal by its name, such as {@code INT}. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /** Waits for the end. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("still running:\n" + this);
    }
    reader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    return process.exitValue();
  }

  /** What Prometheus would read. */
  static String metrics(int port) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"));
      return client.send(request.build(), BodyHandlers.ofString()).body();
    }
  }

  /** All it has printed. */
  @Override
  public String toString() {
    synchronized (lines) {
      return String.join("\n", lines);
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  private void read() {
    try (var output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line; (line = output.readLine()) != null; ) add(line);
    } catch (IOException e) {
      add("output ended: " + e);
    }
    synchronized (lines) {
      ended = true;
      lines.notifyAll();
    }
  }

  private void add(String line) {
    synchronized (lines) {
      lines.add(line);
      lines.notifyAll();
    }
  }

  private static String classPath() {
    var surefire = System.getProperty("surefire.test.class.path");
    return surefire == null ? System.getProperty("java.class.path") : surefire;
  }
}
