package io.raybridge.api;

import java.time.Duration;
import java.util.Locale;

/**
 * Thrown by a configuration record's own checks. Whoever binds it adds file, line, column and path
 * of the key.
 */
public final class Invalid extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final String key;

  /**
   * @param key the key as in YAML, possibly with dots into nested records
   * @param message the value and what was expected: {@code 512 (expected: < limit_mib, 400)}
   */
  public Invalid(String key, String message) {
    super(message);
    this.key = key;
  }

  /** Of a duration that is not what was expected. */
  public Invalid(String key, Duration value, String expected) {
    this(key, written(value) + " (expected: " + expected + ")");
  }

  /** A duration as configurations have it: {@code 1m30s}. */
  public static String written(Duration duration) {
    StringBuilder text = new StringBuilder(duration.isNegative() ? "-" : "");
    Duration left = duration.abs();
    for (Unit unit : Unit.values()) {
      long count = left.dividedBy(unit.size);
      if (count > 0) {
        text.append(count).append(unit.name().toLowerCase(Locale.ROOT));
        left = left.minus(unit.size.multipliedBy(count));
      }
    }
    return text.isEmpty() ? "0s" : text.toString();
  }

  private enum Unit {
    H(Duration.ofHours(1)),
    M(Duration.ofMinutes(1)),
    S(Duration.ofSeconds(1)),
    MS(Duration.ofMillis(1)),
    US(Duration.ofNanos(1000)),
    NS(Duration.ofNanos(1));

    private final Duration size;

    Unit(Duration size) {
      this.size = size;
    }
  }

  /** The key as in YAML. */
  public String key() {
    return key;
  }
}
