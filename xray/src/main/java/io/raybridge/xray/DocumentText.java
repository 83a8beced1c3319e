package io.raybridge.xray;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A document as the inside of a JSON string, which is how it stands in a call, and back. */
final class DocumentText {
  private DocumentText() {}

  /** What stands behind the backslash for a byte of checked JSON that cannot stand alone. */
  static byte escape(byte b) {
    return switch (b) {
      case '\n' -> 'n';
      case '\r' -> 'r';
      case '\t' -> 't';
      default -> b;
    };
  }

  /** The document; null when the text is none that was made of a document. */
  static byte @Nullable [] plain(byte[] text, int from, int to) {
    var plain = new byte[to - from];
    int length = 0;
    for (int i = from; i < to; i++) {
      byte b = text[i];
      if (b == '"' || (b >= 0 && b < 0x20)) return null;
      if (b == '\\') {
        if (++i == to) return null;
        b =
            switch (text[i]) {
              case 'n' -> '\n';
              case 'r' -> '\r';
              case 't' -> '\t';
              case '"', '\\' -> text[i];
              default -> 0;
            };
        if (b == 0) return null;
      }
      plain[length++] = b;
    }
    return Arrays.copyOf(plain, length);
  }
}
