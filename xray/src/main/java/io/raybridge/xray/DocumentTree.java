package io.raybridge.xray;

import io.raybridge.data.Attributes;
import io.raybridge.data.Span;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts a document together again from the spans that were made of it, as long as they come one
 * after the other, parents first. An embedded subsegment whose parent is not there becomes a
 * document of its own, which X-Ray takes for the same.
 */
final class DocumentTree {
  private final List<Node> path = new ArrayList<>();

  /**
   * A document to be sent.
   *
   * @param span the one that it is named after
   * @param spans how many it is made of
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  record Ready(Span span, byte[] json, int spans) {}

  private static final class Node {
    final Span span;
    final Map<String, @Nullable Object> document;
    final List<Node> embedded = new ArrayList<>();

    Node(Span span, Map<String, @Nullable Object> document) {
      this.span = span;
      this.document = document;
    }

    int spans() {
      int spans = 1;
      for (var node : embedded) spans += node.spans();
      return spans;
    }
  }

  boolean isEmpty() {
    return path.isEmpty();
  }

  /** Whether a span belongs into the document begun. */
  boolean takes(Span span) {
    if (!SegmentReader.EMBEDDED.equals(span.attributes().getString(SegmentReader.DOCUMENT))) {
      return false;
    }
    for (var node : path) {
      if (node.span.spanId() == span.parentSpanId()
          && node.span.traceIdLo() == span.traceIdLo()
          && node.span.traceIdHi() == span.traceIdHi()) return true;
    }
    return false;
  }

  /** Takes a span into the document begun, or begins one with it. */
  void add(Attributes resource, Span span) {
    var node = new Node(span, SegmentRestorer.document(resource, span));
    if (path.isEmpty()) {
      var shape = span.attributes().getString(SegmentReader.DOCUMENT);
      if (SegmentReader.EMBEDDED.equals(shape)) {
        SegmentRestorer.makeIndependent(node.document, span);
      }
    } else {
      while (path.getLast().span.spanId() != span.parentSpanId()) path.removeLast();
      path.getLast().embedded.add(node);
    }
    path.add(node);
  }

  /** Ends the document; several where it has become too large for one. */
  List<Ready> finish(int largest) {
    var ready = new ArrayList<Ready>();
    if (!path.isEmpty()) finish(path.getFirst(), largest, ready);
    path.clear();
    return ready;
  }

  private static void finish(Node node, int largest, List<Ready> ready) {
    byte[] whole = json(nested(node));
    if (whole.length <= largest || node.embedded.isEmpty()) {
      ready.add(new Ready(node.span, whole, node.spans()));
      return;
    }
    ready.add(new Ready(node.span, json(node.document), 1));
    for (var embedded : node.embedded) {
      SegmentRestorer.makeIndependent(embedded.document, embedded.span);
      finish(embedded, largest, ready);
    }
  }

  private static Map<String, @Nullable Object> nested(Node node) {
    if (node.embedded.isEmpty()) return node.document;
    var document = new java.util.LinkedHashMap<>(node.document);
    var kept = Json.asList(document.get("subsegments"));
    var subsegments = new ArrayList<@Nullable Object>(kept == null ? List.of() : kept);
    for (var embedded : node.embedded) subsegments.add(nested(embedded));
    document.put("subsegments", subsegments);
    return document;
  }

  private static byte[] json(Map<String, @Nullable Object> document) {
    return Json.text(document).getBytes(StandardCharsets.UTF_8);
  }
}
