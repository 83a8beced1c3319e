package io.raybridge.sampling;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One rule at work: its reservoir, its rate, and what it counts. Safe for use by many threads.
 *
 * <p>A rule of X-Ray's own has the part of the reservoir that X-Ray allots to this collector, and
 * until it has one, borrows one request a second.
 */
public final class RuleState {
  private static final int MOST_SERVICES = 100;

  private final SamplingRule rule;
  private final boolean central;
  private final PerSecond reservoir = new PerSecond();
  private final PerSecond borrowing = new PerSecond();
  private double rate;
  private long threshold;
  private double elasticity = 1;
  private int quota;
  private long quotaUntil = Long.MIN_VALUE;
  private double boostRate;
  private long boostUntil = Long.MIN_VALUE;
  private final @Nullable OwnBoost ownBoost;

  private long requests;
  private long sampled;
  private long borrowed;
  private long byRate;
  private final Map<String, Anomalies> anomalies = new HashMap<>();

  /**
   * @param central whether it is X-Ray's, which allots the reservoir
   */
  public RuleState(SamplingRule rule, boolean central) {
    this.rule = rule;
    this.central = central;
    rate = rule.fixedRate();
    threshold = threshold(rate);
    ownBoost = central ? null : rule.boost().map(OwnBoost::new).orElse(null);
  }

  /** The rule. */
  public SamplingRule rule() {
    return rule;
  }

  /** Whether it is X-Ray's. */
  public boolean central() {
    return central;
  }

  /**
   * Decides of a request that the rule matches.
   *
   * @param second whose part of the reservoir it may take, by {@link PerSecond#secondOf}
   * @param now the present second
   * @param randomness the trace's
   * @param before the threshold that it passed before it came here; a rate counts what was sampled
   *     there, so that 5 % of what is 10 % already are 5 % of all
   */
  public synchronized Verdict decide(long second, long now, long randomness, long before) {
    requests++;
    var verdict = verdict(second, now, randomness, before);
    if (verdict.by() == Verdict.By.BORROWED) borrowed++;
    else if (verdict.kept()) sampled++;
    if (verdict.kept() && verdict.by() == Verdict.By.RATE) byRate++;
    return verdict;
  }

  private Verdict verdict(long second, long now, long randomness, long before) {
    if (!central) {
      if (reservoir.take(second, rule.reservoirSize())) return RESERVOIR;
    } else if (quotaUntil >= now) {
      if (reservoir.take(second, quota)) return RESERVOIR;
    } else if (rule.reservoirSize() > 0 && borrowing.take(second, 1)) {
      return BORROWED;
    }
    if (ownBoost != null && ownBoost.boosts(now, rate)) {
      boostRate = ownBoost.rate();
      boostUntil = ownBoost.until();
    }
    long limit = boostUntil >= now && boostRate > rate ? threshold(boostRate) : threshold;
    limit = Math.max(limit, before);
    return new Verdict(Verdict.By.RATE, randomness >= limit ? limit : Threshold.NEVER);
  }

  private static final Verdict RESERVOIR = new Verdict(Verdict.By.RESERVOIR, Threshold.ALWAYS);
  private static final Verdict BORROWED = new Verdict(Verdict.By.BORROWED, Threshold.ALWAYS);

  /**
   * What X-Ray allots. Seconds are of 1970's count; what is null stays as it is, but a boost ends
   * when there is none.
   */
  public synchronized void target(
      @Nullable Double newRate,
      @Nullable Integer newQuota,
      @Nullable Long newQuotaUntil,
      @Nullable Double newBoostRate,
      @Nullable Long newBoostUntil) {
    if (newRate != null) {
      rate = newRate;
      threshold = threshold(rate * elasticity);
    }
    if (newQuota != null && newQuotaUntil != null) {
      quota = newQuota;
      quotaUntil = newQuotaUntil;
    }
    boostRate = newBoostRate == null ? 0 : newBoostRate;
    boostUntil = newBoostUntil == null ? Long.MIN_VALUE : newBoostUntil;
  }

  /** Lowers the rate to this part of itself, 0 to 1. */
  public synchronized void elasticity(double part) {
    elasticity = part;
    threshold = threshold(rate * part);
  }

  /**
   * What was counted between two reports to X-Ray.
   *
   * @param sampled without the borrowed, as the X-Ray SDKs report them
   */
  public record Counts(long requests, long sampled, long borrowed) {}

  /** What was counted since the last call. */
  public synchronized Counts takeCounts() {
    var counts = new Counts(requests, sampled, borrowed);
    requests = sampled = borrowed = 0;
    return counts;
  }

  /** Counts again what could not be reported. */
  public synchronized void giveBack(Counts counts) {
    requests += counts.requests();
    sampled += counts.sampled();
    borrowed += counts.borrowed();
  }

  /**
   * What went wrong in a service under this rule, by which X-Ray decides whether to boost the rate.
   *
   * @param sampledAnomalies those of the anomalies whose trace was kept
   */
  public record Anomalies(String service, long total, long anomalies, long sampledAnomalies) {
    private Anomalies plus(Anomalies other) {
      return new Anomalies(
          service,
          total + other.total,
          anomalies + other.anomalies,
          sampledAnomalies + other.sampledAnomalies);
    }
  }

  /** Whether anomalies may raise the rate. */
  public boolean countsAnomalies() {
    return rule.boost().isPresent();
  }

  /** Counts a trace of a service, of which boosts depend. */
  public synchronized void countTrace(String service) {
    count(service, new Anomalies(service, 1, 0, 0));
  }

  /**
   * Counts an anomaly of a service.
   *
   * @param sampled whether its trace was kept
   * @param now the present second
   */
  public synchronized void countAnomaly(String service, boolean sampled, long now) {
    if (ownBoost != null) ownBoost.anomaly(now, sampled);
    count(service, new Anomalies(service, 0, 1, sampled ? 1 : 0));
  }

  private void count(String service, Anomalies more) {
    if (!central) return;
    if (anomalies.size() >= MOST_SERVICES && !anomalies.containsKey(service)) return;
    add(more);
  }

  private void add(Anomalies more) {
    anomalies.merge(more.service(), more, Anomalies::plus);
  }

  /** The anomalies of each service since the last call. */
  public synchronized List<Anomalies> takeAnomalies() {
    var all = List.copyOf(anomalies.values());
    anomalies.clear();
    return all;
  }

  /** Counts again what could not be reported. */
  public synchronized void giveBack(Anomalies unreported) {
    add(unreported);
  }

  /** Requests kept by the rate since the last call. */
  public synchronized long takeByRate() {
    long count = byRate;
    byRate = 0;
    return count;
  }

  private static long threshold(double rate) {
    return Threshold.of(rate, 4);
  }
}
