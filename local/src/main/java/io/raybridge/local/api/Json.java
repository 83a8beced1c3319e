package io.raybridge.local.api;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON as trees in which numbers keep every digit that was sent. */
final class Json {
  /** How deep arrays and objects may nest in what is sent. */
  static final int MAX_DEPTH = 100;

  /** Documents attached to each other nest deeper than each of them. */
  static final int MAX_DEPTH_WRITTEN = 1000;

  static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .streamWriteConstraints(
                      StreamWriteConstraints.builder().maxNestingDepth(MAX_DEPTH_WRITTEN).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final double LAST_SECOND = 1e11;

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** The object in a request's body; an empty body is an empty object. */
  static ObjectNode body(byte[] body) {
    if (body.length == 0) return object();
    try {
      if (MAPPER.readTree(body) instanceof ObjectNode object) return object;
    } catch (JacksonException e) {
      throw ApiException.malformed(e);
    }
    throw new ApiException(400, "SerializationException", "the body is not a JSON object");
  }

  static byte[] bytes(JsonNode node) {
    return MAPPER.writeValueAsBytes(node);
  }

  static String text(JsonNode node) {
    return new String(bytes(node), StandardCharsets.UTF_8);
  }

  /** What a path of member names leads to; a missing node where it leads nowhere. */
  static JsonNode at(JsonNode node, String... path) {
    JsonNode at = node;
    for (String name : path) {
      JsonNode next = at.get(name);
      if (next == null) return MissingNode.getInstance();
      at = next;
    }
    return at;
  }

  /** The text a path leads to; null where there is none. */
  static @Nullable String string(JsonNode node, String... path) {
    JsonNode found = at(node, path);
    return found.isString() ? found.stringValue() : null;
  }

  static boolean isTrue(JsonNode node, String... path) {
    JsonNode found = at(node, path);
    return found.isBoolean() && found.booleanValue();
  }

  /** Microseconds from a number of seconds since 1970; -1 for what is no such number. */
  static long micros(JsonNode seconds) {
    if (!seconds.isNumber()) return -1;
    double value = seconds.doubleValue();
    return value >= 0 && value <= LAST_SECOND ? Math.round(value * 1e6) : -1;
  }

  static BigDecimal seconds(long micros) {
    return BigDecimal.valueOf(micros, 6);
  }
}
