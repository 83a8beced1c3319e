package io.raybridge.xray;

import io.raybridge.data.view.AnyValueView;
import io.raybridge.data.view.AttributesView;
import io.raybridge.data.view.SpanView;
import java.util.Arrays;

/**
 * The document being made of one span: what is read, what is written to, and which attributes a
 * block has already taken. What no block takes ends as annotation or metadata.
 */
final class Draft {
  final JsonWriter out;
  final Trim trim = new Trim();
  final Notes notes = new Notes();
  final Shape shape = new Shape();
  SpanView span;
  AttributesView attributes;
  Resource resource;

  /** The document is a segment: it says where the service runs. */
  boolean segment;

  /** The document stands for the service above a call that is its first span. */
  boolean companion;

  private static final byte USED = 1;
  private static final byte ANNOTATED = 2;

  private byte[] marks = new byte[64];

  Draft(JsonWriter out, SpanView span, Resource resource) {
    this.out = out;
    this.span = span;
    this.attributes = span.attributes();
    this.resource = resource;
  }

  /** Begins again with all attributes unused. */
  void restart() {
    int count = attributes.count();
    if (marks.length < count) marks = new byte[count * 2];
    else Arrays.fill(marks, 0, count, (byte) 0);
    notes.clear();
  }

  byte[] bytes() {
    return attributes.bytes();
  }

  /** Where an attribute's text begins. */
  int offset(int index) {
    return attributes.offset(index);
  }

  int length(int index) {
    return attributes.length(index);
  }

  boolean has(int key) {
    return attributes.indexOf(key) >= 0;
  }

  /** Where the attribute of this key is, when it is a text that is not empty; else -1. */
  int text(int key) {
    int index = attributes.indexOf(key);
    return index >= 0
            && attributes.type(index) == AnyValueView.STRING
            && attributes.length(index) > 0
        ? index
        : -1;
  }

  /** Where the first of these attributes is that is a text and not empty; else -1. */
  int text(int key, int otherKey) {
    int index = text(key);
    return index >= 0 ? index : text(otherKey);
  }

  /** Whether the attribute of this key is exactly this text. */
  boolean is(int key, byte[] value) {
    int index = attributes.indexOf(key);
    if (index < 0 || attributes.type(index) != AnyValueView.STRING) return false;
    return Ascii.equal(bytes(), attributes.offset(index), attributes.length(index), value);
  }

  /** Whether the attribute of this key is the same text as the one at an index. */
  boolean same(int index, int key) {
    int other = text(key);
    return other >= 0
        && Arrays.equals(
            bytes(),
            offset(index),
            offset(index) + length(index),
            bytes(),
            offset(other),
            offset(other) + length(other));
  }

  /** The whole number that this attribute is, or spells, as some SDKs do; else -1. */
  long number(int index) {
    if (index < 0) return -1;
    return switch (attributes.type(index)) {
      case AnyValueView.INT -> attributes.number(index);
      case AnyValueView.STRING ->
          Ascii.number(bytes(), attributes.offset(index), attributes.length(index));
      default -> -1;
    };
  }

  void use(int index) {
    marks[index] |= USED;
  }

  /** Marks the attribute of this key as taken, if it is there. */
  void useKey(int key) {
    int index = attributes.indexOf(key);
    if (index >= 0) use(index);
  }

  /** Takes the attribute of this key too, if it says the same as the one at an index. */
  void useSame(int index, int key) {
    if (index < 0) return;
    int other = attributes.indexOf(key);
    if (other < 0 || other == index) return;
    boolean same = attributes.type(index) == AnyValueView.STRING && same(index, key);
    if (same || (number(index) >= 0 && number(index) == number(other))) use(other);
  }

  /** Takes the attribute of this key too, if its text is a part of the one at an index. */
  void usePart(int index, int key) {
    int part = text(key);
    if (part < 0) return;
    byte[] bytes = bytes();
    int from = offset(part);
    int to = from + length(part);
    int last = offset(index) + length(index) - length(part);
    for (int at = offset(index); at <= last; at++) {
      if (bytes[at] == bytes[from] && Arrays.equals(bytes, at, at + to - from, bytes, from, to)) {
        use(part);
        return;
      }
    }
  }

  boolean isUsed(int index) {
    return marks[index] != 0;
  }

  void annotated(int index) {
    marks[index] |= ANNOTATED;
  }

  boolean isAnnotated(int index) {
    return (marks[index] & ANNOTATED) != 0;
  }

  /** Writes a member from the first of these attributes that is a text, and takes its like. */
  int member(Fragment name, int key, int otherKey) {
    int index = text(key, otherKey);
    member(name, index);
    useSame(index, otherKey);
    return index;
  }

  /** Writes a member from a text attribute and takes the attribute; nothing for -1. */
  void member(Fragment name, int index) {
    if (index < 0) return;
    out.member(name).string(bytes(), attributes.offset(index), attributes.length(index));
    use(index);
  }
}
