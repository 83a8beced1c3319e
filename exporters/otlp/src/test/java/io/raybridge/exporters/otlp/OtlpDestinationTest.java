package io.raybridge.exporters.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.raybridge.api.Extension;
import io.raybridge.api.Kind;
import io.raybridge.config.Binder;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import io.raybridge.delivery.Failure;
import io.raybridge.delivery.SendResult;
import io.raybridge.testkit.Otlp;
import io.raybridge.testkit.TestContext;
import io.raybridge.transport.client.HeaderAuthenticator;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One attempt over gRPC, against the generated stubs. */
class OtlpDestinationTest {
  private final TestContext context = TestContext.of(Kind.EXPORTER, "otlp");
  private GrpcUpstream upstream;
  private Destination destination;

  @BeforeEach
  void open() throws IOException {
    upstream = new GrpcUpstream();
    destination = connect("");
  }

  @AfterEach
  void close() throws InterruptedException {
    destination.close();
    upstream.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip"})
  void spans_arriveAsTheyAre(String compression) throws Exception {
    Traces batch = Otlp.traces(3);
    var expected = ExportTraceServiceRequest.parseFrom(batch.toOtlp());
    destination.close();
    destination = connect("compression: " + compression + "\n");

    assertThat(send(Signal.TRACES, batch).delivered()).isEqualTo(3);

    assertThat(upstream.requests).containsExactly(expected);
    assertThat(upstream.headers.getFirst().get(key("grpc-encoding")))
        .isEqualTo(compression.equals("none") ? null : compression);
  }

  @Test
  void batchOfManyChunks_arrivesAsOneRequest() throws Exception {
    var batch = Traces.join(List.of(Otlp.traces(2), Otlp.traces(3), Otlp.traces(1)));
    var expected = ExportTraceServiceRequest.parseFrom(batch.toOtlp());

    assertThat(send(Signal.TRACES, batch).delivered()).isEqualTo(6);

    assertThat(upstream.requests).containsExactly(expected);
  }

  @Test
  void metricsAndLogs_arrive() throws Exception {
    send(Signal.METRICS, Otlp.metrics(2));
    send(Signal.LOGS, Otlp.logs(2));

    assertThat(upstream.requests.get(0)).isInstanceOf(ExportMetricsServiceRequest.class);
    assertThat(upstream.requests.get(1)).isInstanceOf(ExportLogsServiceRequest.class);
  }

  @Test
  void headersAndUserAgent_areSent() throws Exception {
    destination.close();
    destination = connect("headers: {X-Tenant: shop}\nuser_agent: raybridge-test\n");

    send(Signal.TRACES, Otlp.traces(1));

    Metadata headers = upstream.headers.getFirst();
    assertThat(headers.get(key("x-tenant"))).isEqualTo("shop");
    assertThat(headers.get(key("user-agent"))).startsWith("raybridge-test");
  }

  @Test
  void partialSuccess_dropsWhatWasRejected() throws Exception {
    upstream.reject(2);

    var result = send(Signal.TRACES, Otlp.traces(5));

    assertThat(result.delivered()).isEqualTo(3);
    assertThat(result.remaining()).isNull();
    assertThat(result.rejections())
        .singleElement()
        .satisfies(rejection -> {
          assertThat(rejection.items()).isEqualTo(2);
          assertThat(rejection.message()).isEqualTo("too old");
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 10, 11, 14, 15})
  void retryableStatus_comesAgain(int code) throws Exception {
    upstream.fail(Status.fromCodeValue(code).withDescription("later"));

    var result = send(Signal.TRACES, Otlp.traces(2));

    assertThat(result.remaining()).isNotNull();
    assertThat(result.failure().kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
    assertThat(result.failure().message()).contains("later");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 6, 7, 8, 9, 12, 13, 16})
  void finalStatus_isGivenUp(int code) throws Exception {
    upstream.fail(Status.fromCodeValue(code).withDescription("never"));

    assertThat(send(Signal.TRACES, Otlp.traces(2)).failure().kind()).isEqualTo(Failure.Kind.FINAL);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 14})
  void retryInfo_isWaitedFor(int code) throws Exception {
    upstream.failWithRetryInfo(Status.fromCodeValue(code), 7);

    Failure failure = send(Signal.TRACES, Otlp.traces(2)).failure();

    assertThat(failure.kind()).isEqualTo(Failure.Kind.THROTTLED);
    assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void nobodyThere_comesAgainAndSaysWhy() throws Exception {
    upstream.close();

    Failure failure = send(Signal.TRACES, Otlp.traces(2)).failure();

    assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
    assertThat(failure.message()).containsIgnoringCase("connection refused");
  }

  @Test
  void serverThatNeverAnswers_isGivenUpAfterTheTimeout() throws Exception {
    try (var silent = new ServerSocket(0)) {
      destination.close();
      destination = connect(silent.getLocalPort(), "timeout: 200ms\n");

      Failure failure = send(Signal.TRACES, Otlp.traces(1)).failure();

      assertThat(failure.code()).isEqualTo("DEADLINE_EXCEEDED");
      assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
    }
  }

  @Test
  void proofOfTheAuthenticator_isSentWithEachRequest() throws Exception {
    var badge = new Badge("Bearer one");
    context.with("badge", badge);
    destination.close();
    destination = connect("auth: {authenticator: badge}\n");
    send(Signal.TRACES, Otlp.traces(1));
    badge.proof = "Bearer two";
    send(Signal.TRACES, Otlp.traces(1));

    assertThat(upstream.headers)
        .extracting(headers -> headers.get(key("authorization")))
        .containsExactly("Bearer one", "Bearer two");
    assertThat(context.log().lines())
        .singleElement()
        .satisfies(line -> assertThat(line).contains("badge go in the clear"));
  }

  @Test
  void credentialsThatAreRefusedOrMissing_comeAgainSlowly() throws Exception {
    var badge = new Badge("Bearer old");
    context.with("badge", badge);
    destination.close();
    destination = connect("auth: {authenticator: badge}\n");
    upstream.fail(Status.UNAUTHENTICATED);
    upstream.fail(Status.PERMISSION_DENIED);
    upstream.fail(Status.INVALID_ARGUMENT);

    for (var code : List.of("UNAUTHENTICATED", "PERMISSION_DENIED")) {
      Failure refused = send(Signal.TRACES, Otlp.traces(1)).failure();
      assertThat(refused.kind()).isEqualTo(Failure.Kind.CREDENTIALS);
      assertThat(refused.code()).isEqualTo(code);
    }
    assertThat(send(Signal.TRACES, Otlp.traces(1)).failure().kind()).isEqualTo(Failure.Kind.FINAL);
    badge.proof = "";
    Failure missing = send(Signal.TRACES, Otlp.traces(1)).failure();
    assertThat(missing.kind()).isEqualTo(Failure.Kind.CREDENTIALS);
    assertThat(missing.message()).isEqualTo("lost");
    assertThat(upstream.requests).hasSize(3);
  }

  private static final class Badge implements Extension, HeaderAuthenticator {
    volatile String proof;

    Badge(String proof) {
      this.proof = proof;
    }

    @Override
    public Map<String, String> proof() throws AuthenticationException {
      if (proof.isEmpty()) throw new AuthenticationException("lost", null);
      return Map.of("authorization", proof);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "endpoint: ''|endpoint",
        "endpoint: host|endpoint",
        "endpoint: ':4317'|endpoint",
        "endpoint: unix:///tmp/x|endpoint",
        "{endpoint: 'a:1', compression: deflate}|compression",
        "{endpoint: 'a:1', balancer_name: grpclb}|balancer_name",
        "{endpoint: 'a:1', auth: {}}|auth",
      })
  void wrongKeys_areNamed(String yaml, String key) {
    assertThat(Binder.bind(OtlpExporterConfig.class, yaml).problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.toString()).contains(key));
  }

  private Destination connect(String more) throws IOException {
    return connect(upstream.port(), more);
  }

  private Destination connect(int port, String more) throws IOException {
    String yaml = "endpoint: localhost:" + port + "\ntls: {insecure: true}\n" + more;
    var config = Binder.bind(OtlpExporterConfig.class, yaml).orThrow();
    var made = OtlpDestination.of(config, context.context());
    made.open();
    return made;
  }

  private SendResult<OtlpPayload> send(Signal signal, io.raybridge.data.Batch batch)
      throws InterruptedException {
    return destination.send(signal, Encoding.payload(destination, batch));
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
