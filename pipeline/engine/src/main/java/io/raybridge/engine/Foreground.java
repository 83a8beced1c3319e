package io.raybridge.engine;

import io.raybridge.api.Clock;
import io.raybridge.api.Deadline;
import io.raybridge.config.CollectorConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs a collector until somebody ends it: SIGTERM or SIGINT stop it in order, a second one at
 * once.
 */
public final class Foreground {
  /** As a shell reports a process that a signal ended. */
  private static final int KILLED = 128;

  private final BlockingQueue<Reason> reasons = new ArrayBlockingQueue<>(16);
  private final AtomicBoolean signalled = new AtomicBoolean();
  private final Logging logging;
  private final System.Logger log;
  private final Duration shutdownTimeout;

  private Foreground(Logging logging, Duration shutdownTimeout) {
    this.logging = logging;
    this.log = logging.collector();
    this.shutdownTimeout = shutdownTimeout;
  }

  /** Why it ends. */
  private record Reason(String words, int exitCode) {}

  /**
   * Starts, waits and stops.
   *
   * @param shutdownTimeout what all components together have to stop in
   * @return the process's exit code: 0, or 1 when something could not start or gave up
   */
  public static int run(CollectorConfig config, Map<String, String> env, Duration shutdownTimeout)
      throws InterruptedException {
    return run(config, env, shutdownTimeout, Companion.NONE);
  }

  /** The same, telling somebody when it has started and when it begins to stop. */
  public static int run(
      CollectorConfig config,
      Map<String, String> env,
      Duration shutdownTimeout,
      Companion companion)
      throws InterruptedException {
    Logging logging;
    try {
      logging = Logging.install(config.telemetry().logs());
    } catch (StartException e) {
      System.err.println(e.getMessage());
      return 1;
    }
    return new Foreground(logging, shutdownTimeout).run(config, dataDir(env), companion);
  }

  private int run(CollectorConfig config, Path dataDir, Companion companion)
      throws InterruptedException {
    Signals.on("TERM", this::signalled);
    Signals.on("INT", this::signalled);
    long begin = System.nanoTime();
    Collector collector;
    try {
      collector =
          Collector.start(
              config,
              logging,
              new Collector.Surroundings(
                  Clock.SYSTEM,
                  dataDir,
                  shutdownTimeout,
                  (who, why) ->
                      reasons.offer(
                          new Reason(who.kind().word() + " " + who + " gave up: " + why, 1))));
    } catch (StartException e) {
      log.log(System.Logger.Level.ERROR, e.getMessage());
      return 1;
    }
    log.log(
        System.Logger.Level.INFO,
        "ready",
        Map.entry("pipelines", config.pipelines().size()),
        Map.entry("milliseconds", (System.nanoTime() - begin) / 1_000_000));
    companion.ready();
    var reason = reasons.take();
    log.log(
        reason.exitCode == 0 ? System.Logger.Level.INFO : System.Logger.Level.ERROR,
        "stopping: " + reason.words);
    companion.stopping();
    collector.stop(Deadline.in(shutdownTimeout, Clock.SYSTEM));
    log.log(System.Logger.Level.INFO, "stopped");
    return reason.exitCode;
  }

  private void signalled(String name) {
    if (signalled.compareAndSet(false, true)) {
      reasons.offer(new Reason("SIG" + name, 0));
      return;
    }
    Runtime.getRuntime().halt(KILLED + (name.equals("INT") ? 2 : 15));
  }

  /** Where a collector with this environment keeps its files. */
  public static Path dataDir(Map<String, String> env) {
    var given = env.get("RAYBRIDGE_DATA_DIR");
    if (given != null && !given.isEmpty()) return Path.of(given);
    // What the shell means by ~; Java's own property ignores a HOME that was set.
    var home = env.getOrDefault("HOME", System.getProperty("user.home"));
    return Path.of(home, ".local", "share", "raybridge");
  }
}
