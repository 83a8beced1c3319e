package io.raybridge.engine;

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
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * The whole collector's loss ledger: accepted = delivered + queued + dropped{stage, reason}, per
 * signal. Remembers the last drops one by one, so that a lost trace can be asked for.
 */
final class LossLedger {
  private static final int REMEMBERED = 1000;

  private final Deque<Loss> losses = new ArrayDeque<>(REMEMBERED);
  private final Map<ComponentId, Account> accounts = new ConcurrentHashMap<>();
  private final OwnMetrics metrics;
  private final Function<ComponentId, System.Logger> log;
  private final Clock clock;

  LossLedger(OwnMetrics metrics, Function<ComponentId, System.Logger> log, Clock clock) {
    this.metrics = metrics;
    this.log = log;
    this.clock = clock;
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

  /** What one component took over and what became of it. */
  final class Account implements Ledger {
    private final ComponentId stage;
    private final Telemetry exporting;
    private final Telemetry losing;
    private final ThrottledLog log;
    private final Map<Signal, Line> lines = new ConcurrentHashMap<>();

    private Account(ComponentId stage, System.Logger log) {
      this.stage = stage;
      this.exporting = metrics.with(stage.kind().word(), stage.toString());
      this.losing = metrics.with("kind", stage.kind().word(), "stage", stage.toString());
      this.log = new ThrottledLog(log, clock);
    }

    @Override
    public void accepted(Signal signal, long items) {
      line(signal).accepted.add(items);
    }

    @Override
    public void delivered(Signal signal, long items) {
      var line = line(signal);
      line.delivered.add(items);
      line.sent.add(items);
    }

    @Override
    public void dropped(Drop drop) {
      line(drop.signal()).drop(drop);
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

    long accepted(Signal signal) {
      return line(signal).accepted.sum();
    }

    long delivered(Signal signal) {
      return line(signal).delivered.sum();
    }

    /** Items lost, by reason. */
    Map<String, Long> dropped(Signal signal) {
      var byReason = new TreeMap<String, Long>();
      line(signal).dropped.forEach((reason, sum) -> byReason.put(reason, sum.items().sum()));
      return byReason;
    }

    /** Items taken over whose end is not known. */
    long queued(Signal signal) {
      return accepted(signal)
          - delivered(signal)
          - dropped(signal).values().stream().mapToLong(Long::longValue).sum();
    }

    /** What of this signal never arrived, in one line; empty when all did. */
    Optional<String> report(Signal signal) {
      if (!lines.containsKey(signal)) return Optional.empty();
      var dropped = dropped(signal);
      long lost = dropped.values().stream().mapToLong(Long::longValue).sum();
      long queued = queued(signal);
      if (lost + queued <= 0) return Optional.empty();
      List<String> parts = new ArrayList<>();
      dropped.forEach((reason, items) -> parts.add(items + " " + reason));
      if (queued > 0) parts.add(queued + " still queued");
      return Optional.of(
          "%d %s were not delivered by exporter %s: %s"
              .formatted(lost + queued, Names.words(signal), stage, String.join(", ", parts)));
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

    /** One signal's row. */
    private final class Line {
      private final Signal signal;
      private final LongAdder accepted = new LongAdder();
      private final LongAdder delivered = new LongAdder();
      private final Map<String, Sum> dropped = new ConcurrentHashMap<>();
      private final Counter sent;
      private final Counter sendFailed;

      private Line(Signal signal) {
        this.signal = signal;
        boolean exporter = stage.kind() == Kind.EXPORTER;
        this.sent = exporter ? Names.sent(exporting, signal) : _ -> {};
        this.sendFailed = exporter ? Names.sendFailed(exporting, signal) : _ -> {};
      }

      private void drop(Drop drop) {
        var sum =
            dropped.computeIfAbsent(
                drop.reason(),
                reason -> new Sum(new LongAdder(), Names.dropped(losing, signal, reason)));
        sum.items.add(drop.items());
        sum.metric.add(drop.items());
        sendFailed.add(drop.items());
      }
    }

    private record Sum(LongAdder items, Counter metric) {}
  }
}
