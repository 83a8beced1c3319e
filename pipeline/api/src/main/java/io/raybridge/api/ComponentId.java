package io.raybridge.api;

import org.jspecify.annotations.Nullable;

/**
 * A component's name in a configuration: a type and, after a slash, an optional name.
 *
 * @param type such as {@code otlp}
 * @param name what follows the slash, or empty
 */
public record ComponentId(Kind kind, String type, String name) {
  /** Reads {@code type} or {@code type/name}. */
  public static ComponentId of(Kind kind, String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? new ComponentId(kind, text, "")
        : new ComponentId(kind, text.substring(0, slash), text.substring(slash + 1));
  }

  // Written out, as in other records that a start compares: the JVM makes a record's own when it is
  // first called, and the first of all takes 8 ms.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ComponentId id
        && kind == id.kind
        && type.equals(id.type)
        && name.equals(id.name);
  }

  @Override
  public int hashCode() {
    return type.hashCode() * 31 + name.hashCode();
  }

  /** As the configuration spells it: {@code otlp} or {@code otlp/internal}. */
  @Override
  public String toString() {
    return name.isEmpty() ? type : type + "/" + name;
  }
}
