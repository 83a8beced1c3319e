package io.raybridge.api;

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

  /** As the configuration spells it: {@code otlp} or {@code otlp/internal}. */
  @Override
  public String toString() {
    return name.isEmpty() ? type : type + "/" + name;
  }
}
