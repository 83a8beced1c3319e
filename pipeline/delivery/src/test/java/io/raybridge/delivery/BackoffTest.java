package io.raybridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final RetryConfig CONFIG =
      new RetryConfig(
          true, Duration.ofSeconds(1), 0.5, 2, Duration.ofSeconds(10), Duration.ofMinutes(5));
  private static final Failure DOWN = Failure.unavailable("503", "down");

  @Test
  void pausesDouble_upToTheLongest() {
    var backoff = new Backoff(CONFIG, () -> 0.5);

    assertThat(seconds(backoff.next(DOWN))).isEqualTo(1);
    assertThat(seconds(backoff.next(DOWN))).isEqualTo(2);
    assertThat(seconds(backoff.next(DOWN))).isEqualTo(4);
    // From here on the upper half of the spread is cut off at the longest pause.
    assertThat(seconds(backoff.next(DOWN))).isEqualTo(7);
    assertThat(seconds(backoff.next(DOWN))).isEqualTo(7.5);
    assertThat(seconds(backoff.next(DOWN))).isEqualTo(7.5);
  }

  @Test
  void jitter_staysInItsSpreadAndUnderTheLongest() {
    var random = new SplittableRandom(7);
    double[] expected = {1, 2, 4, 8, 10, 10, 10};
    boolean[] low = new boolean[expected.length];
    boolean[] high = new boolean[expected.length];

    for (int run = 0; run < 1000; run++) {
      var backoff = new Backoff(CONFIG, random::nextDouble);
      for (int i = 0; i < expected.length; i++) {
        double most = Math.min(10, expected[i] * 1.5);
        double pause = seconds(backoff.next(DOWN));
        assertThat(pause).isBetween(expected[i] * 0.5, most);
        low[i] |= pause < expected[i] * 0.55;
        high[i] |= pause > most * 0.95;
      }
    }

    assertThat(low).doesNotContain(false);
    assertThat(high).doesNotContain(false);
  }

  @Test
  void longerRetryAfter_isHonouredAndSpreadALittle() {
    var asks = Failure.throttled("429", "slow down", Duration.ofSeconds(20));

    assertThat(seconds(new Backoff(CONFIG, () -> 0).next(asks))).isEqualTo(20);
    assertThat(seconds(new Backoff(CONFIG, () -> 1).next(asks))).isEqualTo(22);
  }

  @Test
  void shorterRetryAfter_doesNotShortenThePause() {
    var asks = Failure.throttled("429", "slow down", Duration.ofMillis(10));

    assertThat(seconds(new Backoff(CONFIG, () -> 0.5).next(asks))).isEqualTo(1);
  }

  @Test
  void wrongCredentials_areTriedSlowlyFromTheStart() {
    var expired = Failure.credentials("ExpiredTokenException", "expired");

    assertThat(seconds(new Backoff(CONFIG, () -> 1).next(expired))).isEqualTo(10);
  }

  @Test
  void zeroInterval_triesAtOnce() {
    var config = new RetryConfig(true, Duration.ZERO, 0.5, 2, Duration.ofSeconds(1), Duration.ZERO);

    assertThat(new Backoff(config, () -> 1).next(DOWN)).isZero();
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }
}
