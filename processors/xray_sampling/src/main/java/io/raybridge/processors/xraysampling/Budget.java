package io.raybridge.processors.xraysampling;

import io.raybridge.api.Clock;
import io.raybridge.processors.xraysampling.SpentLog.Spent;
import io.raybridge.sampling.RuleState;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Lowers the rates of elastic rules so that a month's traces last for the month. What of a month
 * lies before the collector's start counts as spent evenly, unless somebody remembers it.
 */
final class Budget {
  private static final double SMOOTHING = 0.3;

  private final long perMonth;
  private final Clock clock;
  private ZonedDateTime month;
  private double left;
  private long recordedBefore;
  private long time;
  private double elasticity = 1;
  private double demand;
  private double fixed;
  private boolean first = true;

  Budget(long perMonth, Clock clock) {
    this.perMonth = perMonth;
    this.clock = clock;
    month = monthOf(clock);
    time = clock.nanoTime();
    var end = month.plusMonths(1);
    double whole = Duration.between(month, end).toNanos();
    left = perMonth * (Duration.between(clock.now(), end.toInstant()).toNanos() / whole);
  }

  private static ZonedDateTime monthOf(Clock clock) {
    return clock.now().atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
  }

  /**
   * Sets the rates anew by what was recorded since the last call.
   *
   * @param recorded all traces kept so far
   */
  void adjust(List<RuleState> rules, long recorded) {
    long now = clock.nanoTime();
    double seconds = (now - time) / 1e9;
    if (seconds <= 0) return;
    var current = monthOf(clock);
    if (!current.equals(month)) {
      month = current;
      left = perMonth;
    }
    long all = recorded - recordedBefore;
    recordedBefore = recorded;
    time = now;
    left -= all;

    long byRate = 0;
    for (var rule : rules) if (rule.rule().elastic()) byRate += rule.takeByRate();
    // What the rates would have taken had they not been lowered, and what they cannot change.
    double wanted = elasticity > 0 ? byRate / seconds / elasticity : demand;
    double others = Math.max(0, all - byRate) / seconds;
    double weight = first ? 1 : SMOOTHING;
    first = false;
    demand += weight * (wanted - demand);
    fixed += weight * (others - fixed);

    double secondsLeft =
        Math.max(1, Duration.between(clock.now(), month.plusMonths(1).toInstant()).toSeconds());
    double affordable = Math.max(0, left) / secondsLeft - fixed;
    // Never quite 0, or nothing would be left to see the demand by.
    elasticity = demand <= 0 ? 1 : Math.clamp(affordable / demand, 0.001, 1);
    for (var rule : rules) if (rule.rule().elastic()) rule.elasticity(elasticity);
  }

  /** What is spent of the present month. */
  Spent spent() {
    return new Spent(YearMonth.from(month), Math.round(perMonth - left));
  }

  /**
   * What was spent before this process began, if it is of this month: it takes its guess's place.
   */
  void spentBefore(Spent spent) {
    if (spent.month().equals(YearMonth.from(month))) {
      left = perMonth - spent.traces() - recordedBefore;
    }
  }

  /** The part of their rates that elastic rules have now. */
  double elasticity() {
    return elasticity;
  }
}
