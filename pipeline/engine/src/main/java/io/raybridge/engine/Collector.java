package io.raybridge.engine;

import io.raybridge.api.Clock;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Deadline;
import io.raybridge.api.Diagnostics;
import io.raybridge.api.Extension;
import io.raybridge.api.Kind;
import io.raybridge.config.CollectorConfig;
import io.raybridge.config.TelemetryConfig;
import io.raybridge.data.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A running collector: all components of a configuration, connected, started downstream first and
 * stopped the other way round under one deadline. Moves to another configuration while it runs.
 */
final class Collector {
  private final Logging logging;
  private final System.Logger log;
  private final LossLedger ledger;
  private final OwnMetricsServer own;
  private final Running running;
  private final DiagnosticsServer diagnostics;
  private TelemetryConfig telemetry;

  private Collector(
      TelemetryConfig telemetry,
      Logging logging,
      LossLedger ledger,
      OwnMetricsServer own,
      Running running,
      DiagnosticsServer diagnostics) {
    this.telemetry = telemetry;
    this.logging = logging;
    this.log = logging.collector();
    this.ledger = ledger;
    this.own = own;
    this.running = running;
    this.diagnostics = diagnostics;
  }

  /**
   * What a collector needs from outside.
   *
   * @param timeout how long stopping may take when the start fails, and for components that another
   *     configuration does without
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
    var lookups = new Extensions.Lookups();
    Supplier<Contexts> contexts =
        () ->
            new Contexts(
                logging,
                clock,
                metrics,
                ledger,
                new Extensions(lookups, surroundings.fatal, pages),
                surroundings.dataDir);
    var running =
        new Running(
            config,
            contexts,
            lookups,
            ledger,
            logging.collector(),
            clock,
            surroundings.timeout,
            surroundings.fatal);
    var diagnostics = diagnostics(config, contexts.get(), running, pages);
    var collector = new Collector(config.telemetry(), logging, ledger, own, running, diagnostics);
    running.extensions().forEach((id, extension) -> collector.tell(id, extension, Telling.READY));
    return collector;
  }

  /** Who serves no metrics of its own and has no extension for it serves no diagnostics either. */
  private static DiagnosticsServer diagnostics(
      CollectorConfig config, Contexts contexts, Running running, Diagnostics pages) {
    var id = new ComponentId(Kind.EXTENSION, "service.diagnostics", "");
    var context = contexts.of(id, new Gauges());
    boolean shown =
        running.extensions().values().stream().anyMatch(Diagnostics.Shown.class::isInstance);
    boolean quiet = config.telemetry().metrics().prometheus().isEmpty();
    return shown || quiet
        ? DiagnosticsServer.none(context)
        : DiagnosticsServer.start(context, DiagnosticsServer.ENDPOINT, pages);
  }

  /**
   * Moves to another configuration: starts what is new or different in it, stops what is gone, and
   * leaves all else as it runs. Returns whether it did; if not, everything is as before, and why
   * stands in the log.
   */
  boolean reload(CollectorConfig config) {
    Running.Move move;
    try {
      move = running.to(config);
    } catch (StartException e) {
      log.log(System.Logger.Level.ERROR, "the new configuration is refused: " + e.getMessage());
      return false;
    }
    move.started()
        .forEach(node -> {
          if (node.component() instanceof Extension extension)
            tell(node.id(), extension, Telling.READY);
        });
    speakAs(config.telemetry());
    log.log(
        System.Logger.Level.INFO,
        "the new configuration runs",
        Map.entry("started", names(move.started())),
        Map.entry("stopped", names(move.stopped())));
    return true;
  }

  private static String names(List<Node> nodes) {
    return nodes.stream().map(Node::toString).distinct().collect(Collectors.joining(", "));
  }

  private void speakAs(TelemetryConfig wanted) {
    if (wanted.equals(telemetry)) return;
    logging.level(wanted.logs());
    boolean onlyLevel = wanted.equals(telemetry.withLogLevel(wanted.logs().level()));
    telemetry = wanted;
    if (onlyLevel) return;
    log.log(
        System.Logger.Level.WARNING,
        "service.telemetry: all but logs.level takes effect with the next start");
  }

  /**
   * Stops everything by the deadline and reports what could not be sent. Returns whether all
   * components stopped by themselves.
   */
  boolean stop(Deadline deadline) {
    running.extensions().forEach((id, extension) -> tell(id, extension, Telling.NOT_READY));
    boolean clean = running.stop(deadline);
    for (var line : losses()) log.log(System.Logger.Level.WARNING, line);
    diagnostics.close();
    own.close();
    return clean;
  }

  /** The ports on which Prometheus may read. */
  List<Integer> metricsPorts() {
    return own.ports();
  }

  private enum Telling {
    READY,
    NOT_READY
  }

  private void tell(ComponentId id, Extension extension, Telling what) {
    try {
      switch (what) {
        case READY -> extension.ready();
        case NOT_READY -> extension.notReady();
      }
    } catch (RuntimeException e) {
      log.log(System.Logger.Level.ERROR, "a bug in extension " + id + " when told " + what, e);
    }
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
