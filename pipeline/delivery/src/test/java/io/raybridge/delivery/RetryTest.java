package io.raybridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Outcome;
import io.raybridge.data.Signal;
import io.raybridge.testkit.Otlp;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RetryTest {
  private static final Failure DOWN = Failure.unavailable("503", "down");
  private final Rig rig = new Rig();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  @Test
  void unavailableDestination_isTriedAgainAfterGrowingPauses() throws Exception {
    rig.sender.thenFail(DOWN).thenFail(DOWN).thenFail(DOWN);
    rig.start();

    assertThat(rig.offer(Otlp.traces(3))).isEqualTo(Outcome.ACCEPTED);
    for (int i = 2; i <= 4; i++) {
      rig.clock.advanceToNext();
      rig.sender.awaitAttempts(i);
    }
    rig.awaitSettled();

    assertThat(rig.sender.awaitAttempts(4))
        .extracting(attempt -> attempt.at().toSeconds())
        .containsExactly(0L, 1L, 3L, 7L);
    rig.assertLedger(3, 3, 0);
  }

  @Test
  void maxElapsedTime_endsWithOneLastAttemptAndANamedDrop() throws Exception {
    rig.retry =
        new RetryConfig(
            true, Duration.ofSeconds(1), 0, 2, Duration.ofSeconds(4), Duration.ofSeconds(10));
    rig.sender.always(payload -> SendResult.failed(payload, DOWN));
    rig.start();

    var batch = Otlp.traces(2);
    String firstId = Long.toHexString(SpansEncoder.ids(batch).getFirst());
    assertThat(rig.offer(batch)).isEqualTo(Outcome.ACCEPTED);
    for (int i = 2; i <= 5; i++) {
      rig.clock.advanceToNext();
      rig.sender.awaitAttempts(i);
    }
    rig.awaitSettled();

    assertThat(rig.sender.awaitAttempts(5))
        .extracting(attempt -> attempt.at().toSeconds())
        .containsExactly(0L, 1L, 3L, 7L, 10L);
    rig.assertLedger(2, 0, 2);
    var drop = rig.context.ledger().drops().getFirst();
    assertThat(drop.reason()).isEqualTo("unavailable");
    assertThat(drop.traceId()).isEqualTo(firstId);
    assertThat(drop.detail()).isEqualTo("given up after 10 s: 503: down");
  }

  @Test
  void zeroMaxElapsedTime_neverGivesUp() throws Exception {
    rig.retry =
        new RetryConfig(true, Duration.ofHours(1), 0, 1, Duration.ofHours(1), Duration.ZERO);
    for (int i = 0; i < 100; i++) rig.sender.thenFail(DOWN);
    rig.start();

    assertThat(rig.offer(Otlp.traces(1))).isEqualTo(Outcome.ACCEPTED);
    for (int i = 2; i <= 101; i++) {
      rig.clock.advanceToNext();
      rig.sender.awaitAttempts(i);
    }
    rig.awaitSettled();

    rig.assertLedger(1, 1, 0);
  }

  @Test
  void retryAfter_isHonoured() throws Exception {
    rig.sender.thenFail(Failure.throttled("429", "slow down", Duration.ofSeconds(20)));
    rig.start();

    assertThat(rig.offer(Otlp.traces(1))).isEqualTo(Outcome.ACCEPTED);
    rig.clock.advanceToNext();

    assertThat(rig.sender.awaitAttempts(2).get(1).at()).isEqualTo(Duration.ofSeconds(21));
  }

  @Test
  void retryAfterBeyondMaxElapsedTime_isGivenUpAtOnce() throws Exception {
    rig.sender.thenFail(Failure.throttled("429", "slow down", Duration.ofHours(1)));
    rig.start();

    assertThat(rig.offer(Otlp.traces(1))).isEqualTo(Outcome.ACCEPTED);
    rig.awaitSettled();

    assertThat(rig.dropped("throttled")).isEqualTo(1);
  }

  @Test
  void itemsThatRemain_areSentAgainAloneAndRejectedOnesAreNot() throws Exception {
    rig.sender.then(payload ->
        new SendResult<>(
            1,
            new Spans(payload.ids().subList(1, 3)),
            Failure.throttled("ThrottlingException", "some", null),
            List.of(new Rejection(2, "InvalidSegment", "bad", "abc"))));
    rig.start();
    var batch = Otlp.traces(5);
    var ids = SpansEncoder.ids(batch);

    assertThat(rig.offer(batch)).isEqualTo(Outcome.ACCEPTED);
    rig.sender.awaitAttempts(1);
    rig.clock.advanceToNext();
    var attempts = rig.sender.awaitAttempts(2);
    rig.awaitSettled();

    assertThat(attempts.get(1).payload().ids()).isEqualTo(ids.subList(1, 3));
    rig.assertLedger(5, 3, 2);
    assertThat(rig.context.ledger().drops())
        .singleElement()
        .satisfies(drop -> {
          assertThat(drop.reason()).isEqualTo("rejected");
          assertThat(drop.detail()).isEqualTo("InvalidSegment: bad");
          assertThat(drop.traceId()).isEqualTo("abc");
        });
  }

  @Test
  void requestThatFails_doesNotHoldUpTheOthers() throws Exception {
    rig.encoders = () -> new SpansEncoder(1);
    var batch = Otlp.traces(20);
    long poisoned = SpansEncoder.ids(batch).get(3);
    rig.sender.always(payload ->
        payload.ids().contains(poisoned)
            ? SendResult.failed(payload, DOWN)
            : SendResult.delivered(payload));
    rig.start();

    assertThat(rig.offer(batch)).isEqualTo(Outcome.ACCEPTED);
    Rig.await(() -> rig.context.ledger().delivered(Signal.TRACES) == 19);

    rig.assertLedger(20, 19, 0);
    assertThat(rig.gauge("queue_size")).isEqualTo(1);
    rig.sender.always(SendResult::delivered);
    rig.clock.advanceToNext();
    rig.awaitSettled();
    rig.assertLedger(20, 20, 0);
  }

  @Test
  void finalFailure_isDroppedWithItsCodeAndNotTriedAgain() throws Exception {
    rig.sender.thenFail(Failure.permanent("InvalidRequestException", "no"));
    rig.start();

    assertThat(rig.offer(Otlp.traces(4))).isEqualTo(Outcome.ACCEPTED);
    rig.awaitSettled();

    rig.assertLedger(4, 0, 4);
    assertThat(rig.sender.attempts()).isEqualTo(1);
    assertThat(rig.dropped("rejected")).isEqualTo(4);
    assertThat(rig.context.ledger().drops().getFirst().detail())
        .isEqualTo("InvalidRequestException: no");
  }

  @Test
  void disabledRetry_dropsAfterTheFirstFailure() throws Exception {
    rig.retry =
        new RetryConfig(false, Duration.ofSeconds(1), 0, 2, Duration.ofSeconds(4), Duration.ZERO);
    rig.sender.thenFail(DOWN);
    rig.start();

    assertThat(rig.offer(Otlp.traces(1))).isEqualTo(Outcome.ACCEPTED);
    rig.awaitSettled();

    assertThat(rig.dropped("unavailable")).isEqualTo(1);
    assertThat(rig.context.ledger().drops().getFirst().detail())
        .contains("retry_on_failure is disabled");
  }

  @Test
  void wrongCredentials_areTriedSlowlyAndNamedOnceAMinute() throws Exception {
    var expired = Failure.credentials("ExpiredTokenException", "the token has expired");
    rig.sender.thenFail(expired).thenFail(expired);
    rig.start();

    assertThat(rig.offer(Otlp.traces(1))).isEqualTo(Outcome.ACCEPTED);
    rig.clock.advanceToNext();
    rig.sender.awaitAttempts(2);
    rig.clock.advanceToNext();
    rig.sender.awaitAttempts(3);
    rig.awaitSettled();

    assertThat(rig.sender.awaitAttempts(3))
        .extracting(attempt -> attempt.at().toMillis())
        .containsExactly(0L, 7_500L, 15_000L);
    assertThat(rig.context.log().lines())
        .containsExactly(
            "ERROR credentials, permissions or the clock are wrong; tried again until they are"
                + " mended: ExpiredTokenException: the token has expired",
            "INFO sending works again after 15 s");
  }

  @Test
  void throttlingThatComesAndGoes_isSaidOnceAMinute() throws Exception {
    var throttled = Failure.throttled("ThrottledException", "slow down", null);
    rig.start();
    long begin = rig.clock.nanoTime();
    for (int i = 1; i <= 10; i++) {
      rig.sender.thenFail(throttled);
      assertThat(rig.offer(Otlp.traces(1))).isEqualTo(Outcome.ACCEPTED);
      rig.sender.awaitAttempts(2 * i - 1);
      rig.clock.advanceToNext();
      rig.sender.awaitAttempts(2 * i);
      rig.awaitSettled();
    }

    int most = 1 + (int) Duration.ofNanos(rig.clock.nanoTime() - begin).toMinutes();
    assertThat(rig.context.log().lines())
        .filteredOn(line -> line.contains("throttles"))
        .hasSizeBetween(1, most);
    assertThat(rig.context.log().lines())
        .filteredOn(line -> line.contains("works again"))
        .hasSizeBetween(1, most);
  }

  @Test
  void senderWithABug_losesItsRequestByNameAndNothingElse() throws Exception {
    rig.encoders = () -> new SpansEncoder(1);
    rig.sender.then(_ -> {
      throw new IllegalStateException("bug");
    });
    rig.start();

    assertThat(rig.offer(Otlp.traces(3))).isEqualTo(Outcome.ACCEPTED);
    rig.awaitSettled();

    rig.assertLedger(3, 2, 1);
    assertThat(rig.context.ledger().drops().getFirst().detail())
        .isEqualTo("internal_error: java.lang.IllegalStateException: bug");
  }

  @Test
  void senderThatForgetsItems_isFoundOut() throws Exception {
    rig.sender.then(_ -> SendResult.partial(1, List.of()));
    rig.start();

    assertThat(rig.offer(Otlp.traces(3))).isEqualTo(Outcome.ACCEPTED);
    rig.awaitSettled();

    rig.assertLedger(3, 1, 2);
    assertThat(rig.dropped("internal_error")).isEqualTo(2);
  }

  @Test
  void senderThatCountsTooMuch_cannotUnbalanceTheLedger() throws Exception {
    rig.sender.then(_ -> SendResult.partial(100, List.of(new Rejection(7, "x", "y", null))));
    rig.start();

    assertThat(rig.offer(Otlp.traces(3))).isEqualTo(Outcome.ACCEPTED);
    rig.awaitSettled();

    rig.assertLedger(3, 3, 0);
  }
}
