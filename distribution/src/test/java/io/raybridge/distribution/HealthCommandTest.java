package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealthCommandTest {
  final StringWriter err = new StringWriter();

  @Test
  void statusOfTheAnswer_decides() throws IOException {
    var up = server(200);
    var down = server(503);
    try {
      assertThat(health(at(up))).isZero();
      assertThat(health(at(down))).isEqualTo(1);
      assertThat(err.toString()).contains(at(down) + ": HTTP/1.1 503");
    } finally {
      up.stop(0);
      down.stop(0);
    }
  }

  @Test
  void portOfXraysSdks_isUpWhenItAsksForAPost() throws IOException {
    var sdks = server(405);
    try {
      assertThat(health(at(sdks).replaceFirst("/.*", "") + "/GetSamplingRules")).isZero();
      assertThat(health(at(sdks))).isEqualTo(1);
    } finally {
      sdks.stop(0);
    }
  }

  @Test
  void whereNobodyListens_theNextIsAsked() throws IOException {
    var up = server(200);
    String nobody = "127.0.0.1:" + CollectorProcess.freePort();
    try {
      assertThat(health(nobody + ", " + at(up))).isZero();
      assertThat(health(nobody)).isEqualTo(1);
      assertThat(err.toString()).contains("nobody listens on " + nobody);
    } finally {
      up.stop(0);
    }
  }

  @Test
  void whoeverListens_hasTheLastWord() throws IOException {
    var down = server(503);
    var up = server(200);
    try {
      assertThat(health(at(down) + "," + at(up))).isEqualTo(1);
    } finally {
      down.stop(0);
      up.stop(0);
    }
  }

  @Test
  void peerThatHangsUp_isNotHealth() throws Exception {
    try (var peer = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var accepting =
          Thread.ofVirtual()
              .start(() -> {
                try (var socket = peer.accept()) {
                  socket.shutdownOutput();
                  socket.getInputStream().readAllBytes();
                } catch (IOException e) {
                  // The command hung up first.
                }
              });
      assertThat(health("127.0.0.1:" + peer.getLocalPort())).isEqualTo(1);
      accepting.join();
    }
    assertThat(err.toString()).contains("closed without an answer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", ":13133", "localhost:0", "localhost:x/", "localhost:70000"})
  void wrongEndpoint_isNamed(String endpoint) {
    assertThat(health(endpoint)).isEqualTo(1);
    assertThat(err.toString()).contains("\"" + endpoint + "\" (expected: host:port/path)");
  }

  @Test
  void optionAndVariable_sayTheSame() throws IOException {
    var up = server(200);
    try {
      assertThat(execute(Map.of(), "health", "--endpoint", at(up))).isZero();
      assertThat(execute(Map.of("RAYBRIDGE_HEALTH_ENDPOINT", at(up)), "health")).isZero();
    } finally {
      up.stop(0);
    }
  }

  private int health(String endpoints) {
    return execute(Map.of("RAYBRIDGE_HEALTH_ENDPOINT", endpoints), "health");
  }

  private int execute(Map<String, String> env, String... args) {
    var around =
        new Surroundings(
            env, List::of, new PrintWriter(new StringWriter()), new PrintWriter(err, true));
    return Raybridge.execute(around, (_, _, _, _, _) -> 2, args);
  }

  private static String at(HttpServer server) {
    return "127.0.0.1:" + server.getAddress().getPort() + "/health";
  }

  private static HttpServer server(int status) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    return server;
  }
}
