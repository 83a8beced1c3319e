package io.raybridge.processors.memorylimiter;

import io.raybridge.api.Clock;
import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Outcome;
import io.raybridge.api.Processor;
import io.raybridge.api.Repeating;
import io.raybridge.api.Telemetry;
import io.raybridge.data.Batch;
import io.raybridge.data.Logs;
import io.raybridge.data.Metrics;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Refuses data while memory is short, so that clients keep it and the collector lives. What has
 * been let through is never touched.
 */
final class MemoryLimiter implements Processor {
  private static final Duration LEAST_WAIT = Duration.ofSeconds(1);
  private static final long MIB = 1 << 20;

  private final MemoryLimiterConfig config;
  private final Context context;
  private final Clock clock;
  private final Supplier<Memory> memory;
  private final Outcome refusal;
  private final Repeating watch;
  private volatile boolean refusing;
  private @Nullable MemoryLimits limits;

  MemoryLimiter(MemoryLimiterConfig config, Context context, Supplier<Memory> memory) {
    this.config = config;
    this.context = context;
    this.memory = memory;
    clock = context.clock();
    watch = new Repeating(context.id() + " memory", clock, this::look);
    var wait =
        config.checkInterval().compareTo(LEAST_WAIT) > 0 ? config.checkInterval() : LEAST_WAIT;
    refusal = Outcome.overloaded("memory_limiter: memory is above its soft limit", wait);
  }

  @Override
  public Consumer<Traces> traces(Consumer<Traces> next) {
    return guard(next, Signal.TRACES);
  }

  @Override
  public Consumer<Metrics> metrics(Consumer<Metrics> next) {
    return guard(next, Signal.METRICS);
  }

  @Override
  public Consumer<Logs> logs(Consumer<Logs> next) {
    return guard(next, Signal.LOGS);
  }

  private <B extends Batch> Consumer<B> guard(Consumer<B> next, Signal signal) {
    var accepted = counter(signal, "accepted", "let through");
    var refused = counter(signal, "refused", "refused because memory was short");
    return new Consumer<>() {
      @Override
      public Outcome consume(B batch) {
        if (refusing) return refused(batch);
        accepted.add(batch.items());
        return next.consume(batch);
      }

      @Override
      public @Nullable Outcome consumeNow(B batch) {
        if (refusing) return refused(batch);
        int items = batch.items();
        var outcome = next.consumeNow(batch);
        if (outcome != null) accepted.add(items);
        return outcome;
      }

      private Outcome refused(B batch) {
        refused.add(batch.items());
        return refusal;
      }
    };
  }

  private Telemetry.Counter counter(Signal signal, String what, String description) {
    String items = signal.items();
    return context
        .telemetry()
        .counter(
            "otelcol_processor_" + what + "_" + items,
            "{" + items + "}",
            "Number of " + items.replace('_', ' ') + " " + description + ".");
  }

  @Override
  public void start() {
    watch.start(clock.nanoTime());
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    watch.stop(deadline);
  }

  private long look() {
    var looked = memory.get();
    var known = limits;
    if (known == null) {
      known = MemoryLimits.of(config, looked);
      limits = known;
      announce(known, looked);
    }
    check(known, looked);
    return clock.nanoTime() + config.checkInterval().toNanos();
  }

  private void announce(MemoryLimits limits, Memory looked) {
    log(
        Level.INFO,
        "limit "
            + mib(limits.hard())
            + " for heap and direct memory, data is refused above "
            + mib(limits.soft())
            + "; of the heap "
            + mib(limits.hardHeap())
            + " and "
            + mib(limits.softHeap()));
    if (limits.hard() > looked.maxHeap()) {
      log(
          Level.WARNING,
          "the configured limit, "
              + mib(limits.hard())
              + ", is above what the JVM's heap can keep, "
              + mib(looked.maxHeap())
              + " (-Xmx): the smaller one counts");
    }
  }

  private void check(MemoryLimits limits, Memory looked) {
    boolean was = refusing;
    boolean above = limits.isAboveSoft(looked);
    if (above && collectIfDue(limits, looked)) above = limits.isAboveSoft(looked);
    refusing = above;
    if (above == was) return;
    String use = mib(looked.heap()) + " heap, " + mib(looked.direct()) + " direct memory";
    log(
        above ? Level.WARNING : Level.INFO,
        above ? "memory is short, refusing data: " + use : "memory is free again: " + use);
  }

  private boolean collectIfDue(MemoryLimits limits, Memory looked) {
    var interval =
        limits.isAboveHard(looked)
            ? config.minGcIntervalWhenHardLimited()
            : config.minGcIntervalWhenSoftLimited();
    return looked.collect(clock.nanoTime(), interval.toNanos());
  }

  private void log(Level level, String message) {
    context.log().log(level, message);
  }

  private static String mib(long bytes) {
    return bytes / MIB + " MiB";
  }
}
