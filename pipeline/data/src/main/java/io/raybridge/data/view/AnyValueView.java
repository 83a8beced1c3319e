package io.raybridge.data.view;

/**
 * One OTLP AnyValue inside bytes: its type, and either its number or the place of its text or
 * members. Reused from value to value.
 */
public final class AnyValueView {
  /** The types, numbered like the fields of AnyValue in OTLP's common.proto. */
  public static final int EMPTY = 0, STRING = 1, BOOL = 2, INT = 3, DOUBLE = 4;

  public static final int ARRAY = 5, MAP = 6, BYTES = 7;

  private final Wire wire = new Wire();
  private int type;
  private int offset;
  private int length;
  private long number;

  private int next;
  private int membersEnd;
  private int keyOffset;
  private int keyLength;

  /** Reads the AnyValue whose fields lie from offset to end. */
  public void read(byte[] bytes, int offset, int end) {
    wire.bytes = bytes;
    wire.position = offset;
    read(wire, end);
  }

  void clear() {
    type = EMPTY;
    offset = 0;
    length = 0;
    number = 0;
  }

  void read(Wire in, int end) {
    clear();
    while (in.position < end) {
      int tag = in.varint();
      switch (tag) {
        case STRING << 3 | 2, ARRAY << 3 | 2, MAP << 3 | 2, BYTES << 3 | 2 -> {
          type = tag >>> 3;
          length = in.varint();
          offset = in.position;
          in.position += length;
        }
        case BOOL << 3, INT << 3 -> {
          type = tag >>> 3;
          number = in.varlong();
        }
        case DOUBLE << 3 | 1 -> {
          type = DOUBLE;
          number = in.fixed64();
        }
        default -> in.skip(tag);
      }
    }
  }

  /** Starts on the elements of an array, or on the members of a map, that lie in these bytes. */
  public void open(byte[] bytes, int offset, int length) {
    wire.bytes = bytes;
    next = offset;
    membersEnd = offset + length;
  }

  /** Reads the next element of an array; false when there is none. */
  public boolean nextElement() {
    wire.position = next;
    while (wire.position < membersEnd) {
      int tag = wire.varint();
      if (tag == (1 << 3 | 2)) {
        int length = wire.varint();
        next = wire.position + length;
        read(wire, next);
        return true;
      }
      wire.skip(tag);
    }
    next = membersEnd;
    return false;
  }

  /** Reads the next member of a map, key and value; false when there is none. */
  public boolean nextMember() {
    wire.position = next;
    while (wire.position < membersEnd) {
      int tag = wire.varint();
      if (tag == (1 << 3 | 2)) {
        int length = wire.varint();
        next = wire.position + length;
        member(next);
        return true;
      }
      wire.skip(tag);
    }
    next = membersEnd;
    return false;
  }

  private void member(int end) {
    keyOffset = wire.position;
    keyLength = 0;
    clear();
    while (wire.position < end) {
      int tag = wire.varint();
      switch (tag) {
        case 1 << 3 | 2 -> {
          keyLength = wire.varint();
          keyOffset = wire.position;
          wire.position += keyLength;
        }
        case 2 << 3 | 2 -> {
          int length = wire.varint();
          read(wire, wire.position + length);
        }
        default -> wire.skip(tag);
      }
    }
  }

  public int type() {
    return type;
  }

  /** Where the text, the bytes, the elements or the members begin. */
  public int offset() {
    return offset;
  }

  public int length() {
    return length;
  }

  /** An int's value, a bool's 0 or 1, the bits of a double. */
  public long number() {
    return number;
  }

  public int keyOffset() {
    return keyOffset;
  }

  public int keyLength() {
    return keyLength;
  }
}
