package io.raybridge.data;

/** Which field of the oneof {@code value} is set in a NumberDataPoint or an Exemplar. */
final class NumberType {
  static final byte NONE = 0;
  static final byte DOUBLE = 1;
  static final byte INT = 2;

  private NumberType() {}
}
