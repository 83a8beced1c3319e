package io.raybridge.xray;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks at a document as {@link DocumentScan} does and writes it meanwhile as the inside of a JSON
 * string: one look at each byte, on the way of every datagram. Not safe for two threads.
 *
 * <p>What is written as SDKs write it, with at most one blank behind a colon or a comma, is taken
 * in one walk without calls or fields. Of anything else, wrong or not, the grammar has the last
 * word.
 */
final class DocumentCopy extends DocumentScan {
  /** What {@link #copy} may write beyond what it says it wrote. */
  static final int SLACK = 2 * Long.BYTES;

  private static final VarHandle PAIR =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final short QUOTE = '"' << 8 | '\\';
  private static final byte[] TRUE = Ascii.bytes("true");
  private static final byte[] FALSE = Ascii.bytes("false");
  private static final byte[] NULL = Ascii.bytes("null");

  /** As many objects and arrays in one another as a long has bits for. */
  private static final int DEEP = 62;

  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGH = 0x8080_8080_8080_8080L;

  private byte[] out = new byte[0];
  private int written;
  private int taken;

  /** Where what was written ends. */
  int position() {
    return written;
  }

  /**
   * Writes a document that is one.
   *
   * @param into with room for twice the length from here on, and {@link #SLACK}
   */
  Verdict copy(byte[] json, int offset, int length, byte[] into, int position) {
    if (length > 1 && offset + length + SLACK <= json.length) {
      int end = walk(json, offset, length, into, position);
      if (end >= 0) {
        written = end;
        return Verdict.DOCUMENT;
      }
    }
    out = into;
    written = position;
    taken = offset;
    var verdict = scan(json, offset, length);
    written = between(offset + length);
    return verdict;
  }

  /**
   * Writes a document of the common form and says where it ends; negative for what is not of this
   * form, of which nothing is said. The bytes behind it may be read.
   */
  int walk(byte[] from, int offset, int length, byte[] to, int position) {
    int behind = offset + length;
    start(from, offset, length);
    if (from[offset] != '{') return -1;
    int i = offset + 1;
    int o = position;
    to[o++] = '{';
    // One bit for each object or array around this place, the innermost lowest; set for objects.
    long objects = 1;
    int depth = 0;
    boolean key = true;
    int name = OTHER;
    forget();
    while (i < behind) {
      byte b = from[i];
      if (b == '"') {
        int text = ++i;
        PAIR.set(to, o, QUOTE);
        o += 2;
        while (true) {
          int plain;
          do {
            long one = (long) WORD.get(from, i);
            long two = (long) WORD.get(from, i + Long.BYTES);
            WORD.set(to, o, one);
            WORD.set(to, o + Long.BYTES, two);
            plain = plain(one);
            plain += (plain >>> 3) * plain(two);
            i += plain;
            o += plain;
          } while (plain == 2 * Long.BYTES && i < behind);
          if (i >= behind) return -1;
          b = from[i];
          if (b == '"') break;
          int more = b == '\\' ? escape(i) : character(i);
          if (more == 0) return -1;
          for (int next = i + more; i < next; i++) {
            b = from[i];
            if (b == '\\' || b == '"') to[o++] = '\\';
            to[o++] = b;
          }
        }
        PAIR.set(to, o, QUOTE);
        o += 2;
        i++;
        if (key) {
          if (depth == 0) name = name(from, text, i - 1);
          if (from[i] != ':') return -1;
          to[o++] = ':';
          if (from[++i] == ' ') to[o++] = from[i++];
          key = false;
          continue;
        }
        if (name != OTHER) found(name, text, i - 1);
      } else if (key) {
        return -1;
      } else if (b == '{' || b == '[') {
        to[o++] = b;
        byte close = (byte) (b + 2);
        if (from[++i] != close) {
          if (++depth > DEEP) return -1;
          key = b == '{';
          objects = objects << 1 | (key ? 1 : 0);
          name = OTHER;
          continue;
        }
        to[o++] = close;
        i++;
      } else {
        int next = b <= '9' ? number(from, i) : word(from, i, b);
        // Digits may go on behind the document.
        if (next < 0 || next > behind) return -1;
        for (; i < next; i += Long.BYTES, o += Long.BYTES)
          WORD.set(to, o, (long) WORD.get(from, i));
        o -= i - next;
        i = next;
      }
      name = OTHER;
      while (true) {
        if (i >= behind) return -1;
        b = from[i++];
        to[o++] = b;
        boolean inObject = (objects & 1) != 0;
        if (b == ',') {
          if (from[i] == ' ') to[o++] = from[i++];
          key = inObject;
          break;
        }
        if (b != (inObject ? '}' : ']')) return -1;
        if (depth-- == 0) return i == behind && hasId() ? o : -1;
        objects >>>= 1;
      }
    }
    return -1;
  }

  /** Where the number ends; negative where the grammar is to be asked. */
  private static int number(byte[] json, int at) {
    int whole = json[at] == '-' ? at + 1 : at;
    int i = digits(json, whole);
    if (i == whole || (json[whole] == '0' && i > whole + 1)) return -1;
    if (json[i] == '.') {
      int fraction = i + 1;
      i = digits(json, fraction);
      if (i == fraction) return -1;
    }
    return (json[i] | 0x20) == 'e' ? -1 : i;
  }

  /** Where the digits end, eight of which are looked at in one step. */
  private static int digits(byte[] json, int at) {
    int i = at;
    int last = json.length - SLACK;
    while (i <= last) {
      long value = (long) WORD.get(json, i) ^ ONES * '0';
      long other = (((value & ~HIGH) + ONES * (0x80 - 10)) | value) & HIGH;
      int digits = Long.numberOfTrailingZeros(other) >>> 3;
      i += digits;
      if (digits < Long.BYTES) break;
    }
    return i;
  }

  private int word(byte[] json, int at, byte first) {
    byte[] word = first == 't' ? TRUE : first == 'f' ? FALSE : NULL;
    return Ascii.startsWith(json, at, end - at, word) ? at + word.length : -1;
  }

  /** Writes what stands before or behind a string, of which only white space is to be escaped. */
  private int between(int to) {
    int o = written;
    for (int i = taken; i < to; i++) {
      byte b = json[i];
      if (b < ' ') {
        out[o++] = '\\';
        b = DocumentText.escape(b);
      }
      out[o++] = b;
    }
    return o;
  }

  @Override
  boolean string() {
    int o = between(at);
    byte[] from = json;
    byte[] to = out;
    int last = from.length - Long.BYTES;
    int i = at + 1;
    to[o++] = '\\';
    to[o++] = '"';
    while (i < end) {
      if (i <= last) {
        long word = (long) WORD.get(from, i);
        WORD.set(to, o, word);
        int plain = plain(word);
        i += plain;
        o += plain;
        if (plain == Long.BYTES) continue;
        if (i >= end) return false;
      } else if (plain(from[i])) {
        to[o++] = from[i++];
        continue;
      }
      byte b = from[i];
      if (b == '"') {
        to[o++] = '\\';
        to[o++] = '"';
        at = taken = i + 1;
        written = o;
        return true;
      }
      int more = b == '\\' ? escape(i) : character(i);
      if (more == 0) return false;
      for (int behind = i + more; i < behind; i++) {
        b = from[i];
        if (b == '\\' || b == '"') to[o++] = '\\';
        to[o++] = b;
      }
    }
    return false;
  }

  /**
   * How many bytes from the first on stand for themselves in a JSON string. Eight are looked at in
   * one step: a subtraction leaves the high bit of the first byte that is looked for, and perhaps
   * of later ones, which do not matter. With their second bit turned quotes are the byte behind all
   * control characters.
   */
  private static int plain(long word) {
    long controlOrQuote = (word ^ ONES * 2) - ONES * 0x21;
    long backslash = (word ^ ONES * '\\') - ONES;
    return Long.numberOfTrailingZeros((controlOrQuote | backslash | word) & HIGH) >>> 3;
  }

  private static boolean plain(byte b) {
    return b >= ' ' && b != '"' && b != '\\';
  }
}
