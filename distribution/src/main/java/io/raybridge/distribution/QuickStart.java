package io.raybridge.distribution;

import io.raybridge.config.CollectorConfig;
import io.raybridge.config.GoDuration;
import io.raybridge.config.LoadResult;
import io.raybridge.config.Problem;
import io.raybridge.engine.Reloading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a plain {@code raybridge --config FILE}, read without picocli: loading it takes
 * a quarter of a start, and its classes are too old for the JVM's start cache to hold. Whatever is
 * not understood at once, errors and help among it, is left to {@link RunCommand}; a test holds
 * that what is understood here means the same there.
 *
 * @param shutdownTimeout how long a stop may take
 * @param watch whether a change of a configuration file is taken over
 */
record QuickStart(ConfigSources sources, Duration shutdownTimeout, boolean watch) {
  /** How long a stop may take unless somebody says otherwise: below the 10 s that Docker waits. */
  static final String SHUTDOWN_TIMEOUT = "8s";

  /** Empty when picocli has to read them. */
  static Optional<QuickStart> read(String... args) {
    List<String> uris = new ArrayList<>();
    List<String> sets = new ArrayList<>();
    @Nullable String timeout = null;
    int first = args.length > 0 && args[0].equals("run") ? 1 : 0;
    for (int i = first; i < args.length; i++) {
      int equals = args[i].indexOf('=');
      String name = equals < 0 ? args[i] : args[i].substring(0, equals);
      if (equals < 0 && ++i == args.length) return Optional.empty();
      String value = equals < 0 ? args[i] : args[i].substring(equals + 1);
      if (hasRulesOfItsOwn(value)) return Optional.empty();
      switch (name) {
        case "--config" -> uris.add(value);
        case "--set" -> sets.add(value);
        case "--shutdown-timeout" -> {
          if (timeout != null) return Optional.empty();
          timeout = value;
        }
        default -> {
          return Optional.empty();
        }
      }
    }
    var sources = new ConfigSources(uris, sets, List.of());
    return GoDuration.parse(timeout == null ? SHUTDOWN_TIMEOUT : timeout)
        .filter(duration -> !duration.isNegative())
        .map(duration -> new QuickStart(sources, duration, true));
  }

  /** Picocli reads empty and quoted values, files of arguments and what looks like an option. */
  private static boolean hasRulesOfItsOwn(String value) {
    return value.isEmpty()
        || value.startsWith("-")
        || value.startsWith("@")
        || value.indexOf('"') >= 0;
  }

  /** Runs a collector to its end and returns the exit code. */
  int run(Surroundings surroundings, RunCommand.Runner runner) {
    return run(surroundings, runner, Problem::toString);
  }

  /**
   * Runs a collector to its end and returns the exit code.
   *
   * @param words says a problem of the configuration
   */
  int run(Surroundings surroundings, RunCommand.Runner runner, Function<Problem, String> words) {
    LoadResult loaded = sources.load(surroundings, words);
    if (loaded.config().isEmpty()) {
      return 1;
    }
    CollectorConfig config = loaded.config().get();
    var reloading = new Reloading(() -> sources.read(surroundings), loaded.files(), watch);
    var welcome = new Welcome(config, surroundings);
    return runner.run(config, reloading, shutdownTimeout, surroundings, welcome);
  }
}
