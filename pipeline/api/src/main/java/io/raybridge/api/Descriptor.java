package io.raybridge.api;

import io.raybridge.data.Signal;
import java.util.List;
import java.util.Set;

/**
 * What the engine, the documentation and {@code raybridge components} know of a component type
 * without creating one.
 *
 * @param type the name in a configuration, the Go component's
 * @param aliases other names for the same type, kept for older configurations
 * @param config the record that its configuration is bound to
 * @param signals the signals it can stand in a pipeline for; empty for extensions
 * @param mutates whether it changes batches it is given; the contract suites hold it to that
 */
public record Descriptor<C extends Record>(
    String type,
    List<String> aliases,
    Class<C> config,
    Set<Signal> signals,
    Stability stability,
    boolean mutates) {

  /** How far users may rely on a component, in the Collector's words. */
  public enum Stability {
    DEVELOPMENT,
    ALPHA,
    BETA,
    STABLE
  }

  /** A component that leaves batches as they are. */
  public static <C extends Record> Descriptor<C> of(
      String type, Class<C> config, Stability stability, Signal... signals) {
    return new Descriptor<>(type, List.of(), config, Set.of(signals), stability, false);
  }

  /** The same, for a component that changes batches. */
  public Descriptor<C> mutating() {
    return new Descriptor<>(type, aliases, config, signals, stability, true);
  }

  /** The same, also found under other names. */
  public Descriptor<C> aliases(String... names) {
    return new Descriptor<>(type, List.of(names), config, signals, stability, mutates);
  }
}
