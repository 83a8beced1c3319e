package io.raybridge.exporters.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.raybridge.api.Clock;
import io.raybridge.api.Deadline;
import io.raybridge.api.Exporter;
import io.raybridge.api.ExporterFactory;
import io.raybridge.api.Kind;
import io.raybridge.api.Outcome;
import io.raybridge.config.Binder;
import io.raybridge.data.Signal;
import io.raybridge.testkit.ExporterContract;
import io.raybridge.testkit.Otlp;
import io.raybridge.testkit.TestContext;
import io.raybridge.transport.HttpServer;
import io.raybridge.transport.HttpServerConfig;
import io.raybridge.transport.HttpTimeouts;
import io.raybridge.transport.Response;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class OtlpExporterTest {
  private static GrpcUpstream grpc;
  private static HttpServer http;

  @BeforeAll
  static void upstreams() throws IOException {
    grpc = new GrpcUpstream();
    http =
        HttpServer.start(
            TestContext.of(Kind.EXTENSION, "upstream").context(),
            "http",
            "localhost:0",
            HttpServerConfig.DEFAULT,
            HttpTimeouts.DEFAULT,
            _ -> Response.of(200, "application/x-protobuf", new byte[0]));
  }

  @AfterAll
  static void close() throws Exception {
    grpc.close();
    http.stop(Deadline.in(Duration.ofSeconds(5), Clock.SYSTEM));
  }

  @Nested
  class Grpc implements ExporterContract<OtlpExporterConfig> {
    @Override
    public ExporterFactory<OtlpExporterConfig> factory() {
      return new OtlpExporterFactory();
    }

    @Override
    public String yaml() {
      return "endpoint: localhost:" + grpc.port() + "\ntls:\n  insecure: true\n";
    }
  }

  @Nested
  class Http implements ExporterContract<OtlpHttpExporterConfig> {
    @Override
    public ExporterFactory<OtlpHttpExporterConfig> factory() {
      return new OtlpHttpExporterFactory();
    }

    @Override
    public String yaml() {
      return "endpoint: http://localhost:" + http.port() + "\n";
    }

    /** As in Go, one of four keys is required, which no single one of them can say. */
    @Override
    @Test
    public void defaults_areValid() {
      assertThat(Binder.bind(OtlpHttpExporterConfig.class, "{}").problems())
          .singleElement()
          .satisfies(problem -> assertThat(problem.toString()).contains("endpoint"));
    }
  }

  @Test
  void failureThatPasses_isSentAgainUntilItArrives() throws Exception {
    try (var upstream = new GrpcUpstream()) {
      upstream.fail(Status.UNAVAILABLE);
      upstream.fail(Status.ABORTED);
      var context = TestContext.of(Kind.EXPORTER, "otlp");
      var exporter = exporter(context, upstream, "retry_on_failure: {initial_interval: 1ms}\n");
      var batch = Otlp.traces(3);
      var expected = ExportTraceServiceRequest.parseFrom(batch.toOtlp());
      var traces = exporter.traces();
      exporter.start();

      assertThat(traces.consume(batch)).isEqualTo(Outcome.ACCEPTED);

      assertThat(upstream.requests).containsExactly(expected, expected, expected);
      assertThat(context.ledger().delivered(Signal.TRACES)).isEqualTo(3);
      exporter.stop(Deadline.in(Duration.ofSeconds(10), Clock.SYSTEM));
    }
  }

  @Test
  void failureThatIsFinal_isDroppedAndNamed() throws Exception {
    try (var upstream = new GrpcUpstream()) {
      upstream.fail(Status.PERMISSION_DENIED.withDescription("no"));
      var context = TestContext.of(Kind.EXPORTER, "otlp");
      var exporter = exporter(context, upstream, "");
      var traces = exporter.traces();
      exporter.start();

      assertThat(traces.consume(Otlp.traces(3))).isInstanceOf(Outcome.Rejected.class);

      assertThat(upstream.requests).hasSize(1);
      assertThat(context.ledger().queued(Signal.TRACES)).isZero();
      exporter.stop(Deadline.in(Duration.ofSeconds(10), Clock.SYSTEM));
    }
  }

  private static Exporter exporter(TestContext context, GrpcUpstream upstream, String more)
      throws Exception {
    String yaml =
        "endpoint: localhost:"
            + upstream.port()
            + "\ntls: {insecure: true}\nsending_queue: {wait_for_result: true}\n"
            + more;
    var config = Binder.bind(OtlpExporterConfig.class, yaml).orThrow();
    return new OtlpExporterFactory().create(config, context.context());
  }
}
