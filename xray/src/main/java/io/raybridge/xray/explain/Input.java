package io.raybridge.xray.explain;

import io.raybridge.data.ResourceSpans;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a span says, and ways to have it say something else.
 *
 * @param name as it is called in an explanation
 * @param attribute whether it is an attribute, of whatever
 * @param key the attribute's key, else empty
 * @param text its value as text, empty where it has none
 * @param removals ways to take it out of a request that has this span alone
 * @param changes other values for it
 * @param nudge another value that takes as much room, or null where there is none
 */
record Input(
    String name,
    boolean attribute,
    String key,
    String text,
    List<Consumer<ResourceSpans>> removals,
    List<Change> changes,
    @Nullable Consumer<ResourceSpans> nudge) {

  /**
   * Another value.
   *
   * @param shows the text by which the new value is known again, wherever it comes out
   */
  record Change(String shows, Consumer<ResourceSpans> apply) {}

  /** Whether it belongs to an event or a link, of which a span may have any number. */
  boolean repeats() {
    return name.startsWith("event ") || name.startsWith("link ");
  }
}
