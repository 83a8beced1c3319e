package io.raybridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.BatchRequest;
import io.raybridge.api.Outcome;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import io.raybridge.testkit.Otlp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class QueueTest {
  private static final Failure DOWN = Failure.unavailable("503", "down");
  private final Rig rig = new Rig();
  private final CountDownLatch open = new CountDownLatch(1);

  @AfterEach
  void close() throws Exception {
    open.countDown();
    rig.close();
  }

  @Test
  void fullQueue_refusesWithADelay() {
    rig.config = Rig.queue(Sizer.REQUESTS, 2, false, false);
    rig.make();

    assertThat(rig.offer(Otlp.traces(1))).isEqualTo(Outcome.ACCEPTED);
    assertThat(rig.offer(Otlp.traces(1))).isEqualTo(Outcome.ACCEPTED);
    assertThat(rig.offer(Otlp.traces(5)))
        .isEqualTo(
            Outcome.overloaded("sending queue is full (queue_size 2)", Duration.ofSeconds(1)));

    rig.assertLedger(2, 0, 0);
    assertThat(rig.gauge("queue_size")).isEqualTo(2);
    assertThat(rig.gauge("queue_capacity")).isEqualTo(2);
  }

  @Test
  void threadThatMustNotWait_isLetInUntilALotWaits() {
    rig.make(); // nobody encodes

    assertThat(rig.queue.consumeNow(Otlp.traces(1))).isEqualTo(Outcome.ACCEPTED);
    var second = Otlp.traces(2);
    assertThat(rig.queue.consumeNow(second)).isNull();

    rig.assertLedger(1, 0, 0);
    assertThat(rig.offer(second)).isEqualTo(Outcome.ACCEPTED);
    rig.assertLedger(3, 0, 0);
  }

  @Test
  void threadThatMustNotWait_encodesWhatItFillsWhileRequestsLeave() throws Exception {
    var encodedBy = threadsThatEncode(1 << 20);

    assertThat(encodedBy).containsExactly(Thread.currentThread());
    rig.awaitSettled();
    assertThat(rig.sent()).containsExactly(3);
    rig.assertLedger(3, 3, 0);
  }

  @Test
  void threadThatMustNotWait_leavesToOthersWhatIsLarge() throws Exception {
    var encodedBy = threadsThatEncode(10);

    rig.awaitSettled();
    assertThat(encodedBy).hasSize(1).doesNotContain(Thread.currentThread());
    rig.assertLedger(3, 3, 0);
  }

  @Test
  void threadThatMustNotWait_doesNotWaitForPlacesOfItsRequests() throws Exception {
    offerTenTimesThePlaces();

    assertThat(rig.gauge("in_flight_requests")).isEqualTo(2);
    open.countDown();
    rig.awaitSettled();

    rig.assertLedger(20, 20, 0);
  }

  @Test
  void requestsThatWaitForAPlaceAtTheStop_areNamed() throws Exception {
    offerTenTimesThePlaces();

    rig.queue.stop(rig.context.deadline(Duration.ZERO));

    rig.assertLedger(20, 0, 20);
    assertThat(rig.dropped("shutdown")).isEqualTo(20);
  }

  @Test
  void threadThatMustNotWait_isNotLetInWhereOneWaits() {
    for (var config :
        List.of(
            Rig.disabled(),
            Rig.queue(Sizer.REQUESTS, 10, true, false),
            Rig.queue(Sizer.REQUESTS, 10, false, true))) {
      try (var other = new Rig()) {
        other.config = config;
        other.make();

        assertThat(other.queue.consumeNow(Otlp.traces(1))).as(config.toString()).isNull();
        other.assertLedger(0, 0, 0);
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void queueCountedInItems_refusesByItems() {
    rig.config = Rig.queue(Sizer.ITEMS, 10, false, false);
    rig.make();

    assertThat(rig.offer(Otlp.traces(8))).isEqualTo(Outcome.ACCEPTED);
    assertThat(rig.offer(Otlp.traces(3))).isInstanceOf(Outcome.Retry.class);
    assertThat(rig.offer(Otlp.traces(2))).isEqualTo(Outcome.ACCEPTED);

    assertThat(rig.gauge("queue_size")).isEqualTo(10);
  }

  @Test
  void queueIsBoundedInBytes_whateverItCounts() {
    var batch = Otlp.traces(10);
    long bytes = batch.sizeBytes() + batch.sizeBytes() / 2;
    rig.config =
        new SendingQueueConfig(
            true, 2, Sizer.REQUESTS, 1000, bytes, false, false, Optional.empty(), Optional.empty());
    rig.make();

    assertThat(rig.offer(batch)).isEqualTo(Outcome.ACCEPTED);
    var refused = rig.offer(Otlp.traces(10));

    assertThat(refused).isInstanceOf(Outcome.Retry.class);
    assertThat(((Outcome.Retry) refused).reason()).contains("of at most " + bytes + " bytes");
  }

  @Test
  void batchLargerThanTheWholeQueue_goesAlone() {
    rig.config = Rig.queue(Sizer.ITEMS, 10, false, false);
    rig.make();

    assertThat(rig.offer(Otlp.traces(50))).isEqualTo(Outcome.ACCEPTED);
    assertThat(rig.offer(Otlp.traces(1))).isInstanceOf(Outcome.Retry.class);
  }

  @Test
  void whatIsBeingSent_countsUntilItIsSettled() throws Exception {
    rig.config = Rig.queue(Sizer.REQUESTS, 1, false, false);
    rig.sender.always(this::whenOpen);
    rig.start();

    assertThat(rig.offer(Otlp.traces(1))).isEqualTo(Outcome.ACCEPTED);
    rig.sender.awaitAttempts(1);
    assertThat(rig.offer(Otlp.traces(1))).isInstanceOf(Outcome.Retry.class);
    open.countDown();
    rig.awaitSettled();
    assertThat(rig.offer(Otlp.traces(1))).isEqualTo(Outcome.ACCEPTED);
  }

  @Test
  void blockOnOverflow_waitsForSpace() throws Exception {
    rig.config = Rig.queue(Sizer.REQUESTS, 1, true, false);
    rig.sender.always(this::whenOpen);
    rig.start();

    assertThat(rig.offer(Otlp.traces(1))).isEqualTo(Outcome.ACCEPTED);
    var blocked = rig.offerLater(Otlp.traces(1));
    rig.sender.awaitAttempts(1);
    assertThat(blocked).isNotDone();
    open.countDown();

    assertThat(Rig.get(blocked)).isEqualTo(Outcome.ACCEPTED);
  }

  @Test
  void emptyBatch_isNothingToDo() {
    rig.make();

    assertThat(rig.offer(Traces.of(List.of()))).isEqualTo(Outcome.ACCEPTED);

    assertThat(rig.gauge("queue_size")).isZero();
  }

  @Test
  void waitForResult_answersWhatBecameOfIt() throws Exception {
    rig.config = Rig.queue(Sizer.REQUESTS, 1000, false, true);
    rig.retry =
        new RetryConfig(false, Duration.ofSeconds(1), 0, 2, Duration.ofSeconds(4), Duration.ZERO);
    rig.sender
        .then(SendResult::delivered)
        .then(_ -> SendResult.partial(3, List.of(new Rejection(2, "Invalid", "bad", null))))
        .thenFail(Failure.permanent("400", "no"))
        .thenFail(DOWN)
        .thenFail(Failure.throttled("429", "slow", null));
    rig.start();

    assertThat(rig.offer(Otlp.traces(5))).isEqualTo(Outcome.ACCEPTED);
    assertThat(rig.offer(Otlp.traces(5))).isEqualTo(new Outcome.Partial(2, "Invalid: bad"));
    assertThat(rig.offer(Otlp.traces(5))).isEqualTo(Outcome.failed("400: no"));
    assertThat(rig.offer(Otlp.traces(5)))
        .isInstanceOfSatisfying(
            Outcome.Retry.class,
            retry -> assertThat(retry.cause()).isEqualTo(Outcome.Cause.UNAVAILABLE));
    assertThat(rig.offer(Otlp.traces(5)))
        .isInstanceOfSatisfying(
            Outcome.Retry.class,
            retry -> assertThat(retry.cause()).isEqualTo(Outcome.Cause.OVERLOADED));

    rig.assertLedger(25, 8, 17);
    assertThat(rig.dropped("returned")).isEqualTo(10);
  }

  @Test
  void waitForResult_answersNotBeforeTheRetryArrived() throws Exception {
    rig.config = Rig.queue(Sizer.REQUESTS, 1000, false, true);
    rig.sender.thenFail(DOWN);
    rig.start();

    var answer = rig.offerLater(Otlp.traces(1));
    rig.sender.awaitAttempts(1);
    rig.clock.awaitWaiting(1);
    assertThat(answer).isNotDone();
    rig.clock.advanceToNext();

    assertThat(Rig.get(answer)).isEqualTo(Outcome.ACCEPTED);
  }

  @Test
  void disabledQueue_sendsBeforeItAnswers() throws Exception {
    rig.config = Rig.disabled();
    rig.sender.thenFail(DOWN).then(SendResult::delivered).thenFail(Failure.permanent("400", "no"));
    rig.start();

    var answer = rig.offerLater(Otlp.traces(120));
    rig.sender.awaitAttempts(1);
    rig.clock.advanceToNext();

    assertThat(Rig.get(answer)).isInstanceOf(Outcome.Partial.class);
    rig.assertLedger(120, 120 - rig.dropped("rejected"), rig.dropped("rejected"));
    assertThat(rig.queue.batching()).isEmpty();
  }

  @Test
  void encoderRejections_areDroppedByName() {
    rig.encoders =
        () ->
            (batch, out) -> {
              var ids = SpansEncoder.ids(batch);
              out.reject(new Rejection(1, "too_large", "65 kB (expected: 64 kB)", "f00"));
              out.accept(new Spans(ids.subList(1, ids.size())));
            };
    rig.start();

    assertThat(rig.offer(Otlp.traces(3))).isEqualTo(Outcome.ACCEPTED);
    rig.awaitSettled();

    rig.assertLedger(3, 2, 1);
    assertThat(rig.dropped("unencodable")).isEqualTo(1);
  }

  @Test
  void encoderWithABug_isReplacedAndItsItemsAreNamed() {
    rig.config =
        new SendingQueueConfig(
            true, 1, Sizer.REQUESTS, 1000, 0, false, false, Optional.empty(), Optional.empty());
    var made = new AtomicInteger();
    rig.encoders =
        () -> {
          if (made.incrementAndGet() > 1) return new SpansEncoder(50);
          return (batch, out) -> {
            out.accept(new Spans(SpansEncoder.ids(batch).subList(0, 1)));
            throw new IllegalStateException("bug");
          };
        };
    rig.start();

    assertThat(rig.offer(Otlp.traces(3))).isEqualTo(Outcome.ACCEPTED);
    rig.awaitSettled();
    assertThat(rig.offer(Otlp.traces(3))).isEqualTo(Outcome.ACCEPTED);
    rig.awaitSettled();

    rig.assertLedger(6, 4, 2);
    assertThat(rig.dropped("internal_error")).isEqualTo(2);
  }

  @Test
  void encoderThatForgetsItems_isFoundOut() {
    rig.encoders =
        () -> (batch, out) -> out.accept(new Spans(SpansEncoder.ids(batch).subList(0, 2)));
    rig.start();

    assertThat(rig.offer(Otlp.traces(5))).isEqualTo(Outcome.ACCEPTED);
    rig.awaitSettled();

    rig.assertLedger(5, 2, 3);
  }

  @Test
  void smallBatches_leaveTogetherAtTheirMinimum() throws Exception {
    rig.config = Rig.batching(Duration.ofSeconds(1), 10, 0, Sizer.ITEMS);
    rig.start();

    for (int i = 0; i < 5; i++) assertThat(rig.offer(Otlp.traces(2))).isEqualTo(Outcome.ACCEPTED);

    assertThat(rig.sender.awaitAttempts(1).getFirst().payload().items()).isEqualTo(10);
    rig.awaitSettled();
    assertThat(rig.sender.attempts()).isEqualTo(1);
  }

  @Test
  void flushTimeout_letsASmallBatchLeave() throws Exception {
    rig.config = Rig.batching(Duration.ofSeconds(1), 10, 0, Sizer.ITEMS);
    rig.start();

    assertThat(rig.offer(Otlp.traces(2))).isEqualTo(Outcome.ACCEPTED);
    rig.clock.awaitWaiting(1);
    rig.clock.advance(Duration.ofMillis(400));
    assertThat(rig.offer(Otlp.traces(2))).isEqualTo(Outcome.ACCEPTED);
    rig.clock.advance(Duration.ofMillis(599));
    assertThat(rig.sender.attempts()).isZero();
    rig.clock.advance(Duration.ofMillis(1));

    assertThat(rig.sender.awaitAttempts(1).getFirst().payload().items()).isEqualTo(4);
  }

  @Test
  void secondBatch_hasItsOwnFlushTimeout() throws Exception {
    rig.config = Rig.batching(Duration.ofSeconds(1), 10, 0, Sizer.ITEMS);
    rig.start();
    assertThat(rig.offer(Otlp.traces(10))).isEqualTo(Outcome.ACCEPTED);
    rig.sender.awaitAttempts(1);

    assertThat(rig.offer(Otlp.traces(3))).isEqualTo(Outcome.ACCEPTED);
    rig.clock.awaitWaiting(1);
    rig.clock.advance(Duration.ofSeconds(1));

    assertThat(rig.sender.awaitAttempts(2).get(1).payload().items()).isEqualTo(3);
  }

  @Test
  void maxSize_splitsWhatLeaves() {
    rig.encoders = () -> new SpansEncoder(1000);
    rig.config = Rig.batching(Duration.ofSeconds(1), 10, 10, Sizer.ITEMS);
    rig.start();

    assertThat(rig.offer(Otlp.traces(25))).isEqualTo(Outcome.ACCEPTED);
    rig.awaitSettled();

    assertThat(rig.sent()).containsExactlyInAnyOrder(10, 10, 5);
  }

  @Test
  void batchesSizedInBytes_leaveAtTheirBytes() throws Exception {
    long two = Otlp.traces(2).sizeBytes();
    rig.config = Rig.batching(Duration.ofSeconds(1), 3 * two, 0, Sizer.BYTES);
    rig.start();

    for (int i = 0; i < 3; i++) assertThat(rig.offer(Otlp.traces(2))).isEqualTo(Outcome.ACCEPTED);

    assertThat(rig.sender.awaitAttempts(1).getFirst().payload().items()).isEqualTo(6);
  }

  @Test
  void batchProcessorsRequest_isCarriedOutAndItsBatchesCountAsOne() throws Exception {
    rig.config = Rig.queue(Sizer.REQUESTS, 2, false, false);
    rig.make();
    rig.queue.batching().orElseThrow().batch(new BatchRequest(6, 0, Duration.ofSeconds(1)));
    rig.sender.always(this::whenOpen);
    rig.start();

    for (int i = 0; i < 6; i++) assertThat(rig.offer(Otlp.traces(2))).isEqualTo(Outcome.ACCEPTED);
    assertThat(rig.gauge("queue_size")).isEqualTo(2);
    assertThat(rig.offer(Otlp.traces(2))).isInstanceOf(Outcome.Retry.class);

    assertThat(rig.sender.awaitAttempts(2))
        .extracting(attempt -> attempt.payload().items())
        .containsExactly(6, 6);
  }

  @Test
  void batchProcessorsRequest_waitsForNoMoreThanFillsRequestsAndStillCountsAsOne()
      throws Exception {
    rig.config = Rig.queue(Sizer.REQUESTS, 2, false, false);
    rig.limits = new Limits(64, 1_000_000, 0, 1, 0);
    rig.make();
    rig.queue.batch(new BatchRequest(60, 0, Duration.ofSeconds(1)));
    rig.sender.always(this::whenOpen);
    rig.start();

    for (int i = 0; i < 3; i++) assertThat(rig.offer(Otlp.traces(20))).isEqualTo(Outcome.ACCEPTED);
    assertThat(rig.sender.awaitAttempts(3)).hasSize(3);
    assertThat(rig.gauge("queue_size")).isEqualTo(1);

    for (int i = 0; i < 3; i++) assertThat(rig.offer(Otlp.traces(20))).isEqualTo(Outcome.ACCEPTED);
    assertThat(rig.gauge("queue_size")).isEqualTo(2);
    assertThat(rig.offer(Otlp.traces(2))).isInstanceOf(Outcome.Retry.class);
  }

  @Test
  void batchRequestWithoutTimeout_onlySplits() {
    rig.encoders = () -> new SpansEncoder(1000);
    rig.make();
    rig.queue.batch(new BatchRequest(100, 10, Duration.ZERO));
    rig.start();

    assertThat(rig.offer(Otlp.traces(3))).isEqualTo(Outcome.ACCEPTED);
    assertThat(rig.offer(Otlp.traces(12))).isEqualTo(Outcome.ACCEPTED);
    rig.awaitSettled();

    assertThat(rig.sent()).containsExactlyInAnyOrder(3, 10, 2);
  }

  @Test
  void queueWithBatchSettings_doesNotLetTheProcessorDecide() {
    rig.config = Rig.batching(Duration.ofSeconds(1), 10, 0, Sizer.ITEMS);
    rig.make();

    assertThat(rig.queue.batching()).isEmpty();
  }

  @Test
  void waitingClientsOfOneMergedBatch_allGetItsAnswer() throws Exception {
    rig.config =
        new SendingQueueConfig(
            true, 2, Sizer.REQUESTS, 1000, 0, false, true, Optional.empty(), Optional.empty());
    rig.make();
    rig.queue.batch(new BatchRequest(6, 0, Duration.ofSeconds(1)));
    rig.sender.then(_ -> SendResult.partial(2, List.of(new Rejection(4, "Invalid", "bad", null))));
    rig.start();

    var first = rig.offerLater(Otlp.traces(3));
    var second = rig.offerLater(Otlp.traces(3));

    assertThat(Rig.get(first)).isEqualTo(new Outcome.Partial(3, "Invalid: bad"));
    assertThat(Rig.get(second)).isEqualTo(new Outcome.Partial(3, "Invalid: bad"));
  }

  @Test
  void requestsInFlight_areBoundedInBytes() throws Exception {
    rig.limits = new Limits(64, 40, 0);
    rig.encoders = () -> new SpansEncoder(2);
    rig.sender.always(this::whenOpen);
    rig.start();

    assertThat(rig.offer(Otlp.traces(20))).isEqualTo(Outcome.ACCEPTED);
    rig.sender.awaitAttempts(2);
    assertThat(rig.gauge("in_flight_bytes")).isEqualTo(40);
    assertThat(rig.sender.attempts()).isEqualTo(2);
    open.countDown();
    rig.awaitSettled();

    rig.assertLedger(20, 20, 0);
  }

  @Test
  void requestLargerThanAllOfItsMemory_goesAlone() {
    rig.limits = new Limits(64, 5, 0);
    rig.encoders = () -> new SpansEncoder(2);
    rig.start();

    assertThat(rig.offer(Otlp.traces(20))).isEqualTo(Outcome.ACCEPTED);
    rig.awaitSettled();

    rig.assertLedger(20, 20, 0);
  }

  @Test
  void requestsInFlight_areBoundedInNumber() throws Exception {
    rig.limits = new Limits(3, 1_000_000, 0);
    rig.encoders = () -> new SpansEncoder(1);
    rig.sender.always(this::whenOpen);
    rig.start();

    assertThat(rig.offer(Otlp.traces(20))).isEqualTo(Outcome.ACCEPTED);
    rig.sender.awaitAttempts(3);
    assertThat(rig.gauge("in_flight_requests")).isEqualTo(3);
    open.countDown();
    rig.awaitSettled();

    rig.assertLedger(20, 20, 0);
    assertThat(rig.gauge("in_flight_requests")).isZero();
  }

  @Test
  void ceilingOfItemsPerSecond_isKept() throws Exception {
    rig.limits = new Limits(64, 1_000_000, 10);
    rig.encoders = () -> new SpansEncoder(5);
    rig.start();

    assertThat(rig.offer(Otlp.traces(50))).isEqualTo(Outcome.ACCEPTED);
    for (int i = 2; i <= 10; i++) {
      rig.clock.advanceToNext();
      rig.sender.awaitAttempts(i);
    }
    rig.awaitSettled();

    assertThat(rig.sender.awaitAttempts(10).getLast().at())
        .isBetween(Duration.ofSeconds(4), Duration.ofMillis(4_600));
    assertThat(rig.context.ledger().delivered(Signal.TRACES)).isEqualTo(50);
  }

  /** Offers twenty requests of one span at once, of which two have a place and are not answered. */
  private void offerTenTimesThePlaces() throws Exception {
    rig.limits = new Limits(2, 1_000_000, 0, 0, 1 << 20);
    rig.encoders = () -> new SpansEncoder(1);
    rig.sender.always(this::whenOpen);
    rig.start();
    assertThat(rig.queue.consumeNow(Otlp.traces(20))).isEqualTo(Outcome.ACCEPTED);
    rig.sender.awaitAttempts(2);
  }

  /** Offers three spans; who encodes them is in the queue, or comes into it. */
  private Queue<Thread> threadsThatEncode(int bytesAtOnce) {
    rig.limits = new Limits(64, 1_000_000, 0, 0, bytesAtOnce);
    var threads = new ConcurrentLinkedQueue<Thread>();
    rig.encoders =
        () -> {
          var encoder = new SpansEncoder(50);
          return (batch, out) -> {
            threads.add(Thread.currentThread());
            encoder.encode(batch, out);
          };
        };
    rig.start();
    assertThat(rig.queue.consumeNow(Otlp.traces(3))).isEqualTo(Outcome.ACCEPTED);
    return threads;
  }

  private SendResult<Spans> whenOpen(Spans payload) throws InterruptedException {
    open.await();
    return SendResult.delivered(payload);
  }
}
