package io.raybridge.local.api;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts subsegments that were sent alone into their parents. Made for what anybody may send: parents
 * that never came, circles, chains of any length. The work grows with the number of nodes only.
 */
final class Assembly {
  /** Deeper chains of subsegments than this stand for themselves, so that they can be written. */
  private static final int MAX_LEVELS = (Json.MAX_DEPTH_WRITTEN - Json.MAX_DEPTH) / 2;

  private final List<ObjectNode> segments = new ArrayList<>();
  private final List<Part> alone = new ArrayList<>();
  private final Map<String, List<Part>> byParent = new HashMap<>();
  private final Set<String> ids = new HashSet<>();

  void add(ObjectNode document) {
    CompiledTrace.eachNode(document, node -> ids.add(CompiledTrace.id(node, "id")));
    if (CompiledTrace.isSegment(document)) {
      segments.add(document);
      return;
    }
    var part = new Part(document);
    alone.add(part);
    byParent
        .computeIfAbsent(CompiledTrace.id(document, "parent_id"), id -> new ArrayList<>())
        .add(part);
  }

  List<ObjectNode> segments() {
    List<ObjectNode> whole = new ArrayList<>(segments);
    Deque<Root> open = new ArrayDeque<>();
    for (ObjectNode segment : segments) open.add(new Root(segment, 0));
    fill(open, whole);
    for (Part part : alone) {
      if (!ids.contains(CompiledTrace.id(part.document, "parent_id"))) stand(part, open, whole);
    }
    fill(open, whole);
    // What is left are circles; each breaks where it is met first.
    for (Part part : alone) {
      if (part.placed) continue;
      stand(part, open, whole);
      fill(open, whole);
    }
    return whole;
  }

  private static void stand(Part part, Deque<Root> open, List<ObjectNode> whole) {
    part.placed = true;
    whole.add(part.document);
    open.add(new Root(part.document, 0));
  }

  private void fill(Deque<Root> open, List<ObjectNode> whole) {
    while (!open.isEmpty()) {
      Root root = open.remove();
      fill(root.node, root.level, open, whole);
    }
  }

  private void fill(ObjectNode node, int level, Deque<Root> open, List<ObjectNode> whole) {
    for (JsonNode subsegment : Json.at(node, "subsegments")) {
      if (subsegment instanceof ObjectNode inner) fill(inner, level + 1, open, whole);
    }
    List<Part> children = byParent.remove(CompiledTrace.id(node, "id"));
    if (children == null) return;
    for (Part child : children) {
      if (child.placed) continue;
      if (level >= MAX_LEVELS) {
        stand(child, open, whole);
      } else {
        child.placed = true;
        open.add(new Root(put(node, child.document), level + 1));
      }
    }
  }

  /** A subsegment may have come inside its segment in progress before it came alone. */
  private static ObjectNode put(ObjectNode parent, ObjectNode child) {
    ArrayNode siblings =
        Json.at(parent, "subsegments") instanceof ArrayNode present
            ? present
            : parent.putArray("subsegments");
    String id = CompiledTrace.id(child, "id");
    for (int i = 0; i < siblings.size(); i++) {
      if (!CompiledTrace.id(siblings.get(i), "id").equals(id)) continue;
      if (siblings.get(i) instanceof ObjectNode complete && complete.has("end_time")) {
        return complete;
      }
      siblings.set(i, child);
      return child;
    }
    siblings.add(child);
    return child;
  }

  private record Root(ObjectNode node, int level) {}

  private static final class Part {
    final ObjectNode document;
    boolean placed;

    Part(ObjectNode document) {
      this.document = document;
    }
  }
}
