package io.raybridge.processors.xraysampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.sampling.RuleState;
import io.raybridge.sampling.SamplingRule;
import io.raybridge.sampling.Threshold;
import io.raybridge.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BudgetTest {
  private final ManualClock clock = new ManualClock(Instant.parse("2026-04-01T00:00:00Z"));
  private final RuleState rule =
      new RuleState(SamplingRule.any("a", 1, 0.5, 0).elastic(true), false);
  private final SplittableRandom random = new SplittableRandom(6);

  /** A month of traffic that swings, of which 1.3 million traces would be kept. */
  @Test
  void month_staysWithinItsBudget() throws Exception {
    var budget = new Budget(500_000, clock);
    long kept = 0;
    for (int minute = 0; minute < 30 * 24 * 60; minute++) {
      int requests = (int) (60 + 50 * Math.sin(minute / 229.0));
      for (int i = 0; i < requests; i++) if (decide()) kept++;
      clock.advance(Duration.ofMinutes(1));
      budget.adjust(List.of(rule), kept);
      if (minute == 29 * 24 * 60) assertThat(kept).isLessThan(500_000);
    }

    assertThat(kept).isBetween(450_000L, 500_500L);
  }

  @Test
  void budgetThatSuffices_changesNothing() throws Exception {
    var budget = new Budget(10_000_000, clock);
    long kept = 0;
    for (int minute = 0; minute < 1000; minute++) {
      for (int i = 0; i < 60; i++) if (decide()) kept++;
      clock.advance(Duration.ofMinutes(1));
      budget.adjust(List.of(rule), kept);
      assertThat(budget.elasticity()).isEqualTo(1);
    }
    assertThat(kept).isBetween(29_000L, 31_000L);
  }

  @Test
  void newMonth_hasItsOwnBudget() throws Exception {
    clock.advance(Duration.ofDays(29).plusHours(23));
    var budget = new Budget(100_000, clock);
    long kept = 0;
    for (int i = 0; i < 10_000; i++) if (decide()) kept++;
    clock.advance(Duration.ofMinutes(30));
    budget.adjust(List.of(rule), kept);
    assertThat(budget.elasticity()).isEqualTo(0.001);

    clock.advance(Duration.ofHours(1));
    budget.adjust(List.of(rule), kept);

    assertThat(budget.elasticity()).isBetween(0.01, 0.1);
  }

  @Test
  void spendingOfBefore_isNotForgotten() throws Exception {
    var first = new Budget(100_000, clock);
    clock.advance(Duration.ofMinutes(1));
    first.adjust(List.of(rule), 90_000);
    var spent = first.spent();
    assertThat(spent).isEqualTo(new SpentLog.Spent(YearMonth.of(2026, 4), 90_000));

    var second = new Budget(100_000, clock);
    second.spentBefore(spent);
    clock.advance(Duration.ofMinutes(1));
    second.adjust(List.of(rule), 5_000);

    assertThat(second.spent().traces()).isEqualTo(95_000);
    second.spentBefore(new SpentLog.Spent(YearMonth.of(2026, 3), 7));
    assertThat(second.spent().traces()).as("another month's is of no weight").isEqualTo(95_000);
  }

  private boolean decide() {
    long now = clock.now().getEpochSecond();
    return rule.decide(now, now, Threshold.randomness(random.nextLong()), 0).kept();
  }
}
