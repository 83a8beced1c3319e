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
import java.util.Map;

/** Makes values of other things, as the Go Collector's {@code attraction} does. */
final class Values {
  private Values() {}

  /** A value of what stands in a configuration. */
  static Value ofYaml(Object yaml) {
    return switch (yaml) {
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

  /** The SHA-256 of a value in hex; empty for an empty text and for anything but a scalar. */
  static Value hash(Value value) {
    byte[] bytes =
        switch (value.known()) {
          case Value.Str(var text) -> text.getBytes(StandardCharsets.UTF_8);
          case Value.Bool(var bool) -> new byte[] {(byte) (bool ? 1 : 0)};
          case Value.Int(var number) -> littleEndian(number);
          case Value.Dbl(var number) -> littleEndian(Double.doubleToRawLongBits(number));
          default -> new byte[0];
        };
    return Value.of(bytes.length == 0 ? "" : HexFormat.of().formatHex(sha256().digest(bytes)));
  }

  private static byte[] littleEndian(long number) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
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
          yield Value.of(Long.parseLong(text));
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
      case Value.Str(var text) -> {
        try {
          yield isPlain(text) ? Value.of(Double.parseDouble(text)) : value;
        } catch (NumberFormatException e) {
          yield value;
        }
      }
      default -> value;
    };
  }

  // Java takes blanks around a number and a letter for its type behind it; Go does not.
  private static boolean isPlain(String text) {
    return !text.isEmpty()
        && text.charAt(0) > ' '
        && "dDfF ".indexOf(text.charAt(text.length() - 1)) < 0;
  }
}
