package io.raybridge.distribution;

import io.raybridge.config.CollectorConfig;
import io.raybridge.config.Configuration;
import io.raybridge.config.LoadResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say what the configuration is, named as the Go collector's. */
final class ConfigOptions {
  @Option(
      names = "--config",
      paramLabel = "URI",
      description = {
        "A file, file:path, env:NAME or yaml:text. May be given several times: later ones lie over"
            + " earlier ones."
      })
  private List<String> uris = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets one key over all configurations, as processors.batch.timeout=2s.")
  private List<String> sets = new ArrayList<>();

  @Option(
      names = "--feature-gates",
      paramLabel = "GATES",
      description = "Accepted as the Go collector does; there are no gates here.")
  private List<String> gates = new ArrayList<>();

  /** Empty after a configuration with problems, which then have been printed. */
  Optional<CollectorConfig> load(Surroundings surroundings) {
    if (!gates.isEmpty()) {
      surroundings.err().println("warning: --feature-gates has no effect: there are no gates here");
    }
    List<String> chosen = uris.isEmpty() ? DefaultConfiguration.find(surroundings) : uris;
    if (chosen.isEmpty()) {
      return Optional.empty();
    }
    LoadResult result =
        Configuration.load(chosen, sets, surroundings.env(), surroundings.factories().get());
    result.problems().forEach(surroundings.err()::println);
    result.warnings().forEach(warning -> surroundings.err().println("warning: " + warning));
    return result.config();
  }
}
