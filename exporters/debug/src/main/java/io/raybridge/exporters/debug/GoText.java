package io.raybridge.exporters.debug;

import io.raybridge.data.Attributes;
import io.raybridge.data.Value;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.TreeMap;

/** Values as Go prints them, since people compare and scripts read the Go exporter's output. */
final class GoText {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  private GoText() {}

  /** A value with its type, such as {@code Str(shop)}. */
  static String typed(Value value) {
    var known = value.known();
    var type =
        switch (known) {
          case Value.Str _ -> "Str";
          case Value.Int _ -> "Int";
          case Value.Bool _ -> "Bool";
          case Value.Dbl _ -> "Double";
          case Value.Bytes _ -> "Bytes";
          case Value.Arr _ -> "Slice";
          case Value.Kvs _ -> "Map";
          case Value.Empty _, Value.Other _ -> "Empty";
        };
    return type + "(" + plain(known) + ")";
  }

  /** A value as text: JSON for lists and maps, base64 for bytes. */
  static String plain(Value value) {
    return switch (value.known()) {
      case Value.Str str -> str.value();
      case Value.Int number -> Long.toString(number.value());
      case Value.Bool bool -> Boolean.toString(bool.value());
      case Value.Dbl number -> number(number.value());
      case Value.Bytes bytes -> Base64.getEncoder().encodeToString(bytes.value());
      case Value.Arr list -> json(list);
      case Value.Kvs map -> json(map);
      case Value.Empty _, Value.Other _ -> "";
    };
  }

  /** A floating-point number in its shortest form. */
  static String number(double value) {
    if (Double.isNaN(value)) return "NaN";
    if (Double.isInfinite(value)) return value > 0 ? "Infinity" : "-Infinity";
    if (value == 0) return 1 / value < 0 ? "-0" : "0";
    var digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    double size = Math.abs(value);
    if (size >= 1e-6 && size < 1e21) return digits.toPlainString();
    int exponent = digits.precision() - digits.scale() - 1;
    var mantissa = digits.movePointLeft(exponent).stripTrailingZeros().toPlainString();
    return mantissa
        + "e"
        + (exponent < 0 ? "-" : "+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }

  /** A floating-point number with six digits behind the point. */
  static String fixed(double value) {
    if (Double.isNaN(value)) return "NaN";
    if (Double.isInfinite(value)) return value > 0 ? "+Inf" : "-Inf";
    return new BigDecimal(value).setScale(6, java.math.RoundingMode.HALF_EVEN).toPlainString();
  }

  /** A time in UTC, its fraction without trailing zeros. */
  static String time(long unixNano) {
    long seconds = Math.floorDiv(unixNano, 1_000_000_000L);
    long nanos = Math.floorMod(unixNano, 1_000_000_000L);
    var text = new StringBuilder(SECONDS.format(Instant.ofEpochSecond(seconds)));
    if (nanos > 0) {
      var fraction = Long.toString(1_000_000_000L + nanos).substring(1);
      int end = fraction.length();
      while (fraction.charAt(end - 1) == '0') end--;
      text.append('.').append(fraction, 0, end);
    }
    return text.append(" +0000 UTC").toString();
  }

  /** A span id in hex, nothing for none. */
  static String id(long spanId) {
    return spanId == 0 ? "" : HexFormat.of().toHexDigits(spanId);
  }

  private static String json(Value value) {
    var out = new StringBuilder();
    json(value, out);
    return out.toString();
  }

  private static void json(Value value, StringBuilder out) {
    switch (value.known()) {
      case Value.Int number -> out.append(number.value());
      case Value.Bool bool -> out.append(bool.value());
      case Value.Dbl number -> out.append(number(number.value()));
      case Value.Arr list -> {
        out.append('[');
        for (int i = 0; i < list.values().size(); i++) {
          if (i > 0) out.append(',');
          json(list.values().get(i), out);
        }
        out.append(']');
      }
      case Value.Kvs map -> json(map.entries(), out);
      case Value.Empty _, Value.Other _ -> out.append("null");
      case Value.Str _, Value.Bytes _ -> quote(plain(value), out);
    }
  }

  private static void json(Attributes entries, StringBuilder out) {
    var sorted = new TreeMap<String, Value>();
    entries.forEach(sorted::putIfAbsent);
    out.append('{');
    sorted.forEach((key, value) -> {
      if (out.charAt(out.length() - 1) != '{') out.append(',');
      quote(key, out);
      out.append(':');
      json(value, out);
    });
    out.append('}');
  }

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
        default -> {
          if (c < ' ') {
            out.append("\\u").append(HexFormat.of().toHexDigits(c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
