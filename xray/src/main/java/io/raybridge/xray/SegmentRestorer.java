package io.raybridge.xray;

import io.raybridge.data.Attributes;
import io.raybridge.data.Event;
import io.raybridge.data.Link;
import io.raybridge.data.Span;
import io.raybridge.data.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the segment document again of a span that {@link SegmentReader} made. The span's attributes
 * are the truth: what was changed on the way is changed in the document, what was added is in its
 * metadata.
 */
final class SegmentRestorer {
  private final Map<String, @Nullable Object> document;
  private final Span span;
  private final Set<String> annotated = new HashSet<>();

  private SegmentRestorer(Span span) {
    this.span = span;
    var rest = span.attributes().getString(SegmentReader.REST);
    var members = rest == null ? null : Json.object(rest);
    document = members == null ? new LinkedHashMap<>() : members;
  }

  /** The document without what is embedded in it. */
  static Map<String, @Nullable Object> document(Attributes resource, Span span) {
    return new SegmentRestorer(span).restore(resource);
  }

  /** What an embedded subsegment needs to be sent alone. */
  static void makeIndependent(Map<String, @Nullable Object> document, Span span) {
    document.putIfAbsent("trace_id", Ids.traceId(span.traceIdHi(), span.traceIdLo()));
    document.putIfAbsent("parent_id", Ids.hex(span.parentSpanId()));
    document.putIfAbsent("type", SegmentReader.SUBSEGMENT);
  }

  private Map<String, @Nullable Object> restore(Attributes resource) {
    var shape = span.attributes().getString(SegmentReader.DOCUMENT);
    boolean segment = SegmentReader.SEGMENT.equals(shape);
    document.putIfAbsent("id", Ids.hex(span.spanId()));
    if (!SegmentReader.EMBEDDED.equals(shape)) {
      document.putIfAbsent("trace_id", Ids.traceId(span.traceIdHi(), span.traceIdLo()));
      if (span.parentSpanId() != 0) {
        document.putIfAbsent("parent_id", Ids.hex(span.parentSpanId()));
      }
      if (!segment) document.putIfAbsent("type", SegmentReader.SUBSEGMENT);
    }
    name(segment ? resource.getString("service.name") : null);
    time("start_time", span.startTimeUnixNano());
    time("end_time", span.endTimeUnixNano());
    annotations();
    span.attributes()
        .forEach((key, value) -> {
          if (!annotated.contains(key)) attribute(key, value);
        });
    if (segment) resource.forEach(this::resourceAttribute);
    exceptions();
    links();
    return document;
  }

  private void name(@Nullable String service) {
    var name = service != null && !service.isEmpty() ? service : span.name();
    if (!name.isEmpty()) document.put("name", name);
  }

  private void time(String member, long nanos) {
    if (nanos > 0) document.putIfAbsent(member, seconds(nanos));
  }

  private static Json.Num seconds(long nanos) {
    var seconds = BigDecimal.valueOf(nanos, 9).stripTrailingZeros();
    return new Json.Num(seconds.toPlainString());
  }

  private void annotations() {
    if (!(span.attributes().get(SegmentReader.ANNOTATIONS) instanceof Value.Arr(var keys))) return;
    for (var each : keys) {
      if (!(each instanceof Value.Str(var key))) continue;
      var value = span.attributes().get(key);
      if (value == null || !SegmentReader.isOwn(key)) continue;
      if (value instanceof Value.Arr || value instanceof Value.Kvs) continue;
      var annotations = object(document, "annotations");
      if (annotations == null) return;
      annotations.putIfAbsent(key, json(value));
      annotated.add(key);
    }
  }

  private void attribute(String key, Value value) {
    var field = DocumentField.SPAN.get(key);
    if (field == null && key.equals(DocumentField.ACCOUNT.key())) field = DocumentField.ACCOUNT;
    if (field != null && field.put(document, value)) return;
    if (key.startsWith(SegmentReader.METADATA) && value instanceof Value.Str(var text)) {
      if (namespace(key.substring(SegmentReader.METADATA.length()), text)) return;
    }
    if (isOurs(key) || SegmentReader.DERIVED.contains(key)) return;
    addToMetadata(key, value);
  }

  private static boolean isOurs(String key) {
    return key.equals(SegmentReader.DOCUMENT)
        || key.equals(SegmentReader.REST)
        || key.equals(SegmentReader.ANNOTATIONS);
  }

  private void resourceAttribute(String key, Value value) {
    if (key.equals("service.name") || SegmentReader.DERIVED.contains(key)) return;
    var field = DocumentField.RESOURCE.get(key);
    if (field == null || !field.put(document, value)) {
      addToMetadata("otel.resource." + key, value);
    }
  }

  private boolean namespace(String name, String text) {
    var members = Json.object(text);
    var metadata = members == null ? null : object(document, "metadata");
    if (metadata == null || members == null) return false;
    var there = Json.asObject(metadata.putIfAbsent(name, members));
    if (there != null) members.forEach(there::putIfAbsent);
    return true;
  }

  private void addToMetadata(String key, Value value) {
    var metadata = object(document, "metadata");
    var members = metadata == null ? null : object(metadata, "default");
    if (members != null) members.putIfAbsent(key, json(value));
  }

  /** The object of this name, made if there is none; null where something else is there. */
  private static @Nullable Map<String, @Nullable Object> object(
      Map<String, @Nullable Object> parent, String name) {
    if (!parent.containsKey(name)) parent.put(name, new LinkedHashMap<>());
    return Json.asObject(parent.get(name));
  }

  private void exceptions() {
    var exceptions = new ArrayList<@Nullable Object>();
    for (var event : span.events()) {
      if (event.name().equals("exception")) exceptions.add(exception(event, exceptions.size()));
    }
    if (exceptions.isEmpty()) return;
    var cause = object(document, "cause");
    if (cause != null) cause.putIfAbsent("exceptions", exceptions);
  }

  private Map<String, @Nullable Object> exception(Event event, int number) {
    var kept = event.attributes().getString(SegmentReader.EXCEPTION);
    var members = kept == null ? null : Json.object(kept);
    Map<String, @Nullable Object> exception = members == null ? new LinkedHashMap<>() : members;
    if (members == null) exception.put("id", Ids.hex(Ids.derived(span.spanId(), number + 1)));
    var type = event.attributes().getString("exception.type");
    if (type != null) exception.putIfAbsent("type", type);
    var message = event.attributes().getString("exception.message");
    if (message != null) exception.putIfAbsent("message", message);
    return exception;
  }

  private void links() {
    if (span.links().isEmpty()) return;
    var links = new ArrayList<@Nullable Object>();
    for (var link : span.links()) links.add(link(link));
    document.putIfAbsent("links", links);
  }

  private static Map<String, @Nullable Object> link(Link link) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("trace_id", Ids.traceId(link.traceIdHi(), link.traceIdLo()));
    json.put("id", Ids.hex(link.spanId()));
    if (!link.attributes().isEmpty()) json.put("attributes", members(link.attributes()));
    return json;
  }

  private static @Nullable Object json(Value value) {
    return switch (value.known()) {
      case Value.Str(var text) -> text;
      case Value.Bool(boolean flag) -> flag;
      case Value.Int(long number) -> Json.Num.of(number);
      case Value.Dbl(double number) ->
          Double.isFinite(number) ? new Json.Num(Double.toString(number)) : Double.toString(number);
      case Value.Bytes(byte[] bytes) -> Base64.getEncoder().encodeToString(bytes);
      case Value.Arr(var elements) -> elements(elements);
      case Value.Kvs(var entries) -> members(entries);
      case Value.Empty _, Value.Other _ -> null;
    };
  }

  private static List<@Nullable Object> elements(List<Value> values) {
    var array = new ArrayList<@Nullable Object>();
    for (var value : values) array.add(json(value));
    return array;
  }

  private static Map<String, @Nullable Object> members(Attributes attributes) {
    var object = new LinkedHashMap<String, @Nullable Object>();
    attributes.forEach((key, value) -> object.put(key, json(value)));
    return object;
  }
}
