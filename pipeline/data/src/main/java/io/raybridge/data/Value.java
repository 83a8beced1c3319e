package io.raybridge.data;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The value of an attribute or the body of a log record: OTLP's AnyValue.
 *
 * <p>Values are shared freely and are not to be changed once made; that holds for the array of
 * {@link Bytes} and the map of {@link Kvs} too.
 */
public sealed interface Value {
  /** Text. */
  record Str(String value) implements Value {}

  /** A whole number. */
  record Int(long value) implements Value {}

  /** True or false. */
  record Bool(boolean value) implements Value {
    private static final Bool TRUE = new Bool(true);
    private static final Bool FALSE = new Bool(false);
  }

  /** A floating-point number. */
  record Dbl(double value) implements Value {}

  /** Bytes. */
  // The array is compared by content below; wrapping it would cost an object per value.
  @SuppressWarnings("ArrayRecordComponent")
  record Bytes(byte[] value) implements Value {
    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes bytes && Arrays.equals(value, bytes.value);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
      return "Bytes[value=" + HexFormat.of().formatHex(value) + "]";
    }

    @Override
    public Value copy() {
      return new Bytes(value.clone());
    }
  }

  /** A list. */
  record Arr(List<Value> values) implements Value {
    public Arr {
      values = List.copyOf(values);
    }

    @Override
    public Value copy() {
      return new Arr(values.stream().map(Value::copy).toList());
    }
  }

  /** A map. */
  record Kvs(Attributes entries) implements Value {
    @Override
    public Value copy() {
      return new Kvs(entries.copy());
    }
  }

  /** Nothing: an AnyValue in which no field is set. */
  record Empty() implements Value {
    private static final Empty INSTANCE = new Empty();
  }

  /**
   * A value with something in it that this version does not know.
   *
   * @param known what is understood of it, {@link Empty} for a kind of value that came later
   * @param fields the rest, as protobuf fields of AnyValue, sent on as they came
   */
  // As above.
  @SuppressWarnings("ArrayRecordComponent")
  record Other(Value known, byte[] fields) implements Value {
    @Override
    public boolean equals(Object other) {
      return other instanceof Other o && known.equals(o.known) && Arrays.equals(fields, o.fields);
    }

    @Override
    public int hashCode() {
      return 31 * known.hashCode() + Arrays.hashCode(fields);
    }

    @Override
    public String toString() {
      return "Other[known=" + known + ", fields=" + HexFormat.of().formatHex(fields) + "]";
    }

    @Override
    public Value copy() {
      return new Other(known.copy(), fields);
    }
  }

  /** What this version understands of the value: itself, except for {@link Other}. */
  default Value known() {
    return this instanceof Other other ? other.known : this;
  }

  /** A value of the same content that shares nothing changeable with this one. */
  default Value copy() {
    return this;
  }

  /** A value that was left unset. */
  static Value empty() {
    return Empty.INSTANCE;
  }

  static Value of(String value) {
    return new Str(value);
  }

  static Value of(long value) {
    return new Int(value);
  }

  static Value of(double value) {
    return new Dbl(value);
  }

  static Value of(boolean value) {
    return value ? Bool.TRUE : Bool.FALSE;
  }

  static Value of(byte[] value) {
    return new Bytes(value);
  }

  static Value of(List<Value> values) {
    return new Arr(values);
  }

  static Value of(Attributes entries) {
    return new Kvs(entries);
  }
}
