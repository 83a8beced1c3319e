package io.raybridge.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What binding came to: a record, or the problems for which there is none; and warnings either way.
 */
public record Binding<C>(Optional<C> config, List<Problem> problems, List<Problem> warnings) {
  /** The record, for callers that know the configuration to be sound. */
  public C orThrow() {
    return config.orElseThrow(() ->
        new IllegalArgumentException(
            problems.stream().map(Problem::toString).collect(Collectors.joining("\n"))));
  }
}
