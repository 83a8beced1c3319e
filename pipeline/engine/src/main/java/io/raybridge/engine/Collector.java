package io.raybridge.engine;

import io.opentelemetry.api.metrics.MeterProvider;
import io.raybridge.api.Clock;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Extension;
import io.raybridge.api.Host;
import io.raybridge.api.Kind;
import io.raybridge.data.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A running collector: all components of a configuration, connected, started downstream first and
 * stopped the other way round under one deadline.
 */
public final class Collector {
  private final System.Logger log;
  private final LifeCycle lifeCycle;
  private final Map<ComponentId, Extension> extensions;
  private final LossLedger ledger;
  private final @Nullable OwnMetricsReader own;

  private Collector(
      System.Logger log,
      LifeCycle lifeCycle,
      Map<ComponentId, Extension> extensions,
      LossLedger ledger,
      @Nullable OwnMetricsReader own) {
    this.log = log;
    this.lifeCycle = lifeCycle;
    this.extensions = extensions;
    this.ledger = ledger;
    this.own = own;
  }

  /**
   * Builds and starts everything. If one component cannot start, those before it are stopped.
   *
   * @param fatal told when a component gives up after the start
   */
  static Collector start(
      Blueprint blueprint,
      Logging logging,
      @Nullable OwnMetricsReader own,
      Clock clock,
      Path dataDir,
      Duration timeout,
      BiConsumer<ComponentId, Throwable> fatal)
      throws StartException {
    var meter = own == null ? MeterProvider.noop().get("io.raybridge") : own.meter();
    ProcessMetrics.register(meter, clock);
    var metrics = new OwnMetrics(meter);
    var ledger = new LossLedger(metrics, logging::of, clock);
    var host = new Extensions(fatal);
    var graph =
        Graph.build(
            blueprint,
            id ->
                new Context(
                    id,
                    logging.of(id),
                    clock,
                    metrics.with(id.kind().word(), id.toString()),
                    ledger.of(id),
                    host,
                    dataDir),
            ledger,
            host.extensions);
    var log = logging.collector();
    var lifeCycle = new LifeCycle(log);
    var collector = new Collector(log, lifeCycle, host.extensions, ledger, own);
    lifeCycle.start(graph.order(), () -> Deadline.in(timeout, clock));
    collector.tell("ready", Extension::ready);
    return collector;
  }

  /**
   * Stops everything by the deadline and reports what could not be sent. Returns whether all
   * components stopped by themselves.
   */
  public boolean stop(Deadline deadline) {
    tell("not ready", Extension::notReady);
    boolean clean = lifeCycle.stop(deadline);
    for (var line : losses()) log.log(System.Logger.Level.WARNING, line);
    if (own != null) own.close();
    return clean;
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

  /** What components may ask the collector for. */
  private static final class Extensions implements Host {
    private final BiConsumer<ComponentId, Throwable> fatal;
    private final Map<ComponentId, Extension> extensions = new LinkedHashMap<>();

    private Extensions(BiConsumer<ComponentId, Throwable> fatal) {
      this.fatal = fatal;
    }

    @Override
    public <T> Optional<T> extension(String id, Class<T> capability) {
      return Optional.ofNullable(extensions.get(ComponentId.of(Kind.EXTENSION, id)))
          .filter(capability::isInstance)
          .map(capability::cast);
    }

    @Override
    public void fatal(ComponentId who, Throwable why) {
      fatal.accept(who, why);
    }
  }
}
