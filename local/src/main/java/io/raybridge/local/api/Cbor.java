package io.raybridge.local.api;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads CBOR into the same trees as JSON, as far as rpc-v2-cbor uses it: keys are text, and tags
 * are passed over since the reader knows what it expects.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8949">RFC 8949</a>
 */
final class Cbor {
  /** An empty map. */
  static final byte[] EMPTY = {(byte) 0xa0};

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int INDEFINITE = 31;
  private static final int BREAK = 0xff;

  private final byte[] bytes;
  private int at;

  private Cbor(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The map in a request's body; an empty body is an empty map. */
  static ObjectNode body(byte[] body) {
    if (body.length == 0) return Json.object();
    var cbor = new Cbor(body);
    JsonNode node = cbor.value(0);
    if (cbor.at < body.length) throw cbor.malformed("expected: the end");
    if (node instanceof ObjectNode object) return object;
    throw new ApiException(400, "SerializationException", "the body is not a CBOR map");
  }

  /** A map of texts. */
  static byte[] map(String... namesAndValues) {
    var out = new java.io.ByteArrayOutputStream();
    out.write(0xa0 | namesAndValues.length / 2);
    for (String text : namesAndValues) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      out.write(0x79);
      out.write(utf8.length >> 8);
      out.write(utf8.length);
      out.writeBytes(utf8);
    }
    return out.toByteArray();
  }

  private JsonNode value(int depth) {
    if (depth > Json.MAX_DEPTH) throw malformed("expected: at most " + Json.MAX_DEPTH + " levels");
    int head = head();
    int info = head & 31;
    return switch (head >> 5) {
      case 0 -> unsigned(argument(info));
      case 1 -> NODES.numberNode(BigInteger.valueOf(-1).subtract(big(argument(info))));
      case 2 -> NODES.binaryNode(string(2, info));
      case 3 -> NODES.stringNode(utf8(string(3, info)));
      case 4 -> array(info, depth);
      case 5 -> map(info, depth);
      case 6 -> {
        argument(info);
        yield value(depth + 1);
      }
      default -> simple(info);
    };
  }

  private static JsonNode unsigned(long value) {
    return value >= 0 ? NODES.numberNode(value) : NODES.numberNode(big(value));
  }

  private static BigInteger big(long unsigned) {
    return new BigInteger(Long.toUnsignedString(unsigned));
  }

  private ArrayNode array(int info, int depth) {
    ArrayNode array = NODES.arrayNode();
    if (info == INDEFINITE) {
      while (!atBreak()) array.add(value(depth + 1));
      return array;
    }
    int length = length(info);
    for (int i = 0; i < length; i++) array.add(value(depth + 1));
    return array;
  }

  private ObjectNode map(int info, int depth) {
    ObjectNode map = NODES.objectNode();
    if (info == INDEFINITE) {
      while (!atBreak()) entry(map, depth);
      return map;
    }
    int length = length(info);
    for (int i = 0; i < length; i++) entry(map, depth);
    return map;
  }

  private void entry(ObjectNode map, int depth) {
    int head = head();
    if (head >> 5 != 3) throw malformed("expected: a text as key");
    map.set(utf8(string(3, head & 31)), value(depth + 1));
  }

  private JsonNode simple(int info) {
    return switch (info) {
      case 20 -> NODES.booleanNode(false);
      case 21 -> NODES.booleanNode(true);
      case 22, 23 -> NODES.nullNode();
      case 25 -> NODES.numberNode((double) Float.float16ToFloat((short) number(2)));
      case 26 -> NODES.numberNode((double) Float.intBitsToFloat((int) number(4)));
      case 27 -> NODES.numberNode(Double.longBitsToDouble(number(8)));
      default -> throw malformed("expected: false, true, null or a float");
    };
  }

  private byte[] string(int major, int info) {
    if (info != INDEFINITE) return take(length(info));
    var whole = new java.io.ByteArrayOutputStream();
    while (!atBreak()) {
      int head = head();
      if (head >> 5 != major || (head & 31) == INDEFINITE) throw malformed("expected: a chunk");
      whole.writeBytes(take(length(head & 31)));
    }
    return whole.toByteArray();
  }

  private String utf8(byte[] text) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
    } catch (CharacterCodingException e) {
      throw malformed("expected: UTF-8");
    }
  }

  private byte[] take(int length) {
    byte[] taken = java.util.Arrays.copyOfRange(bytes, at, at + length);
    at += length;
    return taken;
  }

  /** No item is shorter than a byte, so a length beyond the end is a lie whatever it counts. */
  private int length(int info) {
    long length = argument(info);
    if (length < 0 || length > bytes.length - at) throw malformed("length beyond the end");
    return (int) length;
  }

  private long argument(int info) {
    if (info < 24) return info;
    return switch (info) {
      case 24 -> number(1);
      case 25 -> number(2);
      case 26 -> number(4);
      case 27 -> number(8);
      default -> throw malformed("expected: a length");
    };
  }

  private long number(int size) {
    if (size > bytes.length - at) throw malformed("ends too early");
    long number = 0;
    for (int i = 0; i < size; i++) number = number << 8 | (bytes[at++] & 0xff);
    return number;
  }

  private int head() {
    if (at >= bytes.length) throw malformed("ends too early");
    return bytes[at++] & 0xff;
  }

  private boolean atBreak() {
    if (at >= bytes.length) throw malformed("ends too early");
    if ((bytes[at] & 0xff) != BREAK) return false;
    at++;
    return true;
  }

  private ApiException malformed(String what) {
    return new ApiException(
        400, "SerializationException", "the body is not valid CBOR at byte " + at + ": " + what);
  }
}
