package io.raybridge.exporters.awsxray;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Exporter;
import io.raybridge.api.Kind;
import io.raybridge.api.Outcome;
import io.raybridge.config.Binder;
import io.raybridge.data.Signal;
import io.raybridge.data.Span;
import io.raybridge.data.Traces;
import io.raybridge.delivery.DeadLetter;
import io.raybridge.delivery.Redelivery;
import io.raybridge.testkit.AwsAnswer;
import io.raybridge.testkit.AwsCall;
import io.raybridge.testkit.ExporterContract;
import io.raybridge.testkit.ManualClock;
import io.raybridge.testkit.Numbered;
import io.raybridge.testkit.ScriptedAws;
import io.raybridge.testkit.TestContext;
import io.raybridge.xray.MalformedSegmentException;
import io.raybridge.xray.SegmentDocuments;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class AwsXrayExporterTest implements ExporterContract<AwsXrayExporterConfig> {
  private final ScriptedAws aws = new ScriptedAws();
  private final TestContext test = context();
  private @Nullable Exporter exporter;

  @AfterEach
  void close() throws Exception {
    if (exporter != null) exporter.stop(generously());
    aws.close();
  }

  @Override
  public AwsXrayExporterFactory factory() {
    return new AwsXrayExporterFactory();
  }

  @Override
  public String yaml() {
    return """
    endpoint: %s
    region: eu-west-1
    retry_on_failure:
      initial_interval: 1ms
      max_interval: 10ms
    """
        .formatted(aws.url());
  }

  @Test
  void spans_arriveAsDocumentsFiftyACall() throws Exception {
    start("");

    consume(0, 120);

    assertThat(aws.awaitDocuments(120).documentIds()).containsExactlyInAnyOrderElementsOf(ids(120));
    assertThat(aws.calls("PutTraceSegments"))
        .extracting(call -> call.documents().size())
        .containsExactlyInAnyOrder(50, 50, 20);
    var headers = aws.calls().getFirst().headers();
    assertThat(headers.get("content-type")).isEqualTo("application/json");
    assertThat(headers.get("x-amzn-xray-timestamp")).matches("\\d{10}\\.\\d{9}");
  }

  @Test
  void throttledCalls_areSentAgainUntilTheyArrive() throws Exception {
    aws.times(5, AwsAnswer.error(429, "ThrottledException"));
    start("");

    consume(0, 100);

    aws.awaitDocuments(100);
    assertThat(new HashSet<>(aws.documentIds())).hasSize(100);
    stop();
    assertThat(test.ledger().delivered(Signal.TRACES)).isEqualTo(100);
    assertThat(test.ledger().drops()).isEmpty();
  }

  @Test
  void everyTransientFault_losesNothing() throws Exception {
    aws.then(
        AwsAnswer.reset(),
        AwsAnswer.resetInBody(),
        AwsAnswer.garbage(),
        AwsAnswer.wrongLength(),
        AwsAnswer.okWithoutJson(),
        AwsAnswer.error(500, "InternalFailure"),
        AwsAnswer.error(400, "ThrottlingException"),
        AwsAnswer.plain(503, "", ""));
    start("");

    consume(0, 200);
    aws.await(aws -> new HashSet<>(aws.documentIds()).size() == 200);
    stop();

    assertThat(test.ledger().delivered(Signal.TRACES)).isEqualTo(200);
    assertThat(test.ledger().drops()).isEmpty();
  }

  @Test
  void retryableUnprocessedSegments_aloneAreSentAgain() throws Exception {
    var some = ids(50).subList(10, 13);
    aws.then(AwsAnswer.unprocessed("ThrottledException", doc -> isOneOf(some, doc)));
    start("");

    consume(0, 50);
    aws.awaitDocuments(50);
    stop();

    assertThat(aws.documentIds()).containsExactlyInAnyOrderElementsOf(ids(50));
    assertThat(aws.calls()).hasSize(2);
    assertThat(aws.calls().get(1).documents()).hasSize(3).allMatch(doc -> isOneOf(some, doc));
    assertThat(test.ledger().delivered(Signal.TRACES)).isEqualTo(50);
    assertThat(test.ledger().drops()).isEmpty();
  }

  /** They lie in bodies that several exporters may read: what one sends again it takes out. */
  @Test
  void documentsOfSdks_goInTheirBodiesAndAreSentAgainAlone() throws Exception {
    var some = ids(120).subList(10, 13);
    aws.then(
        AwsAnswer.error(429, "ThrottledException"),
        AwsAnswer.unprocessed("ThrottledException", doc -> isOneOf(some, doc)));
    start("num_workers: 1\n");
    var batch = documents(120);
    var copy = batch.copy();

    assertThat(exporter.traces().consume(batch)).isEqualTo(Outcome.ACCEPTED);
    aws.await(aws -> new HashSet<>(aws.documentIds()).size() == 120);
    assertThat(exporter.traces().consume(copy)).isEqualTo(Outcome.ACCEPTED);
    stop();

    assertThat(test.ledger().delivered(Signal.TRACES)).isEqualTo(240);
    assertThat(test.ledger().drops()).isEmpty();
    var twice = new ArrayList<>(ids(120));
    twice.addAll(ids(120));
    assertThat(aws.documentIds()).containsExactlyInAnyOrderElementsOf(twice);
  }

  @Test
  void documentsOfSdks_thatAreRefusedAreFoundAndKept() throws Exception {
    var poison = ids(100).subList(33, 34);
    aws.always(AwsAnswer.poisoned("InvalidRequestException", doc -> isOneOf(poison, doc)));
    start("");

    assertThat(exporter.traces().consume(documents(100))).isEqualTo(Outcome.ACCEPTED);
    aws.awaitDocuments(99);
    stop();

    assertThat(test.ledger().delivered(Signal.TRACES)).isEqualTo(99);
    assertThat(letters()).hasSize(1);
    assertThat(letters().getFirst().document().id()).isEqualTo(poison.getFirst());
  }

  @Test
  void finallyUnprocessedSegments_areDroppedWithTheirCode() throws Exception {
    var some = ids(50).subList(7, 9);
    aws.always(AwsAnswer.unprocessed("InvalidSegment", doc -> isOneOf(some, doc)));
    start("");

    consume(0, 50);
    aws.awaitDocuments(48);
    stop();

    assertThat(test.ledger().delivered(Signal.TRACES)).isEqualTo(48);
    assertThat(test.ledger().dropped(Signal.TRACES)).isEqualTo(2);
    assertThat(test.ledger().drops())
        .allMatch(drop -> drop.traceId() != null)
        .allMatch(drop -> (drop.reason() + drop.detail()).contains("InvalidSegment"));
    assertThat(aws.calls()).hasSize(1);
  }

  @Test
  void spansOfTwoDocuments_countOnceEvenWhereACallParts() throws Exception {
    aws.then(
        AwsAnswer.error(429, "ThrottledException"),
        AwsAnswer.unprocessed("ThrottledException", doc -> doc.hashCode() % 3 == 0),
        AwsAnswer.unprocessed("InternalFailure", doc -> doc.hashCode() % 2 == 0));
    start("");
    var spans = Numbered.traces(0, 76);
    // 1 document and 75 pairs: four calls, and the last holds the second document of a pair alone.
    spans.forEachSpan(span -> span.kind(span.spanId() == 1 ? Span.KIND_SERVER : Span.KIND_CLIENT));

    assertThat(exporter.traces().consume(Traces.ofOtlp(spans.toOtlp())))
        .isEqualTo(Outcome.ACCEPTED);
    aws.await(aws -> new HashSet<>(aws.documentIds()).size() == 151);
    stop();

    assertThat(test.ledger().delivered(Signal.TRACES)).isEqualTo(76);
    assertThat(test.ledger().drops()).isEmpty();
  }

  @Test
  void validationError_isFinal() throws Exception {
    aws.always(AwsAnswer.error(400, "InvalidRequestException"));
    start("");

    consume(0, 1);
    aws.awaitCalls(1);
    stop();

    assertThat(test.ledger().dropped(Signal.TRACES)).isEqualTo(1);
    assertThat(test.ledger().drops().getFirst().code()).isEqualTo("InvalidRequestException");
    assertThat(aws.calls()).hasSize(1);
  }

  @Test
  void poisonedDocument_isFoundAndTheOthersArrive() throws Exception {
    var poison = ids(100).subList(33, 34);
    aws.always(AwsAnswer.poisoned("InvalidRequestException", doc -> isOneOf(poison, doc)));
    start("");

    consume(0, 100);
    aws.awaitDocuments(99);
    stop();

    assertThat(test.ledger().delivered(Signal.TRACES)).isEqualTo(99);
    assertThat(letters()).hasSize(1);
    assertThat(letters().getFirst().document().id()).isEqualTo(poison.getFirst());
    assertThat(letters().getFirst().code()).isEqualTo("InvalidRequestException");
  }

  @Test
  void callThatIsRefusedForGood_doesNotStopTheOthersOfItsBatch() throws Exception {
    aws.always(
        AwsAnswer.poisoned(
            "InvalidRequestException",
            doc ->
                Long.parseLong(AwsCall.idOf(doc), 16) > 100
                    && Long.parseLong(AwsCall.idOf(doc), 16) <= 150));
    start("");

    consume(0, 500);
    aws.awaitDocuments(450);
    stop();

    assertThat(test.ledger().delivered(Signal.TRACES)).isEqualTo(450);
    assertThat(letters()).hasSize(50);
  }

  @Test
  void whatXrayRefuses_isKeptByteForByteWithItsCode() throws Exception {
    var some = ids(50).subList(7, 9);
    aws.always(AwsAnswer.unprocessed("InvalidSegment", doc -> isOneOf(some, doc)));
    start("");

    consume(0, 50);
    aws.awaitDocuments(48);
    stop();

    var body = new String(aws.calls().getFirst().body(), StandardCharsets.UTF_8);
    assertThat(letters()).extracting(letter -> letter.document().id()).isEqualTo(some);
    assertThat(letters())
        .allSatisfy(letter -> {
          assertThat(letter.component()).isEqualTo("awsxray");
          assertThat(letter.reason()).isEqualTo("rejected");
          assertThat(letter.code()).isEqualTo("InvalidSegment");
          assertThat(letter.message()).isEqualTo("Invalid segment. ErrorCode: InvalidSegment");
          assertThat(letter.document().traceId()).startsWith("6922d1c0000000");
          assertThat(body).contains(new String(letter.document().json(), StandardCharsets.UTF_8));
        });
  }

  @Test
  void deadLetters_areSentAgainByteForByte() throws Exception {
    aws.always(AwsAnswer.error(429, "ThrottledException"));
    start("  max_elapsed_time: 20ms\n");
    var spans = Numbered.traces(0, 76);
    // A name that is escaped twice, and spans of two documents: both go along.
    spans.forEachSpan(span -> span.kind(Span.KIND_CLIENT).name("GET \"ü\" \\ \n"));
    assertThat(exporter.traces().consume(Traces.ofOtlp(spans.toOtlp())))
        .isEqualTo(Outcome.ACCEPTED);
    aws.awaitCalls(4);
    stop();
    var letters = letters();
    var before = raw(aws.calls());
    assertThat(letters)
        .hasSize(152)
        .extracting(DeadLetter::code)
        .containsOnly("ThrottledException");

    int calls = aws.calls().size();
    aws.always(AwsAnswer.ok()).then(AwsAnswer.error(500, "InternalFailure"));
    start("");
    try (var redelivery = ((Redelivery.Able) exporter).redelivery()) {
      assertThat(redelivery.send(letters)).isEmpty();
    }

    assertThat(aws.documents()).hasSize(152);
    assertThat(raw(aws.calls().subList(calls, aws.calls().size()))).isEqualTo(before);
  }

  @Test
  void redelivery_saysWhatWasRefusedAndWhatDidNotGo() throws Exception {
    var some = ids(50).subList(7, 9);
    aws.always(AwsAnswer.error(400, "InvalidRequestException"));
    start("");
    consume(0, 50);
    stop();
    var letters = letters();

    aws.always(AwsAnswer.unprocessed("InvalidSegment", doc -> isOneOf(some, doc)));
    try (var redelivery = ((Redelivery.Able) exporter).redelivery()) {
      assertThat(redelivery.send(letters))
          .allMatch(Redelivery.Returned::refused)
          .extracting(returned -> returned.document().id() + " " + returned.code())
          .containsExactly(some.get(0) + " InvalidSegment", some.get(1) + " InvalidSegment");
    }
    aws.close();
    start("  max_elapsed_time: 20ms\n");
    try (var redelivery = ((Redelivery.Able) exporter).redelivery()) {
      assertThat(redelivery.send(letters))
          .hasSize(50)
          .noneMatch(Redelivery.Returned::refused)
          .extracting(Redelivery.Returned::code)
          .containsOnly("connection_refused");
    }
  }

  /** The documents as they stand in the bodies, escapes and all. */
  private static Set<String> raw(List<AwsCall> calls) {
    var documents = new HashSet<String>();
    for (var call : calls) {
      var body = new String(call.body(), StandardCharsets.UTF_8);
      var list = body.substring(body.indexOf('[') + 1, body.lastIndexOf(']'));
      // Inside of a document each quote is escaped.
      for (var document : list.split("(?<=[^\\\\]\"),(?=\")")) documents.add(document);
    }
    return documents;
  }

  private List<DeadLetter> letters() throws Exception {
    var letters = new ArrayList<DeadLetter>();
    try (var days = Files.list(test.context().dataDir().resolve("dead-letters"))) {
      for (var day : days.toList()) {
        for (var line : Files.readAllLines(day)) {
          letters.add(DeadLetter.parse(line.getBytes(StandardCharsets.UTF_8)));
        }
      }
    }
    return letters;
  }

  @Test
  void traceOverItsBudget_losesWhatIsNeitherFailedNorSlowAndSaysSo() throws Exception {
    start("trace_budget:\n  over: keep_failures\n  max_kib: 64\n  slow: 1h\n");
    var spans = Numbered.traces(0, 20);
    // One trace of 20 spans of about 6 KB, the last of which failed.
    spans.forEachSpan(span -> {
      span.traceIdHi(1).traceIdLo(1).attributes().put("text", "y".repeat(6_000));
      if (span.spanId() == 20) span.statusCode(Span.STATUS_ERROR);
    });

    assertThat(exporter.traces().consume(Traces.ofOtlp(spans.toOtlp())))
        .isEqualTo(Outcome.ACCEPTED);
    aws.awaitDocuments(9);
    stop();

    assertThat(aws.documentIds()).hasSize(9).contains("0000000000000014");
    assertThat(test.ledger().delivered(Signal.TRACES)).isEqualTo(9);
    assertThat(test.ledger().drops())
        .hasSize(11)
        .allMatch(drop -> "trace_over_budget".equals(drop.code()));
  }

  @Test
  void maxSegmentsPerSecond_isNotExceeded() throws Exception {
    var clock = new ManualClock();
    var context = TestContext.of(Kind.EXPORTER, "awsxray", clock);
    var config =
        Binder.bind(AwsXrayExporterConfig.class, yaml() + "max_segments_per_second: 50\n")
            .orThrow();
    exporter = factory().create(config, context.context());
    exporter.start();

    consume(0, 200);

    for (int sent = 50; sent < 200; sent += 50) {
      aws.awaitDocuments(sent);
      clock.awaitWaiting(1);
      clock.advance(Duration.ofMillis(900));
      clock.awaitWaiting(1);
      assertThat(aws.documentCount()).isEqualTo(sent);
      clock.advance(Duration.ofMillis(110));
    }
    aws.awaitDocuments(200);
    stop();
    assertThat(context.ledger().delivered(Signal.TRACES)).isEqualTo(200);
  }

  @Test
  void stop_sendsWhatIsQueued() throws Exception {
    start("");
    for (int i = 0; i < 20; i++) consume(i * 10, 10);

    stop();

    assertThat(aws.documentIds()).containsExactlyInAnyOrderElementsOf(ids(200));
    assertThat(test.ledger().queued(Signal.TRACES)).isZero();
  }

  @Test
  void unreachableEndpoint_doesNotKeepFromStarting() throws Exception {
    aws.close();
    start("sending_queue:\n  queue_size: 1\n");

    assertThat(exporter).isNotNull();
    assertThat(exporter.traces().consume(Numbered.traces(0, 5))).isEqualTo(Outcome.ACCEPTED);
  }

  private void start(String more) throws Exception {
    var config = Binder.bind(AwsXrayExporterConfig.class, yaml() + more).orThrow();
    exporter = factory().create(config, test.context());
    exporter.start();
  }

  private void stop() throws Exception {
    exporter.stop(generously());
  }

  private void consume(int first, int count) {
    assertThat(exporter.traces().consume(Numbered.traces(first, count)))
        .isEqualTo(Outcome.ACCEPTED);
  }

  private static Traces documents(int count) throws MalformedSegmentException {
    var builder = new SegmentDocuments.Builder();
    for (var id : ids(count)) {
      var document =
          "{\"trace_id\":\"1-6922d1c0-0000000000000000%s\",\"id\":\"%s\",\"name\":\"a\"}"
              .formatted(id.substring(8), id);
      byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
      builder.add(bytes, 0, bytes.length);
    }
    return Traces.of(
        builder.build((document, trace, id, why) -> {
          throw new AssertionError(why);
        }));
  }

  private static List<String> ids(int count) {
    return LongStream.rangeClosed(1, count).mapToObj("%016x"::formatted).toList();
  }

  private static boolean isOneOf(List<String> ids, String document) {
    return ids.stream().anyMatch(id -> document.contains("\"id\":\"" + id + "\""));
  }
}
