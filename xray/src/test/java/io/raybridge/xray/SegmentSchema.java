package io.raybridge.xray;

import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** X-Ray's segment document schema, as far as the developer guide tells it. */
final class SegmentSchema {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{16}");
  private static final Pattern TRACE_ID = Pattern.compile("1-[0-9a-f]{8}-[0-9a-f]{24}");
  private static final Pattern NAME = Pattern.compile("[0-9\\p{L} _.:/%&#=+\\\\\\-@]{1,200}");
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_.]+");
  private static final Set<String> SEGMENT_ONLY = Set.of("service", "origin", "resource_arn");
  private static final Map<String, Predicate<JsonNode>> MEMBERS =
      Map.ofEntries(
          Map.entry("name", text(NAME)),
          Map.entry("id", text(ID)),
          Map.entry("trace_id", text(TRACE_ID)),
          Map.entry("parent_id", text(ID)),
          Map.entry("start_time", JsonNode::isNumber),
          Map.entry("end_time", JsonNode::isNumber),
          Map.entry("in_progress", JsonNode::isBoolean),
          Map.entry("type", node -> node.asString().equals("subsegment")),
          Map.entry("namespace", node -> Set.of("aws", "remote").contains(node.asString())),
          Map.entry("service", JsonNode::isObject),
          Map.entry("user", JsonNode::isString),
          Map.entry("origin", JsonNode::isString),
          Map.entry("resource_arn", JsonNode::isString),
          Map.entry("error", JsonNode::isBoolean),
          Map.entry("fault", JsonNode::isBoolean),
          Map.entry("throttle", JsonNode::isBoolean),
          Map.entry("http", SegmentSchema::http),
          Map.entry("aws", JsonNode::isObject),
          Map.entry("sql", SegmentSchema::texts),
          Map.entry("cause", SegmentSchema::cause),
          Map.entry("links", SegmentSchema::links),
          Map.entry("annotations", SegmentSchema::annotations),
          Map.entry("metadata", SegmentSchema::metadata));

  private SegmentSchema() {}

  /** What is wrong with a document, or null. */
  static String problem(JsonNode document) {
    if (!document.isObject()) return "no object";
    for (String member : Set.of("name", "id", "trace_id", "start_time")) {
      if (!document.has(member)) return "no " + member;
    }
    if (document.has("end_time") == document.has("in_progress")) return "end_time or in_progress";
    boolean subsegment = document.has("type");
    if (subsegment && !document.has("parent_id")) return "subsegment without parent_id";
    for (var member : document.properties()) {
      Predicate<JsonNode> rule = MEMBERS.get(member.getKey());
      if (rule == null) return "unknown member " + member.getKey();
      if (!rule.test(member.getValue())) return member.getKey() + ": " + member.getValue();
      if (subsegment && SEGMENT_ONLY.contains(member.getKey())) return member + " on a subsegment";
    }
    if (!subsegment && (document.has("namespace"))) return "namespace on a segment";
    if (document.path("end_time").asDouble(Double.MAX_VALUE)
        < document.path("start_time").asDouble()) {
      return "ends before it starts";
    }
    return null;
  }

  private static Predicate<JsonNode> text(Pattern pattern) {
    return node -> node.isString() && pattern.matcher(node.asString()).matches();
  }

  private static boolean texts(JsonNode node) {
    return node.isObject() && node.properties().stream().allMatch(e -> e.getValue().isString());
  }

  private static boolean http(JsonNode node) {
    JsonNode request = node.path("request");
    JsonNode response = node.path("response");
    return node.isObject()
        && Set.of("request", "response").containsAll(node.propertyNames())
        && Set.of("method", "url", "user_agent", "client_ip", "x_forwarded_for")
            .containsAll(request.propertyNames())
        && Set.of("status", "content_length").containsAll(response.propertyNames())
        && response.properties().stream().allMatch(e -> e.getValue().isIntegralNumber());
  }

  private static boolean cause(JsonNode node) {
    for (JsonNode exception : node.path("exceptions")) {
      if (!text(ID).test(exception.path("id"))) return false;
      if (exception.has("cause") && !text(ID).test(exception.path("cause"))) return false;
      for (JsonNode frame : exception.path("stack")) {
        if (frame.has("line") && !frame.path("line").isIntegralNumber()) return false;
        if (!Set.of("path", "line", "label").containsAll(frame.propertyNames())) return false;
      }
    }
    return node.path("exceptions").isArray() && !node.path("exceptions").isEmpty();
  }

  private static boolean links(JsonNode node) {
    for (JsonNode link : node) {
      if (!text(ID).test(link.path("id"))) return false;
      if (!text(TRACE_ID).test(link.path("trace_id"))) return false;
    }
    return node.isArray() && !node.isEmpty() && node.size() <= 20;
  }

  private static boolean annotations(JsonNode node) {
    if (!node.isObject() || node.isEmpty() || node.size() > 50) return false;
    return node.properties().stream()
        .allMatch(e ->
            KEY.matcher(e.getKey()).matches()
                && (e.getValue().isString()
                    || e.getValue().isNumber()
                    || e.getValue().isBoolean()));
  }

  private static boolean metadata(JsonNode node) {
    return node.isObject()
        && !node.isEmpty()
        && node.properties().stream().allMatch(e -> e.getValue().isObject());
  }
}
