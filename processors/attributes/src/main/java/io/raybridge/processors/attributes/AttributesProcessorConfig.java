package io.raybridge.processors.attributes;

import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import java.util.List;
import java.util.Optional;

/** Keys of the {@code attributes} processor. */
public record AttributesProcessorConfig(
    @Key(doc = "Only what meets these conditions is changed.") Optional<MatchProperties> include,
    @Key(doc = "What meets these conditions is not changed.") Optional<MatchProperties> exclude,
    @Key(doc = "The changes, done in this order.") List<Action> actions) {
  public AttributesProcessorConfig {
    if (actions.isEmpty())
      throw new Invalid("actions", "missing required key (expected: at least one action)");
  }
}
