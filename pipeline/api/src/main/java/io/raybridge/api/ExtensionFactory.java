package io.raybridge.api;

import java.util.Set;

/** Makes extensions of one type. */
public non-sealed interface ExtensionFactory<C extends Record> extends ComponentFactory<C> {
  /** Makes an extension. Opens nothing yet: that is {@link Component#start()}'s part. */
  Extension create(C config, Context context);

  /**
   * The interfaces by which other components may find the extensions made here; see {@link
   * Host#extension}.
   */
  default Set<Class<?>> offers() {
    return Set.of();
  }
}
