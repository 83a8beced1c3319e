package io.raybridge.distribution;

import io.raybridge.engine.Companion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A collector that gets a little traffic and ends: what the JVM records its start cache from, when
 * a package is made or the launcher has built. One collector in two halves, of which the first
 * sends to the second by {@code otlp} and {@code otlphttp}, and the second to a socket that answers
 * as X-Ray does. Whatever it loads is loaded at each start to come, so it holds nothing else: no
 * SDK, no local X-Ray.
 */
public final class Training {
  private static final int REQUESTS = 500;
  private static final byte[] DONE =
      "HTTP/1.1 200 OK\r\nContent-Length: 31\r\n\r\n{\"UnprocessedTraceSegments\":[]}"
          .getBytes(StandardCharsets.US_ASCII);

  private Training() {}

  /** Runs, and exits with the collector's code. */
  public static void main(String[] args) throws IOException {
    try (var xray = new ServerSocket(0, 64, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(() -> answer(xray));
      int in = freePort();
      var env =
          Map.of(
              "IN", "" + in,
              "GRPC", "" + freePort(),
              "HTTP", "" + freePort(),
              "THIRD", "" + freePort(),
              "XRAY", "" + xray.getLocalPort());
      var index = ComponentIndex.ofProcess();
      if (index.isPresent()) index.get().write(BuiltIn.onClassPath());
      var surroundings = Main.surroundings(env);
      Path config = Files.createTempFile("training", ".yaml");
      Files.write(config, resource("training.yaml"));
      int code = Raybridge.execute(surroundings, trafficTo(in), "--config", config.toString());
      Files.delete(config);
      System.exit(code);
    }
  }

  private static RunCommand.Runner trafficTo(int port) {
    var traffic =
        new Companion() {
          @Override
          public void ready() {
            Thread.startVirtualThread(() -> send(port));
          }
        };
    return (config, reloading, timeout, around, _) ->
        new Collecting().run(config, reloading, timeout, around, traffic);
  }

  /** Sends the same traces again and again, then ends the process as an operator does. */
  private static void send(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      // Head and body are two writes: without this the second waits 40 ms for the first's receipt.
      socket.setTcpNoDelay(true);
      byte[] body = resource("training.json");
      String head =
          "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "Content-Length: "
              + body.length
              + "\r\n\r\n";
      for (int i = 0; i < REQUESTS; i++) {
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body);
        readMessage(socket.getInputStream());
      }
      // The shell's own kill: an image may have no other.
      new ProcessBuilder("sh", "-c", "kill -TERM " + ProcessHandle.current().pid()).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void answer(ServerSocket xray) {
    try {
      while (true) {
        var socket = xray.accept();
        Thread.startVirtualThread(() -> answer(socket));
      }
    } catch (IOException e) {
      // Closed: the training is over.
    }
  }

  private static void answer(Socket socket) {
    try (socket) {
      while (readMessage(socket.getInputStream())) socket.getOutputStream().write(DONE);
    } catch (IOException e) {
      // The exporter hung up.
    }
  }

  /** Passes over one HTTP message; false at the end of the stream. */
  private static boolean readMessage(InputStream in) throws IOException {
    int length = 0;
    for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
      if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    in.skipNBytes(length);
    return length > 0;
  }

  private static String readLine(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read())
      if (c != '\r') line.append((char) c);
    return line.toString();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = Training.class.getResourceAsStream(name)) {
      if (in == null) throw new IOException(name + " is missing from the jar");
      return in.readAllBytes();
    }
  }
}
