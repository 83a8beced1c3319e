package io.raybridge.processors.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.raybridge.api.BatchRequest;
import io.raybridge.api.Consumer;
import io.raybridge.api.Kind;
import io.raybridge.api.MetadataKeys;
import io.raybridge.api.Outcome;
import io.raybridge.config.Binder;
import io.raybridge.data.ClientMetadata;
import io.raybridge.data.Traces;
import io.raybridge.testkit.ManualClock;
import io.raybridge.testkit.Numbered;
import io.raybridge.testkit.ProcessorContract;
import io.raybridge.testkit.RecordingConsumer;
import io.raybridge.testkit.TestContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchProcessorTest implements ProcessorContract<BatchProcessorConfig> {
  private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);

  private final ManualClock clock = new ManualClock();
  private final TestContext context = TestContext.of(Kind.PROCESSOR, "batch", clock);
  private final RecordingConsumer<Traces> next = new RecordingConsumer<>();

  @Override
  public BatchProcessorFactory factory() {
    return new BatchProcessorFactory();
  }

  @Override
  public String yaml() {
    return "timeout: 1ms\nsend_batch_size: 1000";
  }

  @Test
  void queueBehindIt_isAskedToDoTheWork() {
    var config = bind("{timeout: 5s, send_batch_size: 100, send_batch_max_size: 200}");

    assertThat(factory().create(config, context.context()).batching())
        .contains(new BatchRequest(100, 200, Duration.ofSeconds(5)));
  }

  @Test
  void defaults_areGos() {
    assertThat(bind("{}").request()).isEqualTo(new BatchRequest(8192, 0, Duration.ofMillis(200)));
  }

  @Test
  void maxSizeBelowSize_isRefused() {
    var problems =
        Binder.bind(BatchProcessorConfig.class, "{send_batch_size: 10, send_batch_max_size: 5}")
            .problems();

    assertThat(problems)
        .singleElement()
        .satisfies(problem ->
            assertThat(problem.message())
                .contains("5 (expected: 0 or not less than send_batch_size, 10)"));
  }

  @Test
  void batches_goTogetherWhenTheirSizeIsReached() throws Exception {
    var batch = batcher("{timeout: 1h, send_batch_size: 30}");

    var first = offer(batch, 0, 10);
    clock.awaitWaiting(1);
    var second = offer(batch, 10, 10);
    var third = offer(batch, 20, 10);

    assertThat(List.of(get(first), get(second), get(third))).containsOnly(Outcome.ACCEPTED);
    assertThat(Numbered.numbers(next.only())).hasSize(30).doesNotHaveDuplicates();
    assertThat(context.telemetry().counter("otelcol_processor_batch_batch_size_trigger_send"))
        .isEqualTo(1);
    assertThat(context.telemetry().histogram("otelcol_processor_batch_batch_send_size"))
        .containsExactly(30.0);
  }

  @Test
  void batchesOfOneTenant_goTogetherAndNoOthers() throws Exception {
    var batch = batcher("{timeout: 1h, send_batch_size: 20, metadata_keys: [X-Tenant]}");

    var first = offer(batch, 0, 10, "a");
    var second = offer(batch, 10, 10, "b");
    clock.awaitWaiting(2);
    assertThat(context.telemetry().gauge("otelcol_processor_batch_metadata_cardinality"))
        .isEqualTo(2);
    var third = offer(batch, 20, 10, "a");
    assertThat(List.of(get(first), get(third))).containsOnly(Outcome.ACCEPTED);
    assertThat(second).isNotDone();
    var fourth = offer(batch, 30, 10, "b");
    assertThat(List.of(get(second), get(fourth))).containsOnly(Outcome.ACCEPTED);

    assertThat(next.batches())
        .extracting(one -> one.client().get("x-tenant"), Traces::items)
        .containsExactly(tuple(List.of("a"), 20), tuple(List.of("b"), 20));
    assertThat(Numbered.numbers(next.batches().getFirst())).contains(0L, 29L).doesNotContain(10L);
  }

  @Test
  void moreTenantsThanTheLimit_letTheOldestLeaveEarly() throws Exception {
    var batch = batcher("{timeout: 1h, metadata_keys: [x-tenant], metadata_cardinality_limit: 2}");

    var first = offer(batch, 0, 10, "a");
    clock.awaitWaiting(1);
    var second = offer(batch, 10, 10, "b");
    clock.awaitWaiting(2);
    var third = offer(batch, 20, 10, "c");

    assertThat(get(first)).isEqualTo(Outcome.ACCEPTED);
    assertThat(next.only().client().get("x-tenant")).containsExactly("a");
    clock.awaitWaiting(2);
    assertThat(second).isNotDone();
    assertThat(third).isNotDone();
    clock.advance(Duration.ofHours(1));
    assertThat(List.of(get(second), get(third))).containsOnly(Outcome.ACCEPTED);
    assertThat(next.items()).isEqualTo(30);
  }

  @Test
  void withoutKeys_whatClientsSentBesideTheirBatchesEndsHere() throws Exception {
    var batch = batcher("{timeout: 1h, send_batch_size: 20}");

    var first = offer(batch, 0, 10, "a");
    clock.awaitWaiting(1);
    var second = offer(batch, 10, 10, "a");

    assertThat(List.of(get(first), get(second))).containsOnly(Outcome.ACCEPTED);
    assertThat(next.only().client()).isNull();
  }

  @Test
  void keys_areAskedOfTheQueueBehindIt() {
    var config = bind("{metadata_keys: [B, a], metadata_cardinality_limit: 10}");

    assertThat(config.request())
        .isEqualTo(
            new BatchRequest(
                8192, 0, Duration.ofMillis(200), new MetadataKeys(List.of("a", "b")), 10));
    assertThat(
            Binder.bind(BatchProcessorConfig.class, "metadata_keys: [a, A]").problems().toString())
        .contains("metadata_keys", "a stands there twice");
  }

  @Test
  void batches_goTogetherWhenTheirTimeHasCome() throws Exception {
    var batch = batcher("{timeout: 200ms, send_batch_size: 1000}");

    var first = offer(batch, 0, 10);
    clock.awaitWaiting(1);
    clock.advance(Duration.ofMillis(199));
    assertThat(first).isNotDone();
    clock.advance(Duration.ofMillis(1));

    assertThat(get(first)).isEqualTo(Outcome.ACCEPTED);
    assertThat(next.only().items()).isEqualTo(10);
    assertThat(context.telemetry().counter("otelcol_processor_batch_timeout_trigger_send"))
        .isEqualTo(1);
  }

  @Test
  void answer_isTheNextOnesForAllOfThem() throws Exception {
    next.alwaysAnswering(Outcome.overloaded("busy", Duration.ofSeconds(3)));
    var batch = batcher("{timeout: 1h, send_batch_size: 20}");

    var first = offer(batch, 0, 10);
    clock.awaitWaiting(1);
    var second = offer(batch, 10, 10);

    assertThat(get(first)).isEqualTo(Outcome.overloaded("busy", Duration.ofSeconds(3)));
    assertThat(get(second)).isEqualTo(get(first));
  }

  @Test
  void partialAnswer_countsNoMoreThanASenderSent() throws Exception {
    next.alwaysAnswering(new Outcome.Partial(12, "bad"));
    var batch = batcher("{timeout: 1h, send_batch_size: 20}");

    var first = offer(batch, 0, 5);
    clock.awaitWaiting(1);
    var second = offer(batch, 5, 15);

    assertThat(get(first)).isEqualTo(new Outcome.Partial(5, "bad"));
    assertThat(get(second)).isEqualTo(new Outcome.Partial(12, "bad"));
  }

  @Test
  void maxSize_splitsAndTheWorstAnswerWins() throws Exception {
    next.answering(
        new Outcome.Partial(1, "a"), new Outcome.Partial(2, "b"), Outcome.unavailable("down"));
    var batch = batcher("{timeout: 1h, send_batch_size: 10, send_batch_max_size: 10}");

    assertThat(batch.consume(Numbered.traces(0, 20))).isEqualTo(new Outcome.Partial(3, "a"));
    assertThat(batch.consume(Numbered.traces(20, 25))).isEqualTo(Outcome.unavailable("down"));

    var numbers = new ArrayList<Long>();
    for (var part : next.batches()) {
      assertThat(part.items()).isLessThanOrEqualTo(10);
      numbers.addAll(Numbered.numbers(part));
    }
    assertThat(numbers).hasSize(45).doesNotHaveDuplicates();
  }

  @Test
  void zeroTimeout_handsOnAtOnce() {
    var batch = batcher("{timeout: 0s}");

    assertThat(batch.consume(Numbered.traces(0, 3))).isEqualTo(Outcome.ACCEPTED);

    assertThat(next.only().items()).isEqualTo(3);
  }

  @Test
  void stop_handsOnWhatIsHeld() throws Exception {
    var processor = factory().create(bind("{timeout: 1h}"), context.context());
    var batch = processor.traces(next);
    var held = offer(batch, 0, 3);
    clock.awaitWaiting(1);

    processor.stop(generously());

    assertThat(get(held)).isEqualTo(Outcome.ACCEPTED);
    assertThat(next.only().items()).isEqualTo(3);
  }

  @Test
  void interruptOfTheOneWhoBegan_handsOnAtOnce() throws Exception {
    var batch = batcher("{timeout: 1h}");
    var answer = new CompletableFuture<Outcome>();
    var thread =
        Thread.ofVirtual().start(() -> answer.complete(batch.consume(Numbered.traces(0, 3))));
    clock.awaitWaiting(1);

    thread.interrupt();

    assertThat(get(answer)).isEqualTo(Outcome.ACCEPTED);
    assertThat(next.only().items()).isEqualTo(3);
  }

  @Test
  void nextWithABug_doesNotLetTheOthersWaitForEver() throws Exception {
    var processor = factory().create(bind("{timeout: 1h, send_batch_size: 6}"), context.context());
    var batch =
        processor.traces(_ -> {
          throw new IllegalStateException("bug");
        });
    var first = offer(batch, 0, 3);
    clock.awaitWaiting(1);
    var second = offer(batch, 3, 3);

    assertThat(get(first)).isInstanceOf(Outcome.Rejected.class);
    assertThat(second).failsWithin(30, TimeUnit.SECONDS);
  }

  private Consumer<Traces> batcher(String yaml) {
    return factory().create(bind(yaml), context.context()).traces(next);
  }

  private static BatchProcessorConfig bind(String yaml) {
    return Binder.bind(BatchProcessorConfig.class, yaml).orThrow();
  }

  private static CompletableFuture<Outcome> offer(Consumer<Traces> to, long first, int count) {
    return CompletableFuture.supplyAsync(() -> to.consume(Numbered.traces(first, count)), VIRTUAL);
  }

  private static CompletableFuture<Outcome> offer(
      Consumer<Traces> to, long first, int count, String tenant) {
    var batch = Numbered.traces(first, count);
    batch.client(
        ClientMetadata.of(
            List.of("x-tenant", "x-request"),
            name -> List.of(name.equals("x-tenant") ? tenant : "request " + first)));
    return CompletableFuture.supplyAsync(() -> to.consume(batch), VIRTUAL);
  }

  private static Outcome get(CompletableFuture<Outcome> later) throws Exception {
    return later.get(30, TimeUnit.SECONDS);
  }
}
