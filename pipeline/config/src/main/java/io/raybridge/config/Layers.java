package io.raybridge.config;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads configurations from where they are and lays one over the other: mappings merge key by key,
 * all else is replaced. Every node keeps the place it came from.
 */
final class Layers {
  private static final Pattern SCHEME = Pattern.compile("(?s)([A-Za-z][A-Za-z0-9+.-]+):(.*)");
  private static final String KEY_DELIMITER = "::";

  private final Map<String, String> env;
  private final Source source;
  private final Problems problems;
  private int texts;

  Layers(Map<String, String> env, Source source, Problems problems) {
    this.env = env;
    this.source = source;
    this.problems = problems;
  }

  /** Empty when nothing could be read, of which the reason is then among the problems. */
  Optional<Tree.Keys> read(List<String> uris, List<String> sets) {
    int before = problems.count();
    Tree.Keys merged = null;
    for (String uri : uris) {
      merged = over(merged, layer(uri));
    }
    for (int i = 0; i < sets.size(); i++) {
      merged = over(merged, set(sets.get(i), i + 1));
    }
    if (merged == null && problems.count() == before) {
      problems.error(
          uris.isEmpty() ? Place.whole("--config") : Place.start(label(uris.getFirst())),
          "",
          "there is no configuration (expected: receivers, exporters and service)");
    }
    // Half of the layers would only give half of the problems, and wrong ones.
    return problems.count() > before ? Optional.empty() : Optional.ofNullable(merged);
  }

  private Tree.@Nullable Keys layer(String uri) {
    Matcher parts = SCHEME.matcher(uri);
    if (!parts.matches()) {
      return file(uri);
    }
    String rest = parts.group(2);
    return switch (parts.group(1)) {
      case "file" -> file(rest);
      case "env" -> variable(rest);
      case "yaml" -> parsed(rest, ++texts == 1 ? "yaml" : "yaml#" + texts);
      case "http", "https", "s3", "secretsmanager" -> {
        problems.error(
            Place.whole(Printed.name(uri)),
            "",
            "reading a configuration over the network is not built in yet (expected: file:path,"
                + " env:NAME or yaml:text)");
        yield null;
      }
      default -> {
        problems.error(
            Place.whole(Printed.name(uri)),
            "",
            "unknown scheme \"%s\" (expected: file:path, a path, env:NAME or yaml:text)"
                .formatted(parts.group(1)));
        yield null;
      }
    };
  }

  private static String label(String uri) {
    return uri.startsWith("yaml:") ? "yaml" : uri.startsWith("file:") ? uri.substring(5) : uri;
  }

  private Tree.@Nullable Keys file(String name) {
    try {
      return parsed(source.text(Path.of(name)), name);
    } catch (IOException | InvalidPathException e) {
      problems.error(Place.whole(name), "", "cannot read the configuration: " + Source.reason(e));
      return null;
    }
  }

  private Tree.@Nullable Keys variable(String name) {
    String text = env.get(name);
    if (text == null) {
      problems.error(
          Place.whole("env:" + Printed.name(name)),
          "",
          "environment variable %s is not set (expected: a configuration in it)%s"
              .formatted(Printed.name(name), Nearest.hint(name, env.keySet())));
      return null;
    }
    return parsed(text, "env:" + name);
  }

  private Tree.@Nullable Keys parsed(String text, String file) {
    problems.file(file);
    Tree tree = YamlReader.read(text, file, problems);
    if (tree == null || tree.isNull()) {
      return null;
    }
    if (!(tree instanceof Tree.Keys keys)) {
      problems.error(
          tree.place(),
          "",
          Printed.what(tree) + " (expected: a mapping with receivers, exporters and service)");
      return null;
    }
    return unfolded(keys);
  }

  /** As in the Go collector, {@code a::b: c} on the top level is short for {@code a: {b: c}}. */
  private static Tree.Keys unfolded(Tree.Keys keys) {
    if (keys.entries().keySet().stream().noneMatch(key -> key.contains(KEY_DELIMITER))) {
      return keys;
    }
    Tree.Keys all = new Tree.Keys(keys.place(), Map.of());
    for (Tree.Entry entry : keys.entries().values()) {
      List<String> path = List.of(entry.key().split(KEY_DELIMITER, -1));
      all = merge(all, nested(path, entry.value(), entry.place()));
    }
    return all;
  }

  private Tree.@Nullable Keys set(String text, int number) {
    problems.file("--set");
    Place start = new Place("--set", number, 1);
    int equals = text.indexOf('=');
    if (equals < 1) {
      problems.error(start, "", "\"%s\" (expected: key.key=value)".formatted(Printed.name(text)));
      return null;
    }
    String keys = text.substring(0, equals).strip().replace(".", KEY_DELIMITER);
    Tree value = YamlReader.read(text.substring(equals + 1).strip(), "--set", problems);
    return value == null
        ? null
        : nested(
            List.of(keys.split(KEY_DELIMITER, -1)),
            Substitution.moved(value, new Place("--set", number, equals + 2)),
            start);
  }

  private static Tree.Keys nested(List<String> path, Tree value, Place place) {
    Tree inner = path.size() == 1 ? value : nested(path.subList(1, path.size()), value, place);
    String key = path.getFirst();
    return new Tree.Keys(place, Map.of(key, new Tree.Entry(place, key, inner)));
  }

  private static Tree.@Nullable Keys over(Tree.@Nullable Keys lower, Tree.@Nullable Keys upper) {
    if (lower == null || upper == null) {
      return upper == null ? lower : upper;
    }
    return merge(lower, upper);
  }

  private static Tree.Keys merge(Tree.Keys lower, Tree.Keys upper) {
    Map<String, Tree.Entry> entries = new LinkedHashMap<>(lower.entries());
    for (Tree.Entry above : upper.entries().values()) {
      Tree.Entry below = entries.get(above.key());
      if (below != null
          && below.value() instanceof Tree.Keys mapping
          && above.value() instanceof Tree.Keys over) {
        entries.put(above.key(), new Tree.Entry(below.place(), above.key(), merge(mapping, over)));
      } else {
        entries.put(above.key(), above);
      }
    }
    return new Tree.Keys(lower.place(), entries);
  }
}
