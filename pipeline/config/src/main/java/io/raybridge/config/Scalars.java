package io.raybridge.config;

import io.raybridge.api.Key;
import io.raybridge.api.Secret;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads scalars as the type that is wanted, whatever they look like. */
final class Scalars {
  private final Problems problems;

  Scalars(Problems problems) {
    this.problems = problems;
  }

  @Nullable Object read(Form.Scalar form, Tree tree, String path, Key key) {
    boolean text = form == Form.Scalar.TEXT || form == Form.Scalar.SECRET;
    if (text && tree instanceof Tree.Expanded expanded) {
      return form == Form.Scalar.TEXT ? expanded.raw() : new Secret(expanded.raw());
    }
    if (!(tree.plainly() instanceof Tree.Text scalar) || (scalar.isNull() && !text)) {
      problems.error(
          tree.place(), path, Printed.what(tree) + " (expected: " + Expected.of(form, key) + ")");
      return null;
    }
    String written = scalar.isNull() ? "" : scalar.text();
    return switch (form) {
      case TEXT -> written;
      case SECRET -> new Secret(written);
      case PATH -> path(scalar, path);
      case INT -> integer(scalar, path, key, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case LONG -> integer(scalar, path, key, Long.MIN_VALUE, Long.MAX_VALUE);
      case DOUBLE -> number(scalar, path, key);
      case BOOLEAN -> bool(scalar, path);
      case DURATION -> duration(scalar, path);
    };
  }

  @Nullable Object choose(Form.Choice choice, Tree tree, String path) {
    if (!(tree.plainly() instanceof Tree.Text scalar)) {
      problems.error(
          tree.place(),
          path,
          "%s (expected: one of %s)"
              .formatted(Printed.what(tree), String.join(", ", choice.printed())));
      return null;
    }
    Enum<?> exact = choice.constants().get(scalar.text());
    if (exact != null) {
      return exact;
    }
    for (String word : choice.constants().keySet()) {
      if (word.equalsIgnoreCase(scalar.text())) {
        return choice.constants().get(word);
      }
    }
    problems.error(
        scalar.place(),
        path,
        "%s (expected: one of %s)%s"
            .formatted(
                Printed.what(scalar),
                String.join(", ", choice.printed()),
                Nearest.hint(scalar.text(), choice.printed())));
    return null;
  }

  static List<Tree> split(Tree.Text text) {
    List<Tree> parts = new ArrayList<>();
    if (!text.text().isEmpty()) {
      for (String part : text.text().split(",", -1)) {
        parts.add(new Tree.Text(text.place(), part.strip(), text.plain()));
      }
    }
    return parts;
  }

  private @Nullable Object path(Tree.Text scalar, String path) {
    try {
      return Path.of(scalar.text());
    } catch (InvalidPathException e) {
      return wrong(scalar, path, "a path", "");
    }
  }

  private @Nullable Object integer(Tree.Text scalar, String path, Key key, long least, long most) {
    OptionalLong value = CoreSchema.integer(scalar.text());
    if (value.isEmpty() || value.getAsLong() < least || value.getAsLong() > most) {
      return wrong(scalar, path, "a whole number" + Expected.range(key), "");
    }
    long number = value.getAsLong();
    if (number < key.min() || number > key.max()) {
      problems.error(
          scalar.place(), path, number + " is out of range (expected:" + Expected.range(key) + ")");
      return null;
    }
    if (most == Integer.MAX_VALUE) {
      return (int) number;
    }
    return number;
  }

  private @Nullable Object number(Tree.Text scalar, String path, Key key) {
    OptionalDouble value = CoreSchema.number(scalar.text());
    if (value.isEmpty()) {
      return wrong(scalar, path, "a number" + Expected.range(key), "");
    }
    double number = value.getAsDouble();
    boolean below = key.min() != Long.MIN_VALUE && !(number >= key.min());
    boolean above = key.max() != Long.MAX_VALUE && !(number <= key.max());
    if (below || above) {
      problems.error(
          scalar.place(),
          path,
          scalar.text() + " is out of range (expected:" + Expected.range(key) + ")");
      return null;
    }
    return number;
  }

  private @Nullable Object bool(Tree.Text scalar, String path) {
    Boolean value = CoreSchema.bool(scalar.text());
    if (value != null) {
      return value;
    }
    String hint =
        switch (scalar.text()) {
          case "yes", "Yes", "YES", "on", "On", "ON", "y", "1" -> "; did you mean \"true\"?";
          case "no", "No", "NO", "off", "Off", "OFF", "n", "0" -> "; did you mean \"false\"?";
          default -> Nearest.hint(scalar.text(), List.of("true", "false"));
        };
    return wrong(scalar, path, "true or false", hint);
  }

  private @Nullable Object duration(Tree.Text scalar, String path) {
    Optional<Duration> value = GoDuration.parse(scalar.text());
    if (value.isEmpty()) {
      boolean bare = CoreSchema.number(scalar.text()).isPresent();
      boolean spaced = GoDuration.parse(scalar.text().replace(" ", "")).isPresent();
      String hint =
          bare
              ? "; did you mean \"" + scalar.text() + "s\"?"
              : spaced ? "; did you mean \"" + scalar.text().replace(" ", "") + "\"?" : "";
      return wrong(scalar, path, Expected.DURATION, hint);
    }
    if (value.get().isNegative()) {
      return wrong(scalar, path, Expected.DURATION + ", not below 0", "");
    }
    return value.get();
  }

  private @Nullable Object wrong(Tree.Text scalar, String path, String expected, String hint) {
    problems.error(
        scalar.place(), path, Printed.what(scalar) + " (expected: " + expected + ")" + hint);
    return null;
  }
}
