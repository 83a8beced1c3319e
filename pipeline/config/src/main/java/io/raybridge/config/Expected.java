package io.raybridge.config;

import io.raybridge.api.Key;

/** What may be written for a key, in words. */
final class Expected {
  static final String DURATION = "a duration such as 200ms or 1m30s";

  private Expected() {}

  static String of(Form form, Key key) {
    return switch (form) {
      case Form.Scalar scalar ->
          switch (scalar) {
            case TEXT, SECRET -> "a text";
            case PATH -> "a path";
            case INT, LONG -> "a whole number" + range(key);
            case DOUBLE -> "a number" + range(key);
            case BOOLEAN -> "true or false";
            case DURATION -> DURATION;
          };
      case Form.Choice choice -> "one of " + String.join(", ", choice.printed());
      case Form.ListOf _ -> "a list";
      case Form.MapOf _, Form.Nested _ -> "a mapping";
      case Form.Maybe(Form value) -> of(value, key);
      case Form.Anything _ -> "a value";
    };
  }

  /** With a space in front, or empty. */
  static String range(Key key) {
    boolean from = key.min() != Long.MIN_VALUE;
    boolean to = key.max() != Long.MAX_VALUE;
    if (from && to) {
      return " from " + key.min() + " to " + key.max();
    }
    if (from) {
      return " >= " + key.min();
    }
    return to ? " <= " + key.max() : "";
  }
}
