package io.raybridge.engine;

import io.raybridge.api.Clock;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Exporter;
import io.raybridge.api.Extension;
import io.raybridge.api.Host;
import io.raybridge.api.Kind;
import io.raybridge.config.CollectorConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Makes exporters without their pipelines, for commands that use them alone. An extension starts
 * when one of them asks for it: the others may hold a port or a file that the collector on this
 * machine has.
 */
public final class LoneExporter implements AutoCloseable {
  private static final Duration TIME_TO_STOP = Duration.ofSeconds(5);

  private final CollectorConfig config;
  private final Map<String, String> env;
  private final Logging logging;
  private final OwnMetrics metrics;
  private final LossLedger ledger;
  private final Map<ComponentId, Extension> running = new LinkedHashMap<>();

  private LoneExporter(CollectorConfig config, Map<String, String> env, Logging logging) {
    this.config = config;
    this.env = env;
    this.logging = logging;
    this.metrics = new OwnMetrics(new OwnMetricsReader(Map.of()).meter());
    this.ledger = new LossLedger(metrics, logging::of, Clock.SYSTEM);
  }

  /**
   * Takes over the process's log, as a collector of this configuration does.
   *
   * @throws IllegalArgumentException when the log cannot be written; says why
   */
  public static LoneExporter of(CollectorConfig config, Map<String, String> env) {
    try {
      return new LoneExporter(config, env, Logging.install(config.telemetry().logs()));
    } catch (StartException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /**
   * Makes an exporter and does not start it.
   *
   * @throws RuntimeException when it cannot be made; says why
   */
  public Exporter make(ComponentId id) {
    return (Exporter) Making.exporter(config.component(id), context(id));
  }

  private Context context(ComponentId id) {
    return new Context(
        id,
        logging.of(id),
        Clock.SYSTEM,
        metrics.with(id.kind().word(), id.toString()),
        ledger.of(id),
        new OnDemand(),
        Foreground.dataDir(env));
  }

  /** Stops the extensions that were started. */
  @Override
  public void close() {
    var order = new ArrayList<Node>();
    running.forEach((id, extension) -> order.add(new Node(id, extension)));
    running.clear();
    boolean _ =
        new LifeCycle(logging.collector()).stop(order, Deadline.in(TIME_TO_STOP, Clock.SYSTEM));
  }

  /** The collector as far as it runs here. */
  private final class OnDemand implements Host {
    /**
     * @throws IllegalStateException when the extension cannot start; says why
     */
    @Override
    public <T> Optional<T> extension(String id, Class<T> capability) {
      var wanted = ComponentId.of(Kind.EXTENSION, id);
      if (config.extensions().stream().noneMatch(each -> each.id().equals(wanted))) {
        return Optional.empty();
      }
      return Optional.of(running(wanted)).filter(capability::isInstance).map(capability::cast);
    }

    /** What it brings down is seen by whoever needs it. */
    @Override
    public void fatal(ComponentId who, Throwable why) {
      logging.of(who).log(System.Logger.Level.ERROR, String.valueOf(why.getMessage()), why);
    }
  }

  private Extension running(ComponentId id) {
    var known = running.get(id);
    if (known != null) return known;
    var extension = (Extension) Making.extension(config.component(id), context(id));
    // What one opens before it fails is closed too.
    running.put(id, extension);
    try {
      extension.start();
      extension.ready();
    } catch (Exception e) {
      if (e instanceof InterruptedException) Thread.currentThread().interrupt();
      throw new IllegalStateException(StartException.of(id, e).getMessage(), e);
    }
    return extension;
  }
}
