package io.raybridge.data;

import org.jspecify.annotations.Nullable;

/** One log record or event. Ids are longs, 0 for none; times are nanoseconds since 1970. */
public final class LogRecord {
  long timeUnixNano;
  long observedTimeUnixNano;
  int severityNumber;
  String severityText = "";
  final Attributes attributes;
  int droppedAttributesCount;
  int flags;
  long traceIdHi;
  long traceIdLo;
  long spanId;
  String eventName = "";
  @Nullable Value body;
  @Nullable UnknownFields unknown;

  public LogRecord() {
    this(new Attributes());
  }

  private LogRecord(Attributes attributes) {
    this.attributes = attributes;
  }

  /** When it happened, 0 for unknown. */
  public long timeUnixNano() {
    return timeUnixNano;
  }

  /** Sets when it happened, 0 for unknown. */
  public LogRecord timeUnixNano(long value) {
    timeUnixNano = value;
    return this;
  }

  /** When it was seen by the one who recorded it. */
  public long observedTimeUnixNano() {
    return observedTimeUnixNano;
  }

  /** Sets when it was seen by the one who recorded it. */
  public LogRecord observedTimeUnixNano(long value) {
    observedTimeUnixNano = value;
    return this;
  }

  /** The severity from 1 (TRACE) to 24 (FATAL4), 0 for unknown. */
  public int severityNumber() {
    return severityNumber;
  }

  /** Sets the severity from 1 (TRACE) to 24 (FATAL4), 0 for unknown. */
  public LogRecord severityNumber(int value) {
    severityNumber = value;
    return this;
  }

  /** The severity as the source calls it, or empty. */
  public String severityText() {
    return severityText;
  }

  /** Sets the severity as the source calls it, or empty. */
  public LogRecord severityText(String value) {
    severityText = value;
    return this;
  }

  /** What describes the record. */
  public Attributes attributes() {
    return attributes;
  }

  /** How many attributes the sender left out; unsigned. */
  public int droppedAttributesCount() {
    return droppedAttributesCount;
  }

  /** Sets how many attributes the sender left out; unsigned. */
  public LogRecord droppedAttributesCount(int value) {
    droppedAttributesCount = value;
    return this;
  }

  /** The W3C trace flags. */
  public int flags() {
    return flags;
  }

  /** Sets the W3C trace flags. */
  public LogRecord flags(int value) {
    flags = value;
    return this;
  }

  /** The first 8 bytes of the trace id. */
  public long traceIdHi() {
    return traceIdHi;
  }

  /** Sets the first 8 bytes of the trace id. */
  public LogRecord traceIdHi(long value) {
    traceIdHi = value;
    return this;
  }

  /** The last 8 bytes of the trace id. */
  public long traceIdLo() {
    return traceIdLo;
  }

  /** Sets the last 8 bytes of the trace id. */
  public LogRecord traceIdLo(long value) {
    traceIdLo = value;
    return this;
  }

  /** The span id, 0 for none. */
  public long spanId() {
    return spanId;
  }

  /** Sets the span id, 0 for none. */
  public LogRecord spanId(long value) {
    spanId = value;
    return this;
  }

  /** What kind of event this is; empty for a plain log record. */
  public String eventName() {
    return eventName;
  }

  /** Sets what kind of event this is; empty for a plain log record. */
  public LogRecord eventName(String value) {
    eventName = value;
    return this;
  }

  /** The body; {@link Value.Empty} when there is none. */
  public Value body() {
    return body == null ? Value.empty() : body;
  }

  /** Sets the body. */
  public LogRecord body(Value value) {
    body = value;
    return this;
  }

  /** The trace id in lower-case hex, empty when there is none. */
  public String traceId() {
    return Ids.hex(traceIdHi, traceIdLo);
  }

  /** A deep copy: changing it leaves this one as it is. */
  public LogRecord copy() {
    var copy = new LogRecord(attributes.copy());
    copy.timeUnixNano = timeUnixNano;
    copy.observedTimeUnixNano = observedTimeUnixNano;
    copy.severityNumber = severityNumber;
    copy.severityText = severityText;
    copy.droppedAttributesCount = droppedAttributesCount;
    copy.flags = flags;
    copy.traceIdHi = traceIdHi;
    copy.traceIdLo = traceIdLo;
    copy.spanId = spanId;
    copy.eventName = eventName;
    copy.body = body == null ? null : body.copy();
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
