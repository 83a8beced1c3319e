package io.raybridge.distribution;

import io.raybridge.config.CollectorConfig;
import io.raybridge.config.Configuration;
import io.raybridge.config.LoadResult;
import io.raybridge.engine.Companion;
import io.raybridge.engine.Reloading;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code raybridge demo}: the local default with a shop that sends to it. */
@Command(
    name = "demo",
    description = {
      "Runs the local default, and a small shop that sends it traces and metrics.",
      "The shop has three services and uses the OpenTelemetry SDK, so that there is something to",
      "look at."
    },
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(8);

  private final Surroundings surroundings;
  private final RunCommand.Runner runner;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets one key over the local default, as extensions.local_xray.max_size=1GiB.")
  private List<String> sets = List.of();

  DemoCommand(Surroundings surroundings, RunCommand.Runner runner) {
    this.surroundings = surroundings;
    this.runner = runner;
  }

  @Override
  public Integer call() {
    LoadResult result =
        Configuration.load(
            List.of("yaml:" + DefaultConfiguration.text()),
            sets,
            surroundings.env(),
            surroundings.factories().get());
    result.problems().forEach(surroundings.err()::println);
    if (result.config().isEmpty()) {
      return 1;
    }
    CollectorConfig config = result.config().get();
    var open = new OpenShop(endpoint(config), new Welcome(config, surroundings));
    return runner.run(config, Reloading.NEVER, SHUTDOWN_TIMEOUT, surroundings, open);
  }

  private static String endpoint(CollectorConfig config) {
    return Welcome.receivers(config).stream()
        .flatMap(otlp -> otlp.protocols().grpc().stream())
        .findFirst()
        .map(grpc -> "http://" + grpc.endpoint())
        .orElseThrow();
  }

  /** Opens the shop when the collector can take what it sends, and closes it before the end. */
  private static final class OpenShop implements Companion {
    private final String endpoint;
    private final Companion welcome;
    private @Nullable Shop shop;

    OpenShop(String endpoint, Companion welcome) {
      this.endpoint = endpoint;
      this.welcome = welcome;
    }

    @Override
    public void ready() {
      welcome.ready();
      shop = Shop.open(endpoint);
    }

    @Override
    public void stopping() {
      if (shop != null) {
        shop.close();
      }
    }
  }
}
