package io.raybridge.xray;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The service map that X-Ray makes of documents: a segment is a service's node; a subsegment with a
 * namespace is an edge, to the service whose segment is its child, or else to a node that X-Ray
 * infers and names after the subsegment. A node of AWS is named after its resource, too, as X-Ray
 * shows each table and each queue by itself.
 */
final class ServiceMap {
  private static final List<String> FLAGS = List.of("error", "throttle", "fault");
  private static final List<String> RESOURCES = List.of("table_name", "queue_url");

  private final Map<String, JsonNode> byId = new HashMap<>();
  private final Map<String, List<JsonNode>> segmentsBelow = new HashMap<>();
  private final Map<String, TreeSet<String>> lines = new TreeMap<>();

  private ServiceMap(List<JsonNode> documents) {
    for (JsonNode document : documents) {
      if (byId.put(key(document, "id"), document) != null) {
        throw new AssertionError("two documents have one id: " + document);
      }
      if (!isSubsegment(document) && document.has("parent_id")) {
        segmentsBelow
            .computeIfAbsent(key(document, "parent_id"), any -> new ArrayList<>())
            .add(document);
      }
    }
    documents.forEach(this::draw);
  }

  /** Nodes, then edges {@code a -> b}, each once with the flags that anything of it had. */
  static List<String> of(List<JsonNode> documents) {
    var drawn = new ServiceMap(documents).lines;
    var nodes = new ArrayList<String>();
    var edges = new ArrayList<String>();
    drawn.forEach((line, flags) -> {
      var text = new StringBuilder(line);
      for (String flag : FLAGS) if (flags.contains(flag)) text.append(' ').append(flag);
      (line.contains(" -> ") ? edges : nodes).add(text.toString());
    });
    nodes.addAll(edges);
    return nodes;
  }

  private void draw(JsonNode document) {
    if (!isSubsegment(document)) {
      line(name(document), document);
      JsonNode parent = byId.get(key(document, "parent_id"));
      // A call draws its own edge.
      if (parent != null && !parent.has("namespace")) {
        line(name(service(parent)) + " -> " + name(document), document);
      }
      return;
    }
    JsonNode service = service(document);
    if (service == null) {
      // X-Ray shows no subsegment whose segment never comes.
      line("nowhere: " + name(document), document);
      return;
    }
    if (!document.has("namespace")) return;
    List<JsonNode> called = segmentsBelow.get(key(document, "id"));
    if (called == null) {
      line(inferred(document), document);
      line(name(service) + " -> " + inferred(document), document);
      return;
    }
    for (JsonNode other : called) line(name(service) + " -> " + name(other), document);
  }

  private void line(String line, JsonNode document) {
    var flags = lines.computeIfAbsent(line, any -> new TreeSet<>());
    for (String flag : FLAGS) if (document.path(flag).asBoolean(false)) flags.add(flag);
  }

  private @Nullable JsonNode service(@Nullable JsonNode document) {
    while (document != null && isSubsegment(document)) {
      document = byId.get(key(document, "parent_id"));
    }
    return document;
  }

  private static String inferred(JsonNode call) {
    if (!call.path("namespace").asString("").equals("aws")) return "(" + name(call) + ")";
    String resource = "";
    for (String member : RESOURCES) {
      if (call.path("aws").has(member)) resource = " " + call.path("aws").path(member).asString();
    }
    return "(aws " + name(call) + resource + ")";
  }

  private static boolean isSubsegment(JsonNode document) {
    return document.path("type").asString("").equals("subsegment");
  }

  private static String name(@Nullable JsonNode document) {
    return document == null ? "nowhere" : document.path("name").asString();
  }

  private static String key(JsonNode document, String member) {
    return document.path("trace_id").asString() + ' ' + document.path(member).asString("");
  }
}
