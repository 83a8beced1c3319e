package io.raybridge.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A YAML document with the place of everything in it. Scalars are still text. */
sealed interface Tree {
  Place place();

  /**
   * A scalar.
   *
   * @param plain written without quotes and without a tag, so that it may be a number, a truth
   *     value or nothing
   */
  record Text(Place place, String text, boolean plain) implements Tree {}

  record Items(Place place, List<Tree> items) implements Tree {}

  record Keys(Place place, Map<String, Entry> entries) implements Tree {
    @Nullable Tree get(String key) {
      Entry entry = entries.get(key);
      return entry == null ? null : entry.value();
    }
  }

  /**
   * A key with its value.
   *
   * @param place the key's
   */
  record Entry(Place place, String key, Tree value) {}

  /**
   * What a scalar that was nothing but {@code ${...}} became. Where text is wanted it is the raw
   * text; else the YAML that the text is.
   *
   * @param unset says which variable was not set, if that is why this is empty
   */
  record Expanded(Place place, String raw, Tree value, @Nullable String unset) implements Tree {}

  /** Whether this is YAML's null, which counts as not given. */
  default boolean isNull() {
    return switch (this) {
      case Text(Place _, String text, boolean plain) -> plain && CoreSchema.isNull(text);
      case Expanded expanded -> expanded.value().isNull();
      case Items _, Keys _ -> false;
    };
  }

  /** The same without the trace of an expansion. */
  default Tree plainly() {
    return this instanceof Expanded expanded ? expanded.value() : this;
  }
}
