package io.raybridge.config;

import io.raybridge.api.ComponentId;
import io.raybridge.api.Kind;
import io.raybridge.config.CollectorConfig.Pipeline;
import io.raybridge.config.CollectorConfig.Reference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Checks that every connector connects two pipelines and that no batch can come round again. */
final class Connectors {
  private final List<Pipeline> pipelines;
  private final Map<ComponentId, CollectorReader.Defined> defined;
  private final Problems problems;
  private final Set<Pipeline> done = Collections.newSetFromMap(new IdentityHashMap<>());

  /** A step from one pipeline into the connector that ends it. */
  private record Step(Pipeline from, Reference connector) {}

  Connectors(
      List<Pipeline> pipelines,
      Map<ComponentId, CollectorReader.Defined> defined,
      Problems problems) {
    this.pipelines = pipelines;
    this.defined = defined;
    this.problems = problems;
  }

  void check() {
    defined.forEach((id, each) -> {
      if (id.kind() == Kind.CONNECTOR) {
        bothEnds(id);
        ambiguous(id, each);
      }
    });
    for (Pipeline pipeline : pipelines) {
      walk(pipeline, new ArrayList<>());
    }
  }

  private void bothEnds(ComponentId id) {
    boolean begins = pipelines.stream().anyMatch(p -> contains(p.receivers(), id));
    boolean ends = pipelines.stream().anyMatch(p -> contains(p.exporters(), id));
    if (begins != ends) {
      String message =
          ends
              ? "the connector is only an exporter (expected: also a receiver of a pipeline)"
              : "the connector is only a receiver (expected: also an exporter of a pipeline)";
      uses(id).forEach(use -> problems.error(use.place(), use.path(), message));
    }
  }

  private Stream<Reference> uses(ComponentId id) {
    return pipelines.stream()
        .flatMap(p -> Stream.concat(p.receivers().stream(), p.exporters().stream()))
        .filter(reference -> reference.id().equals(id));
  }

  private static boolean contains(List<Reference> references, ComponentId id) {
    return references.stream().anyMatch(reference -> reference.id().equals(id));
  }

  private void ambiguous(ComponentId id, CollectorReader.Defined connector) {
    for (Kind kind : List.of(Kind.RECEIVER, Kind.EXPORTER)) {
      if (defined.containsKey(new ComponentId(kind, id.type(), id.name()))) {
        problems.error(
            connector.place(),
            connector.path(),
            "the id is also that of %s \"%s\" (expected: different ids, since pipelines name both in one list)"
                .formatted(kind.word(), id));
      }
    }
  }

  private void walk(Pipeline pipeline, List<Step> way) {
    for (int i = 0; i < way.size(); i++) {
      if (way.get(i).from().equals(pipeline)) {
        cycle(way.subList(i, way.size()), pipeline);
        return;
      }
    }
    if (!done.add(pipeline)) {
      return;
    }
    for (Reference exporter : pipeline.exporters()) {
      if (exporter.id().kind() != Kind.CONNECTOR) {
        continue;
      }
      way.add(new Step(pipeline, exporter));
      pipelines.stream()
          .filter(next -> contains(next.receivers(), exporter.id()))
          .forEach(next -> walk(next, way));
      way.removeLast();
    }
  }

  private void cycle(List<Step> steps, Pipeline end) {
    StringBuilder round = new StringBuilder();
    for (Step step : steps) {
      round.append(step.from().id()).append(" -> ").append(step.connector().id()).append(" -> ");
    }
    Reference last = steps.getLast().connector();
    problems.error(
        last.place(),
        last.path(),
        "a cycle of pipelines: %s%s (expected: an end)".formatted(round, end.id()));
  }
}
