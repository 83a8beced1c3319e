package io.raybridge.api;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Pages on which the collector tells of itself, for people who look for the cause of something. */
public interface Diagnostics {
  /** For where there is no collector around. */
  Diagnostics NONE = (_, _) -> Optional.empty();

  /**
   * A page.
   *
   * @param contentType such as {@code application/json}
   */
  record Page(String contentType, String text) {}

  /**
   * Writes a page as things are now.
   *
   * @param path such as {@code /drops}
   * @param parameters the value of a query parameter, or null without it
   * @return empty where there is no such page
   */
  Optional<Page> page(String path, Function<String, @Nullable String> parameters);

  /**
   * An extension that shows the pages on a port of its own; the collector then does not open its
   * default one.
   */
  interface Shown {}
}
