package io.raybridge.extensions.filestorage;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Looks through what earlier processes left in a directory: headers only, so that it is fast. */
final class SpoolFiles {
  private final Path directory;
  private final System.Logger log;
  private final TreeMap<Long, Segment> segments = new TreeMap<>();
  private long items;
  private long records;
  private long oldest = Long.MAX_VALUE;

  private SpoolFiles(Path directory, System.Logger log) {
    this.directory = directory;
    this.log = log;
  }

  /**
   * The segments that have something unsettled, in order; all others are deleted.
   *
   * @throws IOException when a file cannot be read, or is of a newer version; the message names it
   */
  static NavigableMap<Long, Segment> scan(Path directory, System.Logger log) throws IOException {
    var files = new SpoolFiles(directory, log);
    for (var segment : list(directory)) files.add(segment);
    files.deleteOrphans();
    files.report();
    return files.segments;
  }

  /** All segments in a directory. */
  static List<Segment> list(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(Segment::of).flatMap(Optional::stream).toList();
    }
  }

  /** A file and what stands beside it is not needed any more. */
  static void delete(Segment segment) throws IOException {
    Files.deleteIfExists(segment.file());
    Files.deleteIfExists(SettledFile.path(segment));
  }

  private void add(Segment segment) throws IOException {
    int format;
    try (var reader = new SegmentReader(segment)) {
      format = reader.format();
      segment.sealed = true;
      segment.end = reader.length();
      if (format == Segment.FORMAT) count(segment, reader);
    } catch (IOException e) {
      throw new IOException(
          "cannot read %s: %s (expected: to be readable; what is moved away is not sent)"
              .formatted(segment, Directories.why(e)),
          e);
    }
    if (format != Segment.FORMAT) {
      throw new IOException(
          "%s has format %d (expected: %d, which this version reads; use the version that wrote it)"
              .formatted(segment, format, Segment.FORMAT));
    }
    if (segment.open == 0) {
      delete(segment);
    } else {
      segments.put(segment.number(), segment);
    }
  }

  private void count(Segment segment, SegmentReader reader) throws IOException {
    var settled = SettledFile.read(segment);
    long at = Segment.FILE_HEADER;
    long damaged = 0;
    for (SegmentReader.@Nullable Found found; (found = reader.next(at, segment.end)) != null; ) {
      damaged += found.at() - at;
      at = found.end();
      if (settled.get((int) found.at())) continue;
      segment.open++;
      segment.unreadRecords++;
      segment.unreadItems += found.header().items();
      segment.unreadBytes += found.header().length();
      oldest = Math.min(oldest, found.header().millis());
    }
    records += segment.unreadRecords;
    items += segment.unreadItems;
    if (damaged > 0) {
      log.log(
          Level.WARNING,
          segment + ": " + damaged + " bytes are damaged; the records after them were found again");
    }
    if (segment.end > at) {
      log.log(
          Level.WARNING,
          "{0}: the last {1} bytes are no whole record: its writing was cut short, or it is damaged",
          segment,
          Long.toString(segment.end - at));
    }
  }

  /** What was settled of files that are not there any more. */
  private void deleteOrphans() throws IOException {
    List<Path> known = new ArrayList<>();
    for (var segment : segments.values()) known.add(SettledFile.path(segment));
    try (var files = Files.newDirectoryStream(directory, "*.settled")) {
      for (var file : files) {
        if (!known.contains(file)) Files.deleteIfExists(file);
      }
    }
  }

  private void report() {
    if (records == 0) return;
    log.log(
        Level.INFO,
        "{0} items in {1} records are left in {2} and will be sent, the oldest of {3}",
        Long.toString(items),
        Long.toString(records),
        directory,
        Instant.ofEpochMilli(oldest));
  }
}
