package io.raybridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.testkit.Otlp;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A destination that refuses whole requests for what is in some of their items. */
@Timeout(60)
class IsolationTest {
  private final Rig rig = new Rig();
  private final Set<Long> poison = ConcurrentHashMap.newKeySet();
  private final Set<Long> delivered = ConcurrentHashMap.newKeySet();

  @BeforeEach
  void part() {
    rig.sender.canPart = true;
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  @Test
  void poisonItem_isFoundAndTheRestOfItsRequestArrives() throws Exception {
    rig.sender.always(this::refuseWhatHoldsPoison);
    rig.start();
    var batch = Otlp.traces(50);
    var ids = SpansEncoder.ids(batch);
    poison.add(ids.get(17));

    rig.offer(batch);
    rig.awaitSettled();

    assertThat(delivered).hasSize(49).doesNotContain(ids.get(17));
    rig.assertLedger(50, 49, 1);
    var drop = rig.context.ledger().drops().getFirst();
    assertThat(drop.code()).isEqualTo("InvalidRequestException");
    assertThat(drop.reason()).isEqualTo("rejected");
    assertThat(drop.traceId()).isEqualTo(Long.toHexString(ids.get(17)));
    assertThat(letters()).hasSize(1);
    assertThat(new String(letters().getFirst().document().json(), StandardCharsets.UTF_8))
        .isEqualTo(Long.toString(ids.get(17)));
    // A half each time: twice six levels, and the first.
    assertThat(rig.sender.attempts()).isLessThanOrEqualTo(13);
  }

  @Test
  void severalPoisonItems_areAllFound() throws Exception {
    rig.sender.always(this::refuseWhatHoldsPoison);
    rig.start();
    var batch = Otlp.traces(50);
    var ids = SpansEncoder.ids(batch);
    for (int i = 0; i < 50; i += 10) poison.add(ids.get(i));

    rig.offer(batch);
    rig.awaitSettled();

    rig.assertLedger(50, 45, 5);
    assertThat(letters()).hasSize(5);
  }

  @Test
  void throttlingWhileSearching_onlyDelaysIt() throws Exception {
    var calls = new AtomicInteger();
    rig.sender.always(payload ->
        calls.incrementAndGet() % 3 == 0
            ? SendResult.failed(payload, Failure.unavailable("reset", "reset"))
            : refuseWhatHoldsPoison(payload));
    rig.start();
    var batch = Otlp.traces(20);
    poison.add(SpansEncoder.ids(batch).getFirst());

    rig.offer(batch);
    while (rig.gauge("queue_size") > 0) {
      if (rig.clock.waiting() > 0) rig.clock.advanceToNext();
      Thread.onSpinWait();
    }

    rig.assertLedger(20, 19, 1);
  }

  @Test
  void destinationThatRefusesEverything_isNotAskedAboutEachItemOfEachRequest() throws Exception {
    rig.sender.always(this::refuse);
    rig.start();

    rig.offer(Otlp.traces(50));
    rig.awaitSettled();
    int searched = rig.sender.attempts();
    for (int i = 0; i < 10; i++) {
      rig.offer(Otlp.traces(50));
      rig.awaitSettled();
    }

    assertThat(searched).isLessThanOrEqualTo(32);
    assertThat(rig.sender.attempts()).isEqualTo(searched + 10);
    rig.assertLedger(550, 0, 550);
    assertThat(letters()).hasSize(550);
  }

  @Test
  void destinationThatTakesAgain_isSearchedAgain() throws Exception {
    rig.sender.always(this::refuse);
    rig.start();
    rig.offer(Otlp.traces(50));
    rig.awaitSettled();

    rig.sender.always(this::refuseWhatHoldsPoison);
    rig.offer(Otlp.traces(1));
    rig.awaitSettled();
    var batch = Otlp.traces(50);
    poison.add(SpansEncoder.ids(batch).get(3));
    rig.offer(batch);
    rig.awaitSettled();

    rig.assertLedger(101, 50, 51);
  }

  @Test
  void requestThatKeepsFailingWhileOthersArrive_isPartedToo() throws Exception {
    rig.sender.always(payload ->
        payload.ids().stream().anyMatch(poison::contains)
            ? SendResult.failed(payload, Failure.unavailable("InternalFailure", "HTTP 500"))
            : deliver(payload));
    rig.start();
    var batch = Otlp.traces(50);
    var ids = SpansEncoder.ids(batch);
    poison.add(ids.get(40));

    rig.offer(batch);
    while (rig.gauge("queue_size") > 0) {
      rig.offer(Otlp.traces(1));
      Rig.await(() ->
          rig.gauge("queue_size") == 0
              || (rig.gauge("queue_size") == 1 && rig.clock.waiting() > 0));
      if (rig.clock.waiting() > 0) rig.clock.advanceToNext();
    }

    assertThat(delivered).containsAll(ids.subList(0, 40)).doesNotContain(ids.get(40));
    assertThat(rig.dropped("unavailable")).isEqualTo(1);
    assertThat(letters()).hasSize(1);
  }

  @Test
  void requestThatFailsAsAllOthersDo_staysWhole() throws Exception {
    rig.sender.always(
        payload -> SendResult.failed(payload, Failure.unavailable("InternalFailure", "HTTP 500")));
    rig.start();

    rig.offer(Otlp.traces(50));
    while (rig.gauge("queue_size") > 0) {
      rig.clock.awaitWaiting(1);
      rig.clock.advance(Duration.ofSeconds(10));
      Rig.await(() -> rig.clock.waiting() > 0 || rig.gauge("queue_size") == 0);
    }

    assertThat(new HashSet<>(rig.sent())).containsExactly(50);
    assertThat(letters()).hasSize(50);
  }

  private SendResult<Spans> refuseWhatHoldsPoison(Spans payload) {
    return payload.ids().stream().anyMatch(poison::contains) ? refuse(payload) : deliver(payload);
  }

  private SendResult<Spans> refuse(Spans payload) {
    return SendResult.failed(
        payload, Failure.permanent("InvalidRequestException", "1 validation error detected"));
  }

  private SendResult<Spans> deliver(Spans payload) {
    for (long id : payload.ids()) assertThat(delivered.add(id)).as("delivered once").isTrue();
    return SendResult.delivered(payload);
  }

  private List<DeadLetter> letters() throws Exception {
    var folder = rig.context.context().dataDir().resolve("dead-letters");
    var letters = new ArrayList<DeadLetter>();
    List<Path> days;
    try (var files = Files.list(folder)) {
      days = files.toList();
    }
    for (var day : days) {
      for (var line : Files.readAllLines(day)) {
        letters.add(DeadLetter.parse(line.getBytes(StandardCharsets.UTF_8)));
      }
    }
    return letters;
  }
}
