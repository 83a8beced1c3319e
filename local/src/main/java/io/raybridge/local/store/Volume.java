package io.raybridge.local.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One file of the store: an H2 database that takes traces until it is full, and goes as a whole.
 * After a failure its database is opened anew by the next call. Not safe for use by several
 * threads.
 */
final class Volume implements AutoCloseable {
  private static final String SUFFIX = ".mv.db";
  private static final Pattern FILE = Pattern.compile("traces-(\\d{6,9})\\.mv\\.db");

  private final Path file;
  private final int number;
  private @Nullable Session session;
  private long createdMicros;
  private long updatedMicros;

  private Volume(Path file, int number) {
    this.file = file;
    this.number = number;
  }

  static Volume open(Path directory, int number, long now) throws StoreException {
    var volume = new Volume(directory.resolve("traces-%06d".formatted(number) + SUFFIX), number);
    volume.updatedMicros =
        volume.call(
            "open", session -> Math.max(session.createdMicros(), session.updatedMicros()), now);
    volume.createdMicros = volume.call("open", Session::createdMicros, now);
    return volume;
  }

  /** The numbers of the volumes in a directory, oldest first. */
  static List<Integer> numbers(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files
          .map(file -> FILE.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .map(name -> Integer.parseInt(name.group(1)))
          .sorted()
          .toList();
    }
  }

  int number() {
    return number;
  }

  long createdMicros() {
    return createdMicros;
  }

  /** When something was last written to it. */
  long updatedMicros() {
    return updatedMicros;
  }

  long size() throws StoreException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new StoreException("cannot look at " + file + ": " + e, e);
    }
  }

  /** Which of these traces it holds. */
  Set<String> holds(Collection<String> traceIds) throws StoreException {
    return call("read", session -> session.holds(traceIds), 0);
  }

  /**
   * Writes documents, by trace, in one transaction.
   *
   * @return those that were refused because their trace is full
   */
  List<Document> put(Map<String, List<Document>> traces, long now) throws StoreException {
    List<Document> refused = new ArrayList<>();
    call(
        "write",
        session -> {
          session.put(traces, now, refused);
          return true;
        },
        now);
    updatedMicros = Math.max(updatedMicros, now);
    return refused;
  }

  void putMetrics(List<Datum> data, long now) throws StoreException {
    call(
        "write",
        session -> {
          session.putMetrics(data, now);
          return true;
        },
        now);
    updatedMicros = Math.max(updatedMicros, now);
  }

  List<TraceRow> list(Window window, Position after, long updatedSince, int limit)
      throws StoreException {
    return call("read", session -> session.list(window, after, updatedSince, limit), 0);
  }

  @Nullable StoredTrace trace(String id, long updatedSince) throws StoreException {
    List<StoredTrace> found = call("read", session -> session.trace(id, updatedSince), 0);
    return found.isEmpty() ? null : found.getFirst();
  }

  List<SeriesRow> series(long updatedSince, int limit) throws StoreException {
    return call("read", session -> session.series(updatedSince, limit), 0);
  }

  /** Closes the volume and gives its space back. */
  void delete() throws StoreException {
    close();
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new StoreException("cannot delete " + file + ": " + e, e);
    }
  }

  @Override
  public void close() {
    if (session == null) return;
    session.close();
    session = null;
  }

  private <T> T call(String what, Work<T> work, long now) throws StoreException {
    try {
      if (session == null) session = Session.open(database(), now);
      return work.on(session);
    } catch (SQLException e) {
      close();
      throw new StoreException("cannot " + what + " " + file + ": " + cause(e), e);
    }
  }

  private String database() {
    String path = file.toAbsolutePath().toString();
    return path.substring(0, path.length() - SUFFIX.length());
  }

  /** H2 wraps what the operating system said; that is what people need to read. */
  private static String cause(Throwable thrown) {
    Throwable deepest = thrown;
    while (deepest.getCause() != null) deepest = deepest.getCause();
    String message = deepest.getMessage();
    return message == null ? deepest.toString() : message.lines().findFirst().orElse("");
  }

  private interface Work<T> {
    T on(Session session) throws SQLException;
  }
}
