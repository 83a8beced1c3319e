package io.raybridge.local.store;

import io.raybridge.api.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Traces and metrics on this machine's disk, within a limit of size and of age.
 *
 * <p>The store is a row of volumes of equal size, the newest taking what comes; to stay within its
 * limits it deletes the oldest. A trace lives in the one volume it began in, late documents
 * included. What a put returned for is in the file and survives the death of the process.
 */
public final class TraceStore implements AutoCloseable {
  private static final Comparator<TraceRow> NEWEST_FIRST =
      Comparator.comparingLong(TraceRow::startMicros).thenComparing(TraceRow::id).reversed();

  private final StoreSettings settings;
  private final Clock clock;
  private final DirectoryLock directoryLock;
  private final ReentrantLock lock = new ReentrantLock();

  /** Oldest first; never empty. */
  private final List<Volume> volumes = new ArrayList<>();

  private boolean closed;

  private TraceStore(StoreSettings settings, Clock clock, DirectoryLock directoryLock) {
    this.settings = settings;
    this.clock = clock;
    this.directoryLock = directoryLock;
  }

  /** Opens the store in its directory, which no other process may have open. */
  public static TraceStore open(StoreSettings settings, Clock clock) throws IOException {
    makeDirectory(settings);
    var store = new TraceStore(settings, clock, DirectoryLock.take(settings.directory()));
    try {
      store.openVolumes();
      return store;
    } catch (IOException e) {
      store.close();
      throw e;
    }
  }

  private static void makeDirectory(StoreSettings settings) throws IOException {
    try {
      Files.createDirectories(settings.directory());
    } catch (IOException e) {
      throw new StoreException("cannot make the directory " + settings.directory() + ": " + e, e);
    }
  }

  private void openVolumes() throws IOException {
    long now = now();
    for (int number : Volume.numbers(settings.directory())) {
      volumes.add(Volume.open(settings.directory(), number, now));
    }
    if (volumes.isEmpty()) volumes.add(Volume.open(settings.directory(), 1, now));
    keepLimits(now);
  }

  /**
   * Keeps documents. A document in progress gives way to its complete one; the same again changes
   * nothing.
   *
   * @return those that were refused because their trace is full, see {@link TraceRow#MAX_BYTES}
   */
  public List<Document> put(List<Document> documents) throws StoreException {
    Map<String, List<Document>> byTrace = new LinkedHashMap<>();
    for (Document document : documents) {
      byTrace.computeIfAbsent(document.traceId(), id -> new ArrayList<>()).add(document);
    }
    lock.lock();
    try {
      checkOpen();
      long now = now();
      List<Document> refused = new ArrayList<>();
      for (var part : byVolume(byTrace).entrySet()) {
        refused.addAll(part.getKey().put(part.getValue(), now));
      }
      keepLimits(now);
      return refused;
    } finally {
      lock.unlock();
    }
  }

  private Map<Volume, Map<String, List<Document>>> byVolume(Map<String, List<Document>> byTrace)
      throws StoreException {
    Map<Volume, Map<String, List<Document>>> parts = new HashMap<>();
    Set<String> unplaced = new HashSet<>(byTrace.keySet());
    for (Volume volume : volumes.reversed()) {
      if (unplaced.isEmpty()) break;
      place(byTrace, volume.holds(unplaced), unplaced, volume, parts);
    }
    place(byTrace, Set.copyOf(unplaced), unplaced, volumes.getLast(), parts);
    return parts;
  }

  private static void place(
      Map<String, List<Document>> byTrace,
      Collection<String> ids,
      Set<String> unplaced,
      Volume volume,
      Map<Volume, Map<String, List<Document>>> parts) {
    for (String id : ids) {
      List<Document> documents = byTrace.get(id);
      if (documents == null) continue;
      parts.computeIfAbsent(volume, v -> new LinkedHashMap<>()).put(id, documents);
      unplaced.remove(id);
    }
  }

  /** Keeps metric data. */
  public void putMetrics(List<Datum> data) throws StoreException {
    lock.lock();
    try {
      checkOpen();
      long now = now();
      volumes.getLast().putMetrics(data, now);
      keepLimits(now);
    } finally {
      lock.unlock();
    }
  }

  /** Traces of a window behind a position, newest first. */
  public List<TraceRow> list(Window window, Position after, int limit) throws StoreException {
    lock.lock();
    try {
      checkOpen();
      List<TraceRow> found = new ArrayList<>();
      for (Volume volume : volumes) found.addAll(volume.list(window, after, oldest(now()), limit));
      found.sort(NEWEST_FIRST);
      return List.copyOf(found.subList(0, Math.min(limit, found.size())));
    } finally {
      lock.unlock();
    }
  }

  /** A trace with its documents. */
  public Optional<StoredTrace> trace(String id) throws StoreException {
    lock.lock();
    try {
      checkOpen();
      for (Volume volume : volumes.reversed()) {
        @Nullable StoredTrace trace = volume.trace(id, oldest(now()));
        if (trace != null) return Optional.of(trace);
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** The series that data came for last. */
  public List<SeriesRow> series(int limit) throws StoreException {
    lock.lock();
    try {
      checkOpen();
      Map<Series, SeriesRow> found = new LinkedHashMap<>();
      for (Volume volume : volumes.reversed()) {
        for (SeriesRow row : volume.series(oldest(now()), limit)) {
          found.merge(
              row.latest().series(),
              row,
              (newer, older) -> new SeriesRow(newer.latest(), newer.count() + older.count()));
        }
      }
      return found.values().stream().limit(limit).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Bytes on disk. */
  public long size() throws StoreException {
    lock.lock();
    try {
      checkOpen();
      return sizeOfVolumes();
    } finally {
      lock.unlock();
    }
  }

  /** Deletes what has become too old. To be called now and then, since time passes without puts. */
  public void expire() throws StoreException {
    lock.lock();
    try {
      if (!closed) keepLimits(now());
    } finally {
      lock.unlock();
    }
  }

  /**
   * One volume's room stays free, so that a request larger than expected still ends within the
   * limit.
   */
  private void keepLimits(long now) throws StoreException {
    Volume newest = volumes.getLast();
    if (newest.size() >= settings.volumeSize()
        || now - newest.createdMicros() >= settings.volumeMicros()) {
      volumes.add(Volume.open(settings.directory(), newest.number() + 1, now));
    }
    while (volumes.size() > 1
        && (sizeOfVolumes() > settings.maxSize() - settings.volumeSize()
            || volumes.getFirst().updatedMicros() < oldest(now))) {
      volumes.removeFirst().delete();
    }
  }

  private long sizeOfVolumes() throws StoreException {
    long size = 0;
    for (Volume volume : volumes) size += volume.size();
    return size;
  }

  private long oldest(long now) {
    return now - micros(settings.maxAge());
  }

  private void checkOpen() throws StoreException {
    if (closed) throw new StoreException("the store in " + settings.directory() + " is closed");
  }

  private long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.now());
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (closed) return;
      closed = true;
      for (Volume volume : volumes) volume.close();
      directoryLock.close();
    } finally {
      lock.unlock();
    }
  }
}
