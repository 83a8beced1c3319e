package io.raybridge.engine;

import io.raybridge.api.Clock;
import io.raybridge.api.FileMark;
import io.raybridge.api.Periodic;
import io.raybridge.config.Stamp;
import java.io.IOException;
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
  static final Duration INTERVAL = Duration.ofSeconds(2);

  /**
   * In one look of so many, once a minute, contents are read whatever the file system says: a
   * mounted volume may bring new contents with the old time and size. To read them each time was a
   * quarter of what an idle process does.
   */
  static final int LOOKS_AT_MARKS = 30;

  private final Clock clock;
  private final Runnable changed;
  private final Periodic watch;
  private Map<Path, Stamp> known;
  private Map<Path, Stamp> seenLast;
  private final Map<Path, Read> reads = new HashMap<>();
  private int looks;

  /** What was in a file, and its mark just before that was read. */
  private record Read(FileMark mark, Stamp stamp) {}

  /**
   * @param known the files, with what was in them when they were read
   */
  FileWatch(Map<Path, Stamp> known, Clock clock, Runnable changed) {
    this.clock = clock;
    this.changed = changed;
    this.known = known;
    this.seenLast = known;
    watch = clock.every(INTERVAL, this::look);
  }

  /** From now on these are the files, and this is what they were when they were read. */
  synchronized void follow(Map<Path, Stamp> files) {
    known = files;
    seenLast = files;
  }

  private void look() {
    if (isNew()) changed.run();
  }

  /** Whether there is something new to read. Says so once. */
  private synchronized boolean isNew() {
    var seen = new HashMap<Path, Stamp>();
    if (++looks % LOOKS_AT_MARKS == 0) reads.clear();
    for (var file : known.keySet()) seen.put(file, stamp(file));
    boolean rests = seen.equals(seenLast);
    seenLast = seen;
    if (!rests || seen.equals(known)) return false;
    known = seen;
    return true;
  }

  private Stamp stamp(Path file) {
    try {
      var mark = FileMark.of(file);
      var read = reads.get(file);
      if (read != null && read.mark().equals(mark)) return read.stamp();
      reads.remove(file);
      var stamp = Stamp.of(file);
      if (mark.isSettled(clock.now())) reads.put(file, new Read(mark, stamp));
      return stamp;
    } catch (IOException e) {
      return Stamp.of(file);
    }
  }

  @Override
  public void close() {
    watch.close();
  }
}
