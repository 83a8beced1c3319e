package io.raybridge.xray.explain;

import io.raybridge.data.ResourceSpans;
import java.util.List;
import java.util.function.Consumer;

/**
 * One thing that a span says, and ways to have it say something else.
 *
 * @param name as it is called in an explanation
 * @param attribute whether it is an attribute, of whatever
 * @param text its value as text, empty where it has none
 * @param removals ways to take it out of a request that has this span alone
 * @param changes other values for it
 */
record Input(
    String name,
    boolean attribute,
    String text,
    List<Consumer<ResourceSpans>> removals,
    List<Change> changes) {

  /**
   * Another value.
   *
   * @param shows the text by which the new value is known again, wherever it comes out
   */
  record Change(String shows, Consumer<ResourceSpans> apply) {}
}
