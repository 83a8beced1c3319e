package io.raybridge.sampling;

import org.jspecify.annotations.Nullable;

/**
 * Sampling thresholds and randomness of OpenTelemetry, 56 bits as longs: an item is kept when its
 * randomness is not below the threshold, so 0 keeps all and 2^56 none. See <a
 * href="https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/">TraceState
 * probability sampling</a>.
 */
public final class Threshold {
  /** Keeps all. */
  public static final long ALWAYS = 0;

  /** Keeps nothing. */
  public static final long NEVER = 1L << 56;

  /** The least probability that is not 0. */
  public static final double LEAST_PROBABILITY = 0x1p-56;

  private static final int DIGITS = 14;
  private static final long MASK = NEVER - 1;

  private Threshold() {}

  /**
   * The threshold of a probability, with so many digits that matter; never, for a probability that
   * is below the least there is. The Go Collector's arithmetic: other collectors of the same tier
   * must choose the same items.
   */
  public static long of(double probability, int precision) {
    if (probability >= 1) return ALWAYS;
    if (probability < LEAST_PROBABILITY) return NEVER;
    // Leading digits of what is rejected that are f say nothing of a small probability, leading
    // zeros nothing of a large one: the digits that matter come behind them.
    int digits =
        Math.min(DIGITS, precision + Math.max(leading(probability), leading(1 - probability)));
    long threshold = NEVER - Math.round(probability * NEVER);
    int shift = 4 * (DIGITS - digits);
    if (shift == 0) return threshold;
    long half = 1L << (shift - 1);
    return ((threshold + half) >> shift) << shift;
  }

  private static int leading(double part) {
    int zeros = 0;
    for (double rest = part; rest * 16 < 1 && zeros < DIGITS; rest *= 16) zeros++;
    return zeros;
  }

  /** The probability with which a threshold keeps. */
  public static double probability(long threshold) {
    return (double) (NEVER - threshold) / NEVER;
  }

  /** The randomness of a trace id: its last 56 bits, by W3C Trace Context Level 2. */
  public static long randomness(long traceIdLo) {
    return traceIdLo & MASK;
  }

  /** A threshold as its hexadecimal digits without zeros at the end; 0 for always. */
  public static String text(long threshold) {
    if (threshold == ALWAYS) return "0";
    String digits = randomnessText(threshold);
    int end = DIGITS;
    while (digits.charAt(end - 1) == '0') end--;
    return digits.substring(0, end);
  }

  /** Randomness as its 14 hexadecimal digits. */
  public static String randomnessText(long randomness) {
    String digits = Long.toHexString(randomness);
    return "0".repeat(DIGITS - digits.length()) + digits;
  }

  /** Reads a threshold; null when it is none. */
  public static @Nullable Long parse(String text) {
    return text.isEmpty() || text.length() > DIGITS ? null : hex(text);
  }

  /** Reads randomness; null when it is none. */
  public static @Nullable Long parseRandomness(String text) {
    return text.length() == DIGITS ? hex(text) : null;
  }

  private static @Nullable Long hex(String text) {
    long value = 0;
    for (int i = 0; i < DIGITS; i++) {
      int digit = i < text.length() ? Character.digit(text.charAt(i), 16) : 0;
      if (digit < 0 || (i < text.length() && text.charAt(i) > 'f')) return null;
      value = (value << 4) | digit;
    }
    return value;
  }
}
