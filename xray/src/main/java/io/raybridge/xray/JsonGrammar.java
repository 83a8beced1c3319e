package io.raybridge.xray;

/**
 * Walks bytes as RFC 8259 says, making nothing of them; what a string may hold is for those who
 * extend it to say. Not safe for two threads.
 */
abstract sealed class JsonGrammar permits DocumentScan, JsonText {
  private static final byte[] TRUE = Ascii.bytes("true");
  private static final byte[] FALSE = Ascii.bytes("false");
  private static final byte[] NULL = Ascii.bytes("null");

  private final int deepest;
  byte[] json = new byte[0];
  int at;
  int end;

  /**
   * @param deepest how many objects and arrays may stand one in another
   */
  JsonGrammar(int deepest) {
    this.deepest = deepest;
  }

  /** Goes to the first byte that is no white space. */
  final void start(byte[] bytes, int offset, int length) {
    json = bytes;
    at = offset;
    end = offset + length;
    space();
  }

  /** Passes the string whose opening quote is here; false when it is none. */
  abstract boolean string();

  /**
   * Told of each member.
   *
   * @param depth of its object; 0 is the outermost
   * @param key where the key's text begins, without the quote
   * @param keyEnd where it ends
   * @param value where the value begins; it ends here
   */
  void member(int depth, int key, int keyEnd, int value) {}

  /** Passes the value here; false when it is none, or one nested too deep. */
  final boolean value(int depth) {
    if (depth > deepest || at == end) return false;
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
      int key = at + 1;
      if (at == end || json[at] != '"' || !string()) return false;
      int keyEnd = at - 1;
      space();
      if (at == end || json[at++] != ':') return false;
      space();
      int value = at;
      if (!value(depth + 1)) return false;
      member(depth, key, keyEnd, value);
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

  final boolean skip() {
    at++;
    return true;
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

  final void space() {
    while (at < end && isSpace(json[at])) at++;
  }

  static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }
}
