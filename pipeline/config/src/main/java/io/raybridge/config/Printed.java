package io.raybridge.config;

/** What users wrote, made fit for one line of a message. */
final class Printed {
  private static final int MOST = 60;

  private Printed() {}

  /** The text, cut when long. */
  static String name(String text) {
    return text.codePointCount(0, text.length()) > MOST
        ? text.substring(0, text.offsetByCodePoints(0, MOST)) + "..."
        : text;
  }

  /** The text with control characters and line separators replaced. */
  static String oneLine(String text) {
    StringBuilder printed = new StringBuilder(text.length());
    text.codePoints().map(Printed::printable).forEach(printed::appendCodePoint);
    return printed.toString();
  }

  private static int printable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> '?';
      default -> c;
    };
  }

  /** What stands there in place of what was expected. */
  static String what(Tree tree) {
    return switch (tree) {
      case Tree.Keys _ -> "a mapping";
      case Tree.Items _ -> "a list";
      case Tree.Expanded expanded -> what(expanded.value());
      case Tree.Text text when text.isNull() -> "nothing";
      case Tree.Text text -> '"' + name(text.text()) + '"';
    };
  }
}
