package io.raybridge.data;

import java.math.BigDecimal;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * A value as the Go Collector writes it as text (pdata's {@code AsString}): scalars plainly, bytes
 * in base64, lists and maps as JSON with sorted keys.
 */
public final class ValueText {
  private ValueText() {}

  /** The text of a value, empty for one that was left unset. */
  public static String of(Value value) {
    return switch (value.known()) {
      case Value.Str(var text) -> text;
      case Value.Int(var number) -> Long.toString(number);
      case Value.Bool(var bool) -> Boolean.toString(bool);
      case Value.Dbl(var number) ->
          Double.isFinite(number) ? number(number) : Double.toString(number);
      case Value.Bytes bytes -> base64(bytes);
      case Value.Arr _, Value.Kvs _ -> json(value);
      case Value.Empty _, Value.Other _ -> "";
    };
  }

  private static String base64(Value.Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.value());
  }

  // The shortest digits that mean this number, as ECMAScript writes it; of the two smallest numbers
  // there are, Java gives one digit more.
  private static String number(double number) {
    if (number == 0) return 1 / number < 0 ? "-0" : "0";
    var decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    double size = Math.abs(number);
    if (size >= 1e-6 && size < 1e21) return decimal.toPlainString();
    String digits = decimal.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - decimal.scale();
    return (number < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + Math.abs(exponent);
  }

  private static String json(Value value) {
    var out = new StringBuilder();
    // JSON has no infinite numbers: as in Go, one of them leaves nothing of the whole.
    return write(value, out) ? out.toString() : "";
  }

  private static boolean write(Value value, StringBuilder out) {
    switch (value.known()) {
      case Value.Str(var text) -> quote(text, out);
      case Value.Bytes bytes -> quote(base64(bytes), out);
      case Value.Int(var number) -> out.append(number);
      case Value.Bool(var bool) -> out.append(bool);
      case Value.Dbl(var number) -> {
        if (!Double.isFinite(number)) return false;
        out.append(number(number));
      }
      case Value.Arr(var values) -> {
        out.append('[');
        for (int i = 0; i < values.size(); i++) {
          if (i > 0) out.append(',');
          if (!write(values.get(i), out)) return false;
        }
        out.append(']');
      }
      case Value.Kvs(var entries) -> {
        return writeMap(entries, out);
      }
      case Value.Empty _, Value.Other _ -> out.append("null");
    }
    return true;
  }

  private static boolean writeMap(Attributes entries, StringBuilder out) {
    Map<String, Value> sorted = new TreeMap<>();
    entries.forEach(sorted::put);
    char before = '{';
    for (var entry : sorted.entrySet()) {
      out.append(before);
      quote(entry.getKey(), out);
      out.append(':');
      if (!write(entry.getValue(), out)) return false;
      before = ',';
    }
    out.append(sorted.isEmpty() ? "{}" : "}");
    return true;
  }

  // Go escapes the two line separators of JavaScript, too.
  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c < ' ' || c == '\u2028' || c == '\u2029') {
            out.append("\\u00", 0, c < 256 ? 4 : 2);
            out.append(c < 256 ? hex(c, 2) : hex(c, 4));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static String hex(char c, int digits) {
    var hex = Integer.toHexString(c);
    return "0".repeat(digits - hex.length()) + hex;
  }
}
