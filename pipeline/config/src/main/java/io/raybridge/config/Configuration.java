package io.raybridge.config;

import io.raybridge.api.ComponentFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads the configuration of a whole collector. */
public final class Configuration {
  private Configuration() {}

  /**
   * Reads, merges, expands, binds and checks.
   *
   * @param uris where configurations are: {@code file:path} or a path, {@code env:NAME}, {@code
   *     yaml:text}; later ones lie over earlier ones
   * @param sets {@code a.b.c=value}, over all of them
   * @param env the environment variables
   * @param factories the component types there are
   */
  public static LoadResult load(
      List<String> uris,
      List<String> sets,
      Map<String, String> env,
      List<ComponentFactory<?>> factories) {
    Problems problems = new Problems();
    ComponentTypes types = ComponentTypes.of(factories, problems);
    Source source = new Source();
    Optional<Tree.Keys> merged = new Layers(env, source, problems).read(uris, sets);
    Optional<CollectorConfig> config =
        merged
            .map(tree -> (Tree.Keys) new Substitution(env, source, problems).expand(tree, ""))
            .flatMap(tree -> new CollectorReader(types, problems).read(tree));
    return new LoadResult(
        problems.count() > 0 ? Optional.empty() : config,
        problems.errors(),
        problems.warnings(),
        source.read());
  }
}
