package io.raybridge.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value of which no type is known: String, Long, Double, Boolean, List or Map, and null inside of
 * the latter two.
 */
final class Free {
  private Free() {}

  static Object value(Tree tree) {
    Object value = valueOrNull(tree);
    return value == null ? "" : value;
  }

  private static @Nullable Object valueOrNull(Tree tree) {
    return switch (tree) {
      case Tree.Text text -> text.plain() ? CoreSchema.value(text.text()) : text.text();
      case Tree.Expanded expanded -> valueOrNull(expanded.value());
      case Tree.Items items -> {
        List<@Nullable Object> values = new ArrayList<>();
        items.items().forEach(item -> values.add(valueOrNull(item)));
        yield Collections.unmodifiableList(values);
      }
      case Tree.Keys keys -> {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        keys.entries().forEach((name, entry) -> values.put(name, valueOrNull(entry.value())));
        yield Collections.unmodifiableMap(values);
      }
    };
  }
}
