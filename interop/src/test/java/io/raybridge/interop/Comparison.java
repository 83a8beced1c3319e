package io.raybridge.interop;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** The documents that two exporters made of the same spans, one beside the other. */
final class Comparison {
  private static final JsonNode ABSENT = MissingNode.getInstance();

  private final List<Difference> differences = new ArrayList<>();

  /**
   * One place in which the two differ.
   *
   * @param path JSON pointer into the document, with {@code *} for places in lists; empty for the
   *     whole document
   * @param companion whether it is the document of the service above a call that is its first span
   */
  record Difference(
      Sent sent,
      String exporter,
      boolean companion,
      String path,
      JsonNode go,
      JsonNode ours,
      JsonNode goDocument,
      JsonNode ourDocument) {
    @Override
    public String toString() {
      return "%s%s %s: go %s, ours %s"
          .formatted(exporter, companion ? " companion" : "", path, go, ours);
    }
  }

  /** A span as it was sent, with the resource and scope around it. */
  record Sent(JsonNode resource, JsonNode scope, JsonNode span) {
    String id() {
      return span.path("spanId").asString();
    }

    /** An attribute's value as text, or null. */
    String attribute(String key) {
      return value(span, key);
    }

    boolean has(String key) {
      return attribute(key) != null;
    }

    String ofResource(String key) {
      return value(resource, key);
    }

    private static String value(JsonNode of, String key) {
      for (JsonNode attribute : of.path("attributes")) {
        if (!attribute.path("key").asString().equals(key)) continue;
        for (JsonNode value : attribute.path("value"))
          return value.isValueNode() ? value.asString() : value.toString();
        return "";
      }
      return null;
    }
  }

  List<Difference> differences() {
    return differences;
  }

  void add(String exporter, List<Sent> sent, List<JsonNode> go, List<JsonNode> ours) {
    var goById = byId(go);
    var oursById = byId(ours);
    for (Sent span : sent) {
      JsonNode goDocument = goById.getOrDefault(span.id(), ABSENT);
      JsonNode ourDocument = oursById.getOrDefault(span.id(), ABSENT);
      differ(span, exporter, false, goDocument, ourDocument);
      JsonNode goAbove = above(goById, goDocument, span);
      JsonNode oursAbove = above(oursById, ourDocument, span);
      if (!goAbove.isMissingNode() || !oursAbove.isMissingNode()) {
        differ(span, exporter, true, goAbove, oursAbove);
      }
    }
  }

  private static Map<String, JsonNode> byId(List<JsonNode> documents) {
    var byId = new HashMap<String, JsonNode>();
    for (JsonNode document : documents) byId.put(document.path("id").asString(), document);
    return byId;
  }

  /** The document above a span's own, if it was made with it. */
  private static JsonNode above(Map<String, JsonNode> byId, JsonNode document, Sent span) {
    String parent = document.path("parent_id").asString("");
    if (parent.isEmpty() || parent.equals(span.span().path("parentSpanId").asString("")))
      return ABSENT;
    return byId.getOrDefault(parent, ABSENT);
  }

  private void differ(Sent span, String exporter, boolean companion, JsonNode go, JsonNode ours) {
    new Walk(span, exporter, companion, go, ours).at("", go, ours);
  }

  private final class Walk {
    private final Sent sent;
    private final String exporter;
    private final boolean companion;
    private final JsonNode goDocument;
    private final JsonNode ourDocument;

    Walk(Sent sent, String exporter, boolean companion, JsonNode go, JsonNode ours) {
      this.sent = sent;
      this.exporter = exporter;
      this.companion = companion;
      goDocument = go;
      ourDocument = ours;
    }

    void at(String path, JsonNode go, JsonNode ours) {
      if (isMap(go) && isMap(ours) || isMap(go, ours, path) || isMap(ours, go, path)) {
        var names = new TreeSet<String>(go.propertyNames());
        names.addAll(ours.propertyNames());
        for (String name : names) at(path + "/" + name, go.path(name), ours.path(name));
      } else if (go.isArray() && ours.isArray()) {
        for (int i = 0; i < Math.max(go.size(), ours.size()); i++) {
          at(path + "/*", go.path(i), ours.path(i));
        }
      } else if (!same(go, ours)) {
        differences.add(
            new Difference(sent, exporter, companion, path, go, ours, goDocument, ourDocument));
      }
    }

    private static boolean isMap(JsonNode node) {
      return node.isObject();
    }

    /** A block that only one has differs in each of its members, but a whole document as such. */
    private static boolean isMap(JsonNode block, JsonNode nothing, String path) {
      return block.isObject()
          && !block.isEmpty()
          && nothing.isMissingNode()
          && !path.isEmpty()
          && !path.endsWith("/*");
    }

    private static boolean same(JsonNode go, JsonNode ours) {
      if (go.isMissingNode() || ours.isMissingNode())
        return go.isMissingNode() && ours.isMissingNode();
      if (go.isNumber() && ours.isNumber()) {
        return new BigDecimal(go.asString()).compareTo(new BigDecimal(ours.asString())) == 0;
      }
      return go.equals(ours);
    }
  }
}
