package io.raybridge.xray.explain;

import io.raybridge.data.Attributes;
import io.raybridge.data.Value;
import java.util.List;

/**
 * Makes another value of a value that takes as much room in a document, so that nothing else is cut
 * for it. In a text each digit is another then, and the first letter or sign is.
 */
final class Nudge {
  private Nudge() {}

  static Value of(Value value) {
    return switch (value) {
      case Value.Str(var text) -> text.isEmpty() ? Value.of(10) : Value.of(text(text));
      case Value.Int(var number) -> Value.of(number(number));
      case Value.Dbl(var number) -> fraction(number);
      case Value.Bool(var bool) -> Value.of(bool ? 1_000 : 10_000);
      case Value.Bytes(var bytes) -> bytes.length == 0 ? Value.of(10) : Value.of(bytes(bytes));
      case Value.Arr(var values) -> list(values);
      case Value.Kvs(var entries) -> entries(entries);
      default -> Value.of(1_000);
    };
  }

  static String text(String text) {
    var other = new StringBuilder(text.length());
    boolean first = true;
    for (int at = 0; at < text.length(); ) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      boolean digit = c >= '0' && c <= '9';
      other.appendCodePoint(first || digit ? another(c) : c);
      first = false;
    }
    return other.toString();
  }

  /** A character that is as long in UTF-8 and as a JSON string. */
  private static int another(int c) {
    if (c >= '0' && c <= '9') return c == '9' ? '8' : c + 1;
    if (c == '"' || c == '\\') return '"' + '\\' - c;
    if (c == '\n' || c == '\t') return '\n' + '\t' - c;
    if (c == '\r') return '\n';
    if (c < ' ') return c == 1 ? 2 : 1;
    if (c < 0x80) return c == 'a' ? 'z' : 'a';
    if (c < 0x800) return c == 'é' ? 'è' : 'é';
    if (c < 0x1_0000) return c == '漢' ? '字' : '漢';
    return c == 0x1f600 ? 0x1f601 : 0x1f600;
  }

  /** Another last digit, which no range ends at. */
  private static long number(long number) {
    String digits = Long.toString(number);
    char last = digits.charAt(digits.length() - 1);
    char other = last > '1' ? '1' : (char) (last + 1);
    return Long.parseLong(digits.substring(0, digits.length() - 1) + other);
  }

  private static Value fraction(double number) {
    if (!Double.isFinite(number)) return Value.of(text(Double.toString(number)));
    double other = Double.parseDouble(text(Double.toString(number)).replace('a', '-'));
    return Value.of(other == number || !Double.isFinite(other) ? 1.5 : other);
  }

  private static byte[] bytes(byte[] bytes) {
    byte[] other = bytes.clone();
    other[0] ^= 1;
    return other;
  }

  private static Value list(List<Value> values) {
    if (values.isEmpty()) return Value.of(new Attributes());
    return Value.of(values.stream().map(Nudge::of).toList());
  }

  private static Value entries(Attributes entries) {
    if (entries.isEmpty()) return Value.of(List.<Value>of());
    Attributes other = entries.copy();
    for (int i = 0; i < other.size(); i++) other.setValueAt(i, of(other.valueAt(i)));
    return Value.of(other);
  }
}
