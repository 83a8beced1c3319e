package io.raybridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Outcome;
import io.raybridge.testkit.Otlp;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StopTest {
  private static final Failure DOWN = Failure.unavailable("503", "down");
  private static final Duration EIGHT = Duration.ofSeconds(8);
  private final Rig rig = new Rig();

  @Test
  void stop_sendsWhatIsQueuedAndWhatIsStillBeingFilled() throws Exception {
    rig.config = Rig.batching(Duration.ofHours(1), 1000, 0, Sizer.ITEMS);
    rig.start();
    for (int i = 0; i < 7; i++) assertThat(rig.offer(Otlp.traces(2))).isEqualTo(Outcome.ACCEPTED);

    rig.queue.stop(rig.context.deadline(EIGHT));

    rig.assertLedger(14, 14, 0);
  }

  @Test
  void afterStop_batchesAreRefusedAsUnavailable() throws Exception {
    rig.start();
    rig.queue.stop(rig.context.deadline(EIGHT));

    assertThat(rig.offer(Otlp.traces(1))).isEqualTo(Outcome.unavailable("shutting down"));

    rig.assertLedger(0, 0, 0);
  }

  @Test
  void stop_endsThePauseWithOneLastAttempt() throws Exception {
    rig.sender.thenFail(DOWN);
    rig.start();
    assertThat(rig.offer(Otlp.traces(1))).isEqualTo(Outcome.ACCEPTED);
    rig.clock.awaitWaiting(1);

    rig.queue.stop(rig.context.deadline(EIGHT));

    assertThat(rig.sender.attempts()).isEqualTo(2);
    rig.assertLedger(1, 1, 0);
  }

  @Test
  void lastAttemptThatFails_isDroppedAsShutdown() throws Exception {
    rig.sender.always(payload -> SendResult.failed(payload, DOWN));
    rig.start();
    assertThat(rig.offer(Otlp.traces(3))).isEqualTo(Outcome.ACCEPTED);
    rig.clock.awaitWaiting(1);

    rig.queue.stop(rig.context.deadline(EIGHT));

    assertThat(rig.sender.attempts()).isEqualTo(2);
    rig.assertLedger(3, 0, 3);
    assertThat(rig.dropped("shutdown")).isEqualTo(3);
    assertThat(rig.context.ledger().drops().getFirst().detail())
        .isEqualTo("last attempt before shutdown: 503: down");
  }

  @Test
  void destinationThatHangs_costsNoMoreThanTheDeadlineAndIsNamed() throws Exception {
    stopWhileTheDestinationHangs(10, EIGHT);

    rig.assertLedger(50, 0, 50);
    assertThat(rig.dropped("shutdown")).isEqualTo(50);
    assertThat(rig.gauge("queue_size")).isZero();
  }

  @Test
  void whatWaitsToBeEncodedWhenTheTimeIsUp_isKeptAsDeadLetters() throws Exception {
    stopWhileTheDestinationHangs(30, Duration.ofSeconds(6));

    rig.assertLedger(150, 0, 150);
    assertThat(rig.dropped("shutdown")).isEqualTo(150);
    assertThat(rig.context.telemetry().counter("otelcol_raybridge_dead_letters_written_spans"))
        .isEqualTo(150);
  }

  /** Offers batches of 5 spans to a destination that never answers, and lets a stop of 8 s run. */
  private void stopWhileTheDestinationHangs(int batches, Duration passes) throws Exception {
    var never = new CountDownLatch(1);
    rig.limits = new Limits(2, 1_000_000, 0);
    rig.encoders = () -> new SpansEncoder(1);
    rig.sender.always(payload -> {
      never.await();
      return SendResult.delivered(payload);
    });
    rig.start();
    for (int i = 0; i < batches; i++)
      assertThat(rig.offer(Otlp.traces(5))).isEqualTo(Outcome.ACCEPTED);
    rig.sender.awaitAttempts(2);

    var stop = CompletableFuture.runAsync(() -> stopWithin(EIGHT));
    rig.clock.awaitWaiting(1);
    rig.clock.advance(passes);
    stop.get(30, TimeUnit.SECONDS);
  }

  @Test
  void destinationThatIgnoresInterrupts_cannotCountLater() throws Exception {
    var open = new CountDownLatch(1);
    var done = new CountDownLatch(1);
    rig.sender.always(payload -> {
      boolean interrupted = false;
      while (true) {
        try {
          open.await();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) done.countDown();
      return SendResult.delivered(payload);
    });
    rig.start();
    assertThat(rig.offer(Otlp.traces(1))).isEqualTo(Outcome.ACCEPTED);
    rig.sender.awaitAttempts(1);

    rig.queue.stop(rig.context.deadline(Duration.ZERO));
    open.countDown();
    done.await();
    Rig.await(() -> rig.gauge("in_flight_bytes") == 0);

    rig.assertLedger(1, 0, 1);
  }

  @Test
  void clientsThatWait_areToldToComeAgain() throws Exception {
    rig.config = Rig.queue(Sizer.REQUESTS, 1000, false, true);
    rig.sender.always(payload -> SendResult.failed(payload, DOWN));
    rig.start();
    var answer = rig.offerLater(Otlp.traces(3));
    rig.clock.awaitWaiting(1);

    rig.queue.stop(rig.context.deadline(EIGHT));

    assertThat(Rig.get(answer)).isInstanceOf(Outcome.Retry.class);
    assertThat(rig.dropped("returned")).isEqualTo(3);
  }

  @Test
  void clientsThatWaitForSpace_areToldToComeAgain() throws Exception {
    rig.config = Rig.queue(Sizer.REQUESTS, 1, true, false);
    rig.make();
    assertThat(rig.offer(Otlp.traces(1))).isEqualTo(Outcome.ACCEPTED);
    var blocked = rig.offerLater(Otlp.traces(1));

    rig.queue.stop(rig.context.deadline(Duration.ZERO));

    assertThat(Rig.get(blocked)).isEqualTo(Outcome.unavailable("shutting down"));
  }

  @Test
  void queueThatNeverStarted_namesWhatItHas() throws Exception {
    rig.make();
    assertThat(rig.offer(Otlp.traces(4))).isEqualTo(Outcome.ACCEPTED);

    rig.queue.stop(rig.context.deadline(EIGHT));
    rig.queue.stop(rig.context.deadline(EIGHT));

    rig.assertLedger(4, 0, 4);
    assertThat(rig.dropped("shutdown")).isEqualTo(4);
  }

  @Test
  void disabledQueue_isStoppedByItsDeadlineToo() throws Exception {
    var never = new CountDownLatch(1);
    rig.config = Rig.disabled();
    rig.sender.always(payload -> {
      never.await();
      return SendResult.delivered(payload);
    });
    rig.start();
    var answer = rig.offerLater(Otlp.traces(3));
    rig.sender.awaitAttempts(1);

    rig.queue.stop(rig.context.deadline(Duration.ZERO));

    assertThat(Rig.get(answer)).isInstanceOf(Outcome.Retry.class);
    rig.assertLedger(3, 0, 3);
  }

  private void stopWithin(Duration time) {
    try {
      rig.queue.stop(rig.context.deadline(time));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
