package io.raybridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Clock;
import io.raybridge.api.Deadline;
import io.raybridge.api.Outcome;
import io.raybridge.data.Traces;
import io.raybridge.engine.LogLines.Encoding;
import io.raybridge.testkit.Numbered;
import java.io.ByteArrayOutputStream;
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
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A collector of small parts that moves from one configuration to another. */
@Timeout(120)
class ReloadTest {
  private static final String TWO_PIPELINES =
      """
      receivers: {in: , in/2: }
      processors: {through/1: , through/2: }
      exporters: {out: , out/2: }
      extensions: {aside: , aside/2: }
      service:
        extensions: [aside, aside/2]
        telemetry: {metrics: {level: none}}
        pipelines:
          traces: {receivers: [in], processors: [through/1, through/2], exporters: [out]}
          traces/2: {receivers: [in, in/2], exporters: [out/2]}
      """;

  private final Parts parts = new Parts();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  private final AtomicLong numbers = new AtomicLong();
  private Collector collector;

  @AfterEach
  void stop() {
    if (collector != null) collector.stop(soon());
  }

  @Test
  void sameConfiguration_restartsNothing() throws Exception {
    start(TWO_PIPELINES);

    // Where something stands makes no difference.
    assertThat(reload("\n\n" + TWO_PIPELINES)).isTrue();

    assertThat(parts.events).isEmpty();
    assertThat(logged())
        .contains("the new configuration runs", "{\"started\": \"\", \"stopped\": \"\"}");
  }

  @ParameterizedTest(name = "{0} restarts {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "out: ,         | out: {version: 2},         | out",
        "in: ,          | in: {version: 2},          | in",
        "in/2: }        | in/2: {version: 2}}        | in/2",
        "through/1: ,   | through/1: {version: 2},   | through/1",
        // who stands before it hands on to it
        "through/2: }   | through/2: {version: 2}}   | through/1 through/2",
        "aside/2: }     | aside/2: {version: 2}}     | aside/2",
        "exporters: [out] | exporters: [out, out/2]  | through/1 through/2",
        "[in, in/2]     | [in/2]                     | ''",
        "[through/1, through/2] | [through/2]        | -through/1",
        "[in], processors | [in/2], processors       | ''",
      })
  void change_restartsWhatDependsOnIt(String old, String now, String restarted) throws Exception {
    start(TWO_PIPELINES);

    assertThat(reload(TWO_PIPELINES.replace(old, now))).isTrue();

    var expected = new ArrayList<String>();
    for (var id : restarted.isEmpty() ? new String[0] : restarted.split(" ")) {
      if (!id.startsWith("-")) expected.add("start " + id);
      expected.add("stop " + id.replace("-", ""));
    }
    for (var event : expected) parts.await(event);
    assertThat(parts.events)
        .filteredOn(event -> !event.equals("ready"))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(parts.traces("in/2").consume(next(1))).isEqualTo(Outcome.ACCEPTED);
    assertThat(parts.end("out/2").items()).isEqualTo(1);
  }

  @Test
  void receiverThatStays_leadsToWhatIsNew() throws Exception {
    start(TWO_PIPELINES);
    var traces = parts.traces("in");

    reload(
        TWO_PIPELINES
            .replace("out/2: }", "out/2: , out/3: }")
            .replace("through/2], exporters: [out]", "through/2], exporters: [out/3]")
            .replace("[in, in/2]", "[in/2]"));
    assertThat(traces.consume(next(3))).isEqualTo(Outcome.ACCEPTED);

    assertThat(parts.end("out/3").items()).isEqualTo(3);
    assertThat(parts.end("out").items()).isZero();
    assertThat(parts.end("out/2").items()).isZero();
    parts.await("stop out");
    assertThat(parts.events).doesNotContain("stop in");
  }

  @Test
  void whatIsInsideOfTheOld_isAnsweredByIt() throws Exception {
    start(TWO_PIPELINES);
    var inside = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    parts.whenConsuming.put(
        "out",
        () -> {
          inside.countDown();
          await(goOn);
        });
    var outcome = aside(() -> parts.traces("in").consume(next(1)));
    await(inside);
    parts.whenConsuming.clear();

    assertThat(reload(TWO_PIPELINES.replace("out: ,", "out: {version: 2},"))).isTrue();
    assertThat(parts.traces("in").consume(next(1))).isEqualTo(Outcome.ACCEPTED);
    assertThat(parts.events).contains("start out").doesNotContain("stop out");
    goOn.countDown();

    assertThat(outcome.get(30, TimeUnit.SECONDS)).isEqualTo(Outcome.ACCEPTED);
    parts.await("stop out");
    assertThat(parts.end("out").items()).isEqualTo(2);
  }

  @Test
  void whatAProcessorHolds_goesOnWhenItIsReplaced() throws Exception {
    var yaml = TWO_PIPELINES.replace("through/1: ,", "through/1: {keeps: true},");
    start(yaml);
    assertThat(parts.traces("in").consume(next(4))).isEqualTo(Outcome.ACCEPTED);
    assertThat(parts.end("out").items()).isZero();

    reload(TWO_PIPELINES.replace("out: ,", "out: {version: 2},"));
    parts.await("stop through/1");

    assertThat(parts.end("out").items()).isEqualTo(4);
  }

  @Test
  void newComponentThatCannotStart_changesNothing() throws Exception {
    start(TWO_PIPELINES);
    parts.broken.add("through/2");

    assertThat(
            reload(
                TWO_PIPELINES
                    .replace(": ,", ": {version: 2},")
                    .replace("2: }", "2: {version: 2}}")))
        .isFalse();

    assertThat(logged())
        .contains(
            "the new configuration is refused: cannot start processor through/2: port 1 is in use");
    assertThat(parts.events).doesNotContain("start in", "start in/2", "start through/1");
    assertThat(count("start out")).isEqualTo(1);
    assertThat(count("stop out")).isEqualTo(1);
    assertThat(parts.traces("in").consume(next(1))).isEqualTo(Outcome.ACCEPTED);
    assertThat(parts.end("out").items()).isEqualTo(1);
  }

  @Test
  void componentThatCannotBeMade_changesNothing() throws Exception {
    start(TWO_PIPELINES);

    assertThat(reload(TWO_PIPELINES.replace("out: ,", "out: {unmakeable: true},"))).isFalse();

    assertThat(parts.events).isEmpty();
    assertThat(logged()).contains("cannot start exporter out: no region");
  }

  @Test
  void receiverOverAPortThatTheOldOneHolds_takesTurns() throws Exception {
    var yaml = TWO_PIPELINES.replace("in: ,", "in: {port: 7},");
    start(yaml);

    assertThat(reload(yaml.replace("port: 7", "port: 7, version: 2"))).isTrue();

    assertThat(parts.events).containsExactly("stop in", "start in");
    assertThat(parts.traces("in").consume(next(1))).isEqualTo(Outcome.ACCEPTED);
    assertThat(parts.end("out").items()).isEqualTo(1);
  }

  @Test
  void portThatSomebodyElseHolds_leavesTheOldReceiver() throws Exception {
    var yaml =
        TWO_PIPELINES.replace("in: ,", "in: {port: 7},").replace("in/2: }", "in/2: {port: 8}}");
    start(yaml);
    parts.ports.add(9);

    assertThat(reload(yaml.replace("port: 7", "port: 9"))).isFalse();

    // Whose port it was could not be known: the old one stopped, and one like it started again.
    assertThat(parts.ports).contains(7);
    assertThat(logged())
        .contains("the new configuration is refused: cannot start receiver in: port 9 is in use");
    assertThat(parts.traces("in").consume(next(1))).isEqualTo(Outcome.ACCEPTED);
    assertThat(parts.end("out").items()).isEqualTo(1);
    assertThat(fatal).isEmpty();
    parts.events.clear();
    assertThat(reload(yaml.replace("port: 7", "port: 10"))).isTrue();
    parts.await("stop in");
    assertThat(parts.ports).contains(10).doesNotContain(7);
  }

  @Test
  void neitherNewNorOld_isTheEnd() throws Exception {
    var yaml = TWO_PIPELINES.replace("in: ,", "in: {port: 7},");
    start(yaml);
    parts.broken.add("in");

    assertThat(reload(yaml.replace("port: 7", "port: 7, version: 2"))).isFalse();

    assertThat(fatal)
        .singleElement()
        .satisfies(e -> assertThat(e).hasMessageContaining("cannot start receiver in"));
  }

  @Test
  void exclusiveExporter_letsWhatComesWaitForItsSuccessor() throws Exception {
    var yaml = TWO_PIPELINES.replace("out: ,", "out: {exclusive: true},");
    start(yaml);
    var stopping = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    parts.whenStopping.put(
        "out",
        () -> {
          stopping.countDown();
          await(goOn);
        });
    var reloaded =
        aside(() -> reload(yaml.replace("exclusive: true", "exclusive: true, version: 2")));
    await(stopping);
    parts.whenStopping.clear();

    var outcome = aside(() -> parts.traces("in").consume(next(1)));
    goOn.countDown();

    assertThat(reloaded.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(outcome.get(30, TimeUnit.SECONDS)).isEqualTo(Outcome.ACCEPTED);
    assertThat(parts.events).containsExactly("stop out", "start out");
    assertThat(parts.end("out").items()).isEqualTo(1);
  }

  @Test
  void changedExtension_restartsWhoUsesIt() throws Exception {
    var yaml = TWO_PIPELINES.replace("out: ,", "out: {uses: aside},");
    start(yaml);

    assertThat(reload(yaml.replace("aside: ,", "aside: {version: 2},"))).isTrue();

    parts.await("stop out");
    parts.await("stop aside");
    assertThat(parts.events)
        .containsExactlyInAnyOrder("start aside", "start out", "ready", "stop out", "stop aside");
  }

  @Test
  void extensionThatTakesTurns_stopsAfterItsUsers() throws Exception {
    var yaml =
        TWO_PIPELINES
            .replace("out: ,", "out: {uses: aside},")
            .replace("aside: ,", "aside: {port: 7},");
    start(yaml);

    assertThat(reload(yaml.replace("port: 7", "port: 7, version: 2"))).isTrue();

    assertThat(parts.events)
        .containsExactly("stop out", "stop aside", "start aside", "start out", "ready");
    assertThat(parts.traces("in").consume(next(1))).isEqualTo(Outcome.ACCEPTED);
  }

  @Test
  void extensionThatComes_restartsWhoHadAskedForIt() throws Exception {
    var yaml = TWO_PIPELINES.replace("out: ,", "out: {uses: aside/3},");
    start(yaml);

    assertThat(
            reload(
                yaml.replace("aside/2: }", "aside/2: , aside/3: }")
                    .replace("[aside, aside/2]", "[aside, aside/2, aside/3]")))
        .isTrue();

    parts.await("stop out");
    assertThat(parts.events)
        .containsExactlyInAnyOrder("start aside/3", "start out", "ready", "stop out");
  }

  @Test
  void connector_restartsWithWhatItLeadsTo() throws Exception {
    var yaml =
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
        """;
    start(yaml);

    assertThat(reload(yaml.replace("out: }", "out: {version: 2}}"))).isTrue();
    parts.await("stop out");
    assertThat(parts.events).containsExactly("start out", "stop out");
    parts.events.clear();

    assertThat(reload(yaml.replace("through: }", "through: {version: 2}}"))).isTrue();
    parts.await("stop out");

    assertThat(parts.events)
        .contains("start through", "start bridge", "stop bridge", "stop through");
    assertThat(parts.traces("in").consume(next(2))).isEqualTo(Outcome.ACCEPTED);
    assertThat(parts.end("out").items()).isEqualTo(2);
  }

  @Test
  void queuesThatAreToBatchOtherwise_restart() throws Exception {
    var yaml =
        """
        receivers: {in: }
        processors: {through: {batches: true}}
        exporters: {out: {batches: true}}
        service:
          telemetry: {metrics: {level: none}}
          pipelines:
            traces: {receivers: [in], processors: [through], exporters: [out]}
        """;
    start(yaml);
    assertThat(reload(yaml)).isTrue();
    assertThat(parts.events).isEmpty();

    assertThat(
            reload(
                yaml.replace("through: {batches: true}", "through: {batches: true, version: 3}")))
        .isTrue();
    parts.await("stop out");
    assertThat(parts.requests.get("out").timeout()).isEqualTo(Duration.ofSeconds(3));

    parts.requests.clear();
    parts.events.clear();
    assertThat(reload(yaml.replace("processors: [through], ", ""))).isTrue();
    parts.await("stop out");
    assertThat(parts.requests).isEmpty();
  }

  @Test
  void gauges_areThoseOfWhatRuns() throws Exception {
    var yaml = TWO_PIPELINES.replace("level: none", "address: \"127.0.0.1:0\"");
    start(yaml);
    assertThat(scrape()).contains("version{exporter=\"out\"} 1\n");

    parts.broken.add("in");
    assertThat(
            reload(
                yaml.replace("out: ,", "out: {version: 2},").replace("in: ,", "in: {version: 2},")))
        .isFalse();
    assertThat(scrape()).contains("version{exporter=\"out\"} 1\n");

    parts.broken.clear();
    parts.events.clear();
    assertThat(
            reload(
                yaml.replace("out: ,", "out: {version: 2},")
                    .replace("[in, in/2]", "[in/2]")
                    .replace("in/2: }", "in/2: }")
                    .replace("exporters: [out/2]", "exporters: [out]")
                    .replace(", out/2: }", "}")))
        .isTrue();
    parts.await("stop out/2");
    parts.await("stop out");
    assertThat(scrape()).contains("version{exporter=\"out\"} 2\n");
  }

  @Test
  void logLevel_changesAtOnceAndTheRestWaits() throws Exception {
    start(TWO_PIPELINES);
    reload(TWO_PIPELINES.replace("{level: none}}", "{level: none}, logs: {level: error}}"));
    log.reset();

    reload(TWO_PIPELINES.replace("{level: none}}", "{level: none}, logs: {level: error}}"));
    assertThat(logged()).isEmpty();

    reload(TWO_PIPELINES.replace("level: none", "address: \"127.0.0.1:0\""));
    assertThat(logged())
        .contains("service.telemetry: all but logs.level takes effect with the next start");
  }

  @Test
  void underLoad_nothingIsRefusedAndNothingIsLost() throws Exception {
    start(TWO_PIPELINES);
    var configurations =
        List.of(
            TWO_PIPELINES.replace("out: ,", "out: {version: 2},"),
            TWO_PIPELINES.replace("through/2: }", "through/2: {version: 2}}"),
            TWO_PIPELINES.replace("out: ,", "out: {exclusive: true},"),
            TWO_PIPELINES.replace("[through/1, through/2]", "[through/2]"),
            TWO_PIPELINES.replace("out: ,", "out: {exclusive: true, version: 2},"),
            TWO_PIPELINES.replace("through/1, ", "").replace("[in, in/2]", "[in/2]"));
    var input = parts.traces("in");
    var enough = new AtomicBoolean();
    var refused = new CopyOnWriteArrayList<Outcome>();
    var senders = new ArrayList<Thread>();
    var sent = new AtomicLong();
    for (int i = 0; i < 4; i++) {
      senders.add(
          Thread.startVirtualThread(() -> {
            while (!enough.get()) {
              var outcome = input.consume(next(1));
              sent.incrementAndGet();
              if (!outcome.equals(Outcome.ACCEPTED)) refused.add(outcome);
            }
          }));
    }

    for (int i = 0; i < 60; i++) {
      assertThat(reload(configurations.get(i % configurations.size()))).isTrue();
      long before = sent.get();
      while (sent.get() < before + 20) Thread.onSpinWait();
    }
    enough.set(true);
    for (var sender : senders) sender.join();

    assertThat(refused).isEmpty();
    var arrived =
        parts.end("out").batches().stream()
            .flatMap(batch -> Numbered.numbers(batch).stream())
            .sorted()
            .toList();
    assertThat(arrived).containsExactlyElementsOf(LongStream.range(0, sent.get()).boxed().toList());
  }

  private void start(String yaml) throws StartException {
    collector =
        Collector.start(
            parts.load(yaml),
            new Logging(
                new LogLines(Encoding.CONSOLE, List.of(log), true, Map.of()),
                System.Logger.Level.INFO),
            new Collector.Surroundings(
                Clock.SYSTEM, Path.of("data"), Duration.ofSeconds(30), (_, why) -> fatal.add(why)));
    parts.events.clear();
  }

  private boolean reload(String yaml) {
    return collector.reload(parts.load(yaml));
  }

  private Traces next(int count) {
    return Numbered.traces(numbers.getAndAdd(count), count);
  }

  private static <T> Future<T> aside(Callable<T> what) {
    var task = new FutureTask<>(what);
    Thread.startVirtualThread(task);
    return task;
  }

  private long count(String event) {
    return parts.events.stream().filter(event::equals).count();
  }

  private String scrape() throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var uri = "http://127.0.0.1:" + collector.metricsPorts().getFirst() + "/metrics";
      return client
          .send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString())
          .body();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) throw new AssertionError("nobody came");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String logged() {
    return log.toString(StandardCharsets.UTF_8);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(30), Clock.SYSTEM);
  }
}
