package io.raybridge.extensions.filestorage;

import io.raybridge.api.Clock;
import io.raybridge.api.Telemetry;
import io.raybridge.api.ThrottledLog;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** Says that a directory cannot be written, and that it can again, in the log and as a metric. */
final class Trouble {
  private final System.Logger log;
  private final ThrottledLog throttled;
  private final Telemetry telemetry;
  private final Clock clock;
  private final Path directory;
  private volatile boolean failing;
  private long since;

  Trouble(System.Logger log, Telemetry telemetry, Clock clock, Path directory) {
    this.log = log;
    this.telemetry = telemetry;
    this.clock = clock;
    this.directory = directory;
    throttled = new ThrottledLog(log, clock);
  }

  /** Writing failed, so clients are refused. Called by the spool's own thread. */
  void failed(IOException e) {
    begin();
    String reason = reason(e);
    count(reason);
    throttled.log(
        Level.WARNING,
        reason,
        () ->
            "cannot write in "
                + directory
                + ": "
                + Directories.why(e)
                + "; clients are told to come again until that works");
  }

  /** Nothing is written, because that is as much as may be. */
  void full(long most) {
    begin();
    count("max_size");
    throttled.log(
        Level.WARNING,
        "max_size",
        () ->
            "max_size, "
                + most
                + " bytes, is reached; clients are told to come again until something was sent ("
                + directory
                + ")");
  }

  /** What was sent could not be marked as sent. */
  void unmarked(IOException e) {
    count(reason(e));
    throttled.log(
        Level.WARNING,
        "unmarked",
        () ->
            "cannot write in "
                + directory
                + " what was sent: "
                + Directories.why(e)
                + "; after a restart it would be sent once more");
  }

  void worked() {
    if (!failing) return;
    failing = false;
    var lasted = Duration.ofNanos(clock.nanoTime() - since);
    log.log(Level.INFO, "writing in {0} works again after {1} s", directory, lasted.toSeconds());
  }

  /** 1 while clients are refused. */
  long failing() {
    return failing ? 1 : 0;
  }

  private void begin() {
    if (failing) return;
    since = clock.nanoTime();
    failing = true;
  }

  private void count(String reason) {
    telemetry
        .counter(
            "otelcol_file_storage_write_failures",
            "{failures}",
            "Writes that failed.",
            "spool",
            String.valueOf(directory.getFileName()),
            "reason",
            reason)
        .add(1);
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) return "permission";
    String why = Directories.why(e).toLowerCase(Locale.ROOT);
    if (why.contains("no space") || why.contains("quota") || why.contains("too large")) {
      return "no_space";
    }
    return why.contains("read-only") ? "read_only" : "io";
  }
}
