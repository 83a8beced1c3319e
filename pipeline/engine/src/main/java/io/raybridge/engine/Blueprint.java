package io.raybridge.engine;

import io.raybridge.api.ComponentFactory;
import io.raybridge.api.ComponentId;
import io.raybridge.data.Signal;
import java.util.List;
import java.util.Map;

/**
 * What to build: sound by construction of whoever made it, that is, every id that is named is among
 * the parts, supports the signal, and no pipeline leads back to itself.
 *
 * @param parts the components by id
 * @param extensions the extensions to start, in this order
 */
record Blueprint(
    Map<ComponentId, Part> parts, List<ComponentId> extensions, List<Pipeline> pipelines) {
  /** A component: who makes it, of what. */
  record Part(ComponentFactory<?> factory, Record config) {}

  /**
   * A pipeline.
   *
   * @param receivers receivers, and connectors that feed this pipeline
   * @param exporters exporters, and connectors that this pipeline feeds
   */
  record Pipeline(
      String id,
      Signal signal,
      List<ComponentId> receivers,
      List<ComponentId> processors,
      List<ComponentId> exporters) {}
}
