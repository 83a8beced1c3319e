package io.raybridge.engine;

import io.raybridge.api.ComponentId;
import io.raybridge.api.Diagnostics;
import io.raybridge.api.Extension;
import io.raybridge.api.Host;
import io.raybridge.api.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What the components of one graph may ask the collector for: its extensions, and its end. */
final class Extensions {
  private final Map<ComponentId, Extension> extensions = new LinkedHashMap<>();
  private final Lookups lookups;
  private final BiConsumer<ComponentId, Throwable> fatal;
  private final Diagnostics diagnostics;

  Extensions(Lookups lookups, BiConsumer<ComponentId, Throwable> fatal, Diagnostics diagnostics) {
    this.lookups = lookups;
    this.fatal = fatal;
    this.diagnostics = diagnostics;
  }

  /** Who has asked for which extension, since the collector started. */
  static final class Lookups {
    private final Map<ComponentId, Set<ComponentId>> all = new ConcurrentHashMap<>();

    private void add(ComponentId who, ComponentId extension) {
      all.computeIfAbsent(who, _ -> ConcurrentHashMap.newKeySet()).add(extension);
    }

    /** The extensions that a component has asked for, whether they were there or not. */
    Set<ComponentId> of(ComponentId who) {
      return Set.copyOf(all.getOrDefault(who, Set.of()));
    }
  }

  /** All extensions in the order of the configuration, to be filled by whoever makes them. */
  Map<ComponentId, Extension> all() {
    return extensions;
  }

  @Nullable Extension find(ComponentId id) {
    return extensions.get(id);
  }

  /** For what is no part of a graph: there are no extensions, and nothing comes of its end. */
  static Host none(ComponentId who) {
    return new Extensions(new Lookups(), (_, _) -> {}, Diagnostics.NONE).as(who);
  }

  /** The collector as this component sees it. */
  Host as(ComponentId who) {
    return new View(who);
  }

  private final class View implements Host {
    private final ComponentId who;

    private View(ComponentId who) {
      this.who = who;
    }

    @Override
    public <T> Optional<T> extension(String id, Class<T> capability) {
      var wanted = ComponentId.of(Kind.EXTENSION, id);
      lookups.add(who, wanted);
      return Optional.ofNullable(find(wanted)).filter(capability::isInstance).map(capability::cast);
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
}
