package io.raybridge.config;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replaces {@code ${env:NAME}}, {@code ${env:NAME:-default}}, {@code ${NAME}}, {@code ${file:path}}
 * and {@code ${yaml:text}} by what they stand for, and {@code $$} by {@code $}, as the Go
 * collector's confmap does: a scalar that is nothing but one of them may become any YAML, inside of
 * longer text it becomes text. Keys of mappings are left alone.
 */
final class Substitution {
  private static final int MAX_ROUNDS = 100;
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern OLD_FORM = Pattern.compile("\\$[A-Z_][A-Z0-9_]*");
  private static final Pattern SCHEME = Pattern.compile("(?s)([A-Za-z][A-Za-z0-9+.-]+):(.*)");

  private final Map<String, String> env;
  private final Source source;
  private final Problems problems;
  private final int depth;

  Substitution(Map<String, String> env, Source source, Problems problems) {
    this(env, source, problems, 0);
  }

  private Substitution(Map<String, String> env, Source source, Problems problems, int depth) {
    this.env = env;
    this.source = source;
    this.problems = problems;
    this.depth = depth;
  }

  Tree expand(Tree tree, String path) {
    return switch (tree) {
      case Tree.Text text when text.text().indexOf('$') < 0 -> text;
      case Tree.Text text -> text(text, path);
      case Tree.Expanded expanded -> expanded;
      case Tree.Items items -> {
        List<Tree> values = new ArrayList<>();
        for (Tree item : items.items()) {
          values.add(expand(item, path + "[" + values.size() + "]"));
        }
        yield new Tree.Items(items.place(), values);
      }
      case Tree.Keys keys -> {
        Map<String, Tree.Entry> entries = new LinkedHashMap<>();
        keys.entries()
            .forEach((key, entry) ->
                entries.put(
                    key,
                    new Tree.Entry(
                        entry.place(), key, expand(entry.value(), Binder.join(path, key)))));
        yield new Tree.Keys(keys.place(), entries);
      }
    };
  }

  private Tree text(Tree.Text text, String path) {
    String written = text.text();
    if (OLD_FORM.matcher(written).matches()) {
      problems.warn(
          text.place(),
          path,
          "%s is taken as it stands; did you mean \"${env:%s}\"?"
              .formatted(written, written.substring(1)));
    }
    int end = closing(written, 2);
    if (written.startsWith("${") && end == written.length() - 1) {
      return whole(text, written.substring(2, end), path);
    }
    return new Tree.Text(text.place(), embedded(written, true, text.place(), path), false);
  }

  /** The index of the brace that closes what was opened before a position, or -1. */
  private static int closing(String text, int from) {
    int open = 1;
    for (int i = from; i < text.length(); i++) {
      if (text.startsWith("${", i)) {
        open++;
        i++;
      } else if (text.charAt(i) == '}' && --open == 0) {
        return i;
      }
    }
    return -1;
  }

  private Tree whole(Tree.Text text, String inside, String path) {
    Place place = text.place();
    Reference reference = look(embedded(inside, false, place, path), place, path);
    if (reference.written() && reference.text().isEmpty()) {
      return new Tree.Text(place, "", false);
    }
    if (reference.file() != null) {
      Tree tree = parsed(reference.text(), reference.file());
      return new Tree.Expanded(place, reference.text(), deeper(tree, place, path), null);
    }
    Tree tree = moved(parsed(reference.text(), "value"), place);
    String raw = deeper(reference.text(), place, path);
    return new Tree.Expanded(place, raw, deeper(tree, place, path), reference.unset());
  }

  /** What is no YAML may still be a fine text. */
  private static Tree parsed(String text, String file) {
    Tree tree = YamlReader.read(text, file, new Problems());
    return tree == null ? new Tree.Text(Place.start(file), text, false) : tree;
  }

  /** Values have no place of their own: theirs is where they are used. */
  static Tree moved(Tree tree, Place place) {
    return switch (tree) {
      case Tree.Text text -> new Tree.Text(place, text.text(), text.plain());
      case Tree.Expanded expanded -> expanded;
      case Tree.Items items ->
          new Tree.Items(place, items.items().stream().map(item -> moved(item, place)).toList());
      case Tree.Keys keys -> {
        Map<String, Tree.Entry> entries = new LinkedHashMap<>();
        keys.entries()
            .forEach((key, entry) ->
                entries.put(key, new Tree.Entry(place, key, moved(entry.value(), place))));
        yield new Tree.Keys(place, entries);
      }
    };
  }

  private Tree deeper(Tree tree, Place place, String path) {
    return tooDeep(place, path) ? tree : next().expand(tree, path);
  }

  private String deeper(String text, Place place, String path) {
    return text.contains("${") && !tooDeep(place, path)
        ? next().embedded(text, false, place, path)
        : text;
  }

  private Substitution next() {
    return new Substitution(env, source, problems, depth + 1);
  }

  private boolean tooDeep(Place place, String path) {
    if (depth < MAX_ROUNDS) {
      return false;
    }
    problems.error(place, path, "${...} leads back to itself (expected: an end)");
    return true;
  }

  /**
   * Replaces references inside of text.
   *
   * @param escapes whether two dollar signs make one, which they do only where a user wrote them
   *     into a configuration
   */
  private String embedded(String text, boolean escapes, Place place, String path) {
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      if (text.startsWith("$$", i) && (escapes || text.startsWith("$${", i))) {
        out.append('$');
        i += 2;
        continue;
      }
      int end = text.startsWith("${", i) ? closing(text, i + 2) : -1;
      if (end < 0) {
        out.append(text.charAt(i++));
        continue;
      }
      String inside = embedded(text.substring(i + 2, end), false, place, path);
      out.append(deeper(look(inside, place, path).text(), place, path));
      i = end + 1;
    }
    return out.toString();
  }

  /**
   * What a reference stands for.
   *
   * @param file the file that the text was read from
   * @param unset why there is nothing, when there is nothing
   * @param written by the user as a default, so that an empty text is one and not nothing
   */
  private record Reference(
      String text, @Nullable String file, @Nullable String unset, boolean written) {
    static Reference to(String text) {
      return new Reference(text, null, null, false);
    }
  }

  private Reference look(String inside, Place place, String path) {
    Matcher uri = SCHEME.matcher(inside);
    if (!inside.contains(":")) {
      return variable(inside, place, path);
    }
    if (!uri.matches()) {
      return refuse(inside, "", place, path);
    }
    String rest = uri.group(2);
    return switch (uri.group(1)) {
      case "env" -> variable(rest, place, path);
      case "file" -> file(rest, place, path);
      case "yaml" -> Reference.to(rest);
      default -> {
        boolean forgotten = rest.startsWith("-") && NAME.matcher(uri.group(1)).matches();
        String hint = forgotten ? "; did you mean \"${env:" + Printed.name(inside) + "}\"?" : "";
        yield refuse(inside, hint, place, path);
      }
    };
  }

  private Reference variable(String text, Place place, String path) {
    int colon = text.indexOf(":-");
    String name = colon < 0 ? text : text.substring(0, colon);
    if (!NAME.matcher(name).matches()) {
      return refuse(text, "; did you mean \"$${" + Printed.name(text) + "}\"?", place, path);
    }
    String value = env.get(name);
    if (value != null) {
      return Reference.to(value);
    }
    if (colon >= 0) {
      return new Reference(text.substring(colon + 2), null, null, true);
    }
    String unset =
        "environment variable %s is not set and has no default%s"
            .formatted(name, Nearest.hint(name, env.keySet()));
    problems.warn(place, path, unset);
    return new Reference("", null, unset, false);
  }

  private Reference file(String name, Place place, String path) {
    try {
      String text = source.text(Path.of(name));
      // An editor's last line break is no part of a password.
      String value = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
      return new Reference(value, name, null, false);
    } catch (IOException | InvalidPathException e) {
      String message = "cannot read ${file:%s}: %s".formatted(Printed.name(name), Source.reason(e));
      problems.error(place, path, message);
      return new Reference("", null, message, false);
    }
  }

  private Reference refuse(String inside, String hint, Place place, String path) {
    String message =
        "${%s} (expected: ${env:NAME}, ${env:NAME:-default}, ${file:path} or $${ for a plain ${)%s"
            .formatted(Printed.name(inside), hint);
    problems.error(place, path, message);
    return new Reference("", null, message, false);
  }
}
