package io.raybridge.local.api;

import io.raybridge.local.store.StoreException;
import io.raybridge.local.store.StoredTrace;
import io.raybridge.local.store.TraceRow;
import io.raybridge.local.store.TraceStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The lines of the page's list of traces. The page asks every few seconds, so what was worked out
 * of a trace is kept until the trace changes.
 */
final class TraceList {
  private static final int KEPT = 1000;

  private final TraceStore store;

  private final Map<String, Line> entries =
      new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Line> eldest) {
          return size() > KEPT;
        }
      };

  TraceList(TraceStore store) {
    this.store = store;
  }

  /** The line of a trace; none when the trace has just gone. */
  List<ObjectNode> entry(TraceRow row) throws StoreException {
    Line known = known(row.id());
    if (known != null && known.revision == row.revision()) return List.of(known.json);
    Optional<StoredTrace> trace = store.trace(row.id());
    if (trace.isEmpty()) return List.of();
    var entry = new Line(trace.get().row().revision(), json(CompiledTrace.of(trace.get())));
    keep(row.id(), entry);
    return List.of(entry.json);
  }

  private synchronized @Nullable Line known(String id) {
    return entries.get(id);
  }

  private synchronized void keep(String id, Line entry) {
    entries.put(id, entry);
  }

  private static ObjectNode json(CompiledTrace trace) {
    ObjectNode root = trace.root();
    ObjectNode shown = root != null ? root : trace.segments().getFirst();
    var counts = new Counts();
    trace.eachNode(counts::add);
    ObjectNode json = Json.object();
    json.put("id", trace.row().id());
    json.put("start", Json.seconds(trace.row().firstMicros()));
    json.put("duration", trace.duration());
    copy(json, "service", Json.at(shown, "name"));
    copy(json, "origin", Json.at(shown, "origin"));
    copy(json, "method", Json.at(shown, "http", "request", "method"));
    copy(json, "url", Json.at(shown, "http", "request", "url"));
    copy(json, "status", Json.at(shown, "http", "response", "status"));
    json.put("fault", Json.isTrue(shown, "fault"));
    json.put("error", Json.isTrue(shown, "error"));
    json.put("throttle", Json.isTrue(shown, "throttle"));
    json.put("inside", counts.failed - (failed(shown) ? 1 : 0));
    json.put("partial", counts.partial);
    json.put("segments", trace.segments().size());
    json.put("subsegments", counts.nodes - trace.segments().size());
    return json;
  }

  private static void copy(ObjectNode json, String member, JsonNode value) {
    if (value.isString() || value.isNumber()) json.set(member, value);
  }

  private static boolean failed(JsonNode node) {
    return Json.isTrue(node, "fault")
        || Json.isTrue(node, "error")
        || Json.isTrue(node, "throttle");
  }

  private static final class Counts {
    int nodes;
    int failed;
    boolean partial;

    void add(JsonNode node) {
      nodes++;
      if (failed(node)) failed++;
      partial |= Json.at(node, "end_time").isMissingNode() || Json.isTrue(node, "in_progress");
    }
  }

  private record Line(int revision, ObjectNode json) {}
}
