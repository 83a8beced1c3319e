package io.raybridge.config;

/** What users wrote, made fit for one line of a message. */
final class Printed {
  private static final int MOST = 60;

  private Printed() {}

  /** The text, cut when long, control characters replaced. */
  static String name(String text) {
    StringBuilder printed = new StringBuilder();
    text.codePoints()
        .limit(MOST)
        .map(c -> Character.isISOControl(c) ? '?' : c)
        .forEach(printed::appendCodePoint);
    return text.codePointCount(0, text.length()) > MOST ? printed + "..." : printed.toString();
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
