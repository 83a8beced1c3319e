package io.raybridge.engine;

import io.raybridge.api.Clock;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Consumer;
import io.raybridge.api.Outcome;
import io.raybridge.api.Outputs;
import io.raybridge.api.Telemetry;
import io.raybridge.api.Telemetry.Counter;
import io.raybridge.api.ThrottledLog;
import io.raybridge.data.Batch;
import io.raybridge.data.Signal;
import org.jspecify.annotations.Nullable;

/**
 * The engine's part between two components: counts what passes, and turns an exception, which is
 * always a bug, into a refusal, so that after the start nothing brings the process down.
 *
 * <p>A batch belongs to the next consumer once it is handed over, so it is counted before.
 */
final class Edges {
  private Edges() {}

  /** How a component's bug is reported: to its log with the stack, to the sender without. */
  record Guard(ComponentId id, ThrottledLog log) {
    static Guard of(ComponentId id, System.Logger log, Clock clock) {
      return new Guard(id, new ThrottledLog(log, clock));
    }

    Outcome bug(RuntimeException e) {
      log.log(
          System.Logger.Level.ERROR,
          e.getClass().getName(),
          () -> "refused a batch because of a bug in " + id.kind().word() + " " + id,
          e);
      return Outcome.failed("internal error in " + id.kind().word() + " " + id);
    }
  }

  /**
   * What leaves a receiver. Makes its counters when it is first used, since a receiver that names
   * its transports never sends without one.
   */
  static final class FromReceiver<B extends Batch> implements Outputs.PerTransport<B> {
    private final Consumer<B> next;
    private final Signal signal;
    private final Telemetry telemetry;
    private final Guard guard;
    private volatile @Nullable Counting<B> counting;

    FromReceiver(Consumer<B> next, Signal signal, Telemetry telemetry, Guard guard) {
      this.next = next;
      this.signal = signal;
      this.telemetry = telemetry;
      this.guard = guard;
    }

    @Override
    public Consumer<B> over(String transport) {
      return new Counting<>(next, signal, telemetry, guard, "transport", transport);
    }

    @Override
    public Outcome consume(B batch) {
      return counting().consume(batch);
    }

    @Override
    public @Nullable Outcome consumeNow(B batch) {
      return counting().consumeNow(batch);
    }

    private Counting<B> counting() {
      var known = counting;
      if (known == null) {
        // Made twice it would count in the same places.
        known = new Counting<>(next, signal, telemetry, guard);
        counting = known;
      }
      return known;
    }
  }

  /** Counts what became of each batch. */
  private static final class Counting<B extends Batch> implements Consumer<B> {
    private final Consumer<B> next;
    private final Guard guard;
    private final Counter accepted;
    private final Counter refused;
    private final Counter failed;

    Counting(Consumer<B> next, Signal signal, Telemetry telemetry, Guard guard, String... labels) {
      this.next = next;
      this.guard = guard;
      this.accepted =
          Names.receiver(telemetry, signal, "accepted", "successfully pushed into", labels);
      this.refused =
          Names.receiver(telemetry, signal, "refused", "that could not be pushed into", labels);
      this.failed =
          Names.receiver(telemetry, signal, "failed", "that failed because of a bug in", labels);
    }

    @Override
    public Outcome consume(B batch) {
      int items = batch.items();
      Outcome outcome;
      try {
        outcome = next.consume(batch);
      } catch (RuntimeException e) {
        failed.add(items);
        return guard.bug(e);
      }
      return counted(outcome, items);
    }

    @Override
    public @Nullable Outcome consumeNow(B batch) {
      int items = batch.items();
      Outcome outcome;
      try {
        outcome = next.consumeNow(batch);
      } catch (RuntimeException e) {
        failed.add(items);
        return guard.bug(e);
      }
      return outcome == null ? null : counted(outcome, items);
    }

    private Outcome counted(Outcome outcome, int items) {
      switch (outcome) {
        case Outcome.Accepted _ -> accepted.add(items);
        case Outcome.Partial partial -> {
          accepted.add(items - partial.rejectedItems());
          refused.add(partial.rejectedItems());
        }
        case Outcome.Retry _, Outcome.Rejected _ -> refused.add(items);
      }
      return outcome;
    }
  }

  /** What goes into a processor. */
  static <B extends Batch> Consumer<B> intoProcessor(
      Consumer<B> processor, Counter incoming, Guard guard) {
    return new Consumer<>() {
      @Override
      public Outcome consume(B batch) {
        incoming.add(batch.items());
        try {
          return processor.consume(batch);
        } catch (RuntimeException e) {
          return guard.bug(e);
        }
      }

      @Override
      public @Nullable Outcome consumeNow(B batch) {
        int items = batch.items();
        Outcome outcome;
        try {
          outcome = processor.consumeNow(batch);
        } catch (RuntimeException e) {
          outcome = guard.bug(e);
        }
        if (outcome != null) incoming.add(items);
        return outcome;
      }
    };
  }

  /** What goes into a connector. */
  static <B extends Batch> Consumer<B> guarded(Consumer<B> connector, Guard guard) {
    return batch -> {
      try {
        return connector.consume(batch);
      } catch (RuntimeException e) {
        return guard.bug(e);
      }
    };
  }

  /** What a processor hands on. */
  static <B extends Batch> Consumer<B> counting(Consumer<B> next, Counter outgoing) {
    return new Consumer<>() {
      @Override
      public Outcome consume(B batch) {
        outgoing.add(batch.items());
        return next.consume(batch);
      }

      @Override
      public @Nullable Outcome consumeNow(B batch) {
        int items = batch.items();
        var outcome = next.consumeNow(batch);
        if (outcome != null) outgoing.add(items);
        return outcome;
      }
    };
  }

  /** What goes into an exporter; refused there means refused to whoever sent it. */
  static <B extends Batch> Consumer<B> intoExporter(
      Consumer<B> exporter, Counter refused, Guard guard) {
    return new Consumer<>() {
      @Override
      public Outcome consume(B batch) {
        int items = batch.items();
        try {
          return counted(exporter.consume(batch), items);
        } catch (RuntimeException e) {
          return counted(guard.bug(e), items);
        }
      }

      @Override
      public @Nullable Outcome consumeNow(B batch) {
        int items = batch.items();
        try {
          var outcome = exporter.consumeNow(batch);
          return outcome == null ? null : counted(outcome, items);
        } catch (RuntimeException e) {
          return counted(guard.bug(e), items);
        }
      }

      private Outcome counted(Outcome outcome, int items) {
        switch (outcome) {
          case Outcome.Accepted _ -> {}
          case Outcome.Partial partial -> refused.add(partial.rejectedItems());
          case Outcome.Retry _, Outcome.Rejected _ -> refused.add(items);
        }
        return outcome;
      }
    };
  }
}
