package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One value of a gauge or a sum. */
public final class NumberPoint {
  final Attributes attributes;
  long startTimeUnixNano;
  long timeUnixNano;
  @Nullable List<Exemplar> exemplars;
  int flags;
  byte type;
  long bits;
  @Nullable UnknownFields unknown;

  public NumberPoint() {
    this(new Attributes());
  }

  private NumberPoint(Attributes attributes) {
    this.attributes = attributes;
  }

  /** What tells this point from the others. */
  public Attributes attributes() {
    return attributes;
  }

  /** When counting began, 0 for unknown. */
  public long startTimeUnixNano() {
    return startTimeUnixNano;
  }

  /** Sets when counting began, 0 for unknown. */
  public NumberPoint startTimeUnixNano(long value) {
    startTimeUnixNano = value;
    return this;
  }

  /** When the value was true. */
  public long timeUnixNano() {
    return timeUnixNano;
  }

  /** Sets when the value was true. */
  public NumberPoint timeUnixNano(long value) {
    timeUnixNano = value;
    return this;
  }

  /** Samples of what was measured. */
  public List<Exemplar> exemplars() {
    if (exemplars == null) exemplars = new ArrayList<>(4);
    return exemplars;
  }

  /** 1 when there is no recorded value. */
  public int flags() {
    return flags;
  }

  /** Sets 1 when there is no recorded value. */
  public NumberPoint flags(int value) {
    flags = value;
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
  public NumberPoint value(long value) {
    type = NumberType.INT;
    bits = value;
    return this;
  }

  /** Sets a floating-point number. */
  public NumberPoint value(double value) {
    type = NumberType.DOUBLE;
    bits = Double.doubleToRawLongBits(value);
    return this;
  }

  /** A deep copy: changing it leaves this one as it is. */
  public NumberPoint copy() {
    var copy = new NumberPoint(attributes.copy());
    copy.startTimeUnixNano = startTimeUnixNano;
    copy.timeUnixNano = timeUnixNano;
    copy.exemplars = Lists.copy(exemplars, Exemplar::copy);
    copy.flags = flags;
    copy.type = type;
    copy.bits = bits;
    copy.unknown = UnknownFields.copy(unknown);
    return copy;
  }
}
