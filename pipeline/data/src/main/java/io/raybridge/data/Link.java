package io.raybridge.data;

import org.jspecify.annotations.Nullable;

/** A relation of a span to another one. */
public final class Link {
  long traceIdHi;
  long traceIdLo;
  long spanId;
  String traceState = "";
  final Attributes attributes;
  int droppedAttributesCount;
  int flags;
  @Nullable UnknownFields unknown;

  public Link() {
    this(new Attributes());
  }

  private Link(Attributes attributes) {
    this.attributes = attributes;
  }

  /** The first 8 bytes of the other trace id. */
  public long traceIdHi() {
    return traceIdHi;
  }

  /** Sets the first 8 bytes of the other trace id. */
  public Link traceIdHi(long value) {
    traceIdHi = value;
    return this;
  }

  /** The last 8 bytes of the other trace id. */
  public long traceIdLo() {
    return traceIdLo;
  }

  /** Sets the last 8 bytes of the other trace id. */
  public Link traceIdLo(long value) {
    traceIdLo = value;
    return this;
  }

  /** The other span id. */
  public long spanId() {
    return spanId;
  }

  /** Sets the other span id. */
  public Link spanId(long value) {
    spanId = value;
    return this;
  }

  /** The W3C tracestate, or empty. */
  public String traceState() {
    return traceState;
  }

  /** Sets the W3C tracestate, or empty. */
  public Link traceState(String value) {
    traceState = value;
    return this;
  }

  /** What describes the relation. */
  public Attributes attributes() {
    return attributes;
  }

  /** How many attributes the sender left out; unsigned. */
  public int droppedAttributesCount() {
    return droppedAttributesCount;
  }

  /** Sets how many attributes the sender left out; unsigned. */
  public Link droppedAttributesCount(int value) {
    droppedAttributesCount = value;
    return this;
  }

  /** The W3C trace flags and, above them, whether the other span is remote. */
  public int flags() {
    return flags;
  }

  /** Sets the W3C trace flags and, above them, whether the other span is remote. */
  public Link flags(int value) {
    flags = value;
    return this;
  }

  /** The trace id in lower-case hex, empty when there is none. */
  public String traceId() {
    return Ids.hex(traceIdHi, traceIdLo);
  }

  /** A deep copy: changing it leaves this one as it is. */
  public Link copy() {
    var copy = new Link(attributes.copy());
    copy.traceIdHi = traceIdHi;
    copy.traceIdLo = traceIdLo;
    copy.spanId = spanId;
    copy.traceState = traceState;
    copy.droppedAttributesCount = droppedAttributesCount;
    copy.flags = flags;
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
