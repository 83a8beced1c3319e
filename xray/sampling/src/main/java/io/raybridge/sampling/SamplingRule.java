package io.raybridge.sampling;

import java.util.Map;
import java.util.Optional;

/**
 * One of X-Ray's sampling rules, by the names of its <a
 * href="https://docs.aws.amazon.com/xray/latest/api/API_SamplingRule.html">API</a>. Every matcher
 * is a pattern in which {@code *} stands for any text and {@code ?} for one character.
 *
 * @param arn as X-Ray knows it, or empty for a rule of ours
 * @param priority the rules of lower numbers are asked first; 0 is below X-Ray's own
 * @param fixedRate the part to sample of what the reservoir does not take, 0 to 1
 * @param reservoirSize how many requests a second to sample before the rate applies
 * @param attributes patterns by the attribute's name, all of which must match
 * @param elastic whether a monthly budget may lower the rate; ours, not X-Ray's
 * @param createdAt in seconds since 1970
 * @param modifiedAt in seconds since 1970
 */
public record SamplingRule(
    String name,
    String arn,
    int priority,
    double fixedRate,
    int reservoirSize,
    String serviceName,
    String serviceType,
    String host,
    String httpMethod,
    String urlPath,
    String resourceArn,
    Map<String, String> attributes,
    Optional<Boost> boost,
    boolean elastic,
    double createdAt,
    double modifiedAt) {
  /** The name of the rule for what no other matches. */
  public static final String DEFAULT = "Default";

  /** Its place behind all others. */
  public static final int DEFAULT_PRIORITY = 10_000;

  public SamplingRule {
    attributes = Map.copyOf(attributes);
  }

  /**
   * How far the rate may rise while things go wrong.
   *
   * @param maxRate 0 to 1
   * @param cooldownWindowMinutes how far two boosts lie apart
   * @param disableDefaultAnomalyDetection whether nothing is an anomaly unless it is configured to
   *     be
   */
  public record Boost(
      double maxRate, int cooldownWindowMinutes, boolean disableDefaultAnomalyDetection) {}

  /** A rule that matches every request. */
  public static SamplingRule any(String name, int priority, double fixedRate, int reservoirSize) {
    return new SamplingRule(
        name,
        "",
        priority,
        fixedRate,
        reservoirSize,
        "*",
        "*",
        "*",
        "*",
        "*",
        "*",
        Map.of(),
        Optional.empty(),
        false,
        0,
        0);
  }

  /** X-Ray's default rule with this reservoir and rate. */
  public static SamplingRule ofDefault(double fixedRate, int reservoirSize) {
    return any(DEFAULT, DEFAULT_PRIORITY, fixedRate, reservoirSize);
  }

  /** The same rule, elastic or not. */
  public SamplingRule elastic(boolean value) {
    return with(boost, value);
  }

  /** The same rule with a boost. */
  SamplingRule boosted(Boost value) {
    return with(Optional.of(value), elastic);
  }

  private SamplingRule with(Optional<Boost> otherBoost, boolean otherElastic) {
    return new SamplingRule(
        name,
        arn,
        priority,
        fixedRate,
        reservoirSize,
        serviceName,
        serviceType,
        host,
        httpMethod,
        urlPath,
        resourceArn,
        attributes,
        otherBoost,
        otherElastic,
        createdAt,
        modifiedAt);
  }

  /** Whether this is the rule for what no other matches. */
  public boolean isDefault() {
    return name.equals(DEFAULT);
  }
}
