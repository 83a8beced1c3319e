package io.raybridge.engine;

import io.raybridge.api.Clock;
import io.raybridge.config.Stamp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Looks from time to time whether files are still what they were, and tells when they are not and
 * have come to rest: when two looks find the same.
 *
 * <p>By looking and not by the system's notifications, which do not come over network file systems,
 * name the wrong file where a volume is swapped by a symbolic link (as Kubernetes does), and come
 * while an editor is still writing.
 */
final class FileWatch implements AutoCloseable {
  /** A configuration is small: to read it this often costs nothing that could be measured. */
  static final Duration INTERVAL = Duration.ofSeconds(2);

  private final Clock clock;
  private final Runnable changed;
  private final Thread thread;
  private Map<Path, Stamp> known;
  private Map<Path, Stamp> seenLast;

  /**
   * @param known the files, with what was in them when they were read
   */
  FileWatch(Map<Path, Stamp> known, Clock clock, Runnable changed) {
    this.clock = clock;
    this.changed = changed;
    this.known = known;
    this.seenLast = known;
    thread = Thread.ofVirtual().name("configuration files").start(this::watch);
  }

  /** From now on these are the files, and this is what they were when they were read. */
  synchronized void follow(Map<Path, Stamp> files) {
    known = files;
    seenLast = files;
  }

  private void watch() {
    try {
      while (true) {
        clock.sleep(INTERVAL);
        if (look()) changed.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether there is something new to read. Says so once. */
  private synchronized boolean look() {
    var seen = new HashMap<Path, Stamp>();
    for (var file : known.keySet()) seen.put(file, Stamp.of(file));
    boolean rests = seen.equals(seenLast);
    seenLast = seen;
    if (!rests || seen.equals(known)) return false;
    known = seen;
    return true;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
