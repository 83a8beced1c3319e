package io.raybridge.processors.attributes;

import io.raybridge.data.Attributes;
import io.raybridge.data.ClientMetadata;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list of changes to attributes, applied in its order. Safe for use by many threads. */
public final class Actions {
  private final Step[] steps;

  /** Makes the changes ready to be applied. */
  public Actions(List<Action> actions) {
    steps = actions.stream().map(Step::of).toArray(Step[]::new);
  }

  /**
   * Changes the attributes in place.
   *
   * @param client what the client sent beside them, if that was kept
   */
  public void apply(Attributes attributes, @Nullable ClientMetadata client) {
    for (var step : steps) step.apply(attributes, client);
  }
}
