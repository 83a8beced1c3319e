package io.raybridge.xray;

import io.raybridge.data.view.AnyValueView;
import io.raybridge.data.view.AttributesView;
import java.util.Arrays;

/** Writes attribute values as JSON, arrays and maps to any depth that OTLP's decoder lets pass. */
final class ValueWriter {
  private static final Fragment NULL = Fragment.json("null");
  private static final Fragment TRUE = Fragment.json("true");
  private static final Fragment FALSE = Fragment.json("false");
  private static final byte[] BASE64 =
      Ascii.bytes("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

  /** In larger maps a key that comes twice is written twice: looking for it would cost too much. */
  private static final int LARGEST_CHECKED = 64;

  private AnyValueView[] levels = new AnyValueView[0];
  private final AnyValueView other = new AnyValueView();

  /** Writes an attribute's value, without the password that a URL or connection string may hold. */
  void write(JsonWriter out, AttributesView attributes, int index) {
    int type = attributes.type(index);
    byte[] bytes = attributes.bytes();
    int offset = attributes.offset(index);
    int length = attributes.length(index);
    if (type == AnyValueView.STRING || type == AnyValueView.ARRAY) {
      Secrets.Text text = Secrets.textOf(attributes, index);
      if (text != Secrets.Text.PLAIN) {
        if (type == AnyValueView.STRING) secret(out, text, bytes, offset, length);
        else secrets(out, text, bytes, offset, length);
        return;
      }
    }
    write(out, bytes, type, offset, length, attributes.number(index), 0);
  }

  private static void secret(
      JsonWriter out, Secrets.Text text, byte[] bytes, int offset, int length) {
    out.quote();
    Secrets.write(out, text, bytes, offset, length);
    out.quote();
  }

  /**
   * Writes a list of such texts: of a command's arguments one may be the value of the one before.
   */
  private void secrets(JsonWriter out, Secrets.Text text, byte[] bytes, int offset, int length) {
    AnyValueView value = level(0);
    value.open(bytes, offset, length);
    out.put('[');
    boolean hidden = false;
    while (value.nextElement()) {
      out.comma();
      int at = value.offset();
      int size = value.length();
      if (value.type() != AnyValueView.STRING) {
        write(out, bytes, value.type(), at, size, value.number(), 1);
        hidden = false;
      } else if (hidden) {
        out.quote();
        Secrets.writeStars(out);
        out.quote();
        hidden = false;
      } else {
        secret(out, text, bytes, at, size);
        hidden = Secrets.asksForSecret(bytes, at, size);
      }
    }
    out.put(']');
  }

  private void write(
      JsonWriter out, byte[] bytes, int type, int offset, int length, long number, int depth) {
    switch (type) {
      case AnyValueView.STRING -> out.string(bytes, offset, length);
      case AnyValueView.BOOL -> out.put(number != 0 ? TRUE : FALSE);
      case AnyValueView.INT -> out.number(number);
      case AnyValueView.DOUBLE -> out.number(Double.longBitsToDouble(number));
      case AnyValueView.ARRAY -> array(out, bytes, offset, length, depth);
      case AnyValueView.MAP -> map(out, bytes, offset, length, depth);
      case AnyValueView.BYTES -> base64(out, bytes, offset, length);
      default -> out.put(NULL);
    }
  }

  private void array(JsonWriter out, byte[] bytes, int offset, int length, int depth) {
    AnyValueView value = level(depth);
    value.open(bytes, offset, length);
    out.put('[');
    while (value.nextElement()) {
      out.comma();
      write(out, bytes, value.type(), value.offset(), value.length(), value.number(), depth + 1);
    }
    out.put(']');
  }

  private void map(JsonWriter out, byte[] bytes, int offset, int length, int depth) {
    AnyValueView value = level(depth);
    boolean checked = members(bytes, offset, length) <= LARGEST_CHECKED;
    value.open(bytes, offset, length);
    out.put('{');
    for (int at = 0; value.nextMember(); at++) {
      int key = value.keyOffset();
      int keyLength = value.keyLength();
      if (checked && comesAgain(bytes, offset, length, at, key, keyLength)) continue;
      out.member(bytes, key, keyLength);
      write(out, bytes, value.type(), value.offset(), value.length(), value.number(), depth + 1);
    }
    out.put('}');
  }

  private int members(byte[] bytes, int offset, int length) {
    other.open(bytes, offset, length);
    int members = 0;
    while (members <= LARGEST_CHECKED && other.nextMember()) members++;
    return members;
  }

  /** Whether a later member has the same key: the last one counts. */
  private boolean comesAgain(byte[] bytes, int offset, int length, int at, int key, int keyLength) {
    other.open(bytes, offset, length);
    for (int i = 0; other.nextMember(); i++) {
      if (i > at
          && other.keyLength() == keyLength
          && Arrays.equals(
              bytes,
              key,
              key + keyLength,
              bytes,
              other.keyOffset(),
              other.keyOffset() + keyLength)) {
        return true;
      }
    }
    return false;
  }

  private AnyValueView level(int depth) {
    if (depth >= levels.length) {
      int old = levels.length;
      levels = Arrays.copyOf(levels, depth + 8);
      for (int i = old; i < levels.length; i++) levels[i] = new AnyValueView();
    }
    return levels[depth];
  }

  private static void base64(JsonWriter out, byte[] bytes, int offset, int length) {
    out.quote();
    int end = offset + length;
    for (; offset + 2 < end; offset += 3) {
      int three =
          (bytes[offset] & 255) << 16 | (bytes[offset + 1] & 255) << 8 | (bytes[offset + 2] & 255);
      for (int shift = 18; shift >= 0; shift -= 6) out.put((char) BASE64[three >> shift & 63]);
    }
    if (end - offset == 1) {
      int one = bytes[offset] & 255;
      out.put((char) BASE64[one >> 2]);
      out.put((char) BASE64[one << 4 & 63]);
      out.ascii("==");
    } else if (end - offset == 2) {
      int two = (bytes[offset] & 255) << 8 | (bytes[offset + 1] & 255);
      out.put((char) BASE64[two >> 10]);
      out.put((char) BASE64[two >> 4 & 63]);
      out.put((char) BASE64[two << 2 & 63]);
      out.put('=');
    }
    out.quote();
  }
}
