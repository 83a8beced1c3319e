package io.raybridge.processors.attributes;

import io.raybridge.data.Attributes;
import io.raybridge.data.Value;
import io.raybridge.data.ValueText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes values of other things, as the Go Collector's {@code attraction} does. */
final class Values {
  private Values() {}

  /** A value of what stands in a configuration. */
  static Value ofYaml(@Nullable Object yaml) {
    return switch (yaml) {
      case null -> Value.empty();
      case String text -> Value.of(text);
      case Long number -> Value.of(number);
      case Double number -> Value.of(number);
      case Boolean bool -> Value.of(bool);
      case List<?> list -> Value.of(list.stream().map(Values::ofYaml).toList());
      case Map<?, ?> map -> {
        var entries = new Attributes();
        map.forEach((key, value) -> entries.put(String.valueOf(key), ofYaml(value)));
        yield Value.of(entries);
      }
      default -> throw new IllegalArgumentException("no value can be made of " + yaml.getClass());
    };
  }

  /** The SHA-256 of a value in hex; empty for anything but a scalar. */
  static Value hash(Value value) {
    return switch (value.known()) {
      case Value.Str(var text) -> sha256(text.getBytes(StandardCharsets.UTF_8));
      case Value.Bool(var bool) -> sha256(new byte[] {(byte) (bool ? 1 : 0)});
      case Value.Int(var number) -> sha256(littleEndian(number));
      case Value.Dbl(var number) -> sha256(littleEndian(Double.doubleToRawLongBits(number)));
      default -> Value.of("");
    };
  }

  private static byte[] littleEndian(long number) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
  }

  private static Value sha256(byte[] bytes) {
    try {
      return Value.of(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** The value in another type, or itself where that cannot be. */
  static Value convert(Value value, Action.ConvertedType type) {
    return switch (type) {
      case STRING -> value.known() instanceof Value.Str ? value : Value.of(ValueText.of(value));
      case INT -> toInt(value);
      case DOUBLE -> toDouble(value);
    };
  }

  private static Value toInt(Value value) {
    return switch (value.known()) {
      case Value.Dbl(var number) -> Value.of((long) number);
      case Value.Bool(var bool) -> Value.of(bool ? 1L : 0L);
      case Value.Str(var text) -> {
        try {
          yield hasOnly("0123456789+-", text) ? Value.of(Long.parseLong(text)) : value;
        } catch (NumberFormatException e) {
          yield value;
        }
      }
      default -> value;
    };
  }

  private static Value toDouble(Value value) {
    return switch (value.known()) {
      case Value.Int(var number) -> Value.of((double) number);
      case Value.Bool(var bool) -> Value.of(bool ? 1.0 : 0.0);
      case Value.Str(var text) ->
          switch (text.toLowerCase(Locale.ROOT)) {
            case "nan" -> Value.of(Double.NaN);
            case "inf", "+inf", "infinity", "+infinity" -> Value.of(Double.POSITIVE_INFINITY);
            case "-inf", "-infinity" -> Value.of(Double.NEGATIVE_INFINITY);
            default -> finite(text, value);
          };
      default -> value;
    };
  }

  private static Value finite(String text, Value otherwise) {
    // Java takes blanks around a number and a letter for its type behind it; Go does not.
    if (!hasOnly("0123456789+-.abcdefABCDEFpPxX", text)) return otherwise;
    if (text.isEmpty() || text.charAt(text.length() - 1) > '9') return otherwise;
    try {
      double number = Double.parseDouble(text);
      // For Go, a number too large for its type is none.
      return Double.isInfinite(number) ? otherwise : Value.of(number);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  // Java also reads the digits of other scripts; Go does not.
  private static boolean hasOnly(String allowed, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (allowed.indexOf(text.charAt(i)) < 0) return false;
    }
    return true;
  }
}
