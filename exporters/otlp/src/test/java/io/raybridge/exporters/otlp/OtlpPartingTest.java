package io.raybridge.exporters.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.grpc.Status;
import io.raybridge.api.Clock;
import io.raybridge.api.Consumer;
import io.raybridge.api.Deadline;
import io.raybridge.api.Exporter;
import io.raybridge.api.ExporterFactory;
import io.raybridge.api.Kind;
import io.raybridge.api.Outcome;
import io.raybridge.config.Binder;
import io.raybridge.data.Batch;
import io.raybridge.data.Logs;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Metrics;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import io.raybridge.delivery.DeadLetter;
import io.raybridge.delivery.Redelivery;
import io.raybridge.testkit.Numbered;
import io.raybridge.testkit.TestContext;
import io.raybridge.transport.Handler;
import io.raybridge.transport.HttpServer;
import io.raybridge.transport.HttpServerConfig;
import io.raybridge.transport.HttpTimeouts;
import io.raybridge.transport.Request;
import io.raybridge.transport.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that a server refuses as a whole goes again in parts, over real connections. */
@Timeout(120)
class OtlpPartingTest {
  private static final long POISON = 137;

  @TempDir Path dir;

  private final TestContext server = TestContext.of(Kind.EXTENSION, "upstream");

  @ParameterizedTest
  @EnumSource(Signal.class)
  void itemThatMakesItsRequestInvalid_isGivenUpAlone(Signal signal) throws Exception {
    try (var upstream = new GrpcUpstream()) {
      upstream.refuse(request -> numbers(signal, request.toByteArray()).contains(POISON));
      var context = context();

      give(grpc(upstream, context), Numbered.batch(signal, 0, 1000));

      assertThat(context.ledger().delivered(signal)).isEqualTo(999);
      assertThat(context.ledger().dropped(signal, "rejected")).isEqualTo(1);
      assertThat(taken(signal, upstream)).containsExactlyInAnyOrderElementsOf(allBut(POISON, 1000));
      var letter = only(letters());
      assertThat(letter.code()).isEqualTo("INVALID_ARGUMENT");
      assertThat(numbers(signal, content(letter))).containsExactly(POISON);
      // It halves ten times until one of a thousand stands alone.
      assertThat(upstream.requests).hasSizeLessThanOrEqualTo(21);
    }
  }

  @Test
  void requestTooLargeForAServerOfGrpc_arrivesInParts() throws Exception {
    try (var upstream = new GrpcUpstream(16 << 10)) {
      var context = context();

      give(grpc(upstream, context), Numbered.traces(0, 1000));

      assertThat(context.ledger().delivered(Signal.TRACES)).isEqualTo(1000);
      assertThat(taken(Signal.TRACES, upstream))
          .containsExactlyInAnyOrderElementsOf(allBut(-1, 1000));
      assertThat(letters()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "none, proto",
    "gzip, proto",
    "zstd, proto",
    "x-snappy-framed, proto",
    "zlib, json",
    "none, json"
  })
  void requestTooLargeForAServerOfHttp_arrivesInParts(String compression, String encoding)
      throws Exception {
    List<Long> arrived = new CopyOnWriteArrayList<>();
    var upstream = http(24 << 10, request -> take(request, arrived));
    var context = context();
    try {
      String more = "compression: " + compression + "\nencoding: " + encoding + "\n";

      give(overHttp(upstream, context, more), Numbered.traces(0, 1000));
    } finally {
      stop(upstream);
    }

    assertThat(context.ledger().delivered(Signal.TRACES)).isEqualTo(1000);
    assertThat(arrived).containsExactlyInAnyOrderElementsOf(allBut(-1, 1000));
    assertThat(letters()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 422, 500})
  void itemThatMakesItsRequestInvalidOverHttp_isGivenUpAlone(int status) throws Exception {
    List<Long> arrived = new CopyOnWriteArrayList<>();
    var upstream =
        http(
            20 << 20,
            request ->
                numbers(Signal.TRACES, request.body()).contains(POISON)
                    ? Response.text(status, "poison")
                    : take(request, arrived));
    var context = context();
    try {
      give(overHttp(upstream, context, ""), Numbered.traces(0, 300));
    } finally {
      stop(upstream);
    }

    assertThat(arrived).containsExactlyInAnyOrderElementsOf(allBut(POISON, 300));
    assertThat(context.ledger().dropped(Signal.TRACES, "rejected")).isEqualTo(1);
    assertThat(only(letters()).code()).isEqualTo("http_" + status);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 401, 403, 404, 405, 415, 501})
  void refusalOfWhoeverSends_isNotAskedAboutInParts(int status) throws Exception {
    List<Request> requests = new CopyOnWriteArrayList<>();
    var upstream =
        http(
            20 << 20,
            request -> {
              requests.add(request);
              return Response.text(status, "no");
            });
    var context = context();
    try {
      give(overHttp(upstream, context, ""), Numbered.traces(0, 300));
    } finally {
      stop(upstream);
    }

    assertThat(requests).hasSize(1);
    assertThat(context.ledger().dropped(Signal.TRACES, "rejected")).isEqualTo(300);
    assertThat(only(letters()).document().items()).isEqualTo(300);
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"PERMISSION_DENIED", "UNAUTHENTICATED", "UNIMPLEMENTED", "NOT_FOUND"})
  void refusalOfWhoeverSendsByGrpc_isNotAskedAboutInParts(Status.Code code) throws Exception {
    try (var upstream = new GrpcUpstream()) {
      upstream.fail(code.toStatus());
      var context = context();

      give(grpc(upstream, context), Numbered.traces(0, 300));

      assertThat(upstream.requests).hasSize(1);
      assertThat(context.ledger().dropped(Signal.TRACES, "rejected")).isEqualTo(300);
    }
  }

  @Test
  void replay_partsARefusedRequestToo() throws Exception {
    try (var upstream = new GrpcUpstream()) {
      upstream.fail(Status.PERMISSION_DENIED);
      give(grpc(upstream, context()), Numbered.traces(0, 300));
      upstream.requests.clear();
      upstream.refuse(request -> numbers(Signal.TRACES, request.toByteArray()).contains(POISON));

      var again = (Redelivery.Able) grpc(upstream, context());
      List<Redelivery.Returned> returned;
      try (var redelivery = again.redelivery()) {
        returned = redelivery.send(letters());
      }

      assertThat(returned).hasSize(1);
      assertThat(returned.getFirst().document().items()).isEqualTo(1);
      assertThat(returned.getFirst().refused()).isTrue();
      assertThat(taken(Signal.TRACES, upstream))
          .containsExactlyInAnyOrderElementsOf(allBut(POISON, 300));
    }
  }

  private TestContext context() {
    return TestContext.of(Kind.EXPORTER, "otlp", Clock.SYSTEM, dir);
  }

  private static Exporter grpc(GrpcUpstream upstream, TestContext context) {
    String yaml = "endpoint: localhost:" + upstream.port() + "\ntls: {insecure: true}\n";
    return made(new OtlpExporterFactory(), OtlpExporterConfig.class, yaml, context);
  }

  private static Exporter overHttp(HttpServer upstream, TestContext context, String more) {
    String yaml = "endpoint: http://localhost:" + upstream.port() + "\n" + more;
    return made(new OtlpHttpExporterFactory(), OtlpHttpExporterConfig.class, yaml, context);
  }

  private static <C extends Record> Exporter made(
      ExporterFactory<C> factory, Class<C> type, String yaml, TestContext context) {
    return factory.create(Binder.bind(type, yaml).orThrow(), context.context());
  }

  private HttpServer http(int maxBodyBytes, Handler handler) throws IOException {
    var config =
        new HttpServerConfig(
            "tcp",
            Optional.empty(),
            Optional.empty(),
            maxBodyBytes,
            Map.of(),
            List.of(),
            Duration.ZERO);
    return HttpServer.start(
        server.context(), "http", "localhost:0", config, HttpTimeouts.DEFAULT, handler);
  }

  private static void stop(HttpServer server) {
    server.stop(Deadline.in(Duration.ofSeconds(5), Clock.SYSTEM));
  }

  private static Response take(Request request, List<Long> arrived) {
    boolean json = "application/json".equals(request.header("Content-Type"));
    try {
      var batch = json ? Traces.ofOtlpJson(request.body()) : Traces.ofOtlp(request.body());
      arrived.addAll(Numbered.numbers(batch));
    } catch (MalformedBatchException e) {
      throw new AssertionError(e);
    }
    return Response.of(200, "application/x-protobuf", new byte[0]);
  }

  private static void give(Exporter exporter, Batch batch) throws Exception {
    Outcome outcome;
    switch (batch) {
      case Traces traces -> outcome = consume(exporter, exporter.traces(), traces);
      case Metrics metrics -> outcome = consume(exporter, exporter.metrics(), metrics);
      case Logs logs -> outcome = consume(exporter, exporter.logs(), logs);
    }
    assertThat(outcome).isEqualTo(Outcome.ACCEPTED);
    exporter.stop(Deadline.in(Duration.ofSeconds(60), Clock.SYSTEM));
  }

  private static <B extends Batch> Outcome consume(Exporter exporter, Consumer<B> into, B batch)
      throws Exception {
    exporter.start();
    return into.consume(batch);
  }

  /** The items of the requests that were answered with success. */
  private static List<Long> taken(Signal signal, GrpcUpstream upstream) {
    var taken = new ArrayList<Long>();
    for (MessageLite request : upstream.taken) taken.addAll(numbers(signal, request.toByteArray()));
    return taken;
  }

  private static List<Long> allBut(long one, int count) {
    return LongStream.range(0, count).filter(n -> n != one).boxed().toList();
  }

  private static List<Long> numbers(Signal signal, byte[] otlp) {
    try {
      return Numbered.numbers(Chunks.batch(signal, otlp));
    } catch (MalformedBatchException e) {
      throw new AssertionError(e);
    }
  }

  private static DeadLetter only(List<DeadLetter> letters) {
    assertThat(letters).hasSize(1);
    return letters.getFirst();
  }

  private static byte[] content(DeadLetter letter) {
    var text = new String(letter.document().json(), StandardCharsets.US_ASCII);
    return Base64.getDecoder().decode(text.substring(1, text.length() - 1));
  }

  private List<DeadLetter> letters() throws Exception {
    var letters = new ArrayList<DeadLetter>();
    var folder = dir.resolve("dead-letters");
    if (!Files.exists(folder)) return letters;
    try (var days = Files.list(folder)) {
      for (var day : days.toList()) {
        for (var line : Files.readAllLines(day)) {
          letters.add(DeadLetter.parse(line.getBytes(StandardCharsets.UTF_8)));
        }
      }
    }
    return letters;
  }
}
