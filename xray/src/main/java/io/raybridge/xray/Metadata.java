package io.raybridge.xray;

import io.raybridge.data.view.AnyValueView;
import io.raybridge.data.view.AttributesView;
import java.util.Arrays;

/**
 * Writes the metadata: under {@code default} every attribute that nothing else took, under {@code
 * otel} what {@link OtelMetadata} says, under {@code raybridge} what was changed, and the
 * namespaces that the span itself asks for with {@code aws.xray.metadata.NAMESPACE}.
 */
final class Metadata {
  private static final Fragment METADATA = Fragment.name("metadata");
  private static final Fragment DEFAULT = Fragment.name("default");
  static final String NAMESPACE_PREFIX = "aws.xray.metadata.";
  private static final byte[] NAMESPACE = Ascii.bytes(NAMESPACE_PREFIX);
  private static final byte[] SPAN_PREFIX = Ascii.bytes("span.");
  private static final byte[] DEFAULT_NAME = Ascii.bytes("default");
  private static final byte[] OTEL_NAME = Ascii.bytes("otel");
  private static final byte[] RAYBRIDGE_NAME = Ascii.bytes("raybridge");
  private static final byte[] RESERVED = Ascii.bytes("AWS.");

  private final ValueWriter values;
  private final SqlBlock sql;
  private final OtelMetadata otel;
  private final JsonText json = new JsonText();
  private int[] namespaces = new int[8];
  private int namespaceCount;
  private boolean mergedDefault;

  Metadata(ValueWriter values, SqlBlock sql, OtelMetadata otel) {
    this.values = values;
    this.sql = sql;
    this.otel = otel;
  }

  void write(Draft draft, boolean nameIsSpansOwn, boolean causeWritten) {
    JsonWriter out = draft.out;
    out.member(METADATA).put('{');
    int empty = out.position();
    if (!draft.trim.bones) {
      attributes(draft);
      if (!draft.companion) otel.write(draft, nameIsSpansOwn, causeWritten);
      else otel.writeResource(draft);
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
    if (!sql.writeMasked(draft, index)) values.write(out, attributes, index);
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
