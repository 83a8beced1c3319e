package io.raybridge.config;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads plain scalars as the core schema of YAML 1.2 does (section 10.3.2), in which {@code on} and
 * {@code 12:30:45} are text and {@code 010} is ten.
 */
final class CoreSchema {
  private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9]+");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

  private CoreSchema() {}

  static boolean isNull(String text) {
    return switch (text) {
      case "", "~", "null", "Null", "NULL" -> true;
      default -> false;
    };
  }

  static @Nullable Boolean bool(String text) {
    return switch (text) {
      case "true", "True", "TRUE" -> true;
      case "false", "False", "FALSE" -> false;
      default -> null;
    };
  }

  /** Empty if the text is no whole number, or one that does not fit. */
  static OptionalLong integer(String text) {
    try {
      if (text.startsWith("0x")) {
        return OptionalLong.of(unsigned(text, 16));
      }
      if (text.startsWith("0o")) {
        return OptionalLong.of(unsigned(text, 8));
      }
      return DECIMAL.matcher(text).matches()
          ? OptionalLong.of(Long.parseLong(text))
          : OptionalLong.empty();
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private static long unsigned(String text, int radix) {
    if (text.length() > 2 && (text.charAt(2) == '-' || text.charAt(2) == '+')) {
      throw new NumberFormatException(text);
    }
    return Long.parseLong(text, 2, text.length(), radix);
  }

  static OptionalDouble number(String text) {
    OptionalLong integer = integer(text);
    if (integer.isPresent()) {
      return OptionalDouble.of((double) integer.getAsLong());
    }
    return switch (text) {
      case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF" ->
          OptionalDouble.of(Double.POSITIVE_INFINITY);
      case "-.inf", "-.Inf", "-.INF" -> OptionalDouble.of(Double.NEGATIVE_INFINITY);
      case ".nan", ".NaN", ".NAN" -> OptionalDouble.of(Double.NaN);
      default ->
          FLOAT.matcher(text).matches()
              ? OptionalDouble.of(Double.parseDouble(text))
              : OptionalDouble.empty();
    };
  }

  /** The value of a plain scalar: null, Boolean, Long, Double or the text itself. */
  static @Nullable Object value(String text) {
    if (isNull(text)) {
      return null;
    }
    Boolean bool = bool(text);
    if (bool != null) {
      return bool;
    }
    OptionalLong integer = integer(text);
    if (integer.isPresent()) {
      return integer.getAsLong();
    }
    OptionalDouble number = number(text);
    return number.isPresent() ? (Object) number.getAsDouble() : text;
  }
}
