package io.raybridge.xray;

import io.raybridge.data.view.AttributesView;
import java.util.Arrays;

/**
 * Writes URLs and connection strings without the passwords they may hold: {@code user:password@}
 * goes whole, and the value of {@code password=}, {@code pwd=} and their like becomes {@code ***}.
 * Messages and command lines are searched for such.
 */
final class Secrets {
  private static final byte[] SCHEME_END = Ascii.bytes("://");
  private static final byte[] THIN = Ascii.bytes(":thin:");
  private static final byte[] AT_TCP = Ascii.bytes("@tcp(");
  private static final byte[] AT_UNIX = Ascii.bytes("@unix(");
  private static final byte[] STARS = Ascii.bytes("***");
  private static final byte[][] NAMES = {
    Ascii.bytes("password"),
    Ascii.bytes("passwd"),
    Ascii.bytes("pwd"),
    Ascii.bytes("pass"),
    Ascii.bytes("secret"),
    Ascii.bytes("client_secret"),
    Ascii.bytes("access_token"),
    Ascii.bytes("refresh_token"),
    Ascii.bytes("id_token"),
    Ascii.bytes("token"),
    Ascii.bytes("api_key"),
    Ascii.bytes("api-key"),
    Ascii.bytes("apikey"),
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

  private static final int LONGEST_NAME =
      Arrays.stream(NAMES).mapToInt(name -> name.length).max().orElseThrow();

  /** Longer users and passwords are not looked for in messages: each place would cost as much. */
  private static final int LONGEST_USER = 2048;

  /** What keys of the user's own end with when they hold a URL or how to reach a server. */
  private static final byte[] KEY_URL = Ascii.bytes("url");

  private static final byte[] KEY_URI = Ascii.bytes("uri");
  private static final byte[] KEY_DSN = Ascii.bytes("dsn");
  private static final byte[] KEY_CONNECTION = Ascii.bytes("connection_string");
  private static final byte[] KEY_COMMAND = Ascii.bytes("command_line");
  private static final byte[] KEY_ARGUMENTS = Ascii.bytes("command_args");
  private static final byte[] NO_KEY = {};

  /** What an attribute's text is, as far as secrets are concerned. */
  enum Text {
    PLAIN,
    /** A URL, or a part of one. */
    URL,
    /** How to reach a server, and no URL of a web page. */
    CONNECTION,
    /** Anything in which a URL or an option may stand. */
    MESSAGE
  }

  /** By key; those behind {@link Keys#LAST} are the user's own. */
  private static final Text[] TEXTS = new Text[Keys.LAST + 1];

  static {
    Arrays.fill(TEXTS, Text.PLAIN);
    TEXTS[Keys.DB_CONNECTION_STRING] = Text.CONNECTION;
    TEXTS[Keys.MESSAGING_URL] = Text.CONNECTION;
    TEXTS[Keys.HTTP_URL] = Text.URL;
    TEXTS[Keys.URL_FULL] = Text.URL;
    TEXTS[Keys.URL_ORIGINAL] = Text.URL;
    TEXTS[Keys.HTTP_TARGET] = Text.URL;
    TEXTS[Keys.URL_QUERY] = Text.URL;
    TEXTS[Keys.EXCEPTION_MESSAGE] = Text.MESSAGE;
    TEXTS[Keys.EXCEPTION_STACKTRACE] = Text.MESSAGE;
    TEXTS[Keys.HTTP_STATUS_TEXT] = Text.MESSAGE;
    TEXTS[Keys.AWS_HTTP_ERROR_MESSAGE] = Text.MESSAGE;
  }

  private Secrets() {}

  /** What the text of this attribute is; all but plain ones only this class may write. */
  static Text textOf(AttributesView attributes, int index) {
    int id = attributes.id(index);
    if (id > 0 && id <= Keys.LAST) return TEXTS[id];
    return textOf(attributes.bytes(), attributes.keyOffset(index), attributes.keyLength(index));
  }

  private static Text textOf(byte[] key, int offset, int length) {
    if (length == 0) return Text.PLAIN;
    byte[] end =
        switch (key[offset + length - 1]) {
          case 'l', 'L' -> KEY_URL;
          case 'i', 'I' -> KEY_URI;
          case 'n', 'N' -> KEY_DSN;
          case 'g' -> KEY_CONNECTION;
          case 'e' -> KEY_COMMAND;
          case 's' -> KEY_ARGUMENTS;
          default -> NO_KEY;
        };
    int from = offset + length - end.length;
    boolean ends = from >= offset && Ascii.equalIgnoringCase(key, from, end.length, end);
    return ends && end.length > 0 ? Text.MESSAGE : Text.PLAIN;
  }

  /** Writes the inside of a string. */
  static void write(JsonWriter out, Text text, byte[] bytes, int offset, int length) {
    switch (text) {
      case PLAIN -> out.text(bytes, offset, length);
      case URL -> write(out, bytes, offset, length, false);
      case CONNECTION -> write(out, bytes, offset, length, true);
      case MESSAGE -> writeMessage(out, bytes, offset, length);
    }
  }

  /**
   * Writes the inside of a string in which URLs may stand, and options of a command or a connection
   * string. Only what is surely one is touched, since the rest is for reading.
   */
  static void writeMessage(JsonWriter out, byte[] bytes, int offset, int length) {
    int end = offset + length;
    int written = offset;
    int lastAt = Ascii.lastIndexOf(bytes, offset, end, '@');
    // What is looked through for users' names: more than the text has words is a trap.
    long patience = 4L * length + LONGEST_USER;
    for (int i = offset; i < end; i++) {
      if (patience < 0) {
        out.text(bytes, written, i - written);
        writeStars(out);
        return;
      }
      byte b = bytes[i];
      if (b == ':' && i < lastAt) {
        boolean thin = Ascii.startsWith(bytes, i, end - i, THIN);
        if (!thin && !Ascii.startsWith(bytes, i, end - i, SCHEME_END)) continue;
        int begin = i + (thin ? THIN : SCHEME_END).length;
        int stop = wordEnd(bytes, begin, end);
        patience -= stop - begin;
        int after =
            thin
                ? Ascii.lastIndexOf(bytes, begin, stop, '@') + 1
                : afterUser(bytes, begin, stop, false);
        if (after <= begin) continue;
        out.text(bytes, written, begin - written);
        written = after;
        i = after - 1;
      } else if (b == '@' && isGoAddress(bytes, i, end)) {
        // Go's names of databases: user:password@tcp(host:port)/database
        int begin = wordBegin(bytes, written, i);
        patience -= i - begin;
        if (Ascii.indexOf(bytes, begin, i, ':') < 0) continue;
        out.text(bytes, written, begin - written);
        written = i + 1;
      } else if (b == '=' && isOption(bytes, written, i)) {
        out.text(bytes, written, i + 1 - written);
        out.text(STARS, 0, STARS.length);
        written = messageValueEnd(bytes, i + 1, end);
        i = written - 1;
      } else if (b == '-' && isFlag(bytes, offset, i, end)) {
        int name = i + 2;
        while (name < end && bytes[name] > ' ' && bytes[name] != '=') name++;
        if (name == end || bytes[name] != ' ' || !isOption(bytes, i, name)) continue;
        out.text(bytes, written, name + 1 - written);
        out.text(STARS, 0, STARS.length);
        written = messageValueEnd(bytes, name + 1, end);
        i = written - 1;
      }
    }
    out.text(bytes, written, end - written);
  }

  /** Whether this argument is a flag whose value, the next argument, is a secret. */
  static boolean asksForSecret(byte[] bytes, int offset, int length) {
    return length > 2
        && isFlag(bytes, offset, offset, offset + length)
        && Ascii.indexOf(bytes, offset, offset + length, '=') < 0
        && isOption(bytes, offset, offset + length);
  }

  static void writeStars(JsonWriter out) {
    out.text(STARS, 0, STARS.length);
  }

  private static boolean isFlag(byte[] bytes, int from, int at, int end) {
    return at + 2 < end
        && bytes[at] == '-'
        && bytes[at + 1] == '-'
        && (at == from || bytes[at - 1] == ' ');
  }

  private static boolean isGoAddress(byte[] bytes, int at, int end) {
    return Ascii.startsWith(bytes, at, end - at, AT_TCP)
        || Ascii.startsWith(bytes, at, end - at, AT_UNIX);
  }

  private static int wordBegin(byte[] bytes, int from, int at) {
    int first = Math.max(from, at - LONGEST_USER);
    while (at > first && !endsWord(bytes[at - 1])) at--;
    return at;
  }

  private static int wordEnd(byte[] bytes, int at, int end) {
    int last = Math.min(end, at + LONGEST_USER);
    while (at < last && !endsWord(bytes[at])) at++;
    return at;
  }

  private static boolean endsWord(byte b) {
    return (b <= ' ' && b >= 0) || b == '"' || b == '\'' || b == '<' || b == '>' || b == '`';
  }

  /** Whether the word before this place ends with a secret's name, as db.password does. */
  private static boolean isOption(byte[] bytes, int from, int equals) {
    int begin = equals;
    while (begin > from && isNamePart(bytes[begin - 1])) begin--;
    for (byte[] name : NAMES) {
      int start = equals - name.length;
      if (start < begin || !Ascii.equalIgnoringCase(bytes, start, name.length, name)) continue;
      // Short names are ends of many words.
      if (start == begin || name.length > 4 || !Ascii.letter(bytes[start - 1])) return true;
    }
    return false;
  }

  private static boolean isNamePart(byte b) {
    return Ascii.letter(b) || Ascii.digit(b) || b == '_' || b == '-' || b == '.';
  }

  private static int messageValueEnd(byte[] bytes, int from, int end) {
    if (from < end && (bytes[from] == '\'' || bytes[from] == '"')) {
      int close = Ascii.indexOf(bytes, from + 1, end, (char) bytes[from]);
      return close < 0 ? end : close + 1;
    }
    while (from < end && !endsWord(bytes[from]) && !delimits(bytes[from]) && bytes[from] != ')') {
      from++;
    }
    return from;
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
    if (Ascii.indexOfEither(bytes, offset, end, '@', '=') == end) {
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
    // No further than the longest name: a text of equal signs would be looked through for each.
    int first = Math.max(from, end - LONGEST_NAME - 1);
    while (begin > first && !delimits(bytes[begin - 1])) begin--;
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
