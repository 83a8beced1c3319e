package io.raybridge.exporters.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.raybridge.api.Clock;
import io.raybridge.api.Deadline;
import io.raybridge.api.Extension;
import io.raybridge.api.Kind;
import io.raybridge.config.Binder;
import io.raybridge.data.Batch;
import io.raybridge.data.ExportResponse;
import io.raybridge.data.RpcStatus;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import io.raybridge.delivery.Failure;
import io.raybridge.delivery.SendResult;
import io.raybridge.testkit.Otlp;
import io.raybridge.testkit.TestContext;
import io.raybridge.transport.HttpServer;
import io.raybridge.transport.HttpServerConfig;
import io.raybridge.transport.HttpTimeouts;
import io.raybridge.transport.Request;
import io.raybridge.transport.Response;
import io.raybridge.transport.client.Authenticator;
import io.raybridge.transport.client.HttpRequest;
import io.raybridge.transport.client.HttpResponse;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One attempt over HTTP, against a server that answers as told. */
class OtlpHttpDestinationTest {
  private static final String PROTOBUF = "application/x-protobuf";

  private final TestContext context = TestContext.of(Kind.EXPORTER, "otlphttp");
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Queue<Response> answers = new ConcurrentLinkedQueue<>();
  private HttpServer upstream;
  private Destination destination;

  @BeforeEach
  void open() throws IOException {
    upstream =
        HttpServer.start(
            context.context(),
            "upstream",
            "localhost:0",
            HttpServerConfig.DEFAULT,
            HttpTimeouts.DEFAULT,
            request -> {
              requests.add(request);
              Response answer = answers.poll();
              return answer == null ? Response.of(200, PROTOBUF, new byte[0]) : answer;
            });
    destination = connect("");
  }

  @AfterEach
  void close() {
    destination.close();
    upstream.stop(Deadline.in(Duration.ofSeconds(5), Clock.SYSTEM));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "zstd", "zlib", "deflate", "x-snappy-framed"})
  void spans_arriveAsTheyAre(String compression) throws Exception {
    Traces batch = Traces.join(List.of(Otlp.traces(2), Otlp.traces(3)));
    var expected = ExportTraceServiceRequest.parseFrom(batch.toOtlp());
    destination.close();
    destination = connect("compression: " + compression + "\n");

    assertThat(send(Signal.TRACES, batch).delivered()).isEqualTo(5);

    Request request = requests.getFirst();
    assertThat(ExportTraceServiceRequest.parseFrom(request.body())).isEqualTo(expected);
    assertThat(request.path()).isEqualTo("/v1/traces");
    assertThat(request.header("content-type")).isEqualTo(PROTOBUF);
    assertThat(request.header("content-encoding"))
        .isEqualTo(compression.equals("none") ? null : compression);
  }

  @Test
  void json_isSentWhenAskedFor() throws Exception {
    Traces batch = Otlp.traces(2);
    byte[] json = batch.copy().toOtlpJson();
    destination.close();
    destination = connect("encoding: json\n");

    send(Signal.TRACES, batch);

    assertThat(requests.getFirst().header("content-type")).isEqualTo("application/json");
    assertThat(requests.getFirst().body()).isEqualTo(json);
  }

  @Test
  void signals_haveTheirOwnPaths() throws Exception {
    destination.close();
    destination =
        connect("logs_endpoint: http://localhost:" + upstream.port() + "/other/logs?tenant=shop\n");

    send(Signal.METRICS, Otlp.metrics(1));
    send(Signal.LOGS, Otlp.logs(1));

    assertThat(requests.get(0).path()).isEqualTo("/v1/metrics");
    assertThat(requests.get(1).path()).isEqualTo("/other/logs");
    assertThat(requests.get(1).query()).isEqualTo("tenant=shop");
  }

  @Test
  void headers_areSent() throws Exception {
    destination.close();
    destination = connect("headers: {Authorization: Bearer shop}\n");

    send(Signal.TRACES, Otlp.traces(1));

    assertThat(requests.getFirst().header("authorization")).isEqualTo("Bearer shop");
  }

  @Test
  void authenticator_seesTheWholeRequestAndReadsRefusals() throws Exception {
    var guard = new Guard();
    context.with("guard/1", guard);
    destination.close();
    destination = connect("auth: {authenticator: guard/1}\nheaders: {tenant: shop}\n");

    assertThat(send(Signal.TRACES, Otlp.traces(2)).delivered()).isEqualTo(2);
    assertThat(requests.getFirst().header("proof"))
        .isEqualTo("POST /v1/traces Content-Type Content-Encoding tenant");

    answers.add(Response.text(418, "who are you?"));
    Failure refused = send(Signal.TRACES, Otlp.traces(2)).failure();
    assertThat(refused.kind()).isEqualTo(Failure.Kind.CREDENTIALS);
    assertThat(refused.code()).isEqualTo("unknown_client");
    assertThat(refused.message()).isEqualTo("localhost refused: HTTP 418 who are you?");
    assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(9));

    guard.without = true;
    Failure missing = send(Signal.TRACES, Otlp.traces(2)).failure();
    assertThat(missing.kind()).isEqualTo(Failure.Kind.CREDENTIALS);
    assertThat(missing.message()).isEqualTo("the key is lost");
    assertThat(requests).hasSize(2);
  }

  @Test
  void authenticatorThatDoesNotRun_isAStartError() {
    destination.close();

    assertThatThrownBy(() -> connect("auth: {authenticator: guard/2}\n"))
        .isInstanceOf(IOException.class)
        .hasMessage("auth.authenticator: no extension \"guard/2\" runs");
  }

  @Test
  void partialSuccess_dropsWhatWasRejected() throws Exception {
    answers.add(Response.of(200, PROTOBUF, new ExportResponse(2, "too old").toOtlp()));
    answers.add(
        Response.of(
            200,
            "application/json; charset=utf-8",
            new ExportResponse(1, "too new").toOtlpJson(Signal.TRACES)));

    var first = send(Signal.TRACES, Otlp.traces(5));
    var second = send(Signal.TRACES, Otlp.traces(5));

    assertThat(first.delivered()).isEqualTo(3);
    assertThat(first.rejections().getFirst().message()).isEqualTo("too old");
    assertThat(second.delivered()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({"text/html, <html>", "application/x-protobuf, nonsense", "'', x"})
  void successWithABodyThatIsNotOtlp_isASuccess(String type, String body) throws Exception {
    answers.add(Response.of(200, type, body.getBytes()));

    assertThat(send(Signal.TRACES, Otlp.traces(2)).delivered()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 502, 503, 504})
  void retryableStatus_comesAgain(int status) throws Exception {
    answers.add(Response.of(status, PROTOBUF, new RpcStatus(14, "later please", null).toProto()));

    var result = send(Signal.TRACES, Otlp.traces(2));

    assertThat(result.remaining()).isNotNull();
    assertThat(result.failure().kind()).isNotEqualTo(Failure.Kind.FINAL);
    assertThat(result.failure().message()).contains("HTTP " + status, "later please");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400, 401, 403, 404, 413, 500, 501})
  void finalStatus_isGivenUp(int status) throws Exception {
    answers.add(Response.text(status, "no"));

    assertThat(send(Signal.TRACES, Otlp.traces(2)).failure().kind()).isEqualTo(Failure.Kind.FINAL);
  }

  @ParameterizedTest
  @CsvSource({"429, 7, 7", "503, 3, 3", "429, 'Thu, 01 Jan 1970 00:00:00 GMT', 0"})
  void retryAfter_isWaitedFor(int status, String header, int seconds) throws Exception {
    answers.add(Response.text(status, "later").with("Retry-After", header));

    Failure failure = send(Signal.TRACES, Otlp.traces(2)).failure();

    assertThat(failure.kind()).isEqualTo(Failure.Kind.THROTTLED);
    assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void retryAfterThatIsNeitherSecondsNorDate_isLeftOut() throws Exception {
    answers.add(Response.text(429, "later").with("Retry-After", "soon"));

    assertThat(send(Signal.TRACES, Otlp.traces(2)).failure().retryAfter()).isNull();
  }

  @Test
  void nobodyThere_comesAgainAndSaysWhy() throws Exception {
    int closed;
    try (var socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    destination.close();
    destination = connect(closed, "");

    Failure failure = send(Signal.TRACES, Otlp.traces(2)).failure();

    assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
    assertThat(failure.code()).isEqualTo("refused");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|endpoint",
        "endpoint: localhost:4318|endpoint",
        "endpoint: ftp://a|endpoint",
        "traces_endpoint: nonsense|traces_endpoint",
        "{endpoint: 'http://a', encoding: xml}|encoding",
        "{endpoint: 'http://a', compression: lz4}|compression",
        "{endpoint: 'http://a', timeout: 0s}|timeout",
        "{endpoint: 'http://a', proxy_url: 'socks5://b'}|proxy_url",
        "{endpoint: 'http://a', cookies: {enabled: true}}|cookies",
      })
  void wrongKeys_areNamed(String yaml, String key) {
    assertThat(Binder.bind(OtlpHttpExporterConfig.class, yaml).problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.toString()).contains(key));
  }

  @Test
  void emptyProxy_isNone() {
    var yaml = "{endpoint: 'http://a', traces_endpoint: '', proxy_url: ''}";

    var config = Binder.bind(OtlpHttpExporterConfig.class, yaml).orThrow();

    assertThat(config.proxyUrl()).isEmpty();
    assertThat(config.tracesEndpoint()).isEmpty();
  }

  private Destination connect(String more) throws IOException {
    return connect(upstream.port(), more);
  }

  private Destination connect(int port, String more) throws IOException {
    String yaml = "endpoint: http://localhost:" + port + "\n" + more;
    var config = Binder.bind(OtlpHttpExporterConfig.class, yaml).orThrow();
    var made = OtlpHttpDestination.of(config, context.context());
    made.open();
    return made;
  }

  private SendResult<OtlpPayload> send(Signal signal, Batch batch) throws InterruptedException {
    return destination.send(signal, Encoding.payload(destination, batch));
  }

  /** Proves by naming what it was given to sign. */
  private static final class Guard implements Extension, Authenticator {
    volatile boolean without;

    @Override
    public void authenticate(HttpRequest request) throws AuthenticationException {
      if (without) throw new AuthenticationException("the key is lost", null);
      var seen = new StringBuilder(request.method()).append(' ').append(request.target());
      request.headers().forEach((name, _) -> seen.append(' ').append(name));
      request.headers().add("proof", seen.toString());
    }

    @Override
    public Optional<Refusal> explain(HttpResponse response, String message) {
      return Optional.of(
          new Refusal(
              What.MEND,
              "unknown_client",
              "HTTP " + response.status() + " " + message,
              Duration.ofSeconds(9)));
    }
  }
}
