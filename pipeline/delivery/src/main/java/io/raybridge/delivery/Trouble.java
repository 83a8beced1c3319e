package io.raybridge.delivery;

import io.raybridge.api.Clock;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Says that sending fails, once a minute for each code, and that it works again after a failure
 * that was said: a destination that throttles some of its calls for hours is no news.
 */
final class Trouble {
  private static final long QUIET = Duration.ofMinutes(1).toNanos();
  // Codes are the destination's words; nobody promises how many there are.
  private static final int CODES = 100;

  private final Logger log;
  private final Clock clock;
  private final Map<String, Long> said = new HashMap<>();
  private volatile boolean failing;
  private boolean announced;
  private volatile long lastWorked;
  private long since;

  Trouble(Logger log, Clock clock) {
    this.log = log;
    this.clock = clock;
    lastWorked = clock.nanoTime() - 1;
  }

  void failed(Failure failure) {
    synchronized (this) {
      long now = clock.nanoTime();
      if (!failing) since = now;
      failing = true;
      var last = said.get(failure.code());
      if (last != null && now - last < QUIET) return;
      if (said.size() >= CODES) said.clear();
      said.put(failure.code(), now);
      announced = true;
    }
    log.log(
        failure.kind() == Failure.Kind.CREDENTIALS ? Level.ERROR : Level.WARNING,
        consequence(failure.kind()) + ": " + failure.code() + ": " + failure.message());
  }

  /** Whether any request arrived at this moment or later. */
  boolean workedSince(long nanoTime) {
    return lastWorked - nanoTime >= 0;
  }

  void worked() {
    lastWorked = clock.nanoTime();
    if (!failing) return;
    long lasted;
    synchronized (this) {
      if (!failing) return;
      failing = false;
      if (!announced) return;
      announced = false;
      lasted = clock.nanoTime() - since;
    }
    log.log(Level.INFO, "sending works again after {0} s", lasted / 1_000_000_000);
  }

  private static String consequence(Failure.Kind kind) {
    return switch (kind) {
      case THROTTLED -> "the destination throttles; sending slower and again";
      case UNAVAILABLE -> "sending fails and is tried again";
      case CREDENTIALS ->
          "credentials, permissions or the clock are wrong; tried again until they are mended";
      case FINAL -> "the destination refused a request for good";
    };
  }
}
