package io.raybridge.engine;

import io.raybridge.api.Clock;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Context;
import io.raybridge.api.Exporter;
import io.raybridge.api.ExporterFactory;
import io.raybridge.config.CollectorConfig;
import java.util.Map;

/** Makes an exporter without its pipelines, for commands that use it alone. */
public final class LoneExporter {
  private final CollectorConfig config;
  private final Map<String, String> env;
  private final Logging logging;
  private final OwnMetrics metrics;
  private final LossLedger ledger;

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
   * Makes an exporter and does not start it. It finds no extensions.
   *
   * @throws RuntimeException when it cannot be made; says why
   */
  public Exporter make(ComponentId id) {
    var part = config.component(id);
    return make((ExporterFactory<?>) part.factory(), part.config(), context(id));
  }

  private static <C extends Record> Exporter make(
      ExporterFactory<C> factory, Record config, Context context) {
    return factory.create(factory.descriptor().config().cast(config), context);
  }

  private Context context(ComponentId id) {
    return new Context(
        id,
        logging.of(id),
        Clock.SYSTEM,
        metrics.with(id.kind().word(), id.toString()),
        ledger.of(id),
        Extensions.none(id),
        Foreground.dataDir(env));
  }
}
