package io.raybridge.api;

import java.util.Optional;

/** The collector as a component sees it. */
public interface Host {
  /**
   * Finds an extension that offers a capability, such as storage or authentication.
   *
   * @param id the extension's name in the configuration, as {@code file_storage/queue}
   * @param capability the interface it must implement
   */
  <T> Optional<T> extension(String id, Class<T> capability);

  /** What the collector can tell of itself. */
  default Diagnostics diagnostics() {
    return Diagnostics.NONE;
  }

  /**
   * Stops the collector with exit code 1 because of something that no configuration could have
   * foreseen.
   */
  void fatal(ComponentId who, Throwable why);
}
