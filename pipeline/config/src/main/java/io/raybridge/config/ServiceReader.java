package io.raybridge.config;

import io.raybridge.api.ComponentFactory;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Kind;
import io.raybridge.config.CollectorConfig.Pipeline;
import io.raybridge.config.CollectorConfig.Reference;
import io.raybridge.data.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code service} and checks that what it names exists and fits. */
final class ServiceReader {
  private static final List<String> KEYS = List.of("extensions", "pipelines", "telemetry");
  private static final List<String> PIPELINE_KEYS = List.of("receivers", "processors", "exporters");
  private static final List<String> SIGNALS =
      Arrays.stream(Signal.values()).map(Signal::key).toList();
  private static final String PATH = "service";

  private final Map<ComponentId, CollectorReader.Defined> defined;
  private final ComponentTypes types;
  private final Problems problems;
  private final Set<ComponentId> used = new HashSet<>();

  /** The section as far as it is sound. */
  record Service(List<Reference> extensions, List<Pipeline> pipelines, TelemetryConfig telemetry) {}

  ServiceReader(
      Map<ComponentId, CollectorReader.Defined> defined, ComponentTypes types, Problems problems) {
    this.defined = defined;
    this.types = types;
    this.problems = problems;
  }

  /** Empty if there are problems, which then have been reported. */
  Optional<Service> read(Tree.Entry service) {
    int before = problems.count();
    Map<String, Tree.Entry> keys = keys(service, PATH, KEYS);
    List<Reference> extensions =
        references(keys.get("extensions"), PATH + ".extensions", List.of(Kind.EXTENSION), null);
    List<Pipeline> pipelines = pipelines(keys.get("pipelines"), service.place());
    Tree.Entry telemetry = keys.get("telemetry");
    TelemetryConfig telemetryConfig =
        new Binder(problems)
            .bind(
                TelemetryConfig.class,
                telemetry == null ? null : telemetry.value(),
                telemetry == null ? service.place() : telemetry.place(),
                PATH + ".telemetry");
    new Connectors(pipelines, defined, problems).check();
    extensionsInUse(extensions.stream().map(Reference::id).toList());
    // With a reference gone wrong nobody knows what is unused.
    if (problems.count() == before) {
      unused();
    }
    return telemetryConfig == null
        ? Optional.empty()
        : Optional.of(new Service(extensions, pipelines, telemetryConfig));
  }

  /** The known keys of a mapping. A misspelt one is reported, and taken for what it was to be. */
  private Map<String, Tree.Entry> keys(Tree.Entry entry, String path, List<String> known) {
    Tree tree = entry.value();
    if (tree.isNull()) {
      return Map.of();
    }
    if (!(tree.plainly() instanceof Tree.Keys keys)) {
      problems.error(
          tree.place(),
          path,
          "%s (expected: a mapping with %s)"
              .formatted(Printed.what(tree), String.join(", ", known)));
      return Map.of();
    }
    Map<String, Tree.Entry> found = new LinkedHashMap<>();
    for (Tree.Entry each : keys.entries().values()) {
      Optional<String> near = Nearest.of(each.key(), known);
      if (known.contains(each.key())) {
        found.put(each.key(), each);
      } else {
        problems.error(
            each.place(),
            path,
            "unknown key \"%s\"%s"
                .formatted(
                    Printed.name(each.key()),
                    near.map(name -> "; did you mean \"" + name + "\"?")
                        .orElse(" (expected: " + String.join(", ", known) + ")")));
        near.ifPresent(name -> found.putIfAbsent(name, each));
      }
    }
    return found;
  }

  private List<Pipeline> pipelines(Tree.@Nullable Entry entry, Place service) {
    String path = PATH + ".pipelines";
    List<Pipeline> pipelines = new ArrayList<>();
    if (entry != null && !entry.value().isNull()) {
      if (!(entry.value().plainly() instanceof Tree.Keys keys)) {
        problems.error(
            entry.value().place(),
            path,
            Printed.what(entry.value()) + " (expected: a mapping of pipelines such as traces)");
        return pipelines;
      }
      for (Tree.Entry each : keys.entries().values()) {
        Pipeline pipeline = pipeline(each, Binder.join(path, each.key()));
        if (pipeline != null) {
          pipelines.add(pipeline);
        }
      }
      if (!keys.entries().isEmpty()) {
        return pipelines;
      }
    }
    problems.error(
        entry == null ? service : entry.place(),
        path,
        "no pipeline (expected: at least one, such as traces with receivers and exporters)");
    return pipelines;
  }

  private @Nullable Pipeline pipeline(Tree.Entry entry, String path) {
    int slash = entry.key().indexOf('/');
    String key = slash < 0 ? entry.key() : entry.key().substring(0, slash);
    String name = slash < 0 ? "" : entry.key().substring(slash + 1);
    Signal signal = CollectorConfig.signal(key);
    if (signal == null || (slash >= 0 && name.isBlank())) {
      problems.error(entry.place(), path, badPipeline(entry.key(), key));
    }
    Map<String, Tree.Entry> keys = keys(entry, path, PIPELINE_KEYS);
    List<Reference> receivers =
        references(
            keys.get("receivers"),
            path + ".receivers",
            List.of(Kind.RECEIVER, Kind.CONNECTOR),
            signal);
    List<Reference> processors =
        references(keys.get("processors"), path + ".processors", List.of(Kind.PROCESSOR), signal);
    List<Reference> exporters =
        references(
            keys.get("exporters"),
            path + ".exporters",
            List.of(Kind.EXPORTER, Kind.CONNECTOR),
            signal);
    atLeastOne(keys.get("receivers"), "receivers", entry, path);
    atLeastOne(keys.get("exporters"), "exporters", entry, path);
    return signal == null
        ? null
        : new Pipeline(signal, name, receivers, processors, exporters, entry.place());
  }

  private static String badPipeline(String id, String signal) {
    if (signal.equals("profiles")) {
      return "pipelines for profiles are not built in yet: take it out, or send profiles to a"
          + " collector that has them";
    }
    String hint = Nearest.hint(signal, SIGNALS);
    return "\"%s\" is no pipeline (expected: %s, or one of them with /name)%s"
        .formatted(Printed.name(id), String.join(", ", SIGNALS), hint);
  }

  private void atLeastOne(
      Tree.@Nullable Entry list, String what, Tree.Entry pipeline, String path) {
    boolean empty =
        list == null
            || list.value().isNull()
            || (list.value().plainly() instanceof Tree.Items items && items.items().isEmpty());
    if (empty) {
      problems.error(
          list == null ? pipeline.place() : list.place(),
          path,
          "the pipeline has no %s (expected: at least one)".formatted(what));
    }
  }

  /**
   * A list of ids.
   *
   * @param kinds what may be named
   * @param signal what the named must support, or null
   */
  private List<Reference> references(
      Tree.@Nullable Entry list, String path, List<Kind> kinds, @Nullable Signal signal) {
    if (list == null || list.value().isNull()) {
      return List.of();
    }
    List<Tree> items;
    switch (list.value().plainly()) {
      case Tree.Items given -> items = given.items();
      case Tree.Text text -> items = Scalars.split(text);
      default -> {
        problems.error(
            list.value().place(),
            path,
            "%s (expected: a list of ids)".formatted(Printed.what(list.value())));
        return List.of();
      }
    }
    Set<ComponentId> seen = new LinkedHashSet<>();
    List<Reference> references = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      Reference reference = reference(items.get(i), path + "[" + i + "]", kinds, signal);
      if (reference == null) {
        continue;
      }
      if (seen.add(reference.id())) {
        references.add(reference);
      } else {
        twice(reference);
      }
    }
    return references;
  }

  /** A processor would run twice, which nobody means; for the others it makes no difference. */
  private void twice(Reference reference) {
    String message = "\"%s\" is in this list twice (expected: once)".formatted(reference.id());
    if (reference.id().kind() == Kind.PROCESSOR) {
      problems.error(reference.place(), reference.path(), message);
    } else {
      problems.warn(reference.place(), reference.path(), message);
    }
  }

  private @Nullable Reference reference(
      Tree item, String path, List<Kind> kinds, @Nullable Signal signal) {
    if (!(item.plainly() instanceof Tree.Text text) || text.isNull()) {
      problems.error(item.place(), path, Printed.what(item) + " (expected: an id)");
      return null;
    }
    for (Kind kind : kinds) {
      ComponentId id = ComponentId.of(kind, text.text());
      CollectorReader.Defined found = defined.get(id);
      if (found != null) {
        used.add(id);
        if (found.factory() != null && signal != null) {
          supports(found.factory(), id, signal, item.place(), path);
        }
        return new Reference(id, item.place(), path);
      }
    }
    problems.error(item.place(), path, undefined(text.text(), kinds));
    return null;
  }

  private void supports(
      ComponentFactory<?> factory, ComponentId id, Signal signal, Place place, String path) {
    Set<Signal> signals = factory.descriptor().signals();
    if (!signals.contains(signal)) {
      problems.error(
          place,
          path,
          "%s \"%s\" does not support %s (expected: a pipeline for %s)"
              .formatted(
                  id.kind().word(),
                  id,
                  signal.key(),
                  String.join(" or ", signals.stream().sorted().map(Signal::key).toList())));
    }
  }

  private String undefined(String id, List<Kind> kinds) {
    Kind kind = kinds.getFirst();
    List<String> known =
        defined.keySet().stream()
            .filter(each -> kinds.contains(each.kind()))
            .map(ComponentId::toString)
            .toList();
    String what = "no %s \"%s\" is configured".formatted(kind.word(), Printed.name(id));
    for (ComponentId other : defined.keySet()) {
      if (other.toString().equals(id)) {
        return "%s; \"%s\" is one of the %s (expected: one of the %s)"
            .formatted(what, id, other.kind().section(), kind.section());
      }
    }
    Optional<String> near = Nearest.of(id, known);
    if (near.isPresent()) {
      return what + "; did you mean \"" + near.get() + "\"?";
    }
    if (known.isEmpty() || types.find(kind, ComponentId.of(kind, id).type()) != null) {
      return "%s (expected: a key \"%s\" under %s)".formatted(what, id, kind.section());
    }
    return what + " (expected: one of " + Unknown.list(known) + ")";
  }

  /** Only what runs needs its extensions. */
  private void extensionsInUse(List<ComponentId> running) {
    defined.forEach((id, each) -> {
      if (used.contains(id)) {
        each.uses().forEach(use -> use.check(defined, running, types, problems));
      }
    });
  }

  private void unused() {
    defined.forEach((id, each) -> {
      if (used.contains(id)) {
        return;
      }
      problems.warn(
          each.place(),
          each.path(),
          id.kind() == Kind.EXTENSION
              ? "configured, but not in service.extensions: it does not run"
              : "configured, but in no pipeline: it does not run");
    });
  }
}
