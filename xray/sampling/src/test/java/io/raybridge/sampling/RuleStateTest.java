package io.raybridge.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class RuleStateTest {
  private static final long NOW = 1_767_225_600L;

  /** Within four standard deviations, and the seed is fixed. */
  @ParameterizedTest
  @CsvSource({
    "0.01, 0", "0.05, 0", "0.10, 0", "0.33, 0", "0.5, 0", "0.99, 0",
    "0.01, 1", "0.05, 1", "0.10, 1", "0.33, 1", "0.5, 1", "0.99, 1"
  })
  void rate_isKeptForXrayIdsAndRandomIds(double rate, int kind) {
    var random = new SplittableRandom(42);
    var state = new RuleState(SamplingRule.any("a", 1, rate, 0), false);
    int traces = 100_000;
    int kept = 0;
    for (int i = 0; i < traces; i++) {
      // Of X-Ray's ids, 32 bits are the time; all else is random.
      long hi = kind == 0 ? NOW << 32 | random.nextInt() & 0xffff_ffffL : random.nextLong();
      long lo = random.nextLong();
      assertThat(hi).isNotZero();
      if (state.decide(NOW, NOW, Threshold.randomness(lo), Threshold.ALWAYS).kept()) kept++;
    }

    double deviation = Math.sqrt(traces * rate * (1 - rate));
    assertThat((double) kept)
        .isBetween(traces * rate - 4 * deviation, traces * rate + 4 * deviation);
  }

  @Test
  void reservoir_isTakenFirstAndExactlyInEachSecond() {
    var state = new RuleState(SamplingRule.any("a", 1, 0, 5), false);
    for (int second = 0; second < 30; second++) {
      int kept = 0;
      for (int i = 0; i < 100; i++) {
        var verdict = state.decide(NOW + second, NOW + second, 0, Threshold.ALWAYS);
        assertThat(verdict.kept()).isEqualTo(i < 5);
        if (verdict.kept()) kept++;
      }
      assertThat(kept).isEqualTo(5);
    }
    assertThat(state.takeCounts()).isEqualTo(new RuleState.Counts(3000, 150, 0));
    assertThat(state.takeCounts()).isEqualTo(new RuleState.Counts(0, 0, 0));
  }

  /** SDKs send spans every five seconds: each of these seconds has its own reservoir. */
  @Test
  void batchOfSeveralSeconds_hasTheReservoirOfEach() {
    var state = new RuleState(SamplingRule.any("a", 1, 0, 2), false);
    int kept = 0;
    for (int i = 0; i < 50; i++) {
      long second = PerSecond.secondOf((NOW - i % 5) * 1_000_000_000L, NOW);
      if (state.decide(second, NOW, 0, Threshold.ALWAYS).kept()) kept++;
    }

    assertThat(kept).isEqualTo(10);
  }

  @Test
  void startFarFromNow_countsToNow() {
    assertThat(PerSecond.secondOf((NOW - 59) * 1_000_000_000L, NOW)).isEqualTo(NOW - 59);
    assertThat(PerSecond.secondOf((NOW - 61) * 1_000_000_000L, NOW)).isEqualTo(NOW);
    assertThat(PerSecond.secondOf((NOW + 3) * 1_000_000_000L, NOW)).isEqualTo(NOW);
    assertThat(PerSecond.secondOf(0, NOW)).isEqualTo(NOW);
    assertThat(PerSecond.secondOf(-1, NOW)).isEqualTo(NOW);
  }

  @Test
  void centralRule_borrowsUntilItHasAQuota() {
    var state = new RuleState(SamplingRule.any("a", 1, 0, 50), true);
    assertThat(state.decide(NOW, NOW, 0, 0).by()).isEqualTo(Verdict.By.BORROWED);
    assertThat(state.decide(NOW, NOW, 0, 0).kept()).isFalse();
    assertThat(state.decide(NOW + 1, NOW + 1, 0, 0).by()).isEqualTo(Verdict.By.BORROWED);
    assertThat(state.takeCounts()).isEqualTo(new RuleState.Counts(3, 0, 2));

    state.target(null, 3, NOW + 300, null, null);
    for (int i = 0; i < 5; i++) {
      assertThat(state.decide(NOW + 2, NOW + 2, 0, 0).kept()).isEqualTo(i < 3);
    }
    assertThat(state.takeCounts()).isEqualTo(new RuleState.Counts(5, 3, 0));

    assertThat(state.decide(NOW + 301, NOW + 301, 0, 0).by()).isEqualTo(Verdict.By.BORROWED);
  }

  @Test
  void centralRuleWithoutReservoir_neverBorrows() {
    var state = new RuleState(SamplingRule.any("a", 1, 1, 0), true);

    assertThat(state.decide(NOW, NOW, 0, 0).by()).isEqualTo(Verdict.By.RATE);
  }

  @Test
  void boost_replacesTheRateForItsTime() {
    var state = new RuleState(SamplingRule.any("a", 1, 0.01, 0), true);
    state.target(null, null, null, 1.0, NOW + 60);

    assertThat(state.decide(NOW, NOW, 0, 0).kept()).isTrue();
    assertThat(state.decide(NOW + 61, NOW + 61, 0, 0).kept()).isFalse();
  }

  /** 5 % of what an SDK has sampled at 10 % are half of these, and 5 % of all. */
  @Test
  void rate_countsWhatWasSampledBefore() {
    var random = new SplittableRandom(4);
    var state = new RuleState(SamplingRule.any("a", 1, 0.05, 0), false);
    long before = Threshold.of(0.1, 4);
    int all = 200_000;
    int arrived = 0;
    int kept = 0;
    for (int i = 0; i < all; i++) {
      long randomness = Threshold.randomness(random.nextLong());
      if (randomness < before) continue;
      arrived++;
      var verdict = state.decide(NOW, NOW, randomness, before);
      if (verdict.kept()) {
        kept++;
        assertThat(verdict.threshold()).isEqualTo(Threshold.of(0.05, 4));
      }
    }
    assertThat((double) arrived / all).isBetween(0.097, 0.103);
    assertThat((double) kept / all).isBetween(0.048, 0.052);

    assertThat(state.decide(NOW, NOW, Threshold.NEVER - 1, Threshold.of(0.01, 4)).threshold())
        .as("what was sampled harder before stays so")
        .isEqualTo(Threshold.of(0.01, 4));
  }

  @Test
  void elasticity_lowersTheRate() {
    var state = new RuleState(SamplingRule.any("a", 1, 0.5, 0), false);
    state.elasticity(0.5);
    long middle = Threshold.of(0.3, 4);

    assertThat(state.decide(NOW, NOW, middle, 0).kept()).isFalse();
    state.elasticity(1);
    assertThat(state.decide(NOW, NOW, middle, 0).kept()).isTrue();
    assertThat(state.takeByRate()).isEqualTo(1);
  }

  @Test
  void ownBoost_isTheLeastRateThatMostLikelySamplesAnAnomaly() {
    var state = boosted(0.5, 1, 0.01);
    for (int i = 0; i < 10; i++) state.countAnomaly("s", false, NOW);

    // 1 - 0.05^(1/10) = 0.2589
    assertThat(kept(state, NOW)).isBetween(0.24, 0.28);
    assertThat(kept(state, NOW + 59)).isBetween(0.24, 0.28);
    assertThat(kept(state, NOW + 60)).isBetween(0.005, 0.015);
  }

  @Test
  void ownBoost_staysBelowItsLimit() {
    var state = boosted(0.5, 1, 0.01);
    state.countAnomaly("s", false, NOW);

    assertThat(kept(state, NOW)).isBetween(0.48, 0.52);
  }

  @Test
  void ownBoost_isNotForAnomaliesThatAreSampledAnyway() {
    var sampled = boosted(1, 1, 0.01);
    sampled.countAnomaly("s", false, NOW);
    sampled.countAnomaly("s", true, NOW);
    var frequent = boosted(1, 1, 0.5);
    for (int i = 0; i < 10; i++) frequent.countAnomaly("s", false, NOW);

    assertThat(kept(sampled, NOW)).isBetween(0.005, 0.015);
    assertThat(kept(frequent, NOW)).isBetween(0.48, 0.52);
  }

  /** NOW begins a window; a boost that ends in its first minutes comes again with the next. */
  @Test
  void ownBoost_coolsDownByTheClock() {
    assertThat(NOW % 600).isZero();
    var state = boosted(1, 10, 0);
    state.countAnomaly("s", false, NOW + 5);
    assertThat(kept(state, NOW + 5)).isPositive();
    for (long at : new long[] {NOW + 65, NOW + 300, NOW + 599}) {
      state.countAnomaly("s", false, at);
      assertThat(kept(state, at)).isZero();
    }

    state.countAnomaly("s", false, NOW + 600);

    assertThat(kept(state, NOW + 600)).isPositive();
  }

  private static RuleState boosted(double maxRate, int cooldown, double rate) {
    var any = SamplingRule.any("a", 1, rate, 0);
    return new RuleState(any.boosted(new SamplingRule.Boost(maxRate, cooldown, false)), false);
  }

  private static double kept(RuleState state, long now) {
    var random = new SplittableRandom(now);
    int kept = 0;
    for (int i = 0; i < 10_000; i++) {
      long randomness = Threshold.randomness(random.nextLong());
      if (state.decide(now, now, randomness, Threshold.ALWAYS).kept()) kept++;
    }
    return kept / 10_000.0;
  }
}
