package io.raybridge.api;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Logs what may happen with every request: one line per reason and minute, which also says how many
 * like it were held back since the last one.
 */
public final class ThrottledLog {
  private static final long INTERVAL = Duration.ofMinutes(1).toNanos();

  /** Beyond this many reasons all others share one line, so that callers cannot fill the heap. */
  private static final int MAX_REASONS = 200;

  private final Map<String, Line> lines = new HashMap<>();
  private final System.Logger log;
  private final Clock clock;

  public ThrottledLog(System.Logger log, Clock clock) {
    this.log = log;
    this.clock = clock;
  }

  /** Logs the message unless this reason had a line less than a minute ago. */
  public void log(System.Logger.Level level, String reason, Supplier<String> message) {
    log(level, reason, message, null);
  }

  /** The same with what was thrown. */
  public void log(
      System.Logger.Level level,
      String reason,
      Supplier<String> message,
      @Nullable Throwable thrown) {
    if (!log.isLoggable(level)) return;
    long heldBack = enter(reason);
    if (heldBack < 0) return;
    var text =
        heldBack == 0
            ? message.get()
            : message.get() + " (and " + heldBack + " like it since the last such line)";
    if (thrown == null) {
      log.log(level, text);
    } else {
      log.log(level, text, thrown);
    }
  }

  private long enter(String reason) {
    long now = clock.nanoTime();
    synchronized (lines) {
      var key = lines.size() < MAX_REASONS || lines.containsKey(reason) ? reason : "others";
      var line = lines.get(key);
      if (line == null) {
        lines.put(key, new Line(now));
        return 0;
      }
      if (now - line.last < INTERVAL) {
        line.heldBack++;
        return -1;
      }
      long heldBack = line.heldBack;
      line.last = now;
      line.heldBack = 0;
      return heldBack;
    }
  }

  private static final class Line {
    private long last;
    private long heldBack;

    private Line(long last) {
      this.last = last;
    }
  }
}
