package io.raybridge.xray;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON as a tree of maps, lists, strings, booleans, {@link Num} and null: a number keeps the digits
 * it came with, so that what is only carried is carried unchanged.
 */
final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  /** A number as it stands in the text. */
  record Num(String digits) {
    static Num of(long value) {
      return new Num(Long.toString(value));
    }
  }

  /**
   * Reads one object, in which of a name that comes twice the last value counts.
   *
   * @throws MalformedSegmentException when this is no JSON, or no object
   */
  static Map<String, @Nullable Object> object(byte[] bytes, int offset, int length)
      throws MalformedSegmentException {
    try (var parser = FACTORY.createParser(ObjectReadContext.empty(), bytes, offset, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedSegmentException("not_an_object", "no JSON object");
      }
      var object = object(parser);
      if (parser.nextToken() != null) {
        throw new MalformedSegmentException("not_json", "more than one JSON value");
      }
      return object;
    } catch (JacksonException e) {
      throw new MalformedSegmentException("not_json", "no JSON, or nested too deep");
    }
  }

  /** The object in this text, or null when there is none. */
  static @Nullable Map<String, @Nullable Object> object(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      return object(bytes, 0, bytes.length);
    } catch (MalformedSegmentException e) {
      return null;
    }
  }

  /** A value as an object, or null when it is something else. */
  @SuppressWarnings("unchecked") // all maps here are made here
  static @Nullable Map<String, @Nullable Object> asObject(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : null;
  }

  /** A value as a list, or null when it is something else. */
  @SuppressWarnings("unchecked") // all lists here are made here
  static @Nullable List<@Nullable Object> asList(@Nullable Object value) {
    return value instanceof List<?> list ? (List<@Nullable Object>) list : null;
  }

  private static Map<String, @Nullable Object> object(JsonParser parser) {
    var object = new LinkedHashMap<String, @Nullable Object>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      var name = parser.currentName();
      parser.nextToken();
      object.put(name, value(parser));
    }
    return object;
  }

  private static List<@Nullable Object> array(JsonParser parser) {
    var array = new ArrayList<@Nullable Object>();
    while (parser.nextToken() != JsonToken.END_ARRAY) array.add(value(parser));
    return array;
  }

  private static @Nullable Object value(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Num(parser.getString());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  /** The value as text. */
  static String text(@Nullable Object value) {
    var out = new StringBuilder(256);
    write(out, value);
    return out.toString();
  }

  private static void write(StringBuilder out, @Nullable Object value) {
    switch (value) {
      case null -> out.append("null");
      case String text -> string(out, text);
      case Num number -> out.append(number.digits());
      case Boolean flag -> out.append(flag.booleanValue());
      case Map<?, ?> object -> {
        out.append('{');
        for (var member : object.entrySet()) {
          if (out.charAt(out.length() - 1) != '{') out.append(',');
          string(out, (String) member.getKey());
          out.append(':');
          write(out, member.getValue());
        }
        out.append('}');
      }
      case List<?> array -> {
        out.append('[');
        for (int i = 0; i < array.size(); i++) {
          if (i > 0) out.append(',');
          write(out, array.get(i));
        }
        out.append(']');
      }
      default -> throw new IllegalArgumentException(value.getClass().getName());
    }
  }

  private static void string(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20 || isLone(text, i)) {
            out.append("\\u").append(HEX.toHexDigits(c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static final java.util.HexFormat HEX = java.util.HexFormat.of();

  /** Whether a text is one that UTF-8 can say: without lone surrogates. */
  static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) if (isLone(text, i)) return false;
    return true;
  }

  private static boolean isLone(String text, int at) {
    char c = text.charAt(at);
    if (!Character.isSurrogate(c)) return false;
    return Character.isHighSurrogate(c)
        ? at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1))
        : at == 0 || !Character.isHighSurrogate(text.charAt(at - 1));
  }
}
