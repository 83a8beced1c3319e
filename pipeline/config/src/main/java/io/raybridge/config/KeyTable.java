package io.raybridge.config;

import io.raybridge.api.Absent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The keys of a configuration record as a table in Markdown, for the component's README. */
public final class KeyTable {
  private final StringBuilder table = new StringBuilder();
  private final Deque<Class<?>> open = new ArrayDeque<>();

  private KeyTable() {}

  /** The whole table, ending in a line break. A record without keys has a sentence instead. */
  public static String of(Class<? extends Record> type) {
    Shape shape = Shape.of(type);
    if (shape.fields().isEmpty() && shape.allAbsent().isEmpty()) {
      return "It has no keys.\n";
    }
    KeyTable keys = new KeyTable();
    keys.table.append("| Key | Type | Default | Meaning |\n|---|---|---|---|\n");
    keys.rows(shape, "");
    return keys.table.toString();
  }

  private void rows(Shape shape, String prefix) {
    open.push(shape.type());
    for (Shape.Field field : shape.fields()) {
      field(field, prefix);
    }
    shape.allAbsent().forEach((key, absent) -> row(prefix + key, "", "", absent(absent)));
    open.pop();
  }

  private static String absent(Absent absent) {
    return absent.notYet().isEmpty()
        ? "No effect: " + sentence(absent.noEffect())
        : "Not built in yet: " + sentence(absent.notYet());
  }

  private void field(Shape.Field field, String prefix) {
    String name = prefix + field.name();
    row(name, type(field.form(), field), standard(field), meaning(field));
    Form form = field.form() instanceof Form.Maybe(Form inner) ? inner : field.form();
    switch (form) {
      case Form.Nested nested -> nested(nested, name + ".");
      case Form.ListOf(Form.Nested nested) -> nested(nested, name + "[].");
      case Form.MapOf(Form.Nested nested) -> nested(nested, name + ".NAME.");
      default -> {}
    }
  }

  private void nested(Form.Nested nested, String prefix) {
    if (!open.contains(nested.type())) {
      rows(nested.shape(), prefix);
    }
  }

  private static String type(Form form, Shape.Field field) {
    return switch (form) {
      case Form.Scalar scalar ->
          switch (scalar) {
            case TEXT -> "text";
            case SECRET -> "secret text";
            case PATH -> "path";
            case INT, LONG -> "whole number" + Expected.range(field.key());
            case DOUBLE -> "number" + Expected.range(field.key());
            case BOOLEAN -> "`true` or `false`";
            case DURATION -> "duration";
          };
      case Form.Choice choice -> words(choice.printed());
      case Form.ListOf(Form item) ->
          "list of " + (item instanceof Form.Nested ? "mappings" : type(item, field));
      case Form.MapOf(Form value) -> "mapping of names to " + type(value, field);
      case Form.Maybe(Form value) -> type(value, field);
      case Form.Nested _ -> "mapping";
      case Form.Anything _ -> "any";
    };
  }

  private static String words(List<String> words) {
    List<String> quoted = new ArrayList<>();
    words.forEach(word -> quoted.add(code(word)));
    return String.join(", ", quoted);
  }

  private static String standard(Shape.Field field) {
    if (field.hasDefault()) {
      return code(field.key().def());
    }
    return field.required() ? "required" : "";
  }

  private static String code(String text) {
    return text.isEmpty() ? "empty" : "`" + text + "`";
  }

  private static String meaning(Shape.Field field) {
    String doc = field.key().doc();
    if (!field.key().notYet().isEmpty()) {
      return doc + " Not built in yet: " + sentence(field.key().notYet());
    }
    return field.key().noEffect().isEmpty()
        ? doc
        : doc + " No effect: " + sentence(field.key().noEffect());
  }

  private static String sentence(String text) {
    return text.endsWith(".") ? text : text + ".";
  }

  private void row(String key, String type, String standard, String meaning) {
    table
        .append("| `")
        .append(key)
        .append("` | ")
        .append(cell(type))
        .append(" | ")
        .append(cell(standard))
        .append(" | ")
        .append(cell(meaning))
        .append(" |\n");
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace('\n', ' ').strip();
  }
}
