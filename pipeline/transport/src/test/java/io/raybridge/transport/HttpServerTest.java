package io.raybridge.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.Clock;
import io.raybridge.api.Deadline;
import io.raybridge.api.Kind;
import io.raybridge.testkit.TestContext;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServerTest {
  private static final String POST = "POST /a%20b/c?x=1&y=%41 HTTP/1.1\r\nHost: h\r\n";

  @Test
  void request_reachesTheHandlerWhole() throws Exception {
    try (var serving = Serving.with("{}");
        var client = serving.raw()) {
      client.send(POST + "X-Some: thing\r\nContent-Length: 5\r\n\r\nhello");

      assertThat(client.response()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n5");
      Request request = serving.requests.getFirst();
      assertThat(request.method()).isEqualTo("POST");
      assertThat(request.path()).isEqualTo("/a b/c");
      assertThat(request.query()).isEqualTo("x=1&y=%41");
      assertThat(request.parameter("y")).isEqualTo("A");
      assertThat(request.parameter("z")).isNull();
      assertThat(request.header("x-some")).isEqualTo("thing");
      assertThat(request.body()).isEqualTo("hello".getBytes(UTF_8));
      assertThat(request.remote().getAddress().isLoopbackAddress()).isTrue();
    }
  }

  @Test
  void chunkedBody_isPutTogether() throws Exception {
    try (var serving = Serving.with("{}");
        var client = serving.raw()) {
      client.send(POST + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
      client.send("6;ext=1\r\n world\r\n0\r\nTrailer: t\r\n\r\n");

      assertThat(client.response()).endsWith("11");
      assertThat(new String(serving.requests.getFirst().body(), UTF_8)).isEqualTo("hello world");
    }
  }

  @Test
  void manyRequestsOnOneConnection_areAnsweredInOrder() throws Exception {
    try (var serving = Serving.with("{}");
        var client = serving.raw()) {
      for (int i = 0; i < 5; i++) {
        client.send(POST + "Content-Length: " + i + "\r\n\r\n" + "x".repeat(i));
        assertThat(client.response()).endsWith("\r\n\r\n" + i);
      }
    }
  }

  @Test
  void pipelinedRequests_areAnsweredInOrder() throws Exception {
    try (var serving = Serving.with("{}");
        var client = serving.raw()) {
      var all = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        all.append(POST).append("Content-Length: ").append(i).append("\r\n\r\n");
        all.append("x".repeat(i));
      }
      client.send(all.toString());

      for (int i = 0; i < 50; i++) {
        assertThat(client.response()).endsWith("\r\n\r\n" + i);
      }
      client.send(POST + "Content-Length: 3\r\n\r\nabc");
      assertThat(client.response()).endsWith("\r\n\r\n3");
    }
  }

  /** Answers with what thread it was asked on, at once or not as the path says. */
  private static final class Threads implements Handler {
    @Override
    public Response handle(Request request) {
      return Response.text(200, Thread.currentThread().isVirtual() ? "virtual" : "event loop");
    }

    @Override
    public Step begin(Request request) {
      if (request.path().equals("/bug")) throw new IllegalStateException("secret detail");
      return request.path().equals("/now") ? handle(request) : (Rest) () -> handle(request);
    }
  }

  @Test
  void whatIsAnsweredAtOnce_needsNoThreadOfItsOwn() throws Exception {
    try (var serving = Serving.with("{}", new Threads());
        var client = serving.raw()) {
      var all = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        all.append("POST /").append(i % 2 == 0 ? "now" : "later");
        all.append(" HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc");
      }
      client.send(all.toString());

      for (int i = 0; i < 50; i++) {
        assertThat(client.response()).endsWith(i % 2 == 0 ? "event loop" : "virtual");
      }
    }
  }

  @Test
  void clientThatSaysNoMore_getsItsAnswersAndIsClosed() throws Exception {
    try (var serving = Serving.with("{}", new Threads())) {
      for (int requests : new int[] {1, 2, 50}) {
        var all = new StringBuilder();
        for (int i = 0; i < requests; i++) {
          all.append("POST /").append(i % 2 == 0 ? "later" : "now");
          all.append(" HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc");
        }
        try (var client = serving.raw()) {
          client.send(all.toString()).saidAll();

          for (int i = 0; i < requests; i++) {
            assertThat(client.response()).endsWith(i % 2 == 0 ? "virtual" : "event loop");
          }
          assertThat(client.closed()).isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "POST / HTTP/1.1\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nab",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000000\r\n\r\nab",
      })
  void clientThatSaysNoMoreWithinARequest_isClosedAndNothingIsHandled(String part)
      throws Exception {
    try (var serving = Serving.with("{}");
        var client = serving.raw()) {
      client.send(part).saidAll();

      client.readToEnd();
      assertThat(serving.requests).isEmpty();
    }
  }

  @Test
  void whatTakesLong_isNotDoneOnTheEventLoop() throws Exception {
    try (var serving = Serving.with("{}", new Threads());
        var client = serving.raw()) {
      String head = "POST /now HTTP/1.1\r\nHost: h\r\n";
      client.send(head + "Content-Length: 300000\r\n\r\n" + "x".repeat(300_000));
      assertThat(client.response()).endsWith("virtual");

      client.send(head + "Content-Encoding: identity\r\nContent-Length: 1\r\n\r\nx");
      assertThat(client.response()).endsWith("virtual");
    }
  }

  @Test
  void bugOnTheEventLoop_is500AndTheConnectionGoesOn() throws Exception {
    try (var serving = Serving.with("{}", new Threads());
        var client = serving.raw()) {
      client.send("GET /bug HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.response()).startsWith("HTTP/1.1 500 ").doesNotContain("secret");

      client.send("GET /now HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.response()).endsWith("event loop");
    }
  }

  @Test
  void closeAskedFor_closes() throws Exception {
    try (var serving = Serving.with("{}");
        var client = serving.raw()) {
      client.send(POST + "Connection: close\r\nContent-Length: 0\r\n\r\n");

      assertThat(client.response()).containsIgnoringCase("connection: close");
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void http10_isAnsweredAndClosedUnlessKeptAlive() throws Exception {
    try (var serving = Serving.with("{}");
        var client = serving.raw()) {
      client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      assertThat(client.response()).containsIgnoringCase("connection: keep-alive");
      client.send("GET / HTTP/1.0\r\n\r\n");
      assertThat(client.response()).startsWith("HTTP/1.1 200");
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void expectContinue_isToldToGoOnBeforeTheBody() throws Exception {
    try (var serving = Serving.with("{}");
        var client = serving.raw()) {
      client.send(POST + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
      assertThat(client.response()).startsWith("HTTP/1.1 100 Continue");
      client.send("ok");
      assertThat(client.response()).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n2");
    }
  }

  @Test
  void expectContinueOfTooLargeBody_isRefusedBeforeTheBody() throws Exception {
    try (var serving = Serving.with("max_request_body_size: 10");
        var client = serving.raw()) {
      client.send(POST + "Expect: 100-continue\r\nContent-Length: 11\r\n\r\n");

      assertThat(client.response()).startsWith("HTTP/1.1 413");
      assertThat(serving.requests).isEmpty();
    }
  }

  @ParameterizedTest(name = "{1}: {0}")
  @CsvSource({
    "'NONSENSE\r\n\r\n', 400",
    "'GET / HTTP/1.1\r\n\r\n', 400",
    "'GET / HTTP/1.1\r\nHost: h\r\nbroken header\r\n\r\n', 400",
    "'GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n', 400",
    "'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: minus\r\n\r\n', 400",
    "'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\n', 400",
    "'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n', 400",
    "'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 400",
    "'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505",
    "'GET / HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\n\r\n', 417",
  })
  void malformedRequest_isRefusedAndClosed(String request, int status) throws Exception {
    try (var serving = Serving.with("{}");
        var client = serving.raw()) {
      client.send(request);

      assertThat(client.response()).startsWith("HTTP/1.1 " + status);
      assertThat(serving.requests).isEmpty();
    }
  }

  /** Sound requests with a few bytes broken, whole or cut, one behind the other. */
  @Test
  void bytesAtRandom_neverBreakTheServer() throws Exception {
    String sound =
        POST
            + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
            + POST
            + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\nhello";
    var random = new Random(4318);
    try (var serving = Serving.with("{}")) {
      for (int i = 0; i < 2000; i++) {
        byte[] bytes = sound.getBytes(UTF_8);
        for (int hit = random.nextInt(5); hit > 0; hit--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        try (var client = serving.raw()) {
          client.send(Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
        }
      }
      assertThat(serving.post("still there".getBytes(UTF_8)).body()).isEqualTo("11");
      await(() -> serving.budget.used() == 0);
      assertThat(serving.context.log().lines(Level.WARNING)).isEmpty();
    }
  }

  @Test
  void endlessHeader_isRefused() throws Exception {
    try (var serving = Serving.with("{}");
        var client = serving.raw()) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\nX: " + "x".repeat(70_000) + "\r\n\r\n");
      assertThat(client.response()).startsWith("HTTP/1.1 431");
    }
    try (var serving = Serving.with("{}");
        var client = serving.raw()) {
      client.send("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.response()).startsWith("HTTP/1.1 414");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 11\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nb\r\n"})
  void tooLargeBody_gets413BeforeItIsRead(String framing) throws Exception {
    try (var serving = Serving.with("max_request_body_size: 10");
        var client = serving.raw()) {
      client.send(POST + framing + "x".repeat(11));

      assertThat(client.response()).startsWith("HTTP/1.1 413").contains("10 bytes");
      assertThat(serving.requests).isEmpty();
    }
  }

  @Test
  void tooLargeBodyFromClientThatOnlyReadsAfterwards_gets413() throws Exception {
    try (var serving = Serving.with("max_request_body_size: 1000");
        var client = serving.raw()) {
      client.send(POST + "Content-Length: 3000000\r\n\r\n").send("x".repeat(3_000_000));

      assertThat(client.response()).startsWith("HTTP/1.1 413");
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void largestBody_isTaken() throws Exception {
    try (var serving = Serving.with("max_request_body_size: 1000000")) {
      assertThat(serving.post(new byte[1_000_000]).body()).isEqualTo("1000000");
      assertThat(serving.post(new byte[1_000_001]).statusCode()).isEqualTo(413);
    }
  }

  @Test
  void halfARequest_leavesNothingBehind() throws Exception {
    try (var serving = Serving.with("{}")) {
      try (var client = serving.raw()) {
        client.send(POST + "Content-Length: 500000\r\n\r\n" + "x".repeat(1000));
        await(() -> serving.budget.used() > 0);
      }
      await(() -> serving.budget.used() == 0);
      assertThat(serving.requests).isEmpty();
    }
  }

  @Test
  void slowHeader_getsAnAnswerAndIsClosed() throws Exception {
    try (var serving = Serving.with(timeouts(Duration.ofMillis(100), Duration.ZERO));
        var client = serving.raw()) {
      client.send("POST / HT");
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void slowBody_getsAnAnswerAndIsClosed() throws Exception {
    try (var serving = Serving.with("read_timeout: 200ms");
        var client = serving.raw()) {
      client.send(POST + "Content-Length: 10\r\n\r\nabc");
      assertThat(client.response()).startsWith("HTTP/1.1 408");
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void idleConnection_isClosedAfterItsTimeout() throws Exception {
    try (var serving = Serving.with(timeouts(Duration.ZERO, Duration.ofMillis(100)));
        var client = serving.raw()) {
      client.send(POST + "Content-Length: 0\r\n\r\n");
      assertThat(client.response()).startsWith("HTTP/1.1 200");
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void clientThatDoesNotRead_isCutOffAfterTheWriteTimeout() throws Exception {
    byte[] large = new byte[50_000_000];
    var timeouts = new HttpTimeouts(Duration.ZERO, Duration.ofMillis(200), Duration.ZERO, true);
    try (var serving = Serving.with(timeouts, _ -> Response.of(200, "text/plain", large));
        var client = serving.raw()) {
      client.send(POST + "Content-Length: 100\r\n\r\n" + "x".repeat(100));
      await(() -> serving.requests.size() == 1);
      await(() -> serving.budget.used() == 0);

      assertThat(client.readToEnd()).isLessThan(large.length);
    }
  }

  @Test
  void negativeTimeout_isNone() throws Exception {
    Duration never = Duration.ofSeconds(-1);
    try (var serving = Serving.with(new HttpTimeouts(never, never, never, true));
        var client = serving.raw()) {
      for (int i = 0; i < 2; i++) {
        client.send(POST + "Content-Length: 0\r\n\r\n");
        assertThat(client.response()).startsWith("HTTP/1.1 200");
      }
    }
  }

  @Test
  void keepAlivesOff_closesAfterEachResponse() throws Exception {
    var once = new HttpTimeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO, false);
    try (var serving = Serving.with(once);
        var client = serving.raw()) {
      client.send(POST + "Content-Length: 0\r\n\r\n");
      assertThat(client.response()).containsIgnoringCase("connection: close");
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void bugInHandler_gets500AndIsLoggedOnce() throws Exception {
    try (var serving =
        Serving.with(
            "{}",
            _ -> {
              throw new IllegalStateException("secret detail");
            })) {
      for (int i = 0; i < 3; i++) {
        var response = serving.post(new byte[0]);
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).doesNotContain("secret");
      }
      assertThat(serving.context.log().lines()).filteredOn(line -> line.contains("bug")).hasSize(1);
    }
  }

  @Test
  void responseHeaders_areAddedToEveryResponse() throws Exception {
    try (var serving =
        Serving.with("{response_headers: {X-From: here}, max_request_body_size: 5}")) {
      assertThat(serving.post(new byte[0]).headers().firstValue("x-from")).hasValue("here");
      assertThat(serving.post(new byte[9]).headers().firstValue("x-from")).hasValue("here");
    }
  }

  @Test
  void head_hasTheLengthButNoBody() throws Exception {
    try (var serving = Serving.with("{}", _ -> Response.text(200, "hello"))) {
      var response = serving.send(HttpRequest.newBuilder(serving.uri("/")).HEAD());
      assertThat(response.headers().firstValue("content-length")).hasValue("5");
      assertThat(response.body()).isEmpty();
    }
  }

  @Test
  void moreBytesInFlightThanThereIsRoomFor_getsTryAgain() throws Exception {
    var entered = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    Handler slow =
        _ -> {
          entered.countDown();
          await(leave);
          return Response.empty(200);
        };
    try (var serving = Serving.with(new MemoryBudget(100_000), slow);
        var first = serving.raw()) {
      first.send(POST + "Content-Length: 60000\r\n\r\n" + "x".repeat(60_000));
      await(entered);

      var second = serving.post(new byte[60_000]);
      assertThat(second.statusCode()).isEqualTo(429);
      assertThat(second.headers().firstValue("retry-after")).hasValue("1");

      leave.countDown();
      assertThat(first.response()).startsWith("HTTP/1.1 200");
      await(() -> serving.budget.used() == 0);
      assertThat(serving.post(new byte[60_000]).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aloneLargerThanTheBudget_isTaken() throws Exception {
    try (var serving = Serving.with(new MemoryBudget(1000), _ -> Response.empty(200))) {
      assertThat(serving.post(new byte[50_000]).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void stop_letsTheRequestInFlightFinishAndTakesNoOther() throws Exception {
    var entered = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    var serving =
        Serving.with(
            "{}",
            _ -> {
              entered.countDown();
              await(leave);
              return Response.text(200, "done");
            });
    int port = serving.server.port();
    try (var busy = new RawClient(port);
        var idle = new RawClient(port)) {
      busy.send(POST + "Content-Length: 0\r\n\r\n");
      await(entered);
      Thread stopping = Thread.startVirtualThread(serving::close);

      assertThat(idle.closed()).isTrue();
      assertThatThrownBy(() -> new RawClient(port)).isInstanceOf(IOException.class);
      leave.countDown();
      assertThat(busy.response()).endsWith("done").containsIgnoringCase("connection: close");
      assertThat(stopping.join(Duration.ofSeconds(10))).isTrue();
    }
  }

  @Test
  void stopWithARequestThatHangs_endsAtTheDeadline() throws Exception {
    var entered = new CountDownLatch(1);
    var never = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    var serving =
        Serving.with(
            "{}",
            _ -> {
              entered.countDown();
              try {
                never.await();
              } catch (InterruptedException e) {
                interrupted.countDown();
              }
              return Response.empty(200);
            });
    try (var client = serving.raw()) {
      client.send(POST + "Content-Length: 0\r\n\r\n");
      await(entered);

      serving.server.stop(Deadline.in(Duration.ofMillis(100), Clock.SYSTEM));

      await(interrupted);
      client.readToEnd();
    }
    serving.close();
  }

  @Test
  void portInUse_namesPortProtocolAndWhatToDo() throws Exception {
    try (var taken = new ServerSocket(0, 1, java.net.InetAddress.getByName("localhost"))) {
      String endpoint = "localhost:" + taken.getLocalPort();
      assertThatThrownBy(() -> start(endpoint))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(
              "http endpoint "
                  + endpoint
                  + ": port "
                  + taken.getLocalPort()
                  + " is in use by another process");
    }
  }

  @Test
  void addressThatIsNotOurs_isNamed() {
    assertThatThrownBy(() -> start("192.0.2.1:0"))
        .hasMessageContaining("no interface of this machine has the address 192.0.2.1");
    assertThatThrownBy(() -> start("no-such-host.invalid:1"))
        .hasMessageContaining("no-such-host.invalid cannot be resolved");
  }

  @Test
  void oneConnectionTooMany_takesThePlaceOfTheOneThatWaitsLongest() throws Exception {
    var server = start(2, _ -> Response.text(200, "served"));
    try (var first = connect(server);
        var second = connect(server)) {
      ask(first);
      ask(second);
      ask(first);

      try (var third = connect(server)) {
        assertThat(ask(third)).startsWith("HTTP/1.1 200");
      }

      assertThat(second.getInputStream().read()).isEqualTo(-1);
      assertThat(ask(first)).startsWith("HTTP/1.1 200");
    } finally {
      server.stop(Deadline.in(Duration.ofSeconds(5), Clock.SYSTEM));
    }
  }

  @Test
  void oneConnectionTooMany_whereAllHaveWork_isToldToComeAgain() throws Exception {
    var inside = new CountDownLatch(2);
    var go = new CountDownLatch(1);
    var server =
        start(
            2,
            _ -> {
              inside.countDown();
              await(go);
              return Response.text(200, "served");
            });
    try (var first = connect(server);
        var second = connect(server)) {
      send(first);
      send(second);
      await(inside);

      try (var third = connect(server)) {
        assertThat(answer(third))
            .startsWith("HTTP/1.1 503")
            .contains("too many connections, come again");
      }

      go.countDown();
      assertThat(answer(first)).startsWith("HTTP/1.1 200");
      assertThat(answer(second)).startsWith("HTTP/1.1 200");
    } finally {
      go.countDown();
      server.stop(Deadline.in(Duration.ofSeconds(5), Clock.SYSTEM));
    }
  }

  private static HttpServer start(int mostConnections, Handler handler) throws IOException {
    return HttpServer.start(
        TestContext.of(Kind.RECEIVER, "test").context(),
        "http",
        "localhost:0",
        HttpServerConfig.DEFAULT,
        HttpTimeouts.DEFAULT,
        mostConnections,
        handler);
  }

  private static Socket connect(HttpServer server) throws IOException {
    return new Socket("localhost", server.port());
  }

  private static String ask(Socket connection) throws IOException {
    send(connection);
    return answer(connection);
  }

  private static void send(Socket connection) throws IOException {
    var request = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";
    connection.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  /** The header and a body as long as it says. */
  private static String answer(Socket connection) throws IOException {
    var text = new StringBuilder();
    var in = connection.getInputStream();
    while (text.indexOf("\r\n\r\n") < 0) text.append((char) in.read());
    var length = Pattern.compile("content-length: (\\d+)").matcher(text);
    if (!length.find()) throw new AssertionError(text);
    var body = in.readNBytes(Integer.parseInt(length.group(1)));
    return text + new String(body, StandardCharsets.US_ASCII);
  }

  private static HttpServer start(String endpoint) throws IOException {
    return HttpServer.start(
        TestContext.of(Kind.RECEIVER, "test").context(),
        "http",
        endpoint,
        HttpServerConfig.DEFAULT,
        HttpTimeouts.DEFAULT,
        _ -> Response.empty(200));
  }

  private static HttpTimeouts timeouts(Duration header, Duration idle) {
    return new HttpTimeouts(header, Duration.ZERO, idle, true);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void await(java.util.function.BooleanSupplier condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting").isLessThan(end);
      Thread.sleep(1);
    }
  }
}
