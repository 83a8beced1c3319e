package io.raybridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plays destinations that take a certain rate against {@link SendRate}, in simulated time. */
class SendRateTest {
  private static final long MILLI = 1_000_000;

  @ParameterizedTest
  @ValueSource(ints = {100, 2_600, 50_000})
  void throttledDestination_getsWhatItTakesWithinTenPercent(int takes) {
    var destination = new Destination(takes);

    destination.run(60_000);
    destination.run(30_000);

    assertThat(destination.takenPerSecond).isGreaterThan(0.9 * takes);
    assertThat(destination.offeredPerSecond).isLessThan(1.1 * takes);
  }

  @Test
  void destinationThatTakesMoreAgain_getsMore() {
    var destination = new Destination(2_600);
    destination.run(10_000);

    destination.takes = 10_400;
    destination.run(10_000);
    destination.run(10_000);

    assertThat(destination.takenPerSecond).isGreaterThan(0.9 * 10_400);
  }

  @Test
  void destinationThatTakesNothing_isAskedAboutOnceASecond() {
    var destination = new Destination(2_600);
    destination.run(10_000);

    destination.takes = 0;
    destination.run(2_000);
    destination.run(10_000);

    assertThat(destination.offeredPerSecond).isLessThanOrEqualTo(2 * 50);
  }

  @Test
  void outageByThrottling_isOverWithinTenSeconds() {
    var destination = new Destination(50_000);
    destination.run(10_000);
    destination.takes = 0;
    destination.run(20_000);

    destination.takes = 50_000;
    destination.run(10_000);
    destination.run(5_000);

    assertThat(destination.takenPerSecond).isGreaterThan(0.9 * 50_000);
  }

  @Test
  void noThrottling_noLimit() {
    var rate = new SendRate(0);

    for (int i = 1; i < 1000; i++) rate.taken(50, i * MILLI - 1, i * MILLI);

    assertThat(rate.perSecond(1000 * MILLI)).isInfinite();
  }

  @Test
  void tenSecondsWithoutThrottling_forgetTheLimit() {
    var rate = new SendRate(0);
    rate.taken(50, 0, MILLI);
    rate.throttled(50, 2 * MILLI, 3 * MILLI);
    assertThat(rate.perSecond(4 * MILLI)).isFinite();

    for (int i = 1; i < 110; i++) rate.taken(50, 0, 3 * MILLI + i * 100 * MILLI);

    assertThat(rate.perSecond(11_000 * MILLI)).isInfinite();
  }

  @Test
  void longSilence_forgetsTheLimit() {
    var rate = new SendRate(0);
    rate.throttled(50, 2 * MILLI, 3 * MILLI);

    assertThat(rate.perSecond(3_600_000 * MILLI)).isInfinite();
  }

  @Test
  void answersToRequestsFromBeforeTheCut_doNotCutAgain() {
    var rate = new SendRate(0);
    for (int i = 0; i < 20; i++) rate.taken(50, 0, i * 10 * MILLI);
    rate.throttled(50, 190 * MILLI, 200 * MILLI);
    double once = rate.perSecond(200 * MILLI);

    for (int i = 0; i < 20; i++) rate.throttled(50, 195 * MILLI, 201 * MILLI);

    assertThat(rate.perSecond(201 * MILLI)).isEqualTo(once);
  }

  @Test
  void refusalsThatDoNotDependOnTheRate_doNotStopEverything() {
    var destination = new Destination(180_000);
    destination.refusesAnyway = 0.25;

    destination.run(10_000);
    destination.run(60_000);

    assertThat(destination.takenPerSecond).isGreaterThan(0.5 * 180_000 * 0.75);
  }

  /** Takes {@code takes} items a second, with a burst of a tenth of that; requests of 50 items. */
  private static final class Destination {
    private static final int ITEMS = 50;
    private static final long LATENCY = 20 * MILLI;
    final SendRate rate = new SendRate(0);
    double takes;
    double refusesAnyway;
    double takenPerSecond;
    double offeredPerSecond;
    private double credit;
    private double budget;
    private long now;
    private final SplittableRandom random = new SplittableRandom(1);
    private final ArrayDeque<long[]> answers = new ArrayDeque<>();

    Destination(double takes) {
      this.takes = takes;
    }

    void run(long millis) {
      long taken = 0;
      long offered = 0;
      for (long end = now + millis * MILLI; now < end; now += MILLI) {
        credit = Math.min(Math.max(ITEMS, takes / 10), credit + takes / 1000);
        double perSecond = Math.min(rate.perSecond(now), 180_000);
        budget = Math.min(perSecond / 20 + 1, budget + perSecond / 1000);
        while (budget > 0) {
          budget -= ITEMS;
          offered += ITEMS;
          boolean takesIt = credit >= ITEMS && random.nextDouble() >= refusesAnyway;
          if (takesIt) credit -= ITEMS;
          answers.add(new long[] {now, takesIt ? 1 : 0});
        }
        while (!answers.isEmpty() && answers.peek()[0] + LATENCY <= now) {
          var answer = answers.poll();
          if (answer[1] == 1) {
            taken += ITEMS;
            rate.taken(ITEMS, answer[0], now);
          } else {
            rate.throttled(ITEMS, answer[0], now);
          }
        }
      }
      takenPerSecond = taken * 1000.0 / millis;
      offeredPerSecond = offered * 1000.0 / millis;
    }
  }
}
