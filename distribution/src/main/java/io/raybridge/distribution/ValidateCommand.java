package io.raybridge.distribution;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code raybridge validate}: every problem of a configuration, without starting anything. */
@Command(
    name = "validate",
    description =
        "Names every problem of a configuration and exits with 1; silent and 0 when it is sound.",
    mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin private ConfigOptions configuration = new ConfigOptions();

  ValidateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    return configuration.sources().load(surroundings).config().isPresent() ? 0 : 1;
  }
}
