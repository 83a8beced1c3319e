package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;

/** Spans between JSON and objects. */
final class TracesJson {
  private static final String[] KINDS = {
    "SPAN_KIND_UNSPECIFIED",
    "SPAN_KIND_INTERNAL",
    "SPAN_KIND_SERVER",
    "SPAN_KIND_CLIENT",
    "SPAN_KIND_PRODUCER",
    "SPAN_KIND_CONSUMER"
  };
  private static final String[] STATUS_CODES = {
    "STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"
  };

  private TracesJson() {}

  static List<ResourceSpans> read(JsonReader in) throws MalformedBatchException {
    var all = new ArrayList<ResourceSpans>();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "resourceSpans", "resource_spans" -> {
          in.array();
          while (in.element()) all.add(readResourceSpans(in));
        }
        default -> in.skip();
      }
    }
    return all;
  }

  static void write(JsonWriter out, List<ResourceSpans> all) {
    out.message();
    if (!all.isEmpty()) {
      out.array("resourceSpans");
      for (var group : all) writeResourceSpans(out, group);
      out.endArray();
    }
    out.endMessage();
  }

  private static ResourceSpans readResourceSpans(JsonReader in) throws MalformedBatchException {
    var group = new ResourceSpans();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "resource" -> CommonJson.readResource(in, group.resource);
        case "scopeSpans", "scope_spans" -> {
          in.array();
          while (in.element()) group.scopeSpans().add(readScopeSpans(in));
        }
        case "schemaUrl", "schema_url" -> group.schemaUrl = in.string();
        default -> in.skip();
      }
    }
    return group;
  }

  private static void writeResourceSpans(JsonWriter out, ResourceSpans group) {
    out.message();
    CommonJson.writeResource(out, group.resource);
    if (group.scopeSpans != null && !group.scopeSpans.isEmpty()) {
      out.array("scopeSpans");
      for (var scope : group.scopeSpans) writeScopeSpans(out, scope);
      out.endArray();
    }
    out.string("schemaUrl", group.schemaUrl);
    out.endMessage();
  }

  private static ScopeSpans readScopeSpans(JsonReader in) throws MalformedBatchException {
    var group = new ScopeSpans();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "scope" -> CommonJson.readScope(in, group.scope);
        case "spans" -> {
          in.array();
          while (in.element()) group.spans().add(readSpan(in));
        }
        case "schemaUrl", "schema_url" -> group.schemaUrl = in.string();
        default -> in.skip();
      }
    }
    return group;
  }

  private static void writeScopeSpans(JsonWriter out, ScopeSpans group) {
    out.message();
    CommonJson.writeScope(out, group.scope);
    if (group.spans != null && !group.spans.isEmpty()) {
      out.array("spans");
      for (var each : group.spans) writeSpan(out, each);
      out.endArray();
    }
    out.string("schemaUrl", group.schemaUrl);
    out.endMessage();
  }

  private static Span readSpan(JsonReader in) throws MalformedBatchException {
    var span = new Span();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "traceId", "trace_id" -> {
          var hex = in.traceId();
          span.traceIdHi = in.traceIdPart(hex, 0);
          span.traceIdLo = in.traceIdPart(hex, 1);
        }
        case "spanId", "span_id" -> span.spanId = in.spanId();
        case "traceState", "trace_state" -> span.traceState = in.string();
        case "parentSpanId", "parent_span_id" -> span.parentSpanId = in.spanId();
        case "flags" -> span.flags = in.uint32();
        case "name" -> span.name = in.string();
        case "kind" -> span.kind = in.enumeration(KINDS);
        case "startTimeUnixNano", "start_time_unix_nano" -> span.startTimeUnixNano = in.uint64();
        case "endTimeUnixNano", "end_time_unix_nano" -> span.endTimeUnixNano = in.uint64();
        case "attributes" -> CommonJson.readAttributes(in, span.attributes);
        case "droppedAttributesCount", "dropped_attributes_count" ->
            span.droppedAttributesCount = in.uint32();
        case "events" -> {
          in.array();
          while (in.element()) span.events().add(readEvent(in));
        }
        case "droppedEventsCount", "dropped_events_count" -> span.droppedEventsCount = in.uint32();
        case "links" -> {
          in.array();
          while (in.element()) span.links().add(readLink(in));
        }
        case "droppedLinksCount", "dropped_links_count" -> span.droppedLinksCount = in.uint32();
        case "status" -> readStatus(in, span);
        default -> in.skip();
      }
    }
    return span;
  }

  private static void writeSpan(JsonWriter out, Span span) {
    out.message();
    out.string("traceId", span.traceId());
    out.string("spanId", Ids.hex(span.spanId));
    out.string("traceState", span.traceState);
    out.string("parentSpanId", Ids.hex(span.parentSpanId));
    out.uint32("flags", span.flags);
    out.string("name", span.name);
    out.int32("kind", span.kind);
    out.uint64("startTimeUnixNano", span.startTimeUnixNano);
    out.uint64("endTimeUnixNano", span.endTimeUnixNano);
    CommonJson.writeAttributes(out, "attributes", span.attributes);
    out.uint32("droppedAttributesCount", span.droppedAttributesCount);
    if (span.events != null && !span.events.isEmpty()) {
      out.array("events");
      for (var each : span.events) writeEvent(out, each);
      out.endArray();
    }
    out.uint32("droppedEventsCount", span.droppedEventsCount);
    if (span.links != null && !span.links.isEmpty()) {
      out.array("links");
      for (var each : span.links) writeLink(out, each);
      out.endArray();
    }
    out.uint32("droppedLinksCount", span.droppedLinksCount);
    writeStatus(out, span);
    out.endMessage();
  }

  private static Event readEvent(JsonReader in) throws MalformedBatchException {
    var event = new Event();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "timeUnixNano", "time_unix_nano" -> event.timeUnixNano = in.uint64();
        case "name" -> event.name = in.string();
        case "attributes" -> CommonJson.readAttributes(in, event.attributes);
        case "droppedAttributesCount", "dropped_attributes_count" ->
            event.droppedAttributesCount = in.uint32();
        default -> in.skip();
      }
    }
    return event;
  }

  private static void writeEvent(JsonWriter out, Event event) {
    out.message();
    out.uint64("timeUnixNano", event.timeUnixNano);
    out.string("name", event.name);
    CommonJson.writeAttributes(out, "attributes", event.attributes);
    out.uint32("droppedAttributesCount", event.droppedAttributesCount);
    out.endMessage();
  }

  private static Link readLink(JsonReader in) throws MalformedBatchException {
    var link = new Link();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "traceId", "trace_id" -> {
          var hex = in.traceId();
          link.traceIdHi = in.traceIdPart(hex, 0);
          link.traceIdLo = in.traceIdPart(hex, 1);
        }
        case "spanId", "span_id" -> link.spanId = in.spanId();
        case "traceState", "trace_state" -> link.traceState = in.string();
        case "attributes" -> CommonJson.readAttributes(in, link.attributes);
        case "droppedAttributesCount", "dropped_attributes_count" ->
            link.droppedAttributesCount = in.uint32();
        case "flags" -> link.flags = in.uint32();
        default -> in.skip();
      }
    }
    return link;
  }

  private static void writeLink(JsonWriter out, Link link) {
    out.message();
    out.string("traceId", link.traceId());
    out.string("spanId", Ids.hex(link.spanId));
    out.string("traceState", link.traceState);
    CommonJson.writeAttributes(out, "attributes", link.attributes);
    out.uint32("droppedAttributesCount", link.droppedAttributesCount);
    out.uint32("flags", link.flags);
    out.endMessage();
  }

  private static void readStatus(JsonReader in, Span span) throws MalformedBatchException {
    span.statusPresent = true;
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "message" -> span.statusMessage = in.string();
        case "code" -> span.statusCode = in.enumeration(STATUS_CODES);
        default -> in.skip();
      }
    }
  }

  private static void writeStatus(JsonWriter out, Span span) {
    if (!span.statusPresent && span.statusCode == 0 && span.statusMessage.isEmpty()) return;
    out.message("status");
    out.string("message", span.statusMessage);
    out.int32("code", span.statusCode);
    out.endMessage();
  }
}
