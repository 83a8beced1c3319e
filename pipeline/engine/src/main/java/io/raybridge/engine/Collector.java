package io.raybridge.engine;

import io.raybridge.api.Clock;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Diagnostics;
import io.raybridge.api.Extension;
import io.raybridge.api.Kind;
import io.raybridge.config.CollectorConfig;
import io.raybridge.data.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A running collector: all components of a configuration, connected, started downstream first and
 * stopped the other way round under one deadline.
 */
final class Collector {
  private final System.Logger log;
  private final LifeCycle lifeCycle;
  private final Map<ComponentId, Extension> extensions;
  private final LossLedger ledger;
  private final OwnMetricsServer own;
  private final DiagnosticsServer diagnostics;

  private Collector(
      System.Logger log,
      LifeCycle lifeCycle,
      Map<ComponentId, Extension> extensions,
      LossLedger ledger,
      OwnMetricsServer own,
      DiagnosticsServer diagnostics) {
    this.log = log;
    this.lifeCycle = lifeCycle;
    this.extensions = extensions;
    this.ledger = ledger;
    this.own = own;
    this.diagnostics = diagnostics;
  }

  /**
   * What a collector needs from outside.
   *
   * @param timeout how long stopping may take when the start fails
   * @param fatal told when a component gives up after the start
   */
  record Surroundings(
      Clock clock, Path dataDir, Duration timeout, BiConsumer<ComponentId, Throwable> fatal) {}

  /** Builds and starts everything. If one component cannot start, those before it are stopped. */
  static Collector start(CollectorConfig config, Logging logging, Surroundings surroundings)
      throws StartException {
    var own = OwnMetricsServer.start(config.telemetry(), logging.collector(), surroundings.clock);
    try {
      return start(config, logging, surroundings, own);
    } catch (StartException | RuntimeException e) {
      own.close();
      throw e;
    }
  }

  private static Collector start(
      CollectorConfig config, Logging logging, Surroundings surroundings, OwnMetricsServer own)
      throws StartException {
    var clock = surroundings.clock;
    ProcessMetrics.register(own.meter(), clock);
    var metrics = new OwnMetrics(own.meter());
    var ledger = new LossLedger(metrics, logging::of, clock);
    var pages = new DropsPage(ledger);
    var host = new Extensions(surroundings.fatal, pages);
    Function<ComponentId, Context> contexts =
        id ->
            new Context(
                id,
                logging.of(id),
                clock,
                metrics.with(id.kind().word(), id.toString()),
                ledger.of(id),
                host,
                surroundings.dataDir);
    var graph = Graph.build(config, contexts, ledger, host.all());
    var log = logging.collector();
    var lifeCycle = new LifeCycle(log);
    lifeCycle.start(graph.order(), () -> Deadline.in(surroundings.timeout, clock));
    var diagnostics = diagnostics(config, contexts, host, pages);
    var collector = new Collector(log, lifeCycle, host.all(), ledger, own, diagnostics);
    collector.tell("ready", Extension::ready);
    return collector;
  }

  /** Who serves no metrics of its own and has no extension for it serves no diagnostics either. */
  private static DiagnosticsServer diagnostics(
      CollectorConfig config,
      Function<ComponentId, Context> contexts,
      Extensions host,
      Diagnostics pages) {
    var context = contexts.apply(new ComponentId(Kind.EXTENSION, "service.diagnostics", ""));
    boolean shown = host.all().values().stream().anyMatch(Diagnostics.Shown.class::isInstance);
    boolean quiet = config.telemetry().metrics().prometheus().isEmpty();
    return shown || quiet
        ? DiagnosticsServer.none(context)
        : DiagnosticsServer.start(context, DiagnosticsServer.ENDPOINT, pages);
  }

  /**
   * Stops everything by the deadline and reports what could not be sent. Returns whether all
   * components stopped by themselves.
   */
  boolean stop(Deadline deadline) {
    tell("not ready", Extension::notReady);
    boolean clean = lifeCycle.stop(deadline);
    for (var line : losses()) log.log(System.Logger.Level.WARNING, line);
    diagnostics.close();
    own.close();
    return clean;
  }

  /** The ports on which Prometheus may read. */
  List<Integer> metricsPorts() {
    return own.ports();
  }

  private void tell(String what, Consumer<Extension> telling) {
    extensions.forEach((id, extension) -> {
      try {
        telling.accept(extension);
      } catch (RuntimeException e) {
        log.log(System.Logger.Level.ERROR, "a bug in extension " + id + " when told " + what, e);
      }
    });
  }

  private List<String> losses() {
    List<String> lines = new ArrayList<>();
    for (var account : ledger.accounts()) {
      if (account.stage().kind() != Kind.EXPORTER) continue;
      for (var signal : Signal.values()) account.report(signal).ifPresent(lines::add);
    }
    return lines;
  }
}
