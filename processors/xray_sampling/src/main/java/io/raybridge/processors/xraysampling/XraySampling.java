package io.raybridge.processors.xraysampling;

import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.FileMark;
import io.raybridge.api.Invalid;
import io.raybridge.api.Processor;
import io.raybridge.api.Repeating;
import io.raybridge.data.Traces;
import io.raybridge.sampling.AwsRules;
import io.raybridge.sampling.RuleException;
import io.raybridge.sampling.RuleState;
import io.raybridge.sampling.SamplingRule;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Samples traces by X-Ray's rules, and keeps an eye on the files that they come from. */
final class XraySampling implements Processor {
  private static final Duration TICK = Duration.ofSeconds(10);
  private static final int TICKS_A_LINE = 6;

  private final XraySamplingConfig config;
  private final Context context;
  private final Metrics metrics;
  private final Cost cost;
  private final @Nullable Budget budget;
  private final @Nullable SpentLog spending;
  private final ReentrantLock lock = new ReentrantLock();
  private final Repeating ticking;
  private final @Nullable AwsRules aws;
  private List<SamplingRule> local;
  private List<SamplingRule> central = List.of();
  private List<Optional<FileMark>> marks;
  private int ticks;
  private @Nullable Sampler sampler;

  /**
   * @param variables the environment
   */
  XraySampling(
      XraySamplingConfig given, Context context, Function<String, @Nullable String> variables) {
    config = withVariable(given, context, variables.apply(AdaptiveConfig.VARIABLE));
    this.context = context;
    metrics = new Metrics(context.telemetry());
    cost = new Cost(metrics, context.clock(), context.log(), context.telemetry());
    budget = config.maxTracesPerMonth().map(most -> new Budget(most, context.clock())).orElse(null);
    spending =
        budget == null
            ? null
            : config.storage().map(storage -> new SpentLog(context, storage)).orElse(null);
    aws =
        config
            .rules()
            .aws()
            .map(session -> new AwsRules(session, context, new Rules()))
            .orElse(null);
    ticking = new Repeating(context.id() + " minute", context.clock(), this::tick);
    marks = config.rules().marks();
    try {
      local = config.rules().readLocal();
    } catch (RuleException e) {
      // They could be read when the configuration was checked, a moment ago.
      throw new IllegalStateException("rules.files: " + e.getMessage(), e);
    }
  }

  /** As ADOT's SDKs do: what is wrong in the variable is said, and keeps nothing from running. */
  private static XraySamplingConfig withVariable(
      XraySamplingConfig given, Context context, @Nullable String value) {
    if (given.adaptive().isPresent() || value == null || value.isBlank()) return given;
    try {
      var adaptive = AdaptiveConfig.ofVariable(value);
      context.log().log(Level.INFO, "adaptive sampling as " + AdaptiveConfig.VARIABLE + " says");
      return given.with(adaptive);
    } catch (IllegalArgumentException | Invalid e) {
      context.log().log(Level.ERROR, AdaptiveConfig.VARIABLE + " has no effect: " + e.getMessage());
      return given;
    }
  }

  /** X-Ray's rules come from another thread than those of changed files. */
  private final class Rules implements AwsRules.User {
    @Override
    public void rules(List<SamplingRule> rules) {
      lock.lock();
      try {
        central = rules;
        apply();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public List<RuleState> states() {
      return sampler == null ? List.of() : sampler.rules();
    }
  }

  private void apply() {
    if (sampler != null) sampler.rules(local, central);
  }

  @Override
  public Consumer<Traces> traces(Consumer<Traces> next) {
    var made = new Sampler(config, local, context, metrics, next);
    sampler = made;
    return made;
  }

  @Override
  public void start() throws IOException {
    if (budget != null) remember(budget);
    if (sampler != null) sampler.start();
    if (aws != null) aws.start();
    ticking.start(nextTick());
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    if (aws != null) aws.stop(deadline);
    if (sampler != null) sampler.stop(deadline);
    ticking.stop(deadline);
    if (budget != null) adjust(budget);
    if (spending != null) spending.close();
  }

  private long nextTick() {
    return context.clock().nanoTime() + TICK.toNanos();
  }

  private long tick() {
    readChangedFiles();
    if (budget != null) adjust(budget);
    if (++ticks % TICKS_A_LINE == 0) tell();
    return nextTick();
  }

  private void adjust(Budget budget) {
    if (sampler == null) return;
    long recorded = 0;
    for (var sum : metrics.sums().values()) recorded += sum.kept();
    budget.adjust(sampler.rules(), recorded);
    remember(budget);
  }

  /** A predecessor may have it for a while yet: then it is tried again. */
  private void remember(Budget budget) {
    if (spending == null) return;
    if (!spending.isOpen()) {
      var before = spending.open();
      if (before != null) budget.spentBefore(before);
    }
    spending.write(budget.spent());
  }

  private void tell() {
    cost.tell(
        budget == null || budget.elasticity() == 1
            ? ""
            : String.format(
                Locale.ROOT,
                "; elastic rules are at %.1f %% of their rates for max_traces_per_month",
                100 * budget.elasticity()));
  }

  private void readChangedFiles() {
    var now = config.rules().marks();
    if (now.equals(marks)) return;
    marks = now;
    try {
      var read = config.rules().readLocal();
      lock.lock();
      try {
        local = read;
        apply();
      } finally {
        lock.unlock();
      }
      context.log().log(Level.INFO, "rules were read again: " + read.size() + " rules");
    } catch (RuleException e) {
      context.log().log(
          Level.ERROR, "rules.files changed and the rules before stay in force: " + e.getMessage());
    }
  }
}
