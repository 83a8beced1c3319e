package io.raybridge.distribution;

import java.util.ArrayList;
import java.util.List;
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

  ConfigSources sources() {
    return new ConfigSources(uris, sets, gates);
  }
}
