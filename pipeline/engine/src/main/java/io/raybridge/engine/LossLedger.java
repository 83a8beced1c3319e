package io.raybridge.engine;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import io.raybridge.api.Clock;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Kind;
import io.raybridge.api.Ledger;
import io.raybridge.api.Telemetry;
import io.raybridge.api.Telemetry.Counter;
import io.raybridge.api.ThrottledLog;
import io.raybridge.data.Signal;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The whole collector's loss ledger: accepted = delivered + queued + dropped{stage, reason}, per
 * signal. Remembers the last drops one by one, so that a lost trace can be asked for.
 */
final class LossLedger {
  private static final int REMEMBERED = 1000;
  private static final AttributeKey<String> KIND = AttributeKey.stringKey("kind");
  private static final AttributeKey<String> STAGE = AttributeKey.stringKey("stage");
  private static final AttributeKey<String> SIGNAL = AttributeKey.stringKey("signal");
  private static final AttributeKey<String> REASON = AttributeKey.stringKey("reason");

  private final Deque<Loss> losses = new ArrayDeque<>(REMEMBERED);
  private final Map<ComponentId, Account> accounts = new ConcurrentHashMap<>();
  private final OwnMetrics metrics;
  private final Function<ComponentId, System.Logger> log;
  private final Clock clock;

  LossLedger(OwnMetrics metrics, Function<ComponentId, System.Logger> log, Clock clock) {
    this.metrics = metrics;
    this.log = log;
    this.clock = clock;
    var meter = metrics.meter();
    var accepted = sum(meter, "accepted", "Number of items that exporters have taken over.");
    var delivered = sum(meter, "delivered", "Number of items that destinations have confirmed.");
    var dropped =
        sum(
            meter,
            "dropped",
            "Number of items acknowledged to their sender and lost since, by component and reason.");
    var queued =
        meter
            .upDownCounterBuilder("otelcol_raybridge_queued_items")
            .setUnit("{item}")
            .setDescription("Items taken over whose end is not known yet.")
            .buildObserver();
    meter.batchCallback(
        () -> observe(accepted, delivered, queued, dropped), accepted, delivered, queued, dropped);
  }

  /**
   * One drop, remembered.
   *
   * @param stage the component that dropped
   */
  record Loss(Instant time, ComponentId stage, Ledger.Drop drop) {}

  /** The ledger of one component, always the same. */
  Account of(ComponentId stage) {
    return accounts.computeIfAbsent(stage, id -> new Account(id, log.apply(id)));
  }

  /** The last drops, newest first. */
  List<Loss> recent() {
    synchronized (losses) {
      return new ArrayList<>(losses).reversed();
    }
  }

  /** All accounts, by component. */
  Collection<Account> accounts() {
    return accounts.values().stream()
        .sorted(
            Comparator.comparing((Account a) -> a.stage.kind())
                .thenComparing(a -> a.stage.toString()))
        .toList();
  }

  private void remember(Loss loss) {
    synchronized (losses) {
      if (losses.size() == REMEMBERED) losses.removeFirst();
      losses.addLast(loss);
    }
  }

  /**
   * What one component took over of a signal and what became of it, all at the same moment.
   *
   * @param dropped items lost, by reason
   * @param spooled those of the queued that a queue left on disk when it stopped
   */
  record Balance(long accepted, long delivered, SortedMap<String, Long> dropped, long spooled) {
    long lost() {
      return dropped.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Items taken over whose end is not known. */
    long queued() {
      return accepted - delivered - lost();
    }
  }

  /** One scrape's reading of all lines: each line adds up, however much goes on meanwhile. */
  private void observe(
      ObservableLongMeasurement accepted,
      ObservableLongMeasurement delivered,
      ObservableLongMeasurement queued,
      ObservableLongMeasurement dropped) {
    for (var account : accounts.values()) {
      account.lines.forEach((signal, line) -> {
        var labels =
            Attributes.of(
                KIND, account.stage.kind().word(),
                STAGE, account.stage.toString(),
                SIGNAL, signal.key());
        var balance = line.balance();
        // A processor that loses something has taken over nothing: for that there are exporters.
        if (account.stage.kind() == Kind.EXPORTER) {
          accepted.record(balance.accepted(), labels);
          delivered.record(balance.delivered(), labels);
          queued.record(balance.queued(), labels);
        }
        balance
            .dropped()
            .forEach((reason, items) ->
                dropped.record(items, labels.toBuilder().put(REASON, reason).build()));
      });
    }
  }

  private static ObservableLongMeasurement sum(Meter meter, String what, String description) {
    return meter
        .counterBuilder("otelcol_raybridge_" + what + "_items")
        .setUnit("{item}")
        .setDescription(description)
        .buildObserver();
  }

  /** What one component took over and what became of it. */
  final class Account implements Ledger {
    private final ComponentId stage;
    private final Telemetry exporting;
    private final ThrottledLog log;
    private final Map<Signal, Line> lines = new ConcurrentHashMap<>();

    private Account(ComponentId stage, System.Logger log) {
      this.stage = stage;
      this.exporting = metrics.with(stage.kind().word(), stage.toString());
      this.log = new ThrottledLog(log, clock);
    }

    @Override
    public void accepted(Signal signal, long items) {
      line(signal).accepted(items);
    }

    @Override
    public void delivered(Signal signal, long items) {
      line(signal).delivered(items);
    }

    @Override
    public void spooled(Signal signal, long items) {
      line(signal).spooled(items);
    }

    @Override
    public void found(Signal signal, long items) {
      line(signal).found(items);
    }

    @Override
    public void dropped(Drop drop) {
      line(drop.signal()).dropped(drop);
      remember(new Loss(clock.now(), stage, drop));
      log.log(System.Logger.Level.WARNING, drop.reason(), () -> describe(drop));
    }

    /** Prepares a signal, so that its metrics show zero from the start. */
    void open(Signal signal) {
      line(signal);
    }

    ComponentId stage() {
      return stage;
    }

    /** The signals of which anything was ever said. */
    Set<Signal> signals() {
      return new TreeSet<>(lines.keySet());
    }

    Balance balance(Signal signal) {
      return line(signal).balance();
    }

    /** What of this signal never arrived, in one line; empty when all did. */
    Optional<String> report(Signal signal) {
      if (!lines.containsKey(signal)) return Optional.empty();
      var balance = balance(signal);
      long queued = balance.queued() - balance.spooled();
      long missing = balance.lost() + queued;
      if (missing <= 0) return Optional.empty();
      List<String> parts = new ArrayList<>();
      balance.dropped().forEach((reason, items) -> parts.add(items + " " + reason));
      if (queued > 0) parts.add(queued + " still queued");
      return Optional.of(
          "%d %s were not delivered by exporter %s: %s"
              .formatted(missing, Names.words(signal), stage, String.join(", ", parts)));
    }

    private Line line(Signal signal) {
      return lines.computeIfAbsent(signal, Line::new);
    }

    private String describe(Drop drop) {
      return "dropped "
          + drop.items()
          + " "
          + Names.words(drop.signal())
          + ": "
          + drop.reason()
          + ": "
          + drop.detail()
          + (drop.traceId() == null ? "" : " (first trace " + drop.traceId() + ")");
    }

    /** One signal's row: changed and read under one lock, so that it adds up at any moment. */
    private final class Line {
      private final SortedMap<String, Long> dropped = new TreeMap<>();
      private final Counter sent;
      private final Counter sendFailed;
      private long accepted;
      private long delivered;
      private long spooled;

      private Line(Signal signal) {
        boolean exporter = stage.kind() == Kind.EXPORTER;
        this.sent = exporter ? Names.sent(exporting, signal) : _ -> {};
        this.sendFailed = exporter ? Names.sendFailed(exporting, signal) : _ -> {};
      }

      private synchronized void accepted(long items) {
        accepted += items;
      }

      private void delivered(long items) {
        synchronized (this) {
          delivered += items;
        }
        sent.add(items);
      }

      private void dropped(Drop drop) {
        synchronized (this) {
          dropped.merge(drop.reason(), drop.items(), Long::sum);
        }
        sendFailed.add(drop.items());
      }

      private synchronized void spooled(long items) {
        spooled += items;
      }

      private synchronized void found(long items) {
        accepted += Math.max(0, items - spooled);
        spooled = 0;
      }

      private synchronized Balance balance() {
        return new Balance(accepted, delivered, new TreeMap<>(dropped), spooled);
      }
    }
  }
}
