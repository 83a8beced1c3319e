package io.raybridge.xray;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * Looks for everything that OTLP/JSON says in the documents made of it: an attribute by its key in
 * metadata or annotations, or else by its value in a block.
 */
final class Findings {
  /** What becomes something that is not its text. */
  private static final Map<String, String> CHANGED =
      Map.of(
          "db.statement", "/sql/sanitized_query",
          "db.query.text", "/sql/sanitized_query",
          "rpc.method", "/aws/operation",
          "exception.escaped", "/cause/exceptions");

  /** What may be a part of a longer text: of a URL, a name, a full method's name. */
  private static final Set<String> PARTS =
      Set.of(
          "http.scheme",
          "http.target",
          "url.scheme",
          "url.path",
          "url.query",
          "net.host.name",
          "net.peer.name",
          "net.peer.port",
          "server.address",
          "server.port",
          "db.namespace",
          "aws.http.error_message");

  private final Map<String, List<JsonNode>> documents = new HashMap<>();
  private final TreeSet<String> lost = new TreeSet<>();

  Findings(List<JsonNode> all) {
    var byId = new HashMap<String, JsonNode>();
    for (JsonNode document : all) byId.put(document.path("id").asString(), document);
    for (JsonNode document : all) {
      var of = new ArrayList<JsonNode>(List.of(document));
      // The service's segment above a first call is of the same span.
      JsonNode above = byId.get(document.path("parent_id").asString(""));
      if (above != null) of.add(above);
      documents.put(document.path("id").asString(), of);
    }
  }

  /** Keys, or other parts of spans, whose values were in no document, each with an example. */
  Set<String> lost() {
    return lost;
  }

  void check(JsonNode request) {
    for (JsonNode resourceSpans : request.path("resourceSpans")) {
      for (JsonNode scopeSpans : resourceSpans.path("scopeSpans")) {
        for (JsonNode span : scopeSpans.path("spans")) {
          check(resourceSpans.path("resource"), scopeSpans.path("scope"), span);
        }
      }
    }
  }

  private void check(JsonNode resource, JsonNode scope, JsonNode span) {
    List<JsonNode> of = documents.get(span.path("spanId").asString());
    if (of == null) {
      lost.add("the span " + span.path("name"));
      return;
    }
    var texts = new HashSet<String>();
    of.forEach(document -> texts(document, texts));
    for (JsonNode attribute : span.path("attributes")) attribute(of, texts, attribute);
    if (!of.getFirst().has("type")) {
      for (JsonNode attribute : resource.path("attributes")) {
        String key = "otel.resource." + attribute.path("key").asString();
        if (!inMetadata(of, key, attribute.path("value"))) lost.add(key);
      }
    }
    text("span name", span.path("name").asString(), texts);
    text("scope", scope.path("name").asString(), texts);
    text("scope version", scope.path("version").asString(""), texts);
    text("status message", span.at("/status/message").asString(""), texts);
    int exceptions = 0;
    int traces = 0;
    for (JsonNode event : span.path("events")) {
      boolean exception = event.path("name").asString().equals("exception");
      if (exception) exceptions++;
      else if (!event.path("name").asString().equals("HTTP request failure")) {
        text("event", event.path("name").asString(), texts);
      }
      for (JsonNode attribute : event.path("attributes")) {
        if (attribute.path("key").asString().equals("exception.stacktrace")) traces++;
        else attribute(of, texts, attribute);
      }
    }
    if (of.getFirst().at("/cause").findValues("stack").size() < traces) lost.add("a stack trace");
    if (of.getFirst().at("/cause/exceptions").size() < exceptions) lost.add("an exception");
    if (links(of, span) != span.path("links").size()) lost.add("a link");
  }

  /** Of two documents for one span either may have its links, but not both. */
  private static int links(List<JsonNode> of, JsonNode span) {
    int links = of.getFirst().path("links").size();
    String parent = span.path("parentSpanId").asString("");
    // Above a call may be the segment made with it, or the document of the span's own parent.
    boolean madeWithIt = of.size() > 1 && !of.get(1).path("id").asString().equals(parent);
    return madeWithIt ? links + of.get(1).path("links").size() : links;
  }

  private void attribute(List<JsonNode> of, Set<String> texts, JsonNode attribute) {
    String key = attribute.path("key").asString();
    JsonNode value = attribute.path("value");
    if (inMetadata(of, key, value) || inMetadata(of, "span." + key, value)) return;
    String changed = CHANGED.get(key);
    if (changed != null && of.stream().anyMatch(document -> !document.at(changed).isMissingNode()))
      return;
    if (value.has("arrayValue")) {
      for (JsonNode element : value.at("/arrayValue/values")) text(key, plain(element), texts);
    } else {
      text(key, plain(value), texts);
    }
  }

  private static boolean inMetadata(List<JsonNode> of, String key, JsonNode value) {
    for (JsonNode document : of) {
      JsonNode written = document.path("metadata").path("default").path(key);
      if (written.isMissingNode()) continue;
      if (value.has("arrayValue")) return written.size() == value.at("/arrayValue/values").size();
      return written.asString().equals(plain(value));
    }
    return false;
  }

  private void text(String what, String text, Set<String> texts) {
    if (text.isEmpty() || texts.contains(text)) return;
    if (PARTS.contains(what) && texts.stream().anyMatch(whole -> whole.contains(text))) return;
    lost.add(what + " " + text);
  }

  private static String plain(JsonNode value) {
    return value.properties().iterator().next().getValue().asString();
  }

  private static void texts(JsonNode node, Set<String> into) {
    if (node.isValueNode()) into.add(node.asString());
    else node.forEach(child -> texts(child, into));
  }
}
