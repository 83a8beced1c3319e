package io.raybridge.xray;

import io.raybridge.data.view.AnyValueView;
import io.raybridge.data.view.AttributesView;
import io.raybridge.data.view.EventView;
import io.raybridge.data.view.SpanWalk;
import io.raybridge.xray.JsonWriter.Cached;
import java.util.Arrays;

/**
 * Writes the metadata: under {@code default} every attribute that nothing else took, under {@code
 * otel} what a segment document has no place for (the span's own name, events, state, scope), under
 * {@code raybridge} what was changed, and the namespaces that the span itself asks for with {@code
 * aws.xray.metadata.NAMESPACE}.
 */
final class Metadata {
  private static final Fragment METADATA = Fragment.name("metadata");
  private static final Fragment DEFAULT = Fragment.name("default");
  private static final Fragment OTEL = Fragment.name("otel");
  private static final Fragment NAME = Fragment.name("name");
  private static final Fragment SCOPE = Fragment.name("scope");
  private static final Fragment VERSION = Fragment.name("version");
  private static final Fragment ATTRIBUTES = Fragment.name("attributes");
  private static final Fragment EVENTS = Fragment.name("events");
  private static final Fragment TIME = Fragment.name("time");
  private static final Fragment STATUS_MESSAGE = Fragment.name("status_message");
  private static final Fragment TRACE_STATE = Fragment.name("trace_state");
  private static final Fragment DROPPED_ATTRIBUTES = Fragment.name("dropped_attributes_count");
  private static final Fragment DROPPED_EVENTS = Fragment.name("dropped_events_count");
  private static final Fragment DROPPED_LINKS = Fragment.name("dropped_links_count");
  private static final byte[] NAMESPACE = Ascii.bytes("aws.xray.metadata.");
  private static final byte[] SPAN_PREFIX = Ascii.bytes("span.");
  private static final byte[] EVENTS_NAME = Ascii.bytes("otel.events");
  private static final byte[] DEFAULT_NAME = Ascii.bytes("default");
  private static final byte[] OTEL_NAME = Ascii.bytes("otel");
  private static final byte[] RAYBRIDGE_NAME = Ascii.bytes("raybridge");
  private static final byte[] RESERVED = Ascii.bytes("AWS.");
  private static final int STATUS_ERROR = 2;

  private final ValueWriter values;
  private final Cause cause;
  private final EventView event;
  private final JsonText json = new JsonText();
  private final JsonWriter scopeWriter;
  private final Cached scope = new Cached();
  private byte[] scratch = new byte[256];
  private int[] namespaces = new int[8];
  private int namespaceCount;
  private boolean mergedDefault;

  Metadata(ValueWriter values, Cause cause, EventView event, boolean escaped) {
    this.values = values;
    this.cause = cause;
    this.event = event;
    scopeWriter = new JsonWriter(escaped);
  }

  /** Keeps the member that tells of the instrumentation scope, for all spans of this scope. */
  void readScope(SpanWalk walk) {
    scope.clear();
    AttributesView attributes = walk.scope();
    if (walk.scopeNameLength() == 0 && attributes.count() == 0) return;
    JsonWriter out = scopeWriter;
    out.begin(scratch, 0);
    out.put('{');
    out.member(SCOPE).put('{');
    out.cutTextsTo(1000);
    if (walk.scopeNameLength() > 0) {
      out.member(NAME).string(walk.bytes(), walk.scopeNameOffset(), walk.scopeNameLength());
    }
    if (walk.scopeVersionLength() > 0) {
      out.member(VERSION)
          .string(walk.bytes(), walk.scopeVersionOffset(), walk.scopeVersionLength());
    }
    if (attributes.count() > 0) {
      out.member(ATTRIBUTES);
      attributes(out, attributes);
    }
    out.put('}');
    out.copyTo(scope, 1, 0);
    scratch = out.bytes();
  }

  void write(Draft draft, boolean nameIsSpansOwn, boolean causeWritten) {
    JsonWriter out = draft.out;
    out.member(METADATA).put('{');
    int empty = out.position();
    if (!draft.trim.bones) {
      attributes(draft);
      if (!draft.companion) otel(draft, nameIsSpansOwn, causeWritten);
    }
    if (!draft.notes.isEmpty()) draft.notes.write(out);
    if (out.position() == empty) {
      out.removeEmpty(METADATA);
      return;
    }
    out.put('}');
  }

  private void attributes(Draft draft) {
    JsonWriter out = draft.out;
    long before = out.size();
    namespaceCount = 0;
    mergedDefault = false;
    out.member(DEFAULT).put('{');
    int empty = out.position();
    if (draft.trim.metadata == Trim.UNLIMITED) whole(draft);
    else new MetadataCut(draft, this).write();
    if (out.position() == empty) out.removeEmpty(DEFAULT);
    else out.put('}');
    for (int i = 0; i < namespaceCount; i++) namespace(draft, namespaces[i]);
    draft.trim.metadataTook = out.size() - before;
  }

  private void whole(Draft draft) {
    if (draft.segment) {
      draft.out.comma();
      if (draft.resource.metadata.isEmpty()) draft.out.takeBackComma();
      else draft.out.put(draft.resource.metadata);
    }
    if (draft.companion) return;
    AttributesView attributes = draft.attributes;
    for (int i = 0; i < attributes.count(); i++) {
      if (!draft.isUsed(i) && !asksForNamespace(draft, i)) attribute(draft, i);
    }
  }

  void attribute(Draft draft, int index) {
    AttributesView attributes = draft.attributes;
    byte[] bytes = attributes.bytes();
    int offset = attributes.keyOffset(index);
    int length = attributes.keyLength(index);
    JsonWriter out = draft.out;
    if (draft.segment && draft.resource.findPrefixed(bytes, offset, length) >= 0) {
      out.comma();
      out.quote();
      out.text(SPAN_PREFIX, 0, SPAN_PREFIX.length);
      out.text(bytes, offset, length);
      out.quote();
      out.put(':');
    } else {
      out.member(bytes, offset, length);
    }
    values.write(out, attributes, index);
  }

  /** Whether this is JSON for a namespace of its own; remembers it for later. */
  boolean asksForNamespace(Draft draft, int index) {
    AttributesView attributes = draft.attributes;
    int length = attributes.keyLength(index);
    if (length <= NAMESPACE.length || attributes.type(index) != AnyValueView.STRING) return false;
    byte[] bytes = attributes.bytes();
    int offset = attributes.keyOffset(index);
    if (!Ascii.startsWith(bytes, offset, length, NAMESPACE)) return false;
    int from = offset + NAMESPACE.length;
    int size = length - NAMESPACE.length;
    if (Ascii.equal(bytes, from, size, OTEL_NAME)
        || Ascii.equal(bytes, from, size, RAYBRIDGE_NAME)
        || Ascii.startsWith(bytes, from, size, RESERVED)) return false;
    if (!json.isObject(bytes, attributes.offset(index), attributes.length(index))) return false;
    if (Ascii.equalIgnoringCase(bytes, from, size, DEFAULT_NAME)) {
      if (mergedDefault) return false;
      mergedDefault = true;
      json.writeMembers(draft, bytes, attributes.offset(index), attributes.length(index));
      return true;
    }
    if (namespaceCount == namespaces.length) {
      namespaces = Arrays.copyOf(namespaces, 2 * namespaceCount);
    }
    namespaces[namespaceCount++] = index;
    return true;
  }

  private void namespace(Draft draft, int index) {
    AttributesView attributes = draft.attributes;
    draft.out.member(
        attributes.bytes(),
        attributes.keyOffset(index) + NAMESPACE.length,
        attributes.keyLength(index) - NAMESPACE.length);
    json.write(draft.out, attributes.bytes(), attributes.offset(index), attributes.length(index));
  }

  private void otel(Draft draft, boolean nameIsSpansOwn, boolean causeWritten) {
    JsonWriter out = draft.out;
    out.member(OTEL).put('{');
    int empty = out.position();
    var span = draft.span;
    if (!nameIsSpansOwn && span.nameLength() > 0) {
      out.member(NAME).string(span.bytes(), span.nameOffset(), span.nameLength());
    }
    if (!scope.isEmpty()) {
      out.comma();
      out.put(scope);
    }
    boolean told = span.status() == STATUS_ERROR && !causeWritten;
    if (span.messageLength() > 0 && !told && span.messageLength() <= draft.trim.events) {
      out.member(STATUS_MESSAGE).string(span.bytes(), span.messageOffset(), span.messageLength());
    }
    if (span.stateLength() > 0 && span.stateLength() <= draft.trim.events) {
      out.member(TRACE_STATE).string(span.bytes(), span.stateOffset(), span.stateLength());
    }
    if (span.droppedAttributes() != 0) {
      out.member(DROPPED_ATTRIBUTES).number(span.droppedAttributes() & 0xffff_ffffL);
    }
    if (span.droppedEvents() != 0) {
      out.member(DROPPED_EVENTS).number(span.droppedEvents() & 0xffff_ffffL);
    }
    if (span.droppedLinks() != 0) {
      out.member(DROPPED_LINKS).number(span.droppedLinks() & 0xffff_ffffL);
    }
    if (span.events() > 0) events(draft);
    if (out.position() == empty) out.removeEmpty(OTEL);
    else out.put('}');
  }

  private void events(Draft draft) {
    JsonWriter out = draft.out;
    long before = out.size();
    boolean opened = false;
    boolean cut = false;
    for (int i = 0; i < draft.span.events() && !cut; i++) {
      draft.span.event(i, event);
      boolean told = cause.tells(draft, event);
      boolean unread = told && cause.isUnread(i);
      if (told && !unread && !tellsMore(event.attributes())) continue;
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
    draft.trim.eventsTook = out.size() - before;
  }

  /** Whether an exception event has attributes that the cause has no place for. */
  private static boolean tellsMore(AttributesView attributes) {
    for (int i = 0; i < attributes.count(); i++) if (!inCause(attributes.id(i))) return true;
    return false;
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

  private void attributes(JsonWriter out, AttributesView attributes) {
    out.put('{');
    for (int i = 0; i < attributes.count(); i++) {
      out.member(attributes.bytes(), attributes.keyOffset(i), attributes.keyLength(i));
      values.write(out, attributes, i);
    }
    out.put('}');
  }

  // For MetadataCut, which writes the same within a bound

  void resourceAttribute(Draft draft, int index) {
    AttributesView attributes = draft.resource.attributes();
    JsonWriter out = draft.out;
    out.comma();
    out.quote();
    out.text(Resource.PREFIX, 0, Resource.PREFIX.length);
    out.text(attributes.bytes(), attributes.keyOffset(index), attributes.keyLength(index));
    out.quote();
    out.put(':');
    values.write(out, attributes, index);
  }
}
