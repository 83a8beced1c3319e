package io.raybridge.xray;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks at a document as {@link DocumentScan} does and writes it meanwhile as the inside of a JSON
 * string: one look at each byte, on the way of every datagram. Not safe for two threads.
 */
final class DocumentCopy extends DocumentScan {
  /** What {@link #copy} may write beyond what it says it wrote. */
  static final int SLACK = Long.BYTES;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
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
    out = into;
    written = position;
    taken = offset;
    var verdict = scan(json, offset, length);
    written = between(offset + length);
    return verdict;
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
   * one step: the subtractions leave the high bit of the first byte that is looked for, and perhaps
   * of later ones, which do not matter.
   */
  private static int plain(long word) {
    long quote = word ^ ONES * '"';
    long backslash = word ^ ONES * '\\';
    long hit =
        ((quote - ONES) & ~quote)
            | ((backslash - ONES) & ~backslash)
            | ((word - ONES * ' ') & ~word)
            | word;
    return Long.numberOfTrailingZeros(hit & HIGH) >>> 3;
  }

  private static boolean plain(byte b) {
    return b >= ' ' && b != '"' && b != '\\';
  }
}
