package io.raybridge.data;

import org.jspecify.annotations.Nullable;

/** A sample of what a data point was made of, with the span it was measured in. */
public final class Exemplar {
  final Attributes filteredAttributes;
  long timeUnixNano;
  long traceIdHi;
  long traceIdLo;
  long spanId;
  byte type;
  long bits;
  @Nullable UnknownFields unknown;

  public Exemplar() {
    this(new Attributes());
  }

  private Exemplar(Attributes filteredAttributes) {
    this.filteredAttributes = filteredAttributes;
  }

  /** Attributes of the measurement that the point does not carry. */
  public Attributes filteredAttributes() {
    return filteredAttributes;
  }

  /** When it was measured. */
  public long timeUnixNano() {
    return timeUnixNano;
  }

  /** Sets when it was measured. */
  public Exemplar timeUnixNano(long value) {
    timeUnixNano = value;
    return this;
  }

  /** The first 8 bytes of the trace id. */
  public long traceIdHi() {
    return traceIdHi;
  }

  /** Sets the first 8 bytes of the trace id. */
  public Exemplar traceIdHi(long value) {
    traceIdHi = value;
    return this;
  }

  /** The last 8 bytes of the trace id. */
  public long traceIdLo() {
    return traceIdLo;
  }

  /** Sets the last 8 bytes of the trace id. */
  public Exemplar traceIdLo(long value) {
    traceIdLo = value;
    return this;
  }

  /** The span id, 0 for none. */
  public long spanId() {
    return spanId;
  }

  /** Sets the span id, 0 for none. */
  public Exemplar spanId(long value) {
    spanId = value;
    return this;
  }

  /** The value as a double, whichever way it came; 0 when there is none. */
  public double asDouble() {
    return isInt() ? bits : Double.longBitsToDouble(bits);
  }

  /** The value as a long, rounded when it came as a double; 0 when there is none. */
  public long asLong() {
    return isInt() ? bits : (long) Double.longBitsToDouble(bits);
  }

  /** Whether the value is a whole number. */
  public boolean isInt() {
    return type == NumberType.INT;
  }

  /** Whether there is a value at all. */
  public boolean hasValue() {
    return type != NumberType.NONE;
  }

  /** Sets a whole number. */
  public Exemplar value(long value) {
    type = NumberType.INT;
    bits = value;
    return this;
  }

  /** Sets a floating-point number. */
  public Exemplar value(double value) {
    type = NumberType.DOUBLE;
    bits = Double.doubleToRawLongBits(value);
    return this;
  }

  /** The trace id in lower-case hex, empty when there is none. */
  public String traceId() {
    return Ids.hex(traceIdHi, traceIdLo);
  }

  /** A deep copy: changing it leaves this one as it is. */
  public Exemplar copy() {
    var copy = new Exemplar(filteredAttributes.copy());
    copy.timeUnixNano = timeUnixNano;
    copy.traceIdHi = traceIdHi;
    copy.traceIdLo = traceIdLo;
    copy.spanId = spanId;
    copy.type = type;
    copy.bits = bits;
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
