package io.raybridge.xray;

/**
 * Checks JSON that came inside an attribute and writes it on, without white space, into a document:
 * only what every reader takes may pass, since one bad member would cost the whole document.
 */
final class JsonText {
  private static final int DEEPEST = 64;
  private static final byte[] TRUE = Ascii.bytes("true");
  private static final byte[] FALSE = Ascii.bytes("false");
  private static final byte[] NULL = Ascii.bytes("null");

  private byte[] json = new byte[0];
  private int at;
  private int end;

  /** Whether this is one JSON object, without lone surrogates and not nested too deep. */
  boolean isObject(byte[] bytes, int offset, int length) {
    json = bytes;
    at = offset;
    end = offset + length;
    space();
    if (at == end || json[at] != '{' || !value(0)) return false;
    space();
    return at == end;
  }

  /** Writes checked JSON. */
  void write(JsonWriter out, byte[] bytes, int offset, int length) {
    copy(out, bytes, offset, offset + length);
  }

  /**
   * Writes the members of a checked object but those that an attribute of the span or, in a
   * segment, of the resource hides by its key.
   */
  void writeMembers(Draft draft, byte[] bytes, int offset, int length) {
    JsonWriter out = draft.out;
    json = bytes;
    at = offset;
    end = offset + length;
    space();
    at++;
    while (true) {
      space();
      if (json[at] == '}') return;
      if (json[at] == ',') {
        at++;
        continue;
      }
      int key = at;
      string();
      int keyEnd = at;
      space();
      at++;
      space();
      int value = at;
      value(0);
      if (isHidden(draft, bytes, key + 1, keyEnd - key - 2)) continue;
      out.comma();
      copy(out, bytes, key, keyEnd);
      out.put(':');
      copy(out, bytes, value, at);
    }
  }

  private static boolean isHidden(Draft draft, byte[] bytes, int offset, int length) {
    return draft.attributes.find(bytes, offset, length) >= 0
        || (draft.segment && Resource.isPrefixed(bytes, offset, length));
  }

  private static void copy(JsonWriter out, byte[] bytes, int from, int to) {
    boolean inside = false;
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (b == '"') {
        inside = !inside;
        out.quote();
      } else if (b == '\\') {
        out.escape(bytes[++i]);
      } else if (inside || !isSpace(b)) {
        out.put((char) (b & 255));
      }
    }
  }

  private boolean value(int depth) {
    if (depth > DEEPEST || at == end) return false;
    return switch (json[at]) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word(TRUE);
      case 'f' -> word(FALSE);
      case 'n' -> word(NULL);
      default -> number();
    };
  }

  private boolean object(int depth) {
    at++;
    space();
    if (at < end && json[at] == '}') return skip();
    while (true) {
      space();
      if (at == end || json[at] != '"' || !string()) return false;
      space();
      if (at == end || json[at++] != ':') return false;
      space();
      if (!value(depth + 1)) return false;
      space();
      if (at == end) return false;
      if (json[at] == '}') return skip();
      if (json[at++] != ',') return false;
    }
  }

  private boolean array(int depth) {
    at++;
    space();
    if (at < end && json[at] == ']') return skip();
    while (true) {
      space();
      if (!value(depth + 1)) return false;
      space();
      if (at == end) return false;
      if (json[at] == ']') return skip();
      if (json[at++] != ',') return false;
    }
  }

  private boolean skip() {
    at++;
    return true;
  }

  private boolean string() {
    for (at++; at < end; at++) {
      byte b = json[at];
      if (b == '"') return skip();
      if (b >= 0 && b < 0x20) return false;
      if (b == '\\' && !escape()) return false;
    }
    return false;
  }

  private boolean escape() {
    if (++at == end) return false;
    if (json[at] != 'u') return "\"\\/bfnrt".indexOf(json[at]) >= 0;
    int unit = unit();
    if (unit < 0 || Character.isLowSurrogate((char) unit)) return false;
    if (!Character.isHighSurrogate((char) unit)) return true;
    if (at + 2 >= end || json[at + 1] != '\\' || json[at + 2] != 'u') return false;
    at += 2;
    int low = unit();
    return low >= 0 && Character.isLowSurrogate((char) low);
  }

  private int unit() {
    if (at + 4 >= end) return -1;
    int unit = 0;
    for (int i = 1; i <= 4; i++) {
      int digit = Character.digit(json[at + i], 16);
      if (digit < 0) return -1;
      unit = unit << 4 | digit;
    }
    at += 4;
    return unit;
  }

  private boolean word(byte[] word) {
    if (!Ascii.startsWith(json, at, end - at, word)) return false;
    at += word.length;
    return true;
  }

  private boolean number() {
    if (json[at] == '-') at++;
    int whole = at;
    digits();
    if (at == whole || (json[whole] == '0' && at > whole + 1)) return false;
    if (at < end && json[at] == '.') {
      at++;
      int fraction = at;
      digits();
      if (at == fraction) return false;
    }
    if (at < end && (json[at] == 'e' || json[at] == 'E')) {
      at++;
      if (at < end && (json[at] == '+' || json[at] == '-')) at++;
      int exponent = at;
      digits();
      return at > exponent;
    }
    return true;
  }

  private void digits() {
    while (at < end && Ascii.digit(json[at])) at++;
  }

  private void space() {
    while (at < end && isSpace(json[at])) at++;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }
}
