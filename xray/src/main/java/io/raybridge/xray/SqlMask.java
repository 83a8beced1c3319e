package io.raybridge.xray;

/**
 * Writes an SQL text with {@code ?} for each literal: {@code WHERE id = 7 AND name = 'x'} becomes
 * {@code WHERE id = ? AND name = ?}. Names, placeholders and comments stay. In doubt something is a
 * literal: the text is for reading, and a secret that leaves cannot be called back.
 */
final class SqlMask {
  private byte[] sql = new byte[0];
  private int at;
  private int end;
  private int kept;

  void write(JsonWriter out, SqlSystem dialect, byte[] bytes, int offset, int length) {
    sql = bytes;
    at = kept = offset;
    end = offset + length;
    while (at < end) {
      int begin = at;
      if (!literal(dialect)) continue;
      out.text(sql, kept, begin - kept);
      out.put('?');
      kept = at;
    }
    out.text(sql, kept, end - kept);
  }

  /** Goes behind the next token; whether it was a literal. */
  private boolean literal(SqlSystem dialect) {
    byte b = sql[at];
    if (nameStart(b)) return word(dialect);
    if (Ascii.digit(b)) return number();
    switch (b) {
      case '\'' -> {
        string('\'', dialect == SqlSystem.MYSQL);
        return true;
      }
      case '"' -> {
        string('"', dialect == SqlSystem.MYSQL);
        return dialect == SqlSystem.MYSQL;
      }
      case '`' -> string('`', false);
      case '[' -> {
        if (dialect == SqlSystem.SQL_SERVER) string(']', false);
        else at++;
      }
      case '-' -> comment('-');
      case '/' -> comment('*');
      case '#' -> {
        if (dialect == SqlSystem.MYSQL) line();
        else at++;
      }
      case '$' -> {
        return dollar(dialect);
      }
      // A placeholder: what follows is its name or number.
      case ':', '?', '@', '%' -> {
        at++;
        while (at < end && (namePart(sql[at]) || Ascii.digit(sql[at]))) at++;
      }
      case '.' -> {
        if (at + 1 < end && Ascii.digit(sql[at + 1])) return number();
        at++;
      }
      default -> at++;
    }
    return false;
  }

  /** A name or keyword; or the prefix of a string: N'', E'', B'', X'', U&amp;'', Oracle's q''. */
  private boolean word(SqlSystem dialect) {
    int begin = at;
    while (at < end && (namePart(sql[at]) || Ascii.digit(sql[at]))) at++;
    int length = at - begin;
    if (at == end || length > 2) return false;
    byte first = Ascii.lower(sql[begin]);
    if (sql[at] == '&' && length == 1 && first == 'u' && at + 1 < end && sql[at + 1] == '\'') at++;
    if (sql[at] != '\'') return false;
    byte last = Ascii.lower(sql[at - 1]);
    if (dialect == SqlSystem.ORACLE && last == 'q' && at + 2 < end) {
      oracle();
      return true;
    }
    if (length > 1) return false;
    if (first != 'n' && first != 'e' && first != 'b' && first != 'x' && first != 'u') return false;
    string('\'', first == 'e' || dialect == SqlSystem.MYSQL);
    return true;
  }

  /** {@code q'[it's]'}: ends with the bracket's partner and a quote. */
  private void oracle() {
    byte open = sql[at + 1];
    char close =
        switch (open) {
          case '[' -> ']';
          case '(' -> ')';
          case '{' -> '}';
          case '<' -> '>';
          default -> (char) open;
        };
    for (at += 2; at < end; at++) {
      if (sql[at] == close && at + 1 < end && sql[at + 1] == '\'') {
        at += 2;
        return;
      }
    }
  }

  /** Goes behind the closing quote; a doubled one is no end. */
  private void string(char quote, boolean backslashes) {
    for (at++; at < end; at++) {
      if (backslashes && sql[at] == '\\') {
        at++;
      } else if (sql[at] == quote) {
        if (at + 1 < end && sql[at + 1] == quote) {
          at++;
        } else {
          at++;
          return;
        }
      }
    }
    at = end;
  }

  private boolean number() {
    while (at < end && (Ascii.digit(sql[at]) || namePart(sql[at]) || sql[at] == '.')) {
      boolean exponent = Ascii.lower(sql[at]) == 'e';
      at++;
      if (exponent && at < end && (sql[at] == '-' || sql[at] == '+')) at++;
    }
    return true;
  }

  private void comment(char second) {
    at++;
    if (at == end || sql[at] != second) return;
    if (second == '-') {
      line();
      return;
    }
    for (at++; at + 1 < end; at++) {
      if (sql[at] == '*' && sql[at + 1] == '/') {
        at += 2;
        return;
      }
    }
    at = end;
  }

  private void line() {
    while (at < end && sql[at] != '\n') at++;
  }

  /** {@code $1} is a placeholder; {@code $tag$...$tag$} is PostgreSQL's string. */
  private boolean dollar(SqlSystem dialect) {
    int begin = at++;
    if (at < end && Ascii.digit(sql[at])) {
      while (at < end && Ascii.digit(sql[at])) at++;
      return false;
    }
    if (dialect != SqlSystem.POSTGRESQL) return false;
    int close = at;
    while (close < end && (nameStart(sql[close]) || Ascii.digit(sql[close]))) close++;
    if (close == end || sql[close] != '$') return false;
    int tag = close + 1 - begin;
    for (int i = close + 1; i <= end - tag; i++) {
      if (sql[i] == '$' && java.util.Arrays.equals(sql, begin, begin + tag, sql, i, i + tag)) {
        at = i + tag;
        return true;
      }
    }
    at = end;
    return true;
  }

  private static boolean nameStart(byte b) {
    return b < 0 || b == '_' || Ascii.letter(b);
  }

  private static boolean namePart(byte b) {
    return nameStart(b) || b == '$';
  }
}
