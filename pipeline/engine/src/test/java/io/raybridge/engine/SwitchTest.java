package io.raybridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Consumer;
import io.raybridge.api.Deadline;
import io.raybridge.api.Outcome;
import io.raybridge.data.Traces;
import io.raybridge.testkit.ManualClock;
import io.raybridge.testkit.Numbered;
import io.raybridge.testkit.RecordingConsumer;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SwitchTest {
  private final ManualClock clock = new ManualClock();
  private final RecordingConsumer<Traces> old = new RecordingConsumer<>();
  private final RecordingConsumer<Traces> next = new RecordingConsumer<>();

  @Test
  void turned_leadsToTheNext() throws Exception {
    var door = new Switch<>(old, clock);
    assertThat(door.consume(Numbered.traces(0, 1))).isEqualTo(Outcome.ACCEPTED);

    var left = door.turn(next);

    assertThat(door.consume(Numbered.traces(1, 2))).isEqualTo(Outcome.ACCEPTED);
    assertThat(old.items()).isEqualTo(1);
    assertThat(next.items()).isEqualTo(2);
    assertThat(left.awaitEmpty(in(1))).isTrue();
  }

  @Test
  void left_isEmptyOnceTheLastOneHasGone() throws Exception {
    var inside = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var door =
        new Switch<Traces>(
            _ -> {
              inside.countDown();
              await(goOn);
              return Outcome.invalid("by the old one");
            },
            clock);
    var outcome = aside(() -> door.consume(Numbered.traces(0, 1)));
    await(inside);

    var left = door.turn(next);
    assertThat(left.awaitEmpty(in(0))).isFalse();
    var waiting = aside(() -> left.awaitEmpty(in(1)));
    clock.awaitWaiting(1);
    goOn.countDown();

    assertThat(waiting.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(outcome.get(30, TimeUnit.SECONDS)).isEqualTo(Outcome.invalid("by the old one"));
  }

  @Test
  void held_letsWhoComesWaitForTheNext() throws Exception {
    var door = new Switch<>(old, clock);
    assertThat(door.hold(in(10)).awaitEmpty(in(1))).isTrue();
    var outcome = aside(() -> door.consume(Numbered.traces(0, 1)));
    clock.awaitWaiting(1);

    door.turn(next);

    assertThat(outcome.get(30, TimeUnit.SECONDS)).isEqualTo(Outcome.ACCEPTED);
    assertThat(old.items()).isZero();
    assertThat(next.items()).isEqualTo(1);
  }

  @Test
  void threadThatMustNotWait_isNotLetInWhileItIsHeld() {
    var door = new Switch<>(atOnce("old"), clock);
    assertThat(door.consumeNow(Numbered.traces(0, 1))).isEqualTo(Outcome.invalid("old"));

    door.hold(in(10));
    assertThat(door.consumeNow(Numbered.traces(0, 1))).isNull();

    door.turn(atOnce("next"));
    assertThat(door.consumeNow(Numbered.traces(0, 1))).isEqualTo(Outcome.invalid("next"));
  }

  private static Consumer<Traces> atOnce(String name) {
    return new Consumer<>() {
      @Override
      public Outcome consume(Traces batch) {
        throw new AssertionError("would wait");
      }

      @Override
      public Outcome consumeNow(Traces batch) {
        return Outcome.invalid(name);
      }
    };
  }

  @Test
  void heldForTooLong_asksToComeAgain() throws Exception {
    var door = new Switch<>(old, clock);
    door.hold(in(10));
    var outcome = aside(() -> door.consume(Numbered.traces(0, 1)));
    clock.awaitWaiting(1);

    clock.advance(Duration.ofSeconds(10));

    assertThat(outcome.get(30, TimeUnit.SECONDS))
        .isEqualTo(Outcome.unavailable("the collector is taking over a new configuration"));
  }

  private static <T> Future<T> aside(Callable<T> what) {
    var task = new FutureTask<>(what);
    Thread.startVirtualThread(task);
    return task;
  }

  private Deadline in(int seconds) {
    return Deadline.in(Duration.ofSeconds(seconds), clock);
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) throw new AssertionError("nobody came");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
