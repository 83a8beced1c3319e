package io.raybridge.distribution;

import io.raybridge.config.CollectorConfig;
import io.raybridge.config.GoDuration;
import io.raybridge.engine.Companion;
import io.raybridge.engine.Reloading;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code raybridge run}: the collector in the foreground. */
@Command(
    name = "run",
    description = {
      "Runs the collector in the foreground until it is told to stop.",
      "Without --config it runs the local default: OTLP in, the local X-Ray to look at."
    },
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  private final Runner runner;

  @Mixin private ConfigOptions configuration = new ConfigOptions();

  @Option(
      names = "--shutdown-timeout",
      paramLabel = "DURATION",
      defaultValue = QuickStart.SHUTDOWN_TIMEOUT,
      converter = Converter.class,
      description = "How long a stop may take until what is left is given up: ${DEFAULT-VALUE}.")
  private Duration shutdownTimeout = Duration.ofSeconds(8);

  @Option(
      names = "--watch",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Whether a change of a configuration file is taken over while running: on by default."
              + " SIGHUP always has the configuration read again.")
  private boolean watch = true;

  @Option(
      names = "--print-default",
      description = "Prints the local default's configuration and ends.")
  private boolean printDefault;

  /** Runs a collector to its end. */
  @FunctionalInterface
  interface Runner {
    /**
     * Starts, waits for the signal to stop, and stops.
     *
     * @param reloading how to load the configuration again
     * @param shutdownTimeout how long the stop may take
     * @param companion who is told when it has started and when it begins to stop
     * @return the exit code
     */
    int run(
        CollectorConfig config,
        Reloading reloading,
        Duration shutdownTimeout,
        Surroundings surroundings,
        Companion companion);
  }

  RunCommand(Surroundings surroundings, Runner runner) {
    this.surroundings = surroundings;
    this.runner = runner;
  }

  @Override
  public Integer call() {
    if (printDefault) {
      surroundings.out().print(DefaultConfiguration.text());
      surroundings.out().flush();
      return 0;
    }
    return arguments().run(surroundings, runner);
  }

  QuickStart arguments() {
    return new QuickStart(configuration.sources(), shutdownTimeout, watch);
  }

  /** Reads durations as the configuration does. */
  static final class Converter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
      return GoDuration.parse(value)
          .filter(duration -> !duration.isNegative())
          .orElseThrow(() ->
              new TypeConversionException(
                  "\"" + value + "\" (expected: a duration such as 8s or 1m30s)"));
    }
  }
}
