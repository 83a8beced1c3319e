package io.raybridge.exporters.awsxray;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Exporter;
import io.raybridge.api.Outcome;
import io.raybridge.config.Binder;
import io.raybridge.data.Signal;
import io.raybridge.data.Span;
import io.raybridge.data.Traces;
import io.raybridge.testkit.AwsAnswer;
import io.raybridge.testkit.ExporterContract;
import io.raybridge.testkit.Numbered;
import io.raybridge.testkit.ScriptedAws;
import io.raybridge.testkit.TestContext;
import java.util.HashSet;
import java.util.List;
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

    consume(0, 10);
    aws.awaitCalls(1);
    stop();

    assertThat(test.ledger().dropped(Signal.TRACES)).isEqualTo(10);
    assertThat(aws.calls()).hasSize(1);
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

  private static List<String> ids(int count) {
    return LongStream.rangeClosed(1, count).mapToObj("%016x"::formatted).toList();
  }

  private static boolean isOneOf(List<String> ids, String document) {
    return ids.stream().anyMatch(id -> document.contains("\"id\":\"" + id + "\""));
  }
}
