package io.raybridge.distribution;

import io.raybridge.config.Configuration;
import io.raybridge.config.LoadResult;
import io.raybridge.config.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where a command's configuration comes from.
 *
 * @param uris of the configurations, later ones over earlier ones; none means the default
 * @param sets single keys over all of them, as {@code a.b=c}
 * @param gates feature gates, which have no effect
 */
record ConfigSources(List<String> uris, List<String> sets, List<String> gates) {

  /** Reads the configuration, and prints its problems and warnings. */
  LoadResult load(Surroundings surroundings) {
    return load(surroundings, Problem::toString);
  }

  /**
   * Reads the configuration, and prints its problems and warnings.
   *
   * @param words says a problem in the words of whoever wrote what the configuration was made of
   */
  LoadResult load(Surroundings surroundings, Function<Problem, String> words) {
    if (!gates.isEmpty()) {
      surroundings.err().println("warning: --feature-gates has no effect: there are no gates here");
    }
    LoadResult result = read(surroundings);
    result.problems().stream().map(words).distinct().forEach(surroundings.err()::println);
    result.warnings().stream()
        .map(words)
        .distinct()
        .forEach(warning -> surroundings.err().println("warning: " + warning));
    return result;
  }

  /** Reads the configuration as it is now. */
  LoadResult read(Surroundings surroundings) {
    List<String> chosen = uris.isEmpty() ? DefaultConfiguration.find(surroundings) : uris;
    return chosen.isEmpty()
        ? new LoadResult(Optional.empty(), List.of(), List.of(), Map.of())
        : Configuration.load(chosen, sets, surroundings.env(), surroundings.factories().get());
  }
}
