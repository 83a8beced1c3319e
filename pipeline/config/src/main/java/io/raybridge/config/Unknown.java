package io.raybridge.config;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Words for a key that nobody knows. */
final class Unknown {
  private static final int MOST = 15;
  private static final int DEPTH = 3;

  private Unknown() {}

  /**
   * Says that a key is unknown, with what was probably meant.
   *
   * @param meant takes in the key that was probably meant, so that nobody says it is missing
   */
  static String key(String name, Shape shape, List<String> known, Set<String> meant) {
    String unknown = "unknown key \"" + Printed.name(name) + "\"";
    Optional<String> near = Nearest.of(name, known);
    if (near.isPresent()) {
      meant.add(near.get());
      return unknown + "; did you mean \"" + near.get() + "\"?";
    }
    String deeper = deeper(name, shape, DEPTH);
    if (deeper != null) {
      return unknown + "; did you mean \"" + deeper + "\"?";
    }
    return unknown + " (expected: " + list(known) + ")";
  }

  /** The path to a key of this name in a record further in: the usual mistake of indentation. */
  private static @Nullable String deeper(String name, Shape shape, int depth) {
    for (Shape.Field field : shape.fields()) {
      Form form = field.form() instanceof Form.Maybe(Form inner) ? inner : field.form();
      if (!(form instanceof Form.Nested nested) || depth == 0) {
        continue;
      }
      Shape inside = nested.shape();
      if (inside.fields().stream().anyMatch(f -> f.name().equals(name))) {
        return field.name() + "." + name;
      }
      String below = deeper(name, inside, depth - 1);
      if (below != null) {
        return field.name() + "." + below;
      }
    }
    return null;
  }

  static String list(Collection<String> known) {
    if (known.isEmpty()) {
      return "none";
    }
    String some = String.join(", ", known.stream().limit(MOST).toList());
    return known.size() > MOST ? some + ", ..." : some;
  }
}
