package io.raybridge.exporters.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.grpc.Status;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.raybridge.api.Clock;
import io.raybridge.api.Deadline;
import io.raybridge.api.Exporter;
import io.raybridge.api.ExporterFactory;
import io.raybridge.api.Kind;
import io.raybridge.api.Outcome;
import io.raybridge.config.Binder;
import io.raybridge.data.ClientMetadata;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import io.raybridge.delivery.DeadLetter;
import io.raybridge.delivery.Document;
import io.raybridge.delivery.Redelivery;
import io.raybridge.testkit.Otlp;
import io.raybridge.testkit.TestContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code otlp} gives up is kept, and goes again byte for byte. */
@Timeout(60)
class OtlpRedeliveryTest {
  @TempDir Path dir;

  @Test
  void requestThatIsGivenUp_isKeptAndSentAgain() throws Exception {
    try (var upstream = new GrpcUpstream()) {
      String yaml = "endpoint: localhost:" + upstream.port() + "\ntls: {insecure: true}\n";
      upstream.fail(Status.PERMISSION_DENIED);
      Traces batch = Otlp.traces(3);
      var expected = ExportTraceServiceRequest.parseFrom(batch.toOtlp());
      var traceId = OtlpPayload.traceId(batch);

      give(made(new OtlpExporterFactory(), OtlpExporterConfig.class, yaml), batch);

      var letter = letters().getFirst();
      assertThat(letter.reason()).isEqualTo("rejected");
      assertThat(letter.code()).isEqualTo("PERMISSION_DENIED");
      assertThat(letter.document().items()).isEqualTo(3);
      assertThat(letter.document().traceId()).isEqualTo(traceId).hasSize(32);
      upstream.requests.clear();
      var again = made(new OtlpExporterFactory(), OtlpExporterConfig.class, yaml);
      try (var redelivery = ((Redelivery.Able) again).redelivery()) {
        assertThat(redelivery.send(List.of(letter))).isEmpty();
      }
      assertThat(upstream.requests).containsExactly(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "compression: zstd\n", "encoding: json\ncompression: none\n"})
  void requestOverHttp_goesAgainAsItWasWhateverIsConfiguredNow(String more) throws Exception {
    try (var upstream = new HttpUpstream()) {
      String yaml = "endpoint: http://localhost:" + upstream.port() + "\n";
      upstream.status = 403;
      give(
          made(new OtlpHttpExporterFactory(), OtlpHttpExporterConfig.class, yaml + more),
          Otlp.traces(2));
      upstream.status = 200;
      var again =
          made(
              new OtlpHttpExporterFactory(),
              OtlpHttpExporterConfig.class,
              yaml + "compression: deflate\n");

      try (var redelivery = ((Redelivery.Able) again).redelivery()) {
        assertThat(redelivery.send(letters())).isEmpty();
      }

      assertThat(upstream.seen).hasSize(2);
      assertThat(upstream.seen.get(1)).isEqualTo(upstream.seen.get(0));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void letter_hasOfItsClientsFieldsThoseThatAreNamedAndNoOthers(boolean queue) throws Exception {
    try (var upstream = new HttpUpstream()) {
      upstream.status = 403;
      String yaml =
          "endpoint: http://localhost:"
              + upstream.port()
              + "\nsending_queue: {enabled: "
              + queue
              + ", batch: {partition: {metadata_keys: [X-Tenant]}}}\n";
      var batch = Otlp.traces(1);
      batch.client(
          ClientMetadata.of(
              List.of("x-tenant", "authorization"),
              name -> List.of(name.equals("x-tenant") ? "shop" : "s3cret")));
      var exporter = made(new OtlpHttpExporterFactory(), OtlpHttpExporterConfig.class, yaml);
      var traces = exporter.traces();
      exporter.start();
      var outcome = traces.consume(batch);
      exporter.stop(Deadline.in(Duration.ofSeconds(20), Clock.SYSTEM));

      assertThat(outcome).isInstanceOf(queue ? Outcome.Accepted.class : Outcome.Rejected.class);
      var payload = OtlpPayload.of(letters().getFirst().document());
      assertThat(payload).isNotNull();
      assertThat(payload.client().get("x-tenant")).containsExactly("shop");
      assertThat(payload.client()).hasToString("[x-tenant]");
    }
  }

  @Test
  void letterThatIsNone_isReturned() throws Exception {
    var again =
        made(new OtlpExporterFactory(), OtlpExporterConfig.class, "endpoint: localhost:1\n");
    try (var redelivery = ((Redelivery.Able) again).redelivery()) {
      for (var each :
          List.of(
              "{}|proto",
              "\"=\"|proto",
              "\"AAAA\"|xml",
              "\"AAAA\"|proto =",
              "\"AAAA\"|proto AAAA")) {
        var parts = each.split("\\|");
        var document =
            new Document(null, null, parts[1], 1, parts[0].getBytes(StandardCharsets.UTF_8));
        var letter =
            new DeadLetter(Clock.SYSTEM.now(), "otlp", Signal.TRACES, "", "", "", document);

        assertThat(redelivery.send(List.of(letter)))
            .singleElement()
            .satisfies(returned -> assertThat(returned.code()).isEqualTo("malformed_letter"));
      }
    }
  }

  private <C extends Record> Exporter made(ExporterFactory<C> factory, Class<C> type, String yaml) {
    var context = TestContext.of(Kind.EXPORTER, "otlp", Clock.SYSTEM, dir);
    return factory.create(Binder.bind(type, yaml).orThrow(), context.context());
  }

  private static void give(Exporter exporter, Traces batch) throws Exception {
    var traces = exporter.traces();
    exporter.start();
    assertThat(traces.consume(batch)).isEqualTo(Outcome.ACCEPTED);
    exporter.stop(Deadline.in(Duration.ofSeconds(20), Clock.SYSTEM));
  }

  private List<DeadLetter> letters() throws Exception {
    var letters = new ArrayList<DeadLetter>();
    try (var days = Files.list(dir.resolve("dead-letters"))) {
      for (var day : days.toList()) {
        for (var line : Files.readAllLines(day)) {
          letters.add(DeadLetter.parse(line.getBytes(StandardCharsets.UTF_8)));
        }
      }
    }
    return letters;
  }

  /** Notes each request as it came over the wire. */
  private static final class HttpUpstream implements AutoCloseable {
    final List<String> seen = new CopyOnWriteArrayList<>();
    volatile int status;
    private final HttpServer server;

    HttpUpstream() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            var headers = exchange.getRequestHeaders();
            seen.add(
                headers.getFirst("Content-Type")
                    + " "
                    + headers.getFirst("Content-Encoding")
                    + " "
                    + HexFormat.of().formatHex(exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
          });
      server.start();
    }

    int port() {
      return server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
