package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One operation of a trace. Ids are longs, 0 for none; times are nanoseconds since 1970. */
public final class Span {
  public static final int KIND_UNSPECIFIED = 0;
  public static final int KIND_INTERNAL = 1;
  public static final int KIND_SERVER = 2;
  public static final int KIND_CLIENT = 3;
  public static final int KIND_PRODUCER = 4;
  public static final int KIND_CONSUMER = 5;

  public static final int STATUS_UNSET = 0;
  public static final int STATUS_OK = 1;
  public static final int STATUS_ERROR = 2;

  long traceIdHi;
  long traceIdLo;
  long spanId;
  long parentSpanId;
  String traceState = "";
  int flags;
  String name = "";
  int kind;
  long startTimeUnixNano;
  long endTimeUnixNano;
  final Attributes attributes;
  int droppedAttributesCount;
  @Nullable List<Event> events;
  int droppedEventsCount;
  @Nullable List<Link> links;
  int droppedLinksCount;
  int statusCode;
  String statusMessage = "";
  boolean statusPresent;
  @Nullable UnknownFields statusUnknown;
  @Nullable UnknownFields unknown;

  public Span() {
    this(new Attributes());
  }

  private Span(Attributes attributes) {
    this.attributes = attributes;
  }

  /** The first 8 bytes of the trace id. */
  public long traceIdHi() {
    return traceIdHi;
  }

  /** Sets the first 8 bytes of the trace id. */
  public Span traceIdHi(long value) {
    traceIdHi = value;
    return this;
  }

  /** The last 8 bytes of the trace id. */
  public long traceIdLo() {
    return traceIdLo;
  }

  /** Sets the last 8 bytes of the trace id. */
  public Span traceIdLo(long value) {
    traceIdLo = value;
    return this;
  }

  /** The span id, 0 for none. */
  public long spanId() {
    return spanId;
  }

  /** Sets the span id, 0 for none. */
  public Span spanId(long value) {
    spanId = value;
    return this;
  }

  /** The parent's span id, 0 for a root. */
  public long parentSpanId() {
    return parentSpanId;
  }

  /** Sets the parent's span id, 0 for a root. */
  public Span parentSpanId(long value) {
    parentSpanId = value;
    return this;
  }

  /** The W3C tracestate, or empty. */
  public String traceState() {
    return traceState;
  }

  /** Sets the W3C tracestate, or empty. */
  public Span traceState(String value) {
    traceState = value;
    return this;
  }

  /** The W3C trace flags and, above them, whether the parent is remote. */
  public int flags() {
    return flags;
  }

  /** Sets the W3C trace flags and, above them, whether the parent is remote. */
  public Span flags(int value) {
    flags = value;
    return this;
  }

  /** The name of the operation. */
  public String name() {
    return name;
  }

  /** Sets the name of the operation. */
  public Span name(String value) {
    name = value;
    return this;
  }

  /** One of the KIND constants, or a later version's number. */
  public int kind() {
    return kind;
  }

  /** Sets one of the KIND constants, or a later version's number. */
  public Span kind(int value) {
    kind = value;
    return this;
  }

  /** When it began. */
  public long startTimeUnixNano() {
    return startTimeUnixNano;
  }

  /** Sets when it began. */
  public Span startTimeUnixNano(long value) {
    startTimeUnixNano = value;
    return this;
  }

  /** When it ended. */
  public long endTimeUnixNano() {
    return endTimeUnixNano;
  }

  /** Sets when it ended. */
  public Span endTimeUnixNano(long value) {
    endTimeUnixNano = value;
    return this;
  }

  /** What describes the operation. */
  public Attributes attributes() {
    return attributes;
  }

  /** How many attributes the sender left out; unsigned. */
  public int droppedAttributesCount() {
    return droppedAttributesCount;
  }

  /** Sets how many attributes the sender left out; unsigned. */
  public Span droppedAttributesCount(int value) {
    droppedAttributesCount = value;
    return this;
  }

  /** What happened during the span. */
  public List<Event> events() {
    if (events == null) events = new ArrayList<>(4);
    return events;
  }

  /** How many events the sender left out; unsigned. */
  public int droppedEventsCount() {
    return droppedEventsCount;
  }

  /** Sets how many events the sender left out; unsigned. */
  public Span droppedEventsCount(int value) {
    droppedEventsCount = value;
    return this;
  }

  /** Other spans that this one is related to. */
  public List<Link> links() {
    if (links == null) links = new ArrayList<>(4);
    return links;
  }

  /** How many links the sender left out; unsigned. */
  public int droppedLinksCount() {
    return droppedLinksCount;
  }

  /** Sets how many links the sender left out; unsigned. */
  public Span droppedLinksCount(int value) {
    droppedLinksCount = value;
    return this;
  }

  /** One of the STATUS constants, or a later version's number. */
  public int statusCode() {
    return statusCode;
  }

  /** Sets one of the STATUS constants, or a later version's number. */
  public Span statusCode(int value) {
    statusCode = value;
    return this;
  }

  /** What the status says to people, or empty. */
  public String statusMessage() {
    return statusMessage;
  }

  /** Sets what the status says to people, or empty. */
  public Span statusMessage(String value) {
    statusMessage = value;
    return this;
  }

  /** How many events there are; cheaper than {@link #events()} where there are none. */
  public int eventCount() {
    return events == null ? 0 : events.size();
  }

  /** How many links there are; cheaper than {@link #links()} where there are none. */
  public int linkCount() {
    return links == null ? 0 : links.size();
  }

  /** The trace id in lower-case hex, empty when there is none. */
  public String traceId() {
    return Ids.hex(traceIdHi, traceIdLo);
  }

  /** A deep copy: changing it leaves this one as it is. */
  public Span copy() {
    var copy = new Span(attributes.copy());
    copy.traceIdHi = traceIdHi;
    copy.traceIdLo = traceIdLo;
    copy.spanId = spanId;
    copy.parentSpanId = parentSpanId;
    copy.traceState = traceState;
    copy.flags = flags;
    copy.name = name;
    copy.kind = kind;
    copy.startTimeUnixNano = startTimeUnixNano;
    copy.endTimeUnixNano = endTimeUnixNano;
    copy.droppedAttributesCount = droppedAttributesCount;
    copy.events = Lists.copy(events, Event::copy);
    copy.droppedEventsCount = droppedEventsCount;
    copy.links = Lists.copy(links, Link::copy);
    copy.droppedLinksCount = droppedLinksCount;
    copy.statusCode = statusCode;
    copy.statusMessage = statusMessage;
    copy.statusPresent = statusPresent;
    copy.statusUnknown = UnknownFields.copy(statusUnknown);
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
