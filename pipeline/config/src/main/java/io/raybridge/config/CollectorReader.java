package io.raybridge.config;

import io.raybridge.api.ComponentFactory;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Kind;
import io.raybridge.config.CollectorConfig.Configured;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the sections of a configuration, each component by the record of its type. */
final class CollectorReader {
  private static final String SERVICE = "service";
  private static final Pattern TYPE = Pattern.compile("[a-zA-Z][0-9a-zA-Z_]{0,62}");
  private static final Pattern NAME = Pattern.compile("[^\\p{Z}\\p{C}\\p{S}]{1,1024}");

  private final ComponentTypes types;
  private final Problems problems;
  private final Map<ComponentId, Defined> defined = new LinkedHashMap<>();

  /**
   * What stands under an id, also when it is broken, so that references to it are not reported too.
   *
   * @param factory null if the type is not known
   * @param configured null if it could not be bound
   * @param uses the extensions that its configuration names
   */
  record Defined(
      Place place,
      String path,
      @Nullable ComponentFactory<?> factory,
      @Nullable Configured<?> configured,
      List<ExtensionUse> uses) {}

  CollectorReader(ComponentTypes types, Problems problems) {
    this.types = types;
    this.problems = problems;
  }

  /** Empty if there are problems, which then have been reported. */
  Optional<CollectorConfig> read(Tree.Keys root) {
    Map<String, Tree.Entry> sections = sections(root);
    for (Kind kind : Kind.values()) {
      Tree.Entry section = sections.get(kind.section());
      if (section != null) {
        components(kind, section);
      }
    }
    Tree.Entry service = sections.get(SERVICE);
    if (service == null) {
      // Pipelines outside of service were reported, which says it all.
      if (!root.entries().containsKey("pipelines")) {
        problems.error(
            Place.start(root.place().file()),
            "",
            "missing required key \"service\" (expected: a mapping with pipelines)");
      }
      return Optional.empty();
    }
    return new ServiceReader(defined, types, problems)
        .read(service)
        .filter(_ -> defined.values().stream().allMatch(each -> each.configured() != null))
        .map(read ->
            new CollectorConfig(
                configured(), read.extensions(), read.pipelines(), read.telemetry()));
  }

  private Map<ComponentId, Configured<?>> configured() {
    Map<ComponentId, Configured<?>> all = new LinkedHashMap<>();
    defined.forEach((id, each) -> {
      if (each.configured() != null) {
        all.put(id, each.configured());
      }
    });
    return all;
  }

  /** The sections by name. One that is misspelt is reported, and read all the same. */
  private Map<String, Tree.Entry> sections(Tree.Keys root) {
    List<String> names = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      names.add(kind.section());
    }
    names.add(SERVICE);
    Map<String, Tree.Entry> sections = new LinkedHashMap<>();
    Set<Tree.Entry> unknown = new HashSet<>();
    for (Tree.Entry entry : root.entries().values()) {
      if (names.contains(entry.key())) {
        sections.put(entry.key(), entry);
      } else {
        unknown.add(entry);
      }
    }
    for (Tree.Entry entry : unknown) {
      Optional<String> near = Nearest.of(entry.key(), names);
      problems.error(entry.place(), "", unknownSection(entry.key(), near, names));
      near.ifPresent(name -> sections.putIfAbsent(name, entry));
    }
    return sections;
  }

  private String unknownSection(String key, Optional<String> near, Collection<String> names) {
    String what = "unknown key \"" + Printed.name(key) + "\"";
    if (near.isPresent()) {
      return what + "; did you mean \"" + near.get() + "\"?";
    }
    if (List.of("pipelines", "telemetry").contains(key)) {
      return what + "; did you mean \"service." + key + "\"?";
    }
    for (Kind kind : Kind.values()) {
      if (types.find(kind, ComponentId.of(kind, key).type()) != null) {
        return what + "; did you mean \"" + kind.section() + "." + key + "\"?";
      }
    }
    return what + " (expected: " + String.join(", ", names) + ")";
  }

  private void components(Kind kind, Tree.Entry section) {
    Tree tree = section.value();
    if (tree.isNull()) {
      return;
    }
    if (!(tree.plainly() instanceof Tree.Keys keys)) {
      problems.error(
          tree.place(),
          kind.section(),
          "%s (expected: a mapping of ids such as \"%s\")"
              .formatted(Printed.what(tree), example(kind)));
      return;
    }
    for (Tree.Entry entry : keys.entries().values()) {
      component(kind, entry);
    }
  }

  private String example(Kind kind) {
    List<ComponentFactory<?>> all = types.all(kind);
    return all.isEmpty() ? "type/name" : all.getFirst().descriptor().type();
  }

  private void component(Kind kind, Tree.Entry entry) {
    String path = Binder.join(kind.section(), entry.key());
    ComponentId id = ComponentId.of(kind, entry.key());
    if (!TYPE.matcher(id.type()).matches()
        || (entry.key().contains("/") && !NAME.matcher(id.name()).matches())) {
      problems.error(
          entry.place(),
          kind.section(),
          ("\"%s\" is no id (expected: type or type/name, the type of letters, digits and _, the"
                  + " name without spaces)")
              .formatted(Printed.name(entry.key())));
      return;
    }
    ComponentFactory<?> factory = types.find(kind, id.type());
    if (factory == null) {
      problems.error(entry.place(), path, types.missing(kind, id.type()));
      defined.put(id, new Defined(entry.place(), path, null, null, List.of()));
      return;
    }
    Binder binder = new Binder(problems);
    Configured<?> configured = configured(id, factory, entry, path, binder);
    defined.put(id, new Defined(entry.place(), path, factory, configured, binder.extensionUses()));
  }

  private <C extends Record> @Nullable Configured<C> configured(
      ComponentId id, ComponentFactory<C> factory, Tree.Entry entry, String path, Binder binder) {
    int before = problems.count();
    C config = binder.bind(factory.descriptor().config(), entry.value(), entry.place(), path);
    return config == null || problems.count() > before
        ? null
        : new Configured<>(id, factory, config, entry.place());
  }
}
