package io.raybridge.engine;

import io.raybridge.api.ComponentId;
import io.raybridge.api.Diagnostics;
import io.raybridge.api.Extension;
import io.raybridge.api.Host;
import io.raybridge.api.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What components may ask the collector for: its extensions, and its end. */
final class Extensions implements Host {
  private final Map<ComponentId, Extension> extensions = new LinkedHashMap<>();
  private final BiConsumer<ComponentId, Throwable> fatal;
  private final Diagnostics diagnostics;

  Extensions(BiConsumer<ComponentId, Throwable> fatal, Diagnostics diagnostics) {
    this.fatal = fatal;
    this.diagnostics = diagnostics;
  }

  /** All extensions in the order of the configuration, to be filled by whoever makes them. */
  Map<ComponentId, Extension> all() {
    return extensions;
  }

  @Override
  public <T> Optional<T> extension(String id, Class<T> capability) {
    return Optional.ofNullable(extensions.get(ComponentId.of(Kind.EXTENSION, id)))
        .filter(capability::isInstance)
        .map(capability::cast);
  }

  @Override
  public Diagnostics diagnostics() {
    return diagnostics;
  }

  @Override
  public void fatal(ComponentId who, Throwable why) {
    fatal.accept(who, why);
  }
}
