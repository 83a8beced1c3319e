package io.raybridge.config;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/** A YAML syntax error in words that say what to change. */
record SyntaxError(Place place, String message) {
  static SyntaxError explain(YAMLException e, String text, String file) {
    return switch (e) {
      case MarkedYAMLException marked -> explain(marked, text, file);
      case ReaderException reader ->
          new SyntaxError(
              place(text, reader.getPosition(), file),
              "the character U+%04X (expected: printable text)".formatted(reader.getCodePoint()));
      default -> new SyntaxError(Place.start(file), "not valid YAML: " + words(e.getMessage()));
    };
  }

  private static SyntaxError explain(MarkedYAMLException e, String text, String file) {
    Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
    if (mark == null) {
      return new SyntaxError(Place.start(file), "not valid YAML: " + words(e.getProblem()));
    }
    Place place = new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    int tab = tabInIndentation(text, mark.getLine());
    if (tab >= 0) {
      return new SyntaxError(
          new Place(file, place.line(), tab + 1),
          "a tab in the indentation (expected: spaces; YAML allows nothing else there)");
    }
    Mark opened = e.getContextMark();
    if (opened != null && words(e.getContext()).contains("quoted scalar")) {
      return new SyntaxError(
          new Place(file, opened.getLine() + 1, opened.getColumn() + 1),
          "not valid YAML: a quote that is not closed, or closed with something else following");
    }
    return new SyntaxError(place, "not valid YAML: " + words(e.getProblem()) + advice(e));
  }

  /** The column of the first tab before the first other character of a line, or -1. */
  private static int tabInIndentation(String text, int line) {
    String content = text.lines().skip(line).findFirst().orElse("");
    for (int i = 0; i < content.length(); i++) {
      char c = content.charAt(i);
      if (c == '\t') {
        return i;
      }
      if (c != ' ') {
        return -1;
      }
    }
    return -1;
  }

  private static String advice(MarkedYAMLException e) {
    String problem = words(e.getProblem());
    if (problem.startsWith("mapping values are not allowed here")) {
      return " (expected: a space after each colon that ends a key, the same indentation for the keys"
          + " of one mapping, and quotes around a text with \": \" in it)";
    }
    if (problem.startsWith("found character '%'")
        || problem.startsWith("found character '@'")
        || problem.startsWith("found character '`'")) {
      return " (expected: quotes around a text that begins so)";
    }
    if (problem.startsWith("found undefined alias")) {
      return " (expected: an anchor &name further up, or quotes around a text that begins with *)";
    }
    if (problem.startsWith("expected <block end>")) {
      return " (expected: the indentation of the lines above)";
    }
    if (problem.startsWith("expected ',' or") && e.getContextMark() != null) {
      return " (expected: an end of what was opened in line %d)"
          .formatted(e.getContextMark().getLine() + 1);
    }
    if (problem.startsWith("could not find expected ':'")) {
      return " (expected: \"key: value\", with a space after the colon)";
    }
    return "";
  }

  private static String words(@Nullable String message) {
    if (message == null) {
      return "it cannot be read";
    }
    int chatter = message.indexOf(". (Do not use");
    return (chatter < 0 ? message : message.substring(0, chatter)).lines().findFirst().orElse("");
  }

  /** SnakeYAML counts code points where it reads characters. */
  private static Place place(String text, int codePoints, String file) {
    int line = 1;
    int column = 1;
    int end =
        text.offsetByCodePoints(0, Math.min(codePoints, text.codePointCount(0, text.length())));
    for (int i = 0; i < end; i = text.offsetByCodePoints(i, 1)) {
      column++;
      if (text.charAt(i) == '\n') {
        line++;
        column = 1;
      }
    }
    return new Place(file, line, column);
  }
}
