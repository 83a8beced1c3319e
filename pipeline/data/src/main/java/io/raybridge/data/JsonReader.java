package io.raybridge.data;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * Reads JSON by the rules of <a href="https://protobuf.dev/programming-guides/json/">ProtoJSON</a>
 * as <a href="https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding">OTLP</a> changes
 * them: ids are hex, and fields that are not known are skipped.
 *
 * <p>A null is a field that is not there. Messages of errors never contain what was read.
 */
final class JsonReader {
  static final JsonFactory FACTORY =
      JsonFactory.builder().recyclerPool(JsonRecyclerPools.newBoundedPool(16)).build();

  /** So that what came as JSON can leave as protobuf. */
  private static final int DEEPEST = Walk.DEEPEST;

  private static final BigInteger MIN_INT64 = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MAX_INT64 = BigInteger.valueOf(Long.MAX_VALUE);
  private static final BigInteger MIN_INT32 = BigInteger.valueOf(Integer.MIN_VALUE);
  private static final BigInteger MAX_INT32 = BigInteger.valueOf(Integer.MAX_VALUE);
  private static final BigInteger MAX_UINT32 = BigInteger.valueOf(0xffffffffL);
  private static final BigInteger MAX_UINT64 =
      BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private final JsonParser parser;
  private int depth = -1;

  private JsonReader(JsonParser parser) {
    this.parser = parser;
  }

  /** Reads one value from the outermost object. */
  interface Content<T> {
    T read(JsonReader in) throws MalformedBatchException;
  }

  /** Reads a whole document, which is an object and nothing after it. */
  static <T> T read(byte[] json, Content<T> content) throws MalformedBatchException {
    try (var parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
      var in = new JsonReader(parser);
      parser.nextToken();
      var read = content.read(in);
      if (parser.nextToken() != null) throw in.malformed("more after the end of the document");
      return read;
    } catch (JacksonException e) {
      var location = e.getLocation();
      long position = location == null ? 0 : location.getByteOffset();
      // Jackson's own message may quote what it read.
      throw new MalformedBatchException(
          "not well-formed JSON", Math.clamp(position, 0, json.length));
    }
  }

  /** Begins a message; {@link #field()} ends it. */
  void message() throws MalformedBatchException {
    if (parser.currentToken() != JsonToken.START_OBJECT) throw expected("an object");
    if (++depth > DEEPEST) throw malformed("messages nested more than " + DEEPEST + " deep");
  }

  /** The name of the next field that is not null, whose value comes next, or null at the end. */
  @Nullable String field() {
    String name;
    while ((name = parser.nextName()) != null) {
      if (parser.nextToken() != JsonToken.VALUE_NULL) return name;
    }
    depth--;
    return null;
  }

  void array() throws MalformedBatchException {
    if (parser.currentToken() != JsonToken.START_ARRAY) throw expected("an array");
  }

  /** Whether there is another element, which comes next. */
  boolean element() throws MalformedBatchException {
    var token = parser.nextToken();
    if (token == JsonToken.VALUE_NULL) throw malformed("null in an array");
    return token != JsonToken.END_ARRAY;
  }

  void skip() {
    parser.skipChildren();
  }

  String string() throws MalformedBatchException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) throw expected("a string");
    return wellFormed(parser.getString());
  }

  /** JSON can escape half of a surrogate pair, which no UTF-8 can say: it becomes U+FFFD. */
  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!Character.isSurrogate(text.charAt(i))) continue;
      return text.codePoints()
          .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c)
          .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
          .toString();
    }
    return text;
  }

  boolean bool() throws MalformedBatchException {
    return switch (parser.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw expected("true or false");
    };
  }

  byte[] bytes() throws MalformedBatchException {
    var text = string().replace('-', '+').replace('_', '/');
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw expected("base64");
    }
  }

  long int64() throws MalformedBatchException {
    if (isPlainNumber()) return parser.getLongValue();
    return integer("a whole number of 64 bits", MIN_INT64, MAX_INT64).longValue();
  }

  long uint64() throws MalformedBatchException {
    if (isPlainNumber() && parser.getLongValue() >= 0) return parser.getLongValue();
    return integer("a whole number from 0 to 2^64-1", BigInteger.ZERO, MAX_UINT64).longValue();
  }

  int int32() throws MalformedBatchException {
    return integer("a whole number of 32 bits", MIN_INT32, MAX_INT32).intValue();
  }

  int uint32() throws MalformedBatchException {
    return integer("a whole number from 0 to 2^32-1", BigInteger.ZERO, MAX_UINT32).intValue();
  }

  double number() throws MalformedBatchException {
    return switch (parser.currentToken()) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> finite(parser.getDoubleValue());
      case VALUE_STRING -> number(parser.getString());
      default -> throw expected("a number");
    };
  }

  /** Names and numbers are both taken, though OTLP only allows numbers. */
  int enumeration(String... names) throws MalformedBatchException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) return int32();
    var name = parser.getString();
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(name)) return i;
    }
    if (!name.isEmpty() && name.charAt(0) <= '9') return int32();
    throw expected("the number or name of an enum's value");
  }

  /** The first or last half of a trace id, 0 when it is empty. */
  long traceIdPart(String hex, int half) throws MalformedBatchException {
    return hex.isEmpty() ? 0 : hex(hex, 16 * half);
  }

  String traceId() throws MalformedBatchException {
    var hex = string();
    if (hex.length() != 32 && !hex.isEmpty()) throw expected("a trace id of 32 hex digits");
    return hex;
  }

  long spanId() throws MalformedBatchException {
    var hex = string();
    if (hex.isEmpty()) return 0;
    if (hex.length() != 16) throw expected("a span id of 16 hex digits");
    return hex(hex, 0);
  }

  MalformedBatchException expected(String what) {
    return malformed("unexpected value (expected: " + what + ")");
  }

  private MalformedBatchException malformed(String message) {
    long position = parser.currentTokenLocation().getByteOffset();
    return new MalformedBatchException(message, Math.clamp(position, 0, Integer.MAX_VALUE));
  }

  private boolean isPlainNumber() {
    return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
  }

  /** Strings are taken for numbers, and so is 1.0 or 1e3, as ProtoJSON says. */
  private BigInteger integer(String what, BigInteger min, BigInteger max)
      throws MalformedBatchException {
    var text =
        switch (parser.currentToken()) {
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_STRING -> parser.getString();
          default -> throw expected(what);
        };
    if (text.length() > 64) throw expected(what);
    try {
      var decimal = new BigDecimal(text);
      if (decimal.signum() == 0) return BigInteger.ZERO;
      // 1e999999999 and its inverse would be numbers of a gigabyte
      if (decimal.precision() - (long) decimal.scale() > 20) throw expected(what);
      if (decimal.scale() > 64) throw expected(what);
      var value = decimal.toBigIntegerExact();
      if (value.compareTo(min) < 0 || value.compareTo(max) > 0) throw expected(what);
      return value;
    } catch (ArithmeticException | NumberFormatException e) {
      throw expected(what);
    }
  }

  private double number(String text) throws MalformedBatchException {
    return switch (text) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> decimal(text);
    };
  }

  private double decimal(String text) throws MalformedBatchException {
    // Java's own parser takes more than numbers: 1d, 0x1p3, blanks
    for (int i = 0; i < text.length(); i++) {
      if ("0123456789+-.eE".indexOf(text.charAt(i)) < 0) throw expected("a number");
    }
    try {
      return finite(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      throw expected("a number");
    }
  }

  private double finite(double value) throws MalformedBatchException {
    if (Double.isInfinite(value)) throw expected("a number within the range of a double");
    return value;
  }

  private long hex(String hex, int from) throws MalformedBatchException {
    long value = 0;
    for (int i = from; i < from + 16; i++) {
      char c = hex.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) throw expected("hex digits");
      value = (value << 4) | digit;
    }
    return value;
  }
}
