package io.raybridge.xray;

/**
 * Checks JSON that came inside an attribute and writes it on, without white space, into a document:
 * only what every reader takes may pass, since one bad member would cost the whole document.
 */
final class JsonText extends JsonGrammar {
  private static final int DEEPEST = 64;

  JsonText() {
    super(DEEPEST);
  }

  /** Whether this is one JSON object, without lone surrogates and not nested too deep. */
  boolean isObject(byte[] bytes, int offset, int length) {
    start(bytes, offset, length);
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
    start(bytes, offset, length);
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

  @Override
  boolean string() {
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
}
