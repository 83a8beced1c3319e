package io.raybridge.xray;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a segment document once without making anything of it: whether it is one JSON object in
 * UTF-8, and what its id and trace id are. Checked JSON can be written into a call without harm to
 * the documents beside it. Not safe for two threads.
 */
sealed class DocumentScan extends JsonGrammar permits DocumentCopy {
  /** What X-Ray's own parser makes of deeper ones nobody knows; SDKs send a tenth of it. */
  private static final int DEEPEST = 200;

  // What a key names.
  static final int OTHER = 0;
  private static final int ID = 1;
  private static final int TRACE = 2;

  static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The bytes of {@code trace_id}. */
  private static final long TRACE_ID = 0x64695f6563617274L;

  /** Bytes that end a run of plain characters in a string. */
  private static final boolean[] SPECIAL = new boolean[256];

  static {
    for (int i = 0; i < 0x20; i++) SPECIAL[i] = true;
    for (int i = 0x80; i < 0x100; i++) SPECIAL[i] = true;
    SPECIAL['"'] = true;
    SPECIAL['\\'] = true;
  }

  private final DocumentIds ids = new DocumentIds();
  private int idFrom;
  private int idTo;
  private int traceFrom;
  private int traceTo;

  DocumentScan() {
    super(DEEPEST);
  }

  /** Whether this is one JSON object with an id that is a text and not empty; names what is not. */
  final Verdict scan(byte[] bytes, int offset, int length) {
    forget();
    start(bytes, offset, length);
    if (at == end || json[at] != '{') {
      at = offset;
      return Verdict.NOT_AN_OBJECT;
    }
    if (!value(0)) return Verdict.NOT_JSON;
    space();
    if (at != end) return Verdict.NOT_JSON;
    return hasId() ? Verdict.DOCUMENT : Verdict.NO_ID;
  }

  final void forget() {
    idFrom = idTo = traceFrom = traceTo = 0;
  }

  final boolean hasId() {
    return idTo > idFrom;
  }

  /** What this key names, of those of the document itself. */
  static int name(byte[] json, int from, int to) {
    if (to - from == 2) return json[from] == 'i' && json[from + 1] == 'd' ? ID : OTHER;
    return to - from == Long.BYTES && (long) WORD.get(json, from) == TRACE_ID ? TRACE : OTHER;
  }

  /** The text of what is named so, but for {@link #OTHER}. */
  final void found(int name, int from, int to) {
    if (name == ID) {
      idFrom = from;
      idTo = to;
    } else if (name == TRACE) {
      traceFrom = from;
      traceTo = to;
    }
  }

  /**
   * Where the values of a JSON array begin and end, in turn; null when this is none, or not JSON to
   * its end.
   */
  final int @Nullable [] elements(byte[] bytes, int offset, int length) {
    start(bytes, offset, length);
    if (at == end || json[at] != '[') return null;
    at++;
    space();
    var places = new int[16];
    int count = 0;
    if (at < end && json[at] == ']') return isLast() ? new int[0] : null;
    while (true) {
      if (count == places.length) places = Arrays.copyOf(places, 2 * count);
      space();
      places[count++] = at;
      if (!value(1)) return null;
      places[count++] = at;
      space();
      if (at == end) return null;
      if (json[at] == ']') return isLast() ? Arrays.copyOf(places, count) : null;
      if (json[at++] != ',') return null;
    }
  }

  /** Whether nothing but white space follows this byte. */
  private boolean isLast() {
    at++;
    space();
    return at == end;
  }

  /** What a look at a document gives. */
  enum Verdict {
    DOCUMENT,
    NOT_AN_OBJECT,
    NOT_JSON,
    NO_ID
  }

  /** The ids of what was scanned. */
  final DocumentIds ids() {
    ids.read(json, idFrom, idTo, traceFrom, traceTo);
    return ids;
  }

  @Override
  final void member(int depth, int key, int keyEnd, int value) {
    if (depth > 0 || json[value] != '"') return;
    found(name(json, key, keyEnd), value + 1, at - 1);
  }

  @Override
  boolean string() {
    byte[] bytes = json;
    int i = at + 1;
    while (true) {
      while (i < end && !SPECIAL[bytes[i] & 255]) i++;
      if (i == end) return false;
      byte b = bytes[i];
      if (b == '"') {
        at = i + 1;
        return true;
      }
      int more = b == '\\' ? escape(i) : character(i);
      if (more == 0) return false;
      i += more;
    }
  }

  /** How many bytes the character here has by the rules of UTF-8; 0 when it is none. */
  final int character(int i) {
    int first = json[i] & 255;
    int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || i + length > end) return 0;
    for (int k = 1; k < length; k++) if ((json[i + k] & 0xc0) != 0x80) return 0;
    int second = json[i + 1] & 255;
    boolean overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
    boolean outside = (first == 0xed && second >= 0xa0) || (first == 0xf4 && second >= 0x90);
    return overlong || outside ? 0 : length;
  }

  /** How long the escape here is; 0 when it is none. */
  final int escape(int i) {
    if (i + 1 == end) return 0;
    if (json[i + 1] != 'u') return "\"\\/bfnrt".indexOf(json[i + 1]) >= 0 ? 2 : 0;
    return i + 5 < end && DocumentIds.areDigits(json, i + 2, 4) ? 6 : 0;
  }
}
