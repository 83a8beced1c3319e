package io.raybridge.xray;

import io.raybridge.data.view.AttributesView;
import io.raybridge.data.view.EventView;
import io.raybridge.data.view.KeyTable;
import io.raybridge.data.view.LinkView;
import io.raybridge.data.view.SpanView;
import io.raybridge.data.view.SpanWalk;
import io.raybridge.xray.JsonWriter.Cached;

/**
 * Writes {@code metadata.otel}: what OTLP says and a segment document has no place for. That is the
 * span's own name, its state, its scope, events that are no exceptions, links that X-Ray does not
 * take and what it does not take of the others, schema URLs, and how much an SDK has left out.
 */
final class OtelMetadata {
  private static final Fragment OTEL = Fragment.name("otel");
  private static final Fragment NAME = Fragment.name("name");
  private static final Fragment SCOPE = Fragment.name("scope");
  private static final Fragment RESOURCE = Fragment.name("resource");
  private static final Fragment VERSION = Fragment.name("version");
  private static final Fragment SCHEMA_URL = Fragment.name("schema_url");
  private static final Fragment ATTRIBUTES = Fragment.name("attributes");
  private static final Fragment EVENTS = Fragment.name("events");
  private static final Fragment TIME = Fragment.name("time");
  private static final Fragment LINKS = Fragment.name("links");
  private static final Fragment TRACE_ID = Fragment.name("trace_id");
  private static final Fragment ID = Fragment.name("id");
  private static final Fragment FLAGS = Fragment.name("flags");
  private static final Fragment STATUS_MESSAGE = Fragment.name("status_message");
  private static final Fragment TRACE_STATE = Fragment.name("trace_state");
  private static final Fragment DROPPED_ATTRIBUTES = Fragment.name("dropped_attributes_count");
  private static final Fragment DROPPED_EVENTS = Fragment.name("dropped_events_count");
  private static final Fragment DROPPED_LINKS = Fragment.name("dropped_links_count");
  private static final byte[] EVENTS_NAME = Ascii.bytes("otel.events");
  private static final byte[] LINKS_NAME = Ascii.bytes("otel.links");
  private static final int STATUS_ERROR = 2;

  /** Longer texts are no names; a scope or schema is the same for many spans. */
  private static final int LONGEST = 1000;

  private final ValueWriter values;
  private final Cause cause;
  private final EventView event;
  private final LinkView link;
  private final TraceIds traceIds;
  private final JsonWriter shared;
  private final Cached resource = new Cached();
  private final Cached scope = new Cached();
  private byte[] scratch = new byte[256];

  OtelMetadata(
      ValueWriter values,
      Cause cause,
      EventView event,
      KeyTable keys,
      TraceIds traceIds,
      boolean escaped) {
    this.values = values;
    this.cause = cause;
    this.event = event;
    this.traceIds = traceIds;
    link = new LinkView(keys);
    shared = new JsonWriter(escaped);
  }

  /** Keeps the member that tells of the resource beside its attributes, for all its spans. */
  void readResource(SpanWalk walk) {
    resource.clear();
    if (walk.resourceSchemaLength() == 0 && walk.resourceDroppedAttributes() == 0) return;
    JsonWriter out = begin(RESOURCE);
    schema(out, walk.bytes(), walk.resourceSchemaOffset(), walk.resourceSchemaLength());
    dropped(out, DROPPED_ATTRIBUTES, walk.resourceDroppedAttributes());
    end(resource);
  }

  /** Keeps the member that tells of the instrumentation scope, for all spans of this scope. */
  void readScope(SpanWalk walk) {
    scope.clear();
    AttributesView attributes = walk.scope();
    if (walk.scopeNameLength() == 0
        && walk.scopeVersionLength() == 0
        && walk.scopeSchemaLength() == 0
        && walk.scopeDroppedAttributes() == 0
        && attributes.count() == 0) return;
    JsonWriter out = begin(SCOPE);
    if (walk.scopeNameLength() > 0) {
      out.member(NAME).string(walk.bytes(), walk.scopeNameOffset(), walk.scopeNameLength());
    }
    if (walk.scopeVersionLength() > 0) {
      out.member(VERSION)
          .string(walk.bytes(), walk.scopeVersionOffset(), walk.scopeVersionLength());
    }
    schema(out, walk.bytes(), walk.scopeSchemaOffset(), walk.scopeSchemaLength());
    dropped(out, DROPPED_ATTRIBUTES, walk.scopeDroppedAttributes());
    if (attributes.count() > 0) attributes(out, attributes);
    end(scope);
  }

  private JsonWriter begin(Fragment name) {
    shared.begin(scratch, 0);
    // An open brace, so that the member has no comma; it is not part of what is kept.
    shared.put('{');
    shared.member(name).put('{');
    shared.cutTextsTo(LONGEST);
    return shared;
  }

  private void end(Cached member) {
    shared.put('}');
    shared.copyTo(member, 1, 0);
    scratch = shared.bytes();
  }

  private static void schema(JsonWriter out, byte[] bytes, int offset, int length) {
    if (length > 0) out.member(SCHEMA_URL).string(bytes, offset, length);
  }

  private static void dropped(JsonWriter out, Fragment name, int count) {
    if (count != 0) out.member(name).number(count & 0xffff_ffffL);
  }

  /** What the segment above a call says of its resource; the rest is the call's. */
  void writeResource(Draft draft) {
    if (resource.isEmpty()) return;
    draft.out.member(OTEL).put('{');
    draft.out.put(resource);
    draft.out.put('}');
  }

  void write(Draft draft, boolean nameIsSpansOwn, boolean causeWritten) {
    JsonWriter out = draft.out;
    out.member(OTEL).put('{');
    int empty = out.position();
    SpanView span = draft.span;
    if (!nameIsSpansOwn && span.nameLength() > 0) {
      out.member(NAME).string(span.bytes(), span.nameOffset(), span.nameLength());
    }
    if (draft.segment && !resource.isEmpty()) {
      out.comma();
      out.put(resource);
    }
    if (!scope.isEmpty()) {
      out.comma();
      out.put(scope);
    }
    boolean told = span.status() == STATUS_ERROR && !causeWritten;
    if (span.messageLength() > 0 && !told && span.messageLength() <= draft.trim.events) {
      out.member(STATUS_MESSAGE).quote();
      Secrets.writeMessage(out, span.bytes(), span.messageOffset(), span.messageLength());
      out.quote();
    }
    if (span.stateLength() > 0 && span.stateLength() <= draft.trim.events) {
      out.member(TRACE_STATE).string(span.bytes(), span.stateOffset(), span.stateLength());
    }
    dropped(out, DROPPED_ATTRIBUTES, span.droppedAttributes());
    dropped(out, DROPPED_EVENTS, span.droppedEvents());
    dropped(out, DROPPED_LINKS, span.droppedLinks());
    if (span.events() > 0 || span.links() > 0) {
      long before = out.size();
      events(draft, before);
      links(draft, before);
      draft.trim.eventsTook = out.size() - before;
    }
    if (out.position() == empty) out.removeEmpty(OTEL);
    else out.put('}');
  }

  private void events(Draft draft, long before) {
    JsonWriter out = draft.out;
    boolean opened = false;
    boolean cut = false;
    for (int i = 0; i < draft.span.events() && !cut; i++) {
      draft.span.event(i, event);
      boolean told = !cause.isUntold(i) && cause.tells(draft, event);
      boolean unread = told && cause.isUnread(i);
      if (told && !unread && !tellsMore()) continue;
      out.mark();
      if (!opened) out.member(EVENTS).put('[');
      out.comma();
      event(out, told, unread);
      if (out.size() - before > draft.trim.events) {
        out.reset();
        draft.notes.cutFrom(EVENTS_NAME, draft.span.events());
        cut = true;
      } else {
        opened = true;
      }
    }
    if (opened) out.put(']');
  }

  /** Whether an exception event says what the cause has no place for. */
  private boolean tellsMore() {
    AttributesView attributes = event.attributes();
    for (int i = 0; i < attributes.count(); i++) if (!inCause(attributes.id(i))) return true;
    return event.droppedAttributes() != 0;
  }

  private static boolean inCause(int id) {
    return id == Keys.EXCEPTION_TYPE
        || id == Keys.EXCEPTION_MESSAGE
        || id == Keys.EXCEPTION_STACKTRACE
        || id == Keys.EXCEPTION_ESCAPED
        || id == Keys.AWS_HTTP_ERROR_MESSAGE;
  }

  private void event(JsonWriter out, boolean told, boolean unread) {
    AttributesView attributes = event.attributes();
    out.put('{');
    out.member(NAME).string(attributes.bytes(), event.nameOffset(), event.nameLength());
    if (event.time() != 0) out.member(TIME).seconds(event.time());
    dropped(out, DROPPED_ATTRIBUTES, event.droppedAttributes());
    if (attributes.count() > 0) {
      out.member(ATTRIBUTES).put('{');
      for (int i = 0; i < attributes.count(); i++) {
        int id = attributes.id(i);
        if (told && inCause(id) && !(unread && id == Keys.EXCEPTION_STACKTRACE)) continue;
        out.member(attributes.bytes(), attributes.keyOffset(i), attributes.keyLength(i));
        values.write(out, attributes, i);
      }
      out.put('}');
    }
    out.put('}');
  }

  private void links(Draft draft, long before) {
    JsonWriter out = draft.out;
    boolean opened = false;
    int taken = 0;
    for (int i = 0; i < draft.span.links(); i++) {
      draft.span.link(i, link);
      boolean member = Links.isUsable(link) && taken++ < Links.MOST;
      if (member && link.stateLength() == 0 && link.flags() == 0 && link.droppedAttributes() == 0)
        continue;
      out.mark();
      if (!opened) out.member(LINKS).put('[');
      out.comma();
      link(out, !member);
      if (out.size() - before > draft.trim.events) {
        out.reset();
        draft.notes.cutFrom(LINKS_NAME, draft.span.links());
        break;
      }
      opened = true;
    }
    if (opened) out.put(']');
  }

  private void link(JsonWriter out, boolean whole) {
    AttributesView attributes = link.attributes();
    out.put('{');
    if (link.traceHigh() != 0 || link.traceLow() != 0) {
      out.member(TRACE_ID);
      long high = traceIds.high(link.traceHigh(), link.traceLow());
      Ids.writeTraceId(out, high, link.traceLow());
    }
    if (link.spanId() != 0) {
      out.member(ID);
      out.quote();
      out.hex(link.spanId(), 16);
      out.quote();
    }
    if (link.stateLength() > 0) {
      out.member(TRACE_STATE).string(attributes.bytes(), link.stateOffset(), link.stateLength());
    }
    if (link.flags() != 0) out.member(FLAGS).number(link.flags() & 0xffff_ffffL);
    dropped(out, DROPPED_ATTRIBUTES, link.droppedAttributes());
    if (whole && attributes.count() > 0) attributes(out, attributes);
    out.put('}');
  }

  private void attributes(JsonWriter out, AttributesView attributes) {
    out.member(ATTRIBUTES).put('{');
    for (int i = 0; i < attributes.count(); i++) {
      out.member(attributes.bytes(), attributes.keyOffset(i), attributes.keyLength(i));
      values.write(out, attributes, i);
    }
    out.put('}');
  }
}
