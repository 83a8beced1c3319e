package io.raybridge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.Clock;
import io.raybridge.api.Deadline;
import io.raybridge.api.Extension;
import io.raybridge.api.Ledger;
import io.raybridge.api.Outcome;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import io.raybridge.engine.LogLines.Encoding;
import io.raybridge.testkit.Numbered;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole collectors of small parts, loaded from YAML. */
class CollectorTest {
  private static final String NO_METRICS = "telemetry: {metrics: {level: none}}";
  private static final String FREE_READER =
      "{pull: {exporter: {prometheus: {host: localhost, port: 0}}}}";
  private static final String ONE_PIPELINE =
      """
      receivers: {in: }
      processors: {through/1: , through/2: }
      exporters: {out: }
      extensions: {aside: }
      service:
        extensions: [aside]
        telemetry: {metrics: {level: none}}
        pipelines:
          traces: {receivers: [in], processors: [through/1, through/2], exporters: [out]}
      """;

  private final Parts parts = new Parts();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  private final List<Collector> running = new ArrayList<>();

  @AfterEach
  void stop() {
    running.forEach(collector -> collector.stop(soon()));
  }

  @Test
  void components_startDownstreamFirstAndStopUpstreamFirst() throws Exception {
    start(ONE_PIPELINE).stop(soon());
    running.clear();

    assertThat(parts.events)
        .containsExactly(
            "start aside",
            "start out",
            "start through/2",
            "start through/1",
            "start in",
            "ready",
            "not ready",
            "stop in",
            "stop through/1",
            "stop through/2",
            "stop out",
            "stop aside");
  }

  @Test
  void batch_passesProcessorsInOrder() throws Exception {
    start(ONE_PIPELINE);

    assertThat(parts.traces("in").consume(Numbered.traces(0, 1))).isEqualTo(Outcome.ACCEPTED);

    assertThat(names(parts.end("out").only())).containsExactly("GET /item/through/1/through/2");
  }

  @Test
  void failedStart_namesTheComponentAndStopsTheOthers() {
    parts.broken.add("in");

    assertThatThrownBy(() -> start(ONE_PIPELINE))
        .isInstanceOf(StartException.class)
        .hasMessage("cannot start receiver in: port 1 is in use");
    assertThat(parts.events).doesNotContain("ready").endsWith("stop out", "stop aside");
  }

  @Test
  void componentThatCannotBeMade_isNamed() {
    assertThatThrownBy(() -> start(ONE_PIPELINE.replace("{out: }", "{out: {unmakeable: true}}")))
        .isInstanceOf(StartException.class)
        .hasMessage("cannot start exporter out: no region");
  }

  @Test
  void twoPipelinesOfAReceiver_eachGetTheirOwnBatch() throws Exception {
    start(
        """
        receivers: {in: }
        processors: {through: }
        exporters: {out/1: , out/2: }
        service:
          telemetry: {metrics: {level: none}}
          pipelines:
            traces/1: {receivers: [in], processors: [through], exporters: [out/1]}
            traces/2: {receivers: [in], exporters: [out/2]}
        """);

    assertThat(parts.traces("in").consume(Numbered.traces(0, 1))).isEqualTo(Outcome.ACCEPTED);

    assertThat(names(parts.end("out/1").only())).containsExactly("GET /item/through");
    assertThat(names(parts.end("out/2").only())).containsExactly("GET /item");
  }

  @Test
  void branchesThatDisagree_answerWithTheWorst() throws Exception {
    start(
        """
        receivers: {in: }
        exporters: {out/1: , out/2: , out/3: }
        service:
          telemetry: {metrics: {level: none}}
          pipelines:
            traces: {receivers: [in], exporters: [out/1, out/2, out/3]}
        """);
    parts.end("out/1").alwaysAnswering(Outcome.failed("no"));
    var partial = new Outcome.Partial(1, "one");
    parts.end("out/3").alwaysAnswering(partial);

    parts.end("out/2").answering(Outcome.ACCEPTED, Outcome.unavailable("down"));
    assertThat(parts.traces("in").consume(Numbered.traces(0, 2))).isEqualTo(Outcome.failed("no"));
    assertThat(parts.traces("in").consume(Numbered.traces(0, 2)))
        .isEqualTo(Outcome.unavailable("down"));

    parts.end("out/1").alwaysAnswering(Outcome.ACCEPTED);
    assertThat(parts.traces("in").consume(Numbered.traces(0, 2))).isEqualTo(partial);
  }

  @Test
  void exporterOfTwoPipelines_isOne() throws Exception {
    start(
        """
        receivers: {in/1: , in/2: }
        exporters: {out: }
        service:
          telemetry: {metrics: {level: none}}
          pipelines:
            traces/1: {receivers: [in/1], exporters: [out]}
            traces/2: {receivers: [in/2], exporters: [out]}
        """);

    assertThat(parts.traces("in/1").consume(Numbered.traces(0, 1))).isEqualTo(Outcome.ACCEPTED);
    assertThat(parts.traces("in/2").consume(Numbered.traces(1, 1))).isEqualTo(Outcome.ACCEPTED);

    assertThat(parts.end("out").items()).isEqualTo(2);
    assertThat(parts.events).containsOnlyOnce("start out");
  }

  @Test
  void connector_leadsIntoItsPipelineAndStartsAfterIt() throws Exception {
    start(
        """
        receivers: {in: }
        processors: {through: }
        connectors: {bridge: }
        exporters: {out: }
        service:
          telemetry: {metrics: {level: none}}
          pipelines:
            traces/front: {receivers: [in], exporters: [bridge]}
            traces/back: {receivers: [bridge], processors: [through], exporters: [out]}
        """);

    assertThat(parts.traces("in").consume(Numbered.traces(0, 3))).isEqualTo(Outcome.ACCEPTED);

    assertThat(parts.end("out").items()).isEqualTo(3);
    assertThat(parts.events)
        .containsExactly("start out", "start through", "start bridge", "start in");
  }

  @Test
  void signalWithoutPipeline_isNotOffered() throws Exception {
    start(ONE_PIPELINE);

    assertThat(parts.inputs.get("in").logs()).isEmpty();
    assertThat(parts.inputs.get("in").metrics()).isEmpty();
  }

  @Test
  void batchingProcessorInFrontOfQueues_isLeftOutAndTheQueuesBatch() throws Exception {
    start(batching("out/1: {batches: true}, out/2: {batches: true}"));

    assertThat(parts.traces("in").consume(Numbered.traces(0, 1))).isEqualTo(Outcome.ACCEPTED);

    assertThat(names(parts.end("out/1").only())).containsExactly("GET /item");
    assertThat(parts.requests).containsOnlyKeys("out/1", "out/2");
  }

  @Test
  void batchingProcessorInFrontOfAnExporterWithoutQueue_stays() throws Exception {
    start(batching("out/1: {batches: true}, out/2: "));

    assertThat(parts.traces("in").consume(Numbered.traces(0, 1))).isEqualTo(Outcome.ACCEPTED);

    assertThat(names(parts.end("out/1").only())).containsExactly("GET /item/through");
    assertThat(parts.requests).isEmpty();
  }

  @Test
  void queueThatAnotherPipelineWantsUnbatched_isNotAskedToBatch() throws Exception {
    start(
        """
        receivers: {in: , in/2: }
        processors: {through: {batches: true}}
        exporters: {out: {batches: true}}
        service:
          telemetry: {metrics: {level: none}}
          pipelines:
            traces: {receivers: [in], processors: [through], exporters: [out]}
            traces/2: {receivers: [in/2], exporters: [out]}
        """);

    assertThat(parts.requests).isEmpty();
  }

  @Test
  void bugInAComponent_isRefusedCountedAndLoggedOnce() throws Exception {
    start(
        """
        receivers: {in: }
        processors: {through: {buggy: true}}
        exporters: {out: }
        service:
          telemetry: {metrics: {level: none}}
          pipelines:
            traces: {receivers: [in], processors: [through], exporters: [out]}
        """);

    for (int i = 0; i < 3; i++) {
      assertThat(parts.traces("in").consume(Numbered.traces(0, 1)))
          .isEqualTo(Outcome.failed("internal error in processor through"));
    }

    assertThat(logged())
        .containsOnlyOnce("refused a batch because of a bug in processor through")
        .contains("java.lang.IllegalStateException: a bug");
  }

  @Test
  void metrics_countEveryEdge() throws Exception {
    var collector = start(ONE_PIPELINE.replace("level: none", "address: \"127.0.0.1:0\""));
    parts
        .end("out")
        .answering(Outcome.ACCEPTED, Outcome.unavailable("down"), new Outcome.Partial(1, "one"));
    var over = parts.inputs.get("in").over("grpc").traces().orElseThrow();
    for (int i = 0; i < 3; i++) assertThat(over.consume(Numbered.traces(0, 5))).isNotNull();

    assertThat(scrape(collector))
        .contains("otelcol_receiver_accepted_spans{receiver=\"in\",transport=\"grpc\"} 9\n")
        .contains("otelcol_receiver_refused_spans{receiver=\"in\",transport=\"grpc\"} 6\n")
        .contains("otelcol_receiver_failed_spans{receiver=\"in\",transport=\"grpc\"} 0\n")
        .contains(
            "otelcol_processor_incoming_items{otel_signal=\"traces\",processor=\"through/1\"} 15\n")
        .contains(
            "otelcol_processor_outgoing_items{otel_signal=\"traces\",processor=\"through/2\"} 15\n")
        .contains("otelcol_exporter_enqueue_failed_spans{exporter=\"out\"} 6\n")
        .doesNotContain("receiver=\"in\"} ");
  }

  @Test
  void undelivered_isNamedWhenItStops() throws Exception {
    var collector = start(ONE_PIPELINE);
    var ledger = parts.contexts.get("out").ledger();
    ledger.accepted(Signal.TRACES, 10);
    ledger.delivered(Signal.TRACES, 6);
    ledger.dropped(new Ledger.Drop(Signal.TRACES, 3, "shutdown", null, "out of time"));

    collector.stop(soon());
    running.clear();

    assertThat(logged())
        .contains("4 spans were not delivered by exporter out: 3 shutdown, 1 still queued");
  }

  @Test
  void host_findsExtensionsByCapabilityAndHearsOfTheEnd() throws Exception {
    start(ONE_PIPELINE);
    var host = parts.contexts.get("out").host();

    assertThat(host.extension("aside", Extension.class)).isPresent();
    assertThat(host.extension("aside", Runnable.class)).isEmpty();
    assertThat(host.extension("other", Extension.class)).isEmpty();

    host.fatal(parts.contexts.get("out").id(), new IllegalStateException("disk gone"));
    assertThat(fatal).extracting(Throwable::getMessage).containsExactly("disk gone");
  }

  @Test
  void diagnosticsPortInUse_isSaidAndNothingMore() throws Exception {
    // Taken by this test, or by somebody else already: it is in use either way.
    try (var _ = takeDiagnosticsPort()) {
      start(ONE_PIPELINE.replace("{level: none}", "{readers: [" + FREE_READER + "]}"));

      assertThat(logged()).contains("GET /drops is not served").contains("55679");
      assertThat(parts.traces("in").consume(Numbered.traces(0, 1))).isEqualTo(Outcome.ACCEPTED);
    }
  }

  @Test
  void diagnosticsPort_isNotOpenedWhereNoMetricsAreServed() throws Exception {
    try (var _ = takeDiagnosticsPort()) {
      start(ONE_PIPELINE);

      assertThat(logged()).doesNotContain("/drops");
    }
  }

  private static ServerSocket takeDiagnosticsPort() throws IOException {
    var socket = new ServerSocket();
    try {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 55679));
    } catch (BindException e) {
      // as good
    }
    return socket;
  }

  private Collector start(String yaml) throws StartException {
    assertThat(yaml).contains("telemetry");
    var collector =
        Collector.start(
            parts.load(yaml),
            new Logging(
                new LogLines(Encoding.CONSOLE, List.of(log), true, Map.of()),
                System.Logger.Level.INFO),
            new Collector.Surroundings(
                Clock.SYSTEM, Path.of("data"), Duration.ofSeconds(30), (_, why) -> fatal.add(why)));
    running.add(collector);
    return collector;
  }

  private static String batching(String exporters) {
    return """
    receivers: {in: }
    processors: {through: {batches: true}}
    exporters: {%s}
    service:
      %s
      pipelines:
        traces: {receivers: [in], processors: [through], exporters: [out/1, out/2]}
    """
        .formatted(exporters, NO_METRICS);
  }

  private static String scrape(Collector collector) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var uri = "http://127.0.0.1:" + collector.metricsPorts().getFirst() + "/metrics";
      return client
          .send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString())
          .body();
    }
  }

  private static List<String> names(Traces batch) {
    List<String> names = new ArrayList<>();
    batch.forEachSpan(span -> names.add(span.name()));
    return names;
  }

  private String logged() {
    return log.toString(StandardCharsets.UTF_8);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(30), Clock.SYSTEM);
  }
}
