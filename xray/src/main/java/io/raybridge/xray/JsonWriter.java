package io.raybridge.xray;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Writes JSON as bytes, either plain or as the inside of a JSON string, where each quote and
 * backslash carries the outer string's backslash. Doing both levels in one pass saves the second
 * walk over every document. Text in must be valid UTF-8; what comes out then is valid JSON.
 *
 * <p>A document that grows far past any limit is counted and no longer kept: {@link #size} stays
 * right, the content does not, and memory is bounded.
 */
final class JsonWriter {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BIG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGHS = 0x8080_8080_8080_8080L;
  private static final long LETTERS = ONES * 'a';
  private static final byte[] HEX =
      "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private static final byte[] PAIRS = new byte[200];

  static {
    for (int i = 0; i < 100; i++) {
      PAIRS[2 * i] = (byte) ('0' + i / 10);
      PAIRS[2 * i + 1] = (byte) ('0' + i % 10);
    }
  }

  /** Beyond this many bytes of one document nothing is kept. */
  private static final int KEPT = 256 << 10;

  private static final int SLICE = 32 << 10;

  private static final int TEN_DIGITS = 10;

  private final boolean escaped;
  private byte[] bytes = new byte[0];
  private int position;
  private int start;
  private int extra;
  private long overflow;
  private int longestText = Integer.MAX_VALUE;
  private int markPosition;
  private int markExtra;
  private long markOverflow;
  private long lastSeconds = -1;
  private long lastDigits;
  private short lastTwoDigits;

  JsonWriter(boolean escaped) {
    this.escaped = escaped;
  }

  /** Begins a document (or a part to be cached) at a place of these bytes. */
  void begin(byte[] bytes, int position) {
    this.bytes = bytes;
    this.position = position;
    start = position;
    extra = 0;
    overflow = 0;
    longestText = Integer.MAX_VALUE;
  }

  /** From here on every text is cut to this many bytes, at the end of a character. */
  void cutTextsTo(int longest) {
    longestText = longest;
  }

  byte[] bytes() {
    return bytes;
  }

  int position() {
    return position;
  }

  /** How many bytes of what was written are there only for the outer string. */
  int extra() {
    return extra;
  }

  /** Bytes of the plain form since {@link #begin}. */
  long size() {
    return position - start - extra + overflow;
  }

  /** Whether all that was written is really there. */
  boolean complete() {
    return overflow == 0;
  }

  /** Remembers this place; there is one such place at a time. */
  void mark() {
    markPosition = position;
    markExtra = extra;
    markOverflow = overflow;
  }

  /** Forgets what was written since {@link #mark}. */
  void reset() {
    position = markPosition;
    extra = markExtra;
    overflow = markOverflow;
  }

  void put(Fragment fragment) {
    byte[] from = escaped ? fragment.escaped : fragment.plain;
    reserve(from.length);
    System.arraycopy(from, 0, bytes, position, from.length);
    position += from.length;
    extra += from.length - fragment.plain.length;
  }

  /** What another writer of the same form has written. */
  void put(Cached part) {
    reserve(part.length);
    System.arraycopy(part.bytes, 0, bytes, position, part.length);
    position += part.length;
    extra += part.extra;
    overflow += part.overflow;
  }

  /** A byte of JSON's own that needs no escape in either form. */
  void put(char structural) {
    reserve(1);
    bytes[position++] = (byte) structural;
  }

  /** The quote that stands alone around an escaped document; nothing around a plain one. */
  void outerQuote() {
    if (!escaped) return;
    put('"');
    extra++;
  }

  /** A comma, unless an object or array has just been opened. */
  void comma() {
    byte last = bytes[position - 1];
    if (last != '{' && last != '[') put(',');
  }

  /** Takes back the comma that turned out to have nothing behind it. */
  void takeBackComma() {
    if (bytes[position - 1] == ',') position--;
  }

  /** Takes back a member whose object has just been opened and stays empty. */
  void removeEmpty(Fragment name) {
    position -= (escaped ? name.escaped : name.plain).length + 1;
    extra -= escaped ? name.escaped.length - name.plain.length : 0;
    takeBackComma();
  }

  /** An escape sequence's backslash with the character that follows it, as a JSON text has them. */
  void escape(byte following) {
    reserve(4);
    backslash();
    if (following == '"') {
      if (escaped) outer();
      bytes[position++] = '"';
    } else if (following == '\\') {
      backslash();
    } else {
      bytes[position++] = following;
    }
  }

  /** The next member's name. */
  JsonWriter member(Fragment name) {
    comma();
    put(name);
    return this;
  }

  /** The next member's name, from text. */
  JsonWriter member(byte[] source, int offset, int length) {
    comma();
    quote();
    text(source, offset, length);
    quote();
    put(':');
    return this;
  }

  void string(byte[] source, int offset, int length) {
    quote();
    text(source, offset, length);
    quote();
  }

  /** For short ASCII texts that need no escape. */
  void string(String ascii) {
    quote();
    ascii(ascii);
    quote();
  }

  void quote() {
    reserve(2);
    if (escaped) {
      bytes[position++] = '\\';
      extra++;
    }
    bytes[position++] = '"';
  }

  @SuppressWarnings(
      "deprecation") // getBytes of chars known to be ASCII: the only copy without garbage
  void ascii(String text) {
    int length = text.length();
    reserve(length);
    text.getBytes(0, length, bytes, position);
    position += length;
  }

  /** The inside of a string. */
  void text(byte[] source, int offset, int length) {
    if (length > longestText) length = Utf8.cut(source, offset, longestText);
    for (; length > SLICE; offset += SLICE, length -= SLICE) slice(source, offset, SLICE);
    slice(source, offset, length);
  }

  private void slice(byte[] source, int offset, int length) {
    reserve(length + 8);
    byte[] out = bytes;
    int at = position;
    int end = offset + length;
    while (offset + 8 <= end) {
      long word = (long) LONG.get(source, offset);
      if (needsEscape(word)) {
        position = at;
        for (int i = 0; i < 8; i++) character(source[offset++]);
        reserve(end - offset + 8);
        out = bytes;
        at = position;
      } else {
        LONG.set(out, at, word);
        offset += 8;
        at += 8;
      }
    }
    position = at;
    int rest = end - offset;
    if (rest == 0) return;
    if (offset + 8 <= source.length) {
      // The bytes behind the text are read along and count as letters; what is written of them is
      // written over by whatever comes next.
      long behind = -1L << (8 * rest);
      long word = (long) LONG.get(source, offset);
      if (!needsEscape((word & ~behind) | (LETTERS & behind))) {
        LONG.set(out, at, word);
        position = at + rest;
        return;
      }
    }
    while (offset < end) character(source[offset++]);
  }

  /** Whether any of eight bytes is a control character, a quote or a backslash. */
  private static boolean needsEscape(long word) {
    long control = word - ONES * 0x20;
    long quote = word ^ ONES * '"';
    long backslash = word ^ ONES * '\\';
    return ((control | ((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash))
            & ~word
            & HIGHS)
        != 0;
  }

  /** One byte of a string's inside. */
  void character(byte b) {
    if (b < 0 || (b >= 0x20 && b != '"' && b != '\\')) {
      reserve(1);
      bytes[position++] = b;
      return;
    }
    reserve(8);
    backslash();
    switch (b) {
      case '"' -> {
        if (escaped) outer();
        bytes[position++] = '"';
      }
      case '\\' -> backslash();
      case '\n' -> bytes[position++] = 'n';
      case '\r' -> bytes[position++] = 'r';
      case '\t' -> bytes[position++] = 't';
      default -> {
        bytes[position++] = 'u';
        bytes[position++] = '0';
        bytes[position++] = '0';
        bytes[position++] = HEX[b >> 4];
        bytes[position++] = HEX[b & 15];
      }
    }
  }

  private void backslash() {
    if (escaped) outer();
    bytes[position++] = '\\';
  }

  private void outer() {
    bytes[position++] = '\\';
    extra++;
  }

  void number(long value) {
    if (value < 0) {
      if (value == Long.MIN_VALUE) {
        ascii("-9223372036854775808");
        return;
      }
      put('-');
      value = -value;
    }
    digits(value, digitsOf(value));
  }

  /** JSON has no NaN and no infinities: they become strings. */
  void number(double value) {
    if (!Double.isFinite(value)) {
      string(Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
      return;
    }
    if (Math.abs(value) < 1e9 && decimal(value)) return;
    ascii(Double.toString(value));
  }

  /**
   * Doubles of at most six decimals, which is nearly all that people measure, without the garbage
   * of Double.toString. Exact: the quotient of two integers below 2^53 is the double nearest to the
   * decimal written, and it is compared with the value.
   */
  private boolean decimal(double value) {
    long scale = 1;
    for (int decimals = 0; decimals <= 6; decimals++, scale *= 10) {
      double scaled = Math.rint(value * scale);
      if (scaled / scale != value) continue;
      if (value == 0 && 1 / value < 0) return false;
      long whole = (long) scaled;
      if (whole < 0) {
        put('-');
        whole = -whole;
      }
      number(whole / scale);
      if (decimals > 0) {
        put('.');
        digits(whole % scale, decimals);
      }
      return true;
    }
    return false;
  }

  /** Nanoseconds since 1970 as seconds with six decimals, which is as fine as X-Ray keeps. */
  void seconds(long unsignedNanos) {
    // Division by a number known beforehand is a multiplication, but not that of unsigned ones.
    long micros =
        unsignedNanos >= 0 ? unsignedNanos / 1000 : Long.divideUnsigned(unsignedNanos, 1000);
    long seconds = micros / 1_000_000;
    if (seconds == lastSeconds) {
      reserve(TEN_DIGITS);
      LONG.set(bytes, position, lastDigits);
      SHORT.set(bytes, position + 8, lastTwoDigits);
      position += TEN_DIGITS;
    } else {
      number(seconds);
      remember(seconds);
    }
    put('.');
    digits(micros - seconds * 1_000_000, 6);
  }

  /** Spans of one time come together: most begin and end in the second of the last one. */
  private void remember(long seconds) {
    if (seconds < 1_000_000_000L || seconds >= 10_000_000_000L) return;
    lastSeconds = seconds;
    lastDigits = (long) LONG.get(bytes, position - TEN_DIGITS);
    lastTwoDigits = (short) SHORT.get(bytes, position - 2);
  }

  /** The last eight or sixteen hex digits of a number. */
  void hex(long value, int digits) {
    reserve(16);
    if (digits == 16) {
      BIG.set(bytes, position, eightDigits(value >>> 32));
      position += 8;
    }
    BIG.set(bytes, position, eightDigits(value));
    position += 8;
  }

  /** Spreads 32 bits over eight bytes and makes each a digit, all eight at once. */
  private static long eightDigits(long value) {
    long x = value & 0xffff_ffffL;
    x = (x | x << 16) & 0x0000_ffff_0000_ffffL;
    x = (x | x << 8) & 0x00ff_00ff_00ff_00ffL;
    x = (x | x << 4) & 0x0f0f_0f0f_0f0f_0f0fL;
    long letters = ((x + ONES * 6) >>> 4) & ONES;
    return x + ONES * '0' + letters * ('a' - '0' - 10);
  }

  private void digits(long value, int count) {
    reserve(count);
    int at = position + count;
    position = at;
    while (count >= 2) {
      long rest = value / 100;
      int pair = (int) (value - rest * 100) * 2;
      bytes[--at] = PAIRS[pair + 1];
      bytes[--at] = PAIRS[pair];
      value = rest;
      count -= 2;
    }
    if (count == 1) bytes[--at] = (byte) ('0' + value % 10);
  }

  private static int digitsOf(long value) {
    int digits = 1;
    for (long bound = 10; digits < 19 && value >= bound; bound *= 10) digits++;
    return digits;
  }

  private void reserve(int more) {
    if (position + more > bytes.length) makeRoom(more);
  }

  private void makeRoom(int more) {
    if (position - start > KEPT) {
      overflow += position - start - KEPT / 2;
      position = start + KEPT / 2;
      if (position + more <= bytes.length) return;
    }
    int room = Math.max(position + more, Math.min(bytes.length * 2, start + 2 * KEPT));
    bytes = Arrays.copyOf(bytes, room);
  }

  /** What was written since a place, to be put again later by a writer of the same form. */
  void copyTo(Cached part, int from, int extraBefore) {
    part.length = position - from;
    if (part.bytes.length < part.length) part.bytes = new byte[part.length * 2];
    System.arraycopy(bytes, from, part.bytes, 0, part.length);
    part.extra = extra - extraBefore;
    part.overflow = overflow;
  }

  /** A piece of JSON in one form, kept from document to document. */
  static final class Cached {
    private byte[] bytes = new byte[256];
    private int length;
    private int extra;
    private long overflow;

    boolean isEmpty() {
      return length == 0;
    }

    void clear() {
      length = 0;
      extra = 0;
      overflow = 0;
    }

    /** Bytes of the plain form. */
    long size() {
      return length - extra + overflow;
    }
  }
}
