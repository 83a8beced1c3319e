package io.raybridge.data;

import java.util.List;

/**
 * Spans between protobuf and objects: <a
 * href="https://github.com/open-telemetry/opentelemetry-proto/blob/v1.11.0/opentelemetry/proto/trace/v1/trace.proto">trace.proto</a>.
 */
final class TracesCodec implements Codec<ResourceSpans> {
  static final TracesCodec INSTANCE = new TracesCodec();

  @Override
  public Shape shape() {
    return Shape.TRACES;
  }

  @Override
  public ResourceSpans read(ProtoReader in) {
    var group = new ResourceSpans();
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 10 -> CommonCodec.readResource(in, group.resource);
        case 18 -> group.scopeSpans().add(readScopeSpans(in));
        case 26 -> group.schemaUrl = in.name();
        default -> group.unknown = in.keep(group.unknown, start, tag);
      }
    }
    return group;
  }

  @Override
  public void write(ProtoWriter out, ResourceSpans group) {
    int mark = out.mark();
    out.unknown(group.unknown);
    out.string(26, group.schemaUrl);
    var scopes = group.scopeSpans == null ? List.<ScopeSpans>of() : group.scopeSpans;
    for (int i = scopes.size(); i-- > 0; ) writeScopeSpans(out, scopes.get(i));
    CommonCodec.writeResource(out, 10, group.resource);
    out.message(10, mark);
  }

  @Override
  public List<ResourceSpans> readJson(JsonReader in) throws MalformedBatchException {
    return TracesJson.read(in);
  }

  @Override
  public void writeJson(JsonWriter out, List<ResourceSpans> groups) {
    TracesJson.write(out, groups);
  }

  @Override
  public ResourceSpans copy(ResourceSpans group) {
    return group.copy();
  }

  @Override
  public int items(ResourceSpans group) {
    if (group.scopeSpans == null) return 0;
    int items = 0;
    for (var scope : group.scopeSpans) items += scope.spans == null ? 0 : scope.spans.size();
    return items;
  }

  @Override
  public ResourceSpans takeLast(ResourceSpans group, int items) {
    var scopes = group.scopeSpans();
    group.scopeSpans = null;
    var last = group.copy();
    group.scopeSpans = scopes;
    int whole = scopes.size();
    int left = items;
    while (left > 0 && scopes.get(whole - 1).spans().size() <= left) {
      whole--;
      left -= scopes.get(whole).spans().size();
    }
    if (left > 0) last.scopeSpans().add(takeLast(scopes.get(whole - 1), left));
    last.scopeSpans().addAll(Lists.takeLast(scopes, scopes.size() - whole));
    return last;
  }

  private static ScopeSpans takeLast(ScopeSpans group, int items) {
    var spans = group.spans();
    group.spans = null;
    var last = group.copy();
    group.spans = spans;
    last.spans = Lists.takeLast(spans, items);
    return last;
  }

  private static ScopeSpans readScopeSpans(ProtoReader in) {
    var group = new ScopeSpans();
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 10 -> CommonCodec.readScope(in, group.scope);
        case 18 -> group.spans().add(readSpan(in));
        case 26 -> group.schemaUrl = in.name();
        default -> group.unknown = in.keep(group.unknown, start, tag);
      }
    }
    return group;
  }

  private static void writeScopeSpans(ProtoWriter out, ScopeSpans group) {
    int mark = out.mark();
    out.unknown(group.unknown);
    out.string(26, group.schemaUrl);
    var spans = group.spans == null ? List.<Span>of() : group.spans;
    for (int i = spans.size(); i-- > 0; ) writeSpan(out, spans.get(i));
    CommonCodec.writeScope(out, 10, group.scope);
    out.message(18, mark);
  }

  private static Span readSpan(ProtoReader in) {
    var span = new Span();
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 10 -> {
          boolean none = in.varint() == 0;
          span.traceIdHi = none ? 0 : in.idPart();
          span.traceIdLo = none ? 0 : in.idPart();
        }
        case 18 -> span.spanId = in.spanId();
        case 26 -> span.traceState = in.string();
        case 34 -> span.parentSpanId = in.spanId();
        case 42 -> span.name = in.name();
        case 48 -> span.kind = in.varint();
        case 57 -> span.startTimeUnixNano = in.fixed64();
        case 65 -> span.endTimeUnixNano = in.fixed64();
        case 74 -> CommonCodec.readKeyValue(in, span.attributes);
        case 80 -> span.droppedAttributesCount = in.varint();
        case 90 -> span.events().add(readEvent(in));
        case 96 -> span.droppedEventsCount = in.varint();
        case 106 -> span.links().add(readLink(in));
        case 112 -> span.droppedLinksCount = in.varint();
        case 122 -> readStatus(in, span);
        case 133 -> span.flags = in.fixed32();
        default -> span.unknown = in.keep(span.unknown, start, tag);
      }
    }
    return span;
  }

  private static void writeSpan(ProtoWriter out, Span span) {
    int mark = out.mark();
    out.unknown(span.unknown);
    out.fixed32(133, span.flags);
    writeStatus(out, span);
    out.uint32(112, span.droppedLinksCount);
    for (int i = span.linkCount(); i-- > 0; ) writeLink(out, span.links().get(i));
    out.uint32(96, span.droppedEventsCount);
    for (int i = span.eventCount(); i-- > 0; ) writeEvent(out, span.events().get(i));
    out.uint32(80, span.droppedAttributesCount);
    CommonCodec.writeAttributes(out, 74, span.attributes);
    out.fixed64(65, span.endTimeUnixNano);
    out.fixed64(57, span.startTimeUnixNano);
    out.int32(48, span.kind);
    out.string(42, span.name);
    out.spanId(34, span.parentSpanId);
    out.string(26, span.traceState);
    out.spanId(18, span.spanId);
    out.traceId(10, span.traceIdHi, span.traceIdLo);
    out.message(18, mark);
  }

  private static Event readEvent(ProtoReader in) {
    var event = new Event();
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 9 -> event.timeUnixNano = in.fixed64();
        case 18 -> event.name = in.name();
        case 26 -> CommonCodec.readKeyValue(in, event.attributes);
        case 32 -> event.droppedAttributesCount = in.varint();
        default -> event.unknown = in.keep(event.unknown, start, tag);
      }
    }
    return event;
  }

  private static void writeEvent(ProtoWriter out, Event event) {
    int mark = out.mark();
    out.unknown(event.unknown);
    out.uint32(32, event.droppedAttributesCount);
    CommonCodec.writeAttributes(out, 26, event.attributes);
    out.string(18, event.name);
    out.fixed64(9, event.timeUnixNano);
    out.message(90, mark);
  }

  private static Link readLink(ProtoReader in) {
    var link = new Link();
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 10 -> {
          boolean none = in.varint() == 0;
          link.traceIdHi = none ? 0 : in.idPart();
          link.traceIdLo = none ? 0 : in.idPart();
        }
        case 18 -> link.spanId = in.spanId();
        case 26 -> link.traceState = in.string();
        case 34 -> CommonCodec.readKeyValue(in, link.attributes);
        case 40 -> link.droppedAttributesCount = in.varint();
        case 53 -> link.flags = in.fixed32();
        default -> link.unknown = in.keep(link.unknown, start, tag);
      }
    }
    return link;
  }

  private static void writeLink(ProtoWriter out, Link link) {
    int mark = out.mark();
    out.unknown(link.unknown);
    out.fixed32(53, link.flags);
    out.uint32(40, link.droppedAttributesCount);
    CommonCodec.writeAttributes(out, 34, link.attributes);
    out.string(26, link.traceState);
    out.spanId(18, link.spanId);
    out.traceId(10, link.traceIdHi, link.traceIdLo);
    out.message(106, mark);
  }

  private static void readStatus(ProtoReader in, Span span) {
    span.statusPresent = true;
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 18 -> span.statusMessage = in.string();
        case 24 -> span.statusCode = in.varint();
        default -> span.statusUnknown = in.keep(span.statusUnknown, start, tag);
      }
    }
  }

  private static void writeStatus(ProtoWriter out, Span span) {
    int mark = out.mark();
    out.unknown(span.statusUnknown);
    out.int32(24, span.statusCode);
    out.string(18, span.statusMessage);
    if (span.statusPresent || out.mark() > mark) out.message(122, mark);
  }
}
