package io.raybridge.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects errors and warnings, and hands them out in the order of their places. */
final class Problems {
  private final List<String> files = new ArrayList<>();
  private final Set<Problem> errors = new LinkedHashSet<>();
  private final Set<Problem> warnings = new LinkedHashSet<>();
  private int count;

  /** Fixes the order of files: the order in which they were first named here. */
  void file(String name) {
    if (!files.contains(name)) {
      files.add(name);
    }
  }

  void error(Place place, String path, String message) {
    count++;
    errors.add(new Problem(place, path, message));
  }

  void warn(Place place, String path, String message) {
    warnings.add(new Problem(place, path, message));
  }

  /** Grows with each error, so that a caller can tell whether a step added any. */
  int count() {
    return count;
  }

  List<Problem> errors() {
    return sorted(errors);
  }

  /** What is an error needs no warning of the same words. */
  List<Problem> warnings() {
    Set<Problem> rest = new LinkedHashSet<>(warnings);
    rest.removeAll(errors);
    return sorted(rest);
  }

  private List<Problem> sorted(Set<Problem> problems) {
    // Serializable lambdas, as the comparators' are, cannot come from the JVM's start cache.
    return problems.size() < 2
        ? List.copyOf(problems)
        : problems.stream()
            .sorted(
                Comparator.comparingInt((Problem p) -> order(p.place().file()))
                    .thenComparingInt(p -> p.place().line())
                    .thenComparingInt(p -> p.place().column())
                    .thenComparing(Problem::path))
            .toList();
  }

  private int order(String file) {
    int index = files.indexOf(file);
    return index < 0 ? files.size() : index;
  }
}
