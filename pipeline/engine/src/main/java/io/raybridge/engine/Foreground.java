package io.raybridge.engine;

import io.raybridge.api.Clock;
import io.raybridge.api.Deadline;
import io.raybridge.config.CollectorConfig;
import io.raybridge.config.Stamp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs a collector until somebody ends it: SIGTERM or SIGINT stop it in order, a second one at
 * once. SIGHUP, or a change of its files, has it read its configuration again.
 */
public final class Foreground {
  /** As a shell reports a process that a signal ended. */
  private static final int KILLED = 128;

  private final BlockingDeque<Event> events = new LinkedBlockingDeque<>();
  private final AtomicBoolean signalled = new AtomicBoolean();
  private final AtomicBoolean reloadDue = new AtomicBoolean();
  private final Logging logging;
  private final System.Logger log;
  private final Duration shutdownTimeout;
  private final Reloading reloading;

  private Foreground(Logging logging, Duration shutdownTimeout, Reloading reloading) {
    this.logging = logging;
    this.log = logging.collector();
    this.shutdownTimeout = shutdownTimeout;
    this.reloading = reloading;
  }

  /** What the collector is to do next. */
  private sealed interface Event {
    /** It ends. */
    record Stop(String why, int exitCode) implements Event {}

    /** It reads its configuration again. */
    record Reload(String why) implements Event {}
  }

  /**
   * Starts, waits and stops.
   *
   * @param reloading how to load the configuration again
   * @param shutdownTimeout what all components together have to stop in
   * @param companion told when the collector has started and when it begins to stop
   * @return the process's exit code: 0, or 1 when something could not start or gave up
   */
  public static int run(
      CollectorConfig config,
      Reloading reloading,
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
    return new Foreground(logging, shutdownTimeout, reloading).run(config, dataDir(env), companion);
  }

  private int run(CollectorConfig config, Path dataDir, Companion companion)
      throws InterruptedException {
    Signals.on("TERM", this::signalled);
    Signals.on("INT", this::signalled);
    Signals.on("HUP", name -> reload("SIG" + name));
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
                  (who, why) -> end(who.kind().word() + " " + who + " gave up: " + why, 1)));
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
    var stop = untilStopped(collector);
    log.log(
        stop.exitCode == 0 ? System.Logger.Level.INFO : System.Logger.Level.ERROR,
        "stopping: " + stop.why);
    companion.stopping();
    collector.stop(Deadline.in(shutdownTimeout, Clock.SYSTEM));
    log.log(System.Logger.Level.INFO, "stopped");
    return stop.exitCode;
  }

  private Event.Stop untilStopped(Collector collector) throws InterruptedException {
    var watched = reloading.watched() ? reloading.files() : Map.<Path, Stamp>of();
    try (var watch = new FileWatch(watched, Clock.SYSTEM, () -> reload("its files have changed"))) {
      while (true) {
        switch (events.take()) {
          case Event.Stop stop -> {
            return stop;
          }
          case Event.Reload reload -> {
            reloadDue.set(false);
            reload(collector, watch, reload.why);
          }
        }
      }
    }
  }

  private void reload(Collector collector, FileWatch watch, String why) {
    log.log(System.Logger.Level.INFO, "reading the configuration again: " + why);
    var loaded = reloading.source().get();
    if (reloading.watched()) watch.follow(loaded.files());
    for (var warning : loaded.warnings()) {
      log.log(System.Logger.Level.WARNING, warning.toString());
    }
    for (var problem : loaded.problems()) {
      log.log(System.Logger.Level.ERROR, problem.toString());
    }
    if (loaded.config().map(collector::reload).orElse(false)) return;
    log.log(System.Logger.Level.ERROR, "nothing has changed: the configuration before goes on");
  }

  private void reload(String why) {
    if (reloadDue.compareAndSet(false, true)) events.add(new Event.Reload(why));
  }

  /** Before whatever else is to be done. */
  private void end(String why, int exitCode) {
    events.addFirst(new Event.Stop(why, exitCode));
  }

  private void signalled(String name) {
    if (signalled.compareAndSet(false, true)) {
      end("SIG" + name, 0);
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
