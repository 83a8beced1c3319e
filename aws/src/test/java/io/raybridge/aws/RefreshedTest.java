package io.raybridge.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.aws.Refreshed.Fetched;
import io.raybridge.aws.Refreshed.UnavailableException;
import io.raybridge.testkit.ManualClock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RefreshedTest {
  private static final Duration LONG = Duration.ofDays(1);
  private final ManualClock clock = new ManualClock();
  private final AtomicInteger fetches = new AtomicInteger();

  @Test
  void value_isFetchedOnceWhileFresh() throws Exception {
    var value = new Refreshed<>("test", clock, () -> counted(Duration.ofMinutes(5), null));

    assertThat(value.get(LONG)).isEqualTo(1);
    clock.advance(Duration.ofMinutes(4));
    assertThat(value.get(LONG)).isEqualTo(1);
  }

  @Test
  void staleValue_isUsedWhileTheNextIsFetched() throws Exception {
    var go = new SynchronousQueue<Integer>();
    var value =
        new Refreshed<>("test", clock, () -> new Fetched<>(take(go), Duration.ofMinutes(5), null));
    value.prepare();
    go.put(1);
    assertThat(value.get(LONG)).isEqualTo(1);

    clock.advance(Duration.ofMinutes(6));
    assertThat(value.get(LONG)).isEqualTo(1);
    go.put(2);
    while (value.get(LONG) != 2) Thread.onSpinWait();
  }

  @Test
  void expiredValue_isNotUsed() throws Exception {
    var value =
        new Refreshed<>(
            "test", clock, () -> counted(Duration.ofMinutes(5), Duration.ofMinutes(10)));
    assertThat(value.get(LONG)).isEqualTo(1);

    clock.advance(Duration.ofMinutes(11));

    assertThat(value.get(LONG)).isEqualTo(2);
  }

  @Test
  void failure_isToldUntilTheNextTryIsDue() throws Exception {
    var value =
        new Refreshed<Integer>(
            "test",
            clock,
            () -> {
              if (fetches.incrementAndGet() == 1) throw new UnavailableException("not yet", null);
              return new Fetched<>(7, LONG, null);
            });

    assertThatThrownBy(() -> value.get(LONG)).hasMessage("not yet");
    assertThatThrownBy(() -> value.get(LONG)).hasMessage("not yet");
    assertThat(fetches).hasValue(1);
    clock.advance(Duration.ofSeconds(10));
    assertThat(value.get(LONG)).isEqualTo(7);
  }

  @Test
  void bugInTheSource_isAFailureAndNotAnEndlessWait() {
    var value =
        new Refreshed<Integer>(
            "test",
            clock,
            () -> {
              throw new IllegalStateException("bug");
            });

    assertThatThrownBy(() -> value.get(LONG)).hasMessageContaining("bug");
  }

  @Test
  void slowSource_holdsTheCallerNoLongerThanItHasPatience() throws Exception {
    var never = new CountDownLatch(1);
    var value =
        new Refreshed<Integer>(
            "test",
            io.raybridge.api.Clock.SYSTEM,
            () -> {
              try {
                never.await();
              } catch (InterruptedException e) {
                throw new UnavailableException("interrupted", e);
              }
              return new Fetched<>(1, LONG, null);
            });

    assertThatThrownBy(() -> value.get(Duration.ofMillis(20)))
        .isInstanceOf(UnavailableException.class);
    never.countDown();
    assertThat(value.get(LONG)).isEqualTo(1);
  }

  @Test
  void invalidatedValue_isFetchedAgain() throws Exception {
    var value = new Refreshed<>("test", clock, () -> counted(LONG, null));
    assertThat(value.get(LONG)).isEqualTo(1);

    value.invalidate();

    assertThat(value.get(LONG)).isEqualTo(2);
  }

  private Fetched<Integer> counted(Duration fresh, @Nullable Duration lasts) {
    return new Fetched<>(
        fetches.incrementAndGet(), fresh, lasts == null ? null : clock.now().plus(lasts));
  }

  private static int take(SynchronousQueue<Integer> queue) throws UnavailableException {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      throw new UnavailableException("interrupted", e);
    }
  }
}
