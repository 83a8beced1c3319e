package io.raybridge.local.api;

import io.raybridge.local.store.StoredTrace;
import io.raybridge.local.store.TraceRow;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A trace put together: each subsegment that was sent alone stands inside the segment or subsegment
 * it belongs to. One whose parent has not come stands for itself.
 *
 * @param segments earliest start first
 */
record CompiledTrace(TraceRow row, List<ObjectNode> segments) {
  static CompiledTrace of(StoredTrace trace) {
    var assembly = new Assembly();
    for (String json : trace.documents()) {
      if (Json.MAPPER.readTree(json) instanceof ObjectNode document) assembly.add(document);
    }
    return new CompiledTrace(trace.row(), assembly.segments());
  }

  /** Seconds from the earliest start to the latest end. */
  double duration() {
    return (row.lastMicros() - row.firstMicros()) / 1e6;
  }

  /**
   * The segment in which the trace began: the earliest without a parent, else the earliest; null
   * for a trace of which only subsegments have come.
   */
  @Nullable ObjectNode root() {
    ObjectNode earliest = null;
    for (ObjectNode segment : segments) {
      if (!isSegment(segment)) continue;
      if (Json.string(segment, "parent_id") == null) return segment;
      if (earliest == null) earliest = segment;
    }
    return earliest;
  }

  /** Calls for each segment and all subsegments in it. */
  void eachNode(Consumer<JsonNode> action) {
    for (ObjectNode segment : segments) eachNode(segment, action);
  }

  static void eachNode(JsonNode document, Consumer<JsonNode> action) {
    action.accept(document);
    for (JsonNode subsegment : Json.at(document, "subsegments")) {
      if (subsegment.isObject()) eachNode(subsegment, action);
    }
  }

  static boolean isSegment(JsonNode document) {
    return !"subsegment".equals(Json.string(document, "type"));
  }

  /** A member that holds an id, in lower case; empty without one. */
  static String id(JsonNode node, String member) {
    String id = Json.string(node, member);
    return id == null ? "" : id.toLowerCase(Locale.ROOT);
  }
}
