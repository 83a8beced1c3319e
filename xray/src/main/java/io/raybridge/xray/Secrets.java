package io.raybridge.xray;

/**
 * Writes URLs and connection strings without the passwords they may hold: {@code user:password@}
 * goes whole, and the value of {@code password=}, {@code pwd=} and their like becomes {@code ***}.
 */
final class Secrets {
  private static final byte[] SCHEME_END = Ascii.bytes("://");
  private static final byte[] THIN = Ascii.bytes(":thin:");
  private static final byte[] STARS = Ascii.bytes("***");
  private static final byte[][] NAMES = {
    Ascii.bytes("password"),
    Ascii.bytes("passwd"),
    Ascii.bytes("pwd"),
    Ascii.bytes("pass"),
    Ascii.bytes("secret"),
    Ascii.bytes("client_secret"),
    Ascii.bytes("access_token"),
    Ascii.bytes("accesskey"),
    Ascii.bytes("sslpassword"),
    Ascii.bytes("trustpassword"),
    Ascii.bytes("keystorepassword"),
    Ascii.bytes("truststorepassword"),
    Ascii.bytes("awsaccesskeyid"),
    Ascii.bytes("x-amz-signature"),
    Ascii.bytes("x-amz-security-token"),
    Ascii.bytes("x-goog-signature"),
    Ascii.bytes("signature"),
    Ascii.bytes("sig")
  };

  /** By key; those behind {@link Keys#LAST} are the user's own. */
  private static final boolean[] MAY_HOLD = new boolean[Keys.LAST + 1];

  static {
    MAY_HOLD[Keys.DB_CONNECTION_STRING] = true;
    MAY_HOLD[Keys.MESSAGING_URL] = true;
    MAY_HOLD[Keys.HTTP_URL] = true;
    MAY_HOLD[Keys.URL_FULL] = true;
    MAY_HOLD[Keys.URL_ORIGINAL] = true;
    MAY_HOLD[Keys.HTTP_TARGET] = true;
    MAY_HOLD[Keys.URL_QUERY] = true;
  }

  private Secrets() {}

  /** Whether an attribute of this key is one that only this class may write. */
  static boolean mayHold(int key) {
    return key <= Keys.LAST && MAY_HOLD[key];
  }

  /** Whether the attribute of this key says how to reach a server, and is no URL of a web page. */
  static boolean isConnection(int key) {
    return key == Keys.DB_CONNECTION_STRING || key == Keys.MESSAGING_URL;
  }

  /** Writes the inside of a string: a URL, or a part of one. */
  static void write(JsonWriter out, byte[] bytes, int offset, int length) {
    write(out, bytes, offset, length, false);
  }

  /** Writes the inside of a string: how to reach a database. */
  static void writeConnection(JsonWriter out, byte[] bytes, int offset, int length) {
    write(out, bytes, offset, length, true);
  }

  private static void write(
      JsonWriter out, byte[] bytes, int offset, int length, boolean connection) {
    int end = offset + length;
    int suspect = offset;
    while (suspect < end && bytes[suspect] != '@' && bytes[suspect] != '=') suspect++;
    if (suspect == end) {
      out.text(bytes, offset, length);
      return;
    }
    int from = withoutUser(out, bytes, offset, end, connection);
    parameters(out, bytes, from, end);
  }

  /** Writes what stands before a user's name, if there is one; where to go on. */
  private static int withoutUser(
      JsonWriter out, byte[] bytes, int offset, int end, boolean connection) {
    int scheme = Ascii.indexOf(bytes, offset, end, SCHEME_END);
    int thin = scheme < 0 ? Ascii.indexOf(bytes, offset, end, THIN) : -1;
    int begin = offset;
    if (scheme >= 0) begin = scheme + SCHEME_END.length;
    else if (thin >= 0) begin = thin + THIN.length;
    int after =
        thin >= 0
            ? Math.max(begin, Ascii.lastIndexOf(bytes, begin, end, '@') + 1)
            : afterUser(bytes, begin, end, connection);
    if (after == begin) return offset;
    // Without a scheme only user:password@ is surely no address of somebody.
    if (scheme < 0 && thin < 0 && Ascii.indexOf(bytes, begin, after, ':') < 0) return offset;
    out.text(bytes, offset, begin - offset);
    return after;
  }

  /**
   * Where the host begins: behind {@code user:password@}, if that stands at {@code begin}. A
   * password should have its {@code /}, {@code ?} and {@code #} encoded and often has not: in a
   * connection string what stands before the last {@code @} of the path is taken for one, in a URL,
   * whose path may well have an {@code @}, only where what stands behind the colon is no port.
   */
  static int afterUser(byte[] bytes, int begin, int end, boolean connection) {
    int stop = begin;
    while (stop < end && !endsUser(bytes[stop])) stop++;
    int at = Ascii.lastIndexOf(bytes, begin, stop, '@');
    int path = stop;
    while (path < end && !endsPath(bytes[path])) path++;
    if (connection) at = Math.max(at, Ascii.lastIndexOf(bytes, stop, path, '@'));
    if (at < 0 && stop < end && isPassword(bytes, begin, stop)) {
      at = Ascii.lastIndexOf(bytes, stop, end, '@');
    }
    return at < 0 ? begin : at + 1;
  }

  /** Whether these bytes are {@code user:} and the begin of a password, and no host and port. */
  private static boolean isPassword(byte[] bytes, int begin, int stop) {
    if (begin < stop && bytes[begin] == '[') return false;
    int colon = Ascii.indexOf(bytes, begin, stop, ':');
    return colon >= 0 && Ascii.number(bytes, colon + 1, stop - colon - 1) < 0;
  }

  private static boolean endsUser(byte b) {
    return b == '/' || b == '?' || b == '#' || b == ' ';
  }

  private static boolean endsPath(byte b) {
    return b == '?' || b == ';' || b == ',' || b == ' ';
  }

  private static void parameters(JsonWriter out, byte[] bytes, int from, int end) {
    int written = from;
    for (int i = from; i < end; i++) {
      if (bytes[i] != '=' || !named(bytes, from, i)) continue;
      out.text(bytes, written, i + 1 - written);
      out.text(STARS, 0, STARS.length);
      written = i = valueEnd(bytes, i + 1, end);
    }
    if (written < end) out.text(bytes, written, end - written);
  }

  /** Whether the word before this equals sign names a secret. */
  private static boolean named(byte[] bytes, int from, int equals) {
    int end = equals;
    while (end > from && bytes[end - 1] == ' ') end--;
    int begin = end;
    while (begin > from && !delimits(bytes[begin - 1])) begin--;
    for (byte[] name : NAMES) {
      if (Ascii.equalIgnoringCase(bytes, begin, end - begin, name)) return true;
    }
    return false;
  }

  private static boolean delimits(byte b) {
    return b == ';' || b == '&' || b == '?' || b == ',' || b == '(' || (b <= ' ' && b >= 0);
  }

  private static int valueEnd(byte[] bytes, int from, int end) {
    while (from < end && bytes[from] == ' ') from++;
    if (from == end) return end;
    byte quote = bytes[from] == '{' ? (byte) '}' : bytes[from];
    if (quote == '\'' || quote == '"' || quote == '}') {
      int close = Ascii.indexOf(bytes, from + 1, end, (char) quote);
      return close < 0 ? end : close + 1;
    }
    while (from < end && !delimits(bytes[from]) && bytes[from] != ')') from++;
    return from;
  }
}
