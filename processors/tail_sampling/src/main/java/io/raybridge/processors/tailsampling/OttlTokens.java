package io.raybridge.processors.tailsampling;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words, texts, numbers and signs of a condition, one after the other. */
final class OttlTokens {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<text>\"(?:[^\"\\\\]|\\\\.)*+\")"
              + "|(?<number>\\d++(?:\\.\\d++)?(?:[eE][+-]?\\d++)?)|(?<sign>==|!=|<=|>=|[<>()\\[\\].,+-]))");
  private static final Pattern DURATION_PART =
      Pattern.compile("(\\d++(?:\\.\\d++)?)(ns|us|ms|s|m|h)");

  private enum Kind {
    WORD,
    TEXT,
    NUMBER,
    SIGN,
    END
  }

  private record Token(Kind kind, String text, int at) {}

  private final List<Token> tokens = new ArrayList<>();
  private int next;

  OttlTokens(String text) throws OttlException {
    var matcher = TOKEN.matcher(text);
    int at = 0;
    while (at < text.length() && matcher.region(at, text.length()).lookingAt()) {
      tokens.add(token(matcher));
      at = matcher.end();
    }
    if (!text.substring(at).isBlank()) {
      while (Character.isWhitespace(text.charAt(at))) at++;
      throw new OttlException(
          at,
          "\""
              + text.charAt(at)
              + "\" (expected: a text in double quotes, a number, a path, a sign)");
    }
    tokens.add(new Token(Kind.END, "the end", text.length()));
  }

  private static Token token(Matcher found) {
    for (var kind : List.of(Kind.WORD, Kind.TEXT, Kind.NUMBER, Kind.SIGN)) {
      var group = kind.name().toLowerCase(java.util.Locale.ROOT);
      var text = found.group(group);
      if (text != null) return new Token(kind, text, found.start(group));
    }
    throw new IllegalStateException("no group of " + found.pattern());
  }

  /** Where the next token stands, from 0. */
  int position() {
    return tokens.get(next).at();
  }

  boolean atEnd() {
    return tokens.get(next).kind() == Kind.END;
  }

  /** Takes a word or a sign, if it comes next. */
  boolean take(String token) {
    var found = tokens.get(next);
    boolean taken =
        (found.kind() == Kind.WORD || found.kind() == Kind.SIGN) && found.text().equals(token);
    if (taken) next++;
    return taken;
  }

  void expect(String token) throws OttlException {
    if (!take(token)) throw unexpected(token);
  }

  /** What comes next is not what may come. */
  OttlException unexpected(String expected) {
    var found = tokens.get(next);
    return new OttlException(found.at(), found.text() + " (expected: " + expected + ")");
  }

  boolean isWord() {
    return tokens.get(next).kind() == Kind.WORD;
  }

  String word() {
    return tokens.get(next++).text();
  }

  boolean isText() {
    return tokens.get(next).kind() == Kind.TEXT;
  }

  /** The text that comes next, without its quotes. */
  String text() throws OttlException {
    var token = tokens.get(next++);
    var text = new StringBuilder();
    for (int i = 1; i < token.text().length() - 1; i++) {
      char c = token.text().charAt(i);
      text.append(c == '\\' ? escaped(token.text().charAt(++i), token.at() + i) : c);
    }
    return text.toString();
  }

  private static char escaped(char c, int at) throws OttlException {
    return switch (c) {
      case '"', '\\' -> c;
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      default ->
          throw new OttlException(
              at, "\\" + c + " (expected: \\\", \\\\, \\n, \\t or \\r; a backslash is \\\\)");
    };
  }

  boolean isNumber() {
    return tokens.get(next).kind() == Kind.NUMBER;
  }

  /** The number that comes next: a Long, or a Double if it has a point or an exponent. */
  Number number() throws OttlException {
    var token = tokens.get(next++);
    try {
      return token.text().chars().allMatch(c -> c >= '0' && c <= '9')
          ? (Number) Long.valueOf(token.text())
          : (Number) Double.valueOf(token.text());
    } catch (NumberFormatException _) {
      throw new OttlException(token.at(), token.text() + " (expected: a number of 64 bits)");
    }
  }

  /** A duration as Go writes it: {@code 1m30s}. */
  static long nanos(String duration, int at) throws OttlException {
    var parts = DURATION_PART.matcher(duration);
    double nanos = 0;
    int end = 0;
    while (end < duration.length() && parts.region(end, duration.length()).lookingAt()) {
      double unit =
          switch (parts.group(2)) {
            case "ns" -> 1;
            case "us" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            default -> 3600e9;
          };
      nanos += Double.parseDouble(parts.group(1)) * unit;
      end = parts.end();
    }
    if (end == 0 || end < duration.length()) {
      throw new OttlException(at, "\"" + duration + "\" (expected: a duration such as \"1m30s\")");
    }
    return Math.round(nanos);
  }
}
