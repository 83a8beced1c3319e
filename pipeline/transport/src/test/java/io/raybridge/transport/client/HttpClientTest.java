package io.raybridge.transport.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.raybridge.transport.client.HttpException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpClientTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private HttpClient client = new HttpClient(HttpClientSettings.defaults());

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void request_arrivesByteForByte() throws Exception {
    try (var server =
        new RawServer(c -> {
          while (c.request()) c.ok("done");
        })) {
      var parts =
          List.of(
              Slice.of("one,".getBytes(StandardCharsets.UTF_8)),
              new Slice("xxtwoxx".getBytes(StandardCharsets.UTF_8), 2, 3));
      var headers = new Headers().add("X-Test", "yes");

      var response =
          client.send(new HttpRequest("POST", server.origin(), "/a?b=c", headers, parts, LONG));

      assertThat(response.status()).isEqualTo(200);
      assertThat(response.excerpt()).isEqualTo("done");
      assertThat(server.requests)
          .containsExactly(
              "POST /a?b=c HTTP/1.1\r\nhost: "
                  + server.origin().authority()
                  + "\r\nX-Test: yes\r\ncontent-length: 7\r\n\r\none,two");
    }
  }

  @Test
  void secondRequest_usesTheSameConnection() throws Exception {
    try (var server =
        new RawServer(c -> {
          while (c.request()) c.ok("done");
        })) {
      for (int i = 0; i < 20; i++) post(server);

      assertThat(server.connections).hasValue(1);
      assertThat(server.requests).hasSize(20);
    }
  }

  @Test
  void connectionCloseInResponse_opensAnother() throws Exception {
    try (var server =
        new RawServer(c -> {
          c.request();
          c.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
          c.hang();
        })) {
      post(server);
      post(server);

      assertThat(server.connections).hasValue(2);
    }
  }

  @Test
  void serverThatClosesIdleConnections_isNotNoticed() throws Exception {
    var closed = new CountDownLatch(1);
    try (var server =
        new RawServer(c -> {
          c.request();
          c.ok("");
          c.socket.close();
          closed.countDown();
        })) {
      post(server);
      closed.await();
      // The end may still be on its way to us; once it has been read, no request may fail of it.
      var response = postUntilNotReset(server);

      assertThat(response.status()).isEqualTo(200);
    }
  }

  @Test
  void idleConnection_isClosedAfterItsTime() throws Exception {
    client.close();
    var settings = HttpClientSettings.defaults();
    client =
        new HttpClient(
            new HttpClientSettings(
                LONG, Duration.ofMillis(50), 1, 1024, settings.tls(), settings.proxies()));
    var ended = new CountDownLatch(1);
    try (var server =
        new RawServer(c -> {
          while (c.request()) c.ok("");
          ended.countDown();
        })) {
      post(server);

      assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void moreRequestsThanConnections_waitForOne() throws Exception {
    client.close();
    client = new HttpClient(HttpClientSettings.defaults().withMaxConnections(3));
    try (var server =
            new RawServer(c -> {
              while (c.request()) c.ok("done");
            });
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var sent = new ArrayList<Future<HttpResponse>>();
      for (int i = 0; i < 100; i++) sent.add(threads.submit(() -> post(server)));
      for (var response : sent) assertThat(response.get().status()).isEqualTo(200);

      assertThat(server.connections.get()).isBetween(1, 3);
      assertThat(server.requests).hasSize(100);
    }
  }

  @Test
  void allConnectionsBusy_saysSoWhenTimeIsUp() throws Exception {
    client.close();
    client = new HttpClient(HttpClientSettings.defaults().withMaxConnections(1));
    var arrived = new CountDownLatch(1);
    try (var server =
            new RawServer(c -> {
              c.request();
              arrived.countDown();
              c.hang();
            });
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = threads.submit(() -> failure(server.origin(), Duration.ofSeconds(2)));
      arrived.await();

      assertThat(failure(server.origin(), Duration.ofMillis(50)).reason()).isEqualTo(Reason.BUSY);
      assertThat(first.get().reason()).isEqualTo(Reason.RESPONSE_TIMEOUT);
    }
  }

  @Test
  void chunkedResponse_isPutTogether() throws Exception {
    try (var server =
        new RawServer(c -> {
          while (c.request()) {
            c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n");
            c.send("3;x=y\r\nefg\r\n0\r\nTrailer: 1\r\n\r\n");
          }
        })) {
      assertThat(post(server).excerpt()).isEqualTo("abcdefg");
      assertThat(post(server).excerpt()).isEqualTo("abcdefg");
      assertThat(server.connections).hasValue(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
        "HTTP/1.1 200\r\nA: b\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-LENGTH:5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;a=b\r\nlo\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello",
      })
  void responseThatComesByteByByte_isTheSame(String response) throws Exception {
    try (var server =
        new RawServer(c -> {
          c.socket.setTcpNoDelay(true);
          while (c.request()) {
            for (int i = 0; i < response.length(); i++) c.send(response.substring(i, i + 1));
          }
        })) {
      for (int i = 0; i < 3; i++) assertThat(post(server).excerpt()).isEqualTo("hello");
      assertThat(server.connections).hasValue(1);
    }
  }

  @Test
  void moreThanTheResponse_endsTheConnection() throws Exception {
    try (var server =
        new RawServer(c -> {
          while (c.request()) c.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokextra");
        })) {
      post(server);
      post(server);

      assertThat(server.connections).hasValue(2);
    }
  }

  @Test
  void statusWithoutBody_needsNoLength() throws Exception {
    try (var server =
        new RawServer(c -> {
          while (c.request()) c.send("HTTP/1.1 204 No Content\r\n\r\n");
        })) {
      assertThat(post(server).status()).isEqualTo(204);
      assertThat(post(server).status()).isEqualTo(204);
      assertThat(server.connections).hasValue(1);
    }
  }

  @Test
  void interimResponses_areSkipped() throws Exception {
    try (var server =
        new RawServer(c -> {
          c.request();
          c.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
          c.ok("real");
          c.hang();
        })) {
      assertThat(post(server).excerpt()).isEqualTo("real");
    }
  }

  @Test
  void bodyThatEndsWithTheConnection_isComplete() throws Exception {
    try (var server =
        new RawServer(c -> {
          c.request();
          c.send("HTTP/1.0 503 No\r\n\r\nuntil the end");
        })) {
      var response = post(server);

      assertThat(response.status()).isEqualTo(503);
      assertThat(response.excerpt()).isEqualTo("until the end");
    }
  }

  @Test
  void largeBody_isCutAndItsConnectionClosed() throws Exception {
    client.close();
    var settings = HttpClientSettings.defaults();
    client =
        new HttpClient(
            new HttpClientSettings(LONG, LONG, 1, 10, settings.tls(), settings.proxies()));
    try (var server =
        new RawServer(c -> {
          while (c.request()) c.ok("x".repeat(1000));
        })) {
      var response = post(server);

      assertThat(response.truncated()).isTrue();
      assertThat(response.body()).hasSize(10);
      post(server);
      assertThat(server.connections).hasValue(2);
    }
  }

  @Test
  void nobodyListens_isRefused() throws Exception {
    // Bound and not listening: nobody else can take the port meanwhile.
    try (var taken = new Socket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = taken.getLocalPort();
      var why = failure(Origin.of(URI.create("http://127.0.0.1:" + port)), LONG);

      assertThat(why.reason()).isEqualTo(Reason.REFUSED);
      assertThat(why).hasMessageContaining("127.0.0.1:" + port);
    }
  }

  @Test
  void unknownName_isADnsFailure() {
    var why = failure(Origin.of(URI.create("http://no-such-host.invalid")), LONG);

    assertThat(why.reason()).isEqualTo(Reason.DNS);
    assertThat(why).hasMessageContaining("no-such-host.invalid");
  }

  @Test
  void resetInTheMiddle_isAReset() throws Exception {
    try (var server =
        new RawServer(c -> {
          c.request();
          c.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
          c.reset();
        })) {
      assertThat(failure(server.origin(), LONG).reason()).isEqualTo(Reason.RESET);
    }
  }

  @Test
  void endBeforeAnyResponse_isAReset_andIsNotRepeated() throws Exception {
    try (var server = new RawServer(RawServer.Connection::request)) {
      assertThat(failure(server.origin(), LONG).reason()).isEqualTo(Reason.RESET);
      assertThat(server.requests).hasSize(1);
    }
  }

  @Test
  void shorterBodyThanPromised_isAReset() throws Exception {
    try (var server =
        new RawServer(c -> {
          c.request();
          c.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        })) {
      assertThat(failure(server.origin(), LONG).reason()).isEqualTo(Reason.RESET);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.6\r\n\r\n",
        "\u0016\u0003\u0001\u0000garbage\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/2 200 OK\r\n\r\n",
        "HTTP/1.1 099 Low\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: no name\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n",
      })
  void garbage_isMalformed(String garbage) throws Exception {
    try (var server =
        new RawServer(c -> {
          c.request();
          c.send(garbage);
          c.hang();
        })) {
      assertThat(failure(server.origin(), LONG).reason()).isEqualTo(Reason.MALFORMED);
    }
  }

  @Test
  void endlessHeader_isTooLarge() throws Exception {
    try (var server =
        new RawServer(c -> {
          c.request();
          c.send("HTTP/1.1 200 OK\r\n");
          while (true) c.send("X-Filler: " + "x".repeat(1000) + "\r\n");
        })) {
      assertThat(failure(server.origin(), LONG).reason()).isEqualTo(Reason.TOO_LARGE);
    }
  }

  @Test
  void randomBytesAsResponse_alwaysEndTheRequest() throws Exception {
    var random = new Random(42);
    var response = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX: y\r\n\r\nabc";
    try (var server =
        new RawServer(c -> {
          c.request();
          var bytes = response.getBytes(StandardCharsets.ISO_8859_1);
          synchronized (random) {
            for (int i = random.nextInt(4); i >= 0; i--) {
              bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
          }
          c.out.write(bytes);
        })) {
      for (int i = 0; i < 2000; i++) {
        try {
          assertThat(post(server).status()).isBetween(0, 999);
        } catch (HttpException e) {
          assertThat(e.reason()).isIn(Reason.RESET, Reason.MALFORMED);
        }
      }
    }
  }

  @Test
  void silentServer_timesOut_andItsConnectionIsNotUsedAgain() throws Exception {
    try (var server =
        new RawServer(c -> {
          c.request();
          c.hang();
        })) {
      assertThat(failure(server.origin(), Duration.ofMillis(100)).reason())
          .isEqualTo(Reason.RESPONSE_TIMEOUT);
      assertThat(failure(server.origin(), Duration.ofMillis(100)).reason())
          .isEqualTo(Reason.RESPONSE_TIMEOUT);
      assertThat(server.connections).hasValue(2);
    }
  }

  @Test
  void serverThatDoesNotRead_timesOut() throws Exception {
    try (var server = new RawServer(_ -> Thread.sleep(LONG))) {
      var body = List.of(Slice.of(new byte[32 << 20]));
      var request =
          new HttpRequest(
              "POST", server.origin(), "/", new Headers(), body, Duration.ofMillis(300));

      var why = catchThrowableOfType(HttpException.class, () -> client.send(request));

      assertThat(why.reason()).isEqualTo(Reason.RESPONSE_TIMEOUT);
    }
  }

  @Test
  void interruptedCaller_leavesAtOnce() throws Exception {
    var arrived = new CountDownLatch(1);
    var left = new CountDownLatch(1);
    try (var server =
        new RawServer(c -> {
          c.request();
          arrived.countDown();
          c.hang();
        })) {
      var caller =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  post(server);
                } catch (InterruptedException e) {
                  left.countDown();
                } catch (IOException e) {
                  // the count stays and the test fails
                }
              });
      arrived.await();
      caller.interrupt();

      assertThat(left.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void closedClient_saysSo() throws Exception {
    try (var server =
        new RawServer(c -> {
          while (c.request()) c.ok("");
        })) {
      client.close();
      client.close();

      assertThat(failure(server.origin(), LONG).reason()).isEqualTo(Reason.CLOSED);
    }
  }

  private HttpResponse postUntilNotReset(RawServer server) throws Exception {
    while (true) {
      try {
        return post(server);
      } catch (HttpException e) {
        assertThat(e.reason()).isEqualTo(Reason.RESET);
      }
    }
  }

  private HttpResponse post(RawServer server) throws IOException, InterruptedException {
    return client.send(request(server.origin(), LONG));
  }

  private HttpException failure(Origin origin, Duration timeout) {
    return catchThrowableOfType(HttpException.class, () -> client.send(request(origin, timeout)));
  }

  private static HttpRequest request(Origin origin, Duration timeout) {
    var body = List.of(Slice.of("body".getBytes(StandardCharsets.UTF_8)));
    return new HttpRequest("POST", origin, "/path", new Headers(), body, timeout);
  }
}
