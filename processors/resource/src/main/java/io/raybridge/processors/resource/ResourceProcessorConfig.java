package io.raybridge.processors.resource;

import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import io.raybridge.processors.attributes.Action;
import java.util.List;

/** Keys of the {@code resource} processor. */
public record ResourceProcessorConfig(
    @Key(doc = "The changes, done in this order.") List<Action> attributes) {
  public ResourceProcessorConfig {
    if (attributes.isEmpty()) {
      throw new Invalid("attributes", "missing required key (expected: at least one action)");
    }
  }
}
