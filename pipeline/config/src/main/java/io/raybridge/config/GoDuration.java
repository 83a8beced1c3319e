package io.raybridge.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go spells them: {@code 200ms}, {@code 1m30s}, {@code 1.5h}, {@code 0}. */
public final class GoDuration {
  /** So many digits of hours are still nanoseconds in a long. */
  private static final int MOST_DIGITS = 6;

  private GoDuration() {}

  /** Empty if the text is no duration, or longer than Go's 292 years. */
  public static Optional<Duration> parse(String text) {
    boolean negative = text.startsWith("-");
    String digits = negative || text.startsWith("+") ? text.substring(1) : text;
    if (digits.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    long whole = whole(digits);
    Optional<Long> nanos = whole < 0 ? Exact.nanos(digits) : Optional.of(whole);
    return nanos.map(n -> Duration.ofNanos(negative ? -n : n));
  }

  /**
   * The nanoseconds of whole numbers, as nearly all durations are, or -1 for what {@link Exact} has
   * to look at. The JVM's decimal numbers alone take 10 ms to load, at each start.
   */
  private static long whole(String text) {
    long nanos = text.isEmpty() ? -1 : 0;
    int at = 0;
    while (at < text.length() && nanos >= 0) {
      long number = 0;
      int unit = at;
      while (unit < text.length() && isDigit(text.charAt(unit))) {
        number = number * 10 + text.charAt(unit++) - '0';
      }
      int end = unit;
      while (end < text.length() && !isDigit(text.charAt(end)) && text.charAt(end) != '.') {
        end++;
      }
      long one = unit(text.substring(unit, end));
      if (unit == at || unit - at > MOST_DIGITS || one == 0) {
        return -1;
      }
      nanos += number * one;
      at = end;
    }
    return nanos;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** How many nanoseconds it is, 0 for what is no unit. */
  private static long unit(String unit) {
    return switch (unit) {
      case "h" -> 3_600_000_000_000L;
      case "m" -> 60_000_000_000L;
      case "s" -> 1_000_000_000;
      case "ms" -> 1_000_000;
      case "us", "µs", "μs" -> 1_000;
      case "ns" -> 1;
      default -> 0;
    };
  }

  /** Everything, by decimal numbers. */
  private static final class Exact {
    private static final Pattern PART =
        Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    static Optional<Long> nanos(String digits) {
      if (digits.length() > 100) {
        return Optional.empty();
      }
      Matcher part = PART.matcher(digits);
      BigDecimal nanos = BigDecimal.ZERO;
      int end = 0;
      while (part.find() && part.start() == end) {
        BigDecimal unit = BigDecimal.valueOf(unit(part.group(2)));
        nanos = nanos.add(new BigDecimal(part.group(1)).multiply(unit));
        end = part.end();
      }
      return end == 0 || end < digits.length() || nanos.compareTo(MOST) > 0
          ? Optional.empty()
          : Optional.of(nanos.longValue());
    }
  }
}
