package io.raybridge.data.view;

/**
 * Goes through the spans of an OTLP ExportTraceServiceRequest that {@code Traces.ofOtlp} has
 * accepted, one view at a time, without making an object of anything.
 *
 * <p>Protobuf allows fields in any order, so each ResourceSpans and ScopeSpans is skimmed for its
 * resource and scope before its first span is handed out.
 */
public final class SpanWalk {
  private static final int RESOURCE = 1 << 3 | 2;
  private static final int SCOPE = 1 << 3 | 2;
  private static final int SPANS = 2 << 3 | 2;
  private static final int SCHEMA_URL = 3 << 3 | 2;

  private final Wire wire = new Wire();
  private final AttributesView resource;
  private final AttributesView scope;
  private final SpanView span;

  private int end;
  private int resourceBegin;
  private int resourceEnd;
  private int scopeBegin;
  private int scopeEnd;
  private int spanOffset;
  private int spanEnd;
  private int resources;
  private int scopes;
  private int resourceOffset;
  private int resourceLength;
  private int resourceSchemaOffset;
  private int resourceSchemaLength;
  private int resourceDroppedAttributes;
  private int scopeSchemaOffset;
  private int scopeSchemaLength;
  private int scopeDroppedAttributes;
  private int scopeNameOffset;
  private int scopeNameLength;
  private int scopeVersionOffset;
  private int scopeVersionLength;

  public SpanWalk(KeyTable keys) {
    resource = new AttributesView(keys);
    scope = new AttributesView(keys);
    span = new SpanView(keys);
  }

  /** Begins at the front of a request. */
  public void start(byte[] request) {
    wire.bytes = request;
    wire.position = 0;
    end = request.length;
    resourceEnd = scopeEnd = 0;
    resources = scopes = 0;
  }

  /** Goes to the next span; false when there is none. */
  public boolean next() {
    while (true) {
      while (wire.position < scopeEnd) {
        int tag = wire.varint();
        if (tag != SPANS) {
          wire.skip(tag);
          continue;
        }
        int length = wire.varint();
        spanOffset = wire.position;
        spanEnd = spanOffset + length;
        wire.position = spanEnd;
        span.read(wire.bytes, spanOffset, spanEnd);
        return true;
      }
      if (!nextScope()) return false;
    }
  }

  private boolean nextScope() {
    while (true) {
      while (wire.position < resourceEnd) {
        int tag = wire.varint();
        if (tag != SPANS) {
          wire.skip(tag);
          continue;
        }
        int length = wire.varint();
        scopeBegin = wire.position;
        scopeEnd = scopeBegin + length;
        scopes++;
        readScope();
        return true;
      }
      if (!nextResource()) return false;
    }
  }

  private boolean nextResource() {
    while (wire.position < end) {
      int tag = wire.varint();
      if (tag != (1 << 3 | 2)) {
        wire.skip(tag);
        continue;
      }
      int length = wire.varint();
      resourceBegin = wire.position;
      resourceEnd = resourceBegin + length;
      resources++;
      readResource();
      return true;
    }
    return false;
  }

  private void readResource() {
    int begin = wire.position;
    resource.clear(wire.bytes);
    resourceOffset = begin;
    resourceLength = 0;
    resourceSchemaOffset = resourceSchemaLength = resourceDroppedAttributes = 0;
    while (wire.position < resourceEnd) {
      int tag = wire.varint();
      if (tag == SCHEMA_URL) {
        resourceSchemaLength = wire.varint();
        resourceSchemaOffset = wire.position;
        wire.position += resourceSchemaLength;
        continue;
      }
      if (tag != RESOURCE) {
        wire.skip(tag);
        continue;
      }
      resourceLength = wire.varint();
      resourceOffset = wire.position;
      int fieldEnd = resourceOffset + resourceLength;
      while (wire.position < fieldEnd) {
        int field = wire.varint();
        if (field == (1 << 3 | 2)) resource.add(wire);
        else if (field == 2 << 3) resourceDroppedAttributes = wire.varint();
        else wire.skip(field);
      }
    }
    wire.position = begin;
  }

  private void readScope() {
    int begin = wire.position;
    scope.clear(wire.bytes);
    scopeNameOffset = scopeVersionOffset = 0;
    scopeNameLength = scopeVersionLength = 0;
    scopeSchemaOffset = scopeSchemaLength = scopeDroppedAttributes = 0;
    while (wire.position < scopeEnd) {
      int tag = wire.varint();
      if (tag == SCHEMA_URL) {
        scopeSchemaLength = wire.varint();
        scopeSchemaOffset = wire.position;
        wire.position += scopeSchemaLength;
        continue;
      }
      if (tag != SCOPE) {
        wire.skip(tag);
        continue;
      }
      int length = wire.varint();
      scopeFields(wire.position + length);
    }
    wire.position = begin;
  }

  private void scopeFields(int fieldEnd) {
    while (wire.position < fieldEnd) {
      int tag = wire.varint();
      switch (tag) {
        case 1 << 3 | 2 -> {
          scopeNameLength = wire.varint();
          scopeNameOffset = wire.position;
          wire.position += scopeNameLength;
        }
        case 2 << 3 | 2 -> {
          scopeVersionLength = wire.varint();
          scopeVersionOffset = wire.position;
          wire.position += scopeVersionLength;
        }
        case 3 << 3 | 2 -> scope.add(wire);
        case 4 << 3 -> scopeDroppedAttributes = wire.varint();
        default -> wire.skip(tag);
      }
    }
  }

  /** The present span; valid until the next call of {@link #next}. */
  public SpanView span() {
    return span;
  }

  public AttributesView resource() {
    return resource;
  }

  public AttributesView scope() {
    return scope;
  }

  /** Counts the ResourceSpans so far: a change says that {@link #resource} is another. */
  public int resources() {
    return resources;
  }

  /** Counts the ScopeSpans so far: a change says that the scope is another. */
  public int scopes() {
    return scopes;
  }

  public byte[] bytes() {
    return wire.bytes;
  }

  /** Where the fields of the present Span message begin. */
  public int spanOffset() {
    return spanOffset;
  }

  public int spanLength() {
    return spanEnd - spanOffset;
  }

  /** Where the fields of the present ResourceSpans begin. */
  public int resourceBegin() {
    return resourceBegin;
  }

  public int resourceEnd() {
    return resourceEnd;
  }

  /** Where the fields of the present ScopeSpans begin. */
  public int scopeBegin() {
    return scopeBegin;
  }

  public int scopeEnd() {
    return scopeEnd;
  }

  /** Where the fields of the (last) Resource message begin. */
  public int resourceOffset() {
    return resourceOffset;
  }

  public int resourceLength() {
    return resourceLength;
  }

  public int resourceSchemaOffset() {
    return resourceSchemaOffset;
  }

  public int resourceSchemaLength() {
    return resourceSchemaLength;
  }

  public int resourceDroppedAttributes() {
    return resourceDroppedAttributes;
  }

  public int scopeSchemaOffset() {
    return scopeSchemaOffset;
  }

  public int scopeSchemaLength() {
    return scopeSchemaLength;
  }

  public int scopeDroppedAttributes() {
    return scopeDroppedAttributes;
  }

  public int scopeNameOffset() {
    return scopeNameOffset;
  }

  public int scopeNameLength() {
    return scopeNameLength;
  }

  public int scopeVersionOffset() {
    return scopeVersionOffset;
  }

  public int scopeVersionLength() {
    return scopeVersionLength;
  }
}
