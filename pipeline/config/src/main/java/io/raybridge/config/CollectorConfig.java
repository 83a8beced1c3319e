package io.raybridge.config;

import io.raybridge.api.ComponentFactory;
import io.raybridge.api.ComponentId;
import io.raybridge.data.Signal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole configuration, checked: every reference leads to a component, every component supports
 * the signals it is used for, and connectors make no cycle.
 *
 * @param components all that are configured, used or not, in the order of the sections
 * @param extensions those to be run, in the order of {@code service.extensions}
 */
public record CollectorConfig(
    Map<ComponentId, Configured<?>> components,
    List<Reference> extensions,
    List<Pipeline> pipelines,
    TelemetryConfig telemetry) {

  /** A configured component that is known to be there: what a reference leads to. */
  public Configured<?> component(ComponentId id) {
    Configured<?> found = components.get(id);
    if (found == null) {
      throw new IllegalArgumentException("no " + id.kind().word() + " " + id + " is configured");
    }
    return found;
  }

  /**
   * A component with its configuration.
   *
   * @param place where its id stands
   */
  public record Configured<C extends Record>(
      ComponentId id, ComponentFactory<C> factory, C config, Place place) {}

  /**
   * A pipeline. A connector stands among the receivers where it begins one, among the exporters
   * where it ends one.
   *
   * @param name what follows the slash of its id, or empty
   */
  public record Pipeline(
      Signal signal,
      String name,
      List<Reference> receivers,
      List<Reference> processors,
      List<Reference> exporters,
      Place place) {
    /** As the configuration spells it: {@code traces} or {@code traces/internal}. */
    public String id() {
      return name.isEmpty() ? signal.key() : signal.key() + "/" + name;
    }
  }

  /**
   * A component named in a list.
   *
   * @param path the list entry, as {@code service.pipelines.traces.exporters[0]}
   */
  public record Reference(ComponentId id, Place place, String path) {}

  /** The signal of this name, or null. */
  static @Nullable Signal signal(String key) {
    for (Signal signal : Signal.values()) {
      if (signal.key().equals(key)) {
        return signal;
      }
    }
    return null;
  }
}
