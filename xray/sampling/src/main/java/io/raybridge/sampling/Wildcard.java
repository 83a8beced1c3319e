package io.raybridge.sampling;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * X-Ray's patterns: {@code *} stands for any text, {@code ?} for one character, case does not
 * count, and the whole text must match. Matches UTF-8 where it lies, without making a string of it.
 */
public final class Wildcard {
  private final byte[] pattern;
  private final boolean any;
  private final boolean plain;
  private final boolean ascii;
  private final String text;

  private Wildcard(String text) {
    this.text = text;
    pattern = text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    any = !text.isEmpty() && text.chars().allMatch(c -> c == '*');
    plain = text.indexOf('*') < 0 && text.indexOf('?') < 0;
    ascii = text.chars().allMatch(c -> c < 0x80);
  }

  /** The matcher of a pattern. */
  public static Wildcard of(String pattern) {
    return new Wildcard(pattern);
  }

  /** Whether every text matches, even none. */
  public boolean matchesAny() {
    return any;
  }

  /** Whether a text matches. */
  public boolean matches(String value) {
    var bytes = value.getBytes(StandardCharsets.UTF_8);
    return matches(bytes, 0, bytes.length);
  }

  /** Whether the text that lies there matches. */
  public boolean matches(byte[] bytes, int offset, int length) {
    if (any) return true;
    if (plain && ascii && length != pattern.length) return false;
    if (!ascii) {
      // Letters outside of ASCII may change their length with their case.
      var lower =
          new String(bytes, offset, length, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
      var folded = lower.getBytes(StandardCharsets.UTF_8);
      return glob(folded, 0, folded.length);
    }
    return glob(bytes, offset, offset + length);
  }

  /** Goes back to the last star only, so that the work is bounded by the product of the lengths. */
  private boolean glob(byte[] bytes, int begin, int end) {
    int at = begin;
    int in = 0;
    int star = -1;
    int resume = 0;
    while (at < end) {
      if (in < pattern.length && pattern[in] == '*') {
        star = in++;
        resume = at;
      } else if (in < pattern.length && pattern[in] == '?') {
        in++;
        at = next(bytes, at, end);
      } else if (in < pattern.length && pattern[in] == lower(bytes[at])) {
        in++;
        at++;
      } else if (star >= 0) {
        in = star + 1;
        resume = next(bytes, resume, end);
        at = resume;
      } else {
        return false;
      }
    }
    while (in < pattern.length && pattern[in] == '*') in++;
    return in == pattern.length;
  }

  private static int next(byte[] bytes, int at, int end) {
    int next = at + 1;
    while (next < end && (bytes[next] & 0xc0) == 0x80) next++;
    return next;
  }

  private static byte lower(byte b) {
    return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
  }

  @Override
  public String toString() {
    return text;
  }
}
