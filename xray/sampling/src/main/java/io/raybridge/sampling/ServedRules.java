package io.raybridge.sampling;

import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.FileMark;
import io.raybridge.api.Invalid;
import io.raybridge.api.Repeating;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Serves the rules of a configuration to SDKs, and reads their files again when they change. */
public final class ServedRules implements SamplingService {
  private static final Duration LOOK = Duration.ofSeconds(10);

  private final RulesConfig config;
  private final Context context;
  private final SamplingDesk desk;
  private final Repeating looking;
  private List<Optional<FileMark>> marks;

  /**
   * @throws IOException when a file cannot be read, or is none of rules; names it
   */
  public ServedRules(RulesConfig config, Context context) throws IOException {
    this.config = config;
    this.context = context;
    marks = config.marks();
    try {
      desk = new SamplingDesk(config.readLocal(), context.clock()::now);
    } catch (RuleException e) {
      throw new IOException("rules.files: " + e.getMessage(), e);
    }
    looking = new Repeating(context.id() + " rules", context.clock(), this::look);
  }

  /**
   * Checks that rules can be served.
   *
   * @param key where they stand in the configuration
   * @throws Invalid when they are X-Ray's, which X-Ray serves itself
   */
  public static void check(String key, RulesConfig rules) {
    if (rules.aws().isPresent()) {
      throw new Invalid(
          key + ".aws", "is set (expected: no rules at all, then X-Ray is asked for its own)");
    }
  }

  /** Begins to look after the files. */
  public void start() {
    if (!config.files().isEmpty()) looking.start(nextLook());
  }

  private long nextLook() {
    return context.clock().nanoTime() + LOOK.toNanos();
  }

  private long look() {
    var now = config.marks();
    if (now.equals(marks)) return nextLook();
    marks = now;
    try {
      var read = config.readLocal();
      desk.rules(read);
      context.log().log(Level.INFO, "rules were read again: " + read.size() + " rules");
    } catch (RuleException e) {
      context.log().log(
          Level.ERROR, "rules.files changed and the rules before stay in force: " + e.getMessage());
    }
    return nextLook();
  }

  @Override
  public Reply answer(String path, byte[] body) {
    return desk.answer(path, body);
  }

  /** Ends. Safe without a start, and to repeat. */
  public void stop(Deadline deadline) throws InterruptedException {
    looking.stop(deadline);
  }
}
