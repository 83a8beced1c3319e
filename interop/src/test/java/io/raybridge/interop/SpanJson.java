package io.raybridge.interop;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One span with its resource and scope, in the making as OTLP/JSON. */
final class SpanJson {
  static final int INTERNAL = 1;
  static final int SERVER = 2;
  static final int CLIENT = 3;
  static final int PRODUCER = 4;
  static final int CONSUMER = 5;
  static final long START = 1_790_000_000_123_456_789L;

  private final ObjectNode resourceSpans = JsonMapper.shared().createObjectNode();
  final ObjectNode span;
  private final ArrayNode resource;
  private final ObjectNode scopeSpans;

  SpanJson(String traceId, String spanId, String name, int kind) {
    resource = resourceSpans.putObject("resource").putArray("attributes");
    scopeSpans = resourceSpans.putArray("scopeSpans").addObject();
    span = scopeSpans.putArray("spans").addObject();
    span.put("traceId", traceId).put("spanId", spanId).put("name", name).put("kind", kind);
    times(START, START + 250_000_000);
  }

  /** One request with these spans. */
  static String request(List<SpanJson> spans) {
    ObjectNode request = JsonMapper.shared().createObjectNode();
    ArrayNode into = request.putArray("resourceSpans");
    spans.forEach(span -> into.add(span.resourceSpans));
    return request.toString();
  }

  SpanJson times(long start, long end) {
    span.put("startTimeUnixNano", Long.toString(start));
    span.put("endTimeUnixNano", Long.toString(end));
    return this;
  }

  SpanJson parent(String spanId) {
    span.put("parentSpanId", spanId);
    return this;
  }

  SpanJson flags(int flags) {
    span.put("flags", flags);
    return this;
  }

  SpanJson with(String key, Object value) {
    add(span.withArray("/attributes"), key, value);
    return this;
  }

  SpanJson resource(String key, Object value) {
    add(resource, key, value);
    return this;
  }

  SpanJson scope(String name, String version) {
    scopeSpans.putObject("scope").put("name", name).put("version", version);
    return this;
  }

  SpanJson error(String message) {
    ObjectNode status = span.putObject("status").put("code", 2);
    if (!message.isEmpty()) status.put("message", message);
    return this;
  }

  SpanJson event(String name, Map<String, ?> attributes) {
    ObjectNode event = span.withArray("/events").addObject();
    event.put("name", name).put("timeUnixNano", Long.toString(START + 1_000_000));
    ArrayNode into = event.putArray("attributes");
    attributes.forEach((key, value) -> add(into, key, value));
    return this;
  }

  SpanJson link(String traceId, String spanId, Map<String, ?> attributes) {
    ObjectNode link = span.withArray("/links").addObject();
    link.put("traceId", traceId).put("spanId", spanId);
    ArrayNode into = link.putArray("attributes");
    attributes.forEach((key, value) -> add(into, key, value));
    return this;
  }

  private static void add(ArrayNode into, String key, Object value) {
    into.addObject().put("key", key).set("value", any(value));
  }

  private static JsonNode any(Object value) {
    ObjectNode any = JsonMapper.shared().createObjectNode();
    return switch (value) {
      case String text -> any.put("stringValue", text);
      case Boolean bool -> any.put("boolValue", bool);
      case Integer number -> any.put("intValue", number.toString());
      case Long number -> any.put("intValue", number.toString());
      case Double number when number.isNaN() -> any.put("doubleValue", "NaN");
      case Double number -> any.put("doubleValue", number);
      case List<?> list -> {
        ArrayNode values = any.putObject("arrayValue").putArray("values");
        list.forEach(element -> values.add(any(element)));
        yield any;
      }
      case Map<?, ?> map -> {
        ArrayNode values = any.putObject("kvlistValue").putArray("values");
        map.forEach((key, member) -> add(values, (String) key, member));
        yield any;
      }
      default -> throw new IllegalArgumentException(value.getClass().getName());
    };
  }
}
