package io.raybridge.delivery;

import io.raybridge.api.Clock;
import io.raybridge.api.Context;
import io.raybridge.api.Telemetry.Counter;
import io.raybridge.api.ThrottledLog;
import io.raybridge.data.Signal;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.System.Logger.Level;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes what one component gives up into the file of the day, which all share: lines are appended
 * by one write, so that they do not mix. What cannot be written is counted and harms nothing else.
 *
 * <p>Not by a channel: that closes when its thread is interrupted, and the end of a stop, when most
 * is given up, interrupts those who send.
 */
public final class DeadLetters {
  /** The folder's name in the data directory. */
  static final String FOLDER = "dead-letters";

  /** All exporters write to the same file: a line half written by one looks torn to another. */
  private static final Object ONE_FILE = new Object();

  private static final String SUFFIX = ".jsonl";
  private static final long REST = 1_000_000_000;

  private final Path folder;
  private final DeadLetterConfig config;
  private final String component;
  private final Signal signal;
  private final Clock clock;
  private final ThrottledLog log;
  private final Counter written;
  private final Counter unwritten;
  private @Nullable RandomAccessFile file;
  private LocalDate day = LocalDate.EPOCH;
  private long otherDays;
  private boolean torn;
  private long restUntil;

  public DeadLetters(Context context, Signal signal, DeadLetterConfig config) {
    this.folder = context.dataDir().resolve(FOLDER);
    this.config = config;
    this.component = context.id().toString();
    this.signal = signal;
    this.clock = context.clock();
    this.log = new ThrottledLog(context.log(), clock);
    this.restUntil = clock.nanoTime();
    this.written = counter(context, signal, "written", "Number of items kept as dead letters.");
    this.unwritten =
        counter(context, signal, "unwritten", "Number of items given up that could not be kept.");
  }

  private static Counter counter(Context context, Signal signal, String what, String description) {
    var name = "otelcol_raybridge_dead_letters_" + what + "_" + signal.items();
    return context.telemetry().counter(name, "{item}", description);
  }

  /** Whether they are kept at all. */
  boolean areKept() {
    return config.enabled();
  }

  /** Keeps items that were given up. */
  public void keep(String reason, String code, String message, List<Document> documents) {
    if (!config.enabled()) return;
    var now = clock.now();
    var today = now.atZone(ZoneOffset.UTC).toLocalDate();
    var lines = new ArrayList<byte[]>(documents.size());
    for (var document : documents) {
      lines.add(new DeadLetter(now, component, signal, reason, code, message, document).line());
    }
    // All at once, which is many times as fast, unless the folder has no room for all of it.
    boolean all = lines.size() > 1 && append(joined(lines), today);
    for (int i = 0; i < lines.size(); i++) {
      boolean kept = all || append(lines.get(i), today);
      (kept ? written : unwritten).add(documents.get(i).items());
    }
  }

  private static byte[] joined(List<byte[]> lines) {
    int size = 0;
    for (var line : lines) size += line.length;
    var all = new byte[size];
    int at = 0;
    for (var line : lines) {
      System.arraycopy(line, 0, all, at, line.length);
      at += line.length;
    }
    return all;
  }

  /** Lets go of the file. */
  public synchronized void close() {
    var open = file;
    file = null;
    if (open == null) return;
    try {
      open.close();
    } catch (IOException e) {
      failed(e);
    }
  }

  private synchronized boolean append(byte[] line, LocalDate today) {
    if (clock.nanoTime() - restUntil < 0) return false;
    try {
      synchronized (ONE_FILE) {
        if (file == null || !day.equals(today) || !Files.exists(path(today))) open(today);
        var open = file;
        if (open == null || !hasRoom(open, line.length)) return false;
        write(open, line);
        return true;
      }
    } catch (IOException e) {
      failed(e);
      close();
      // A disk stays full for a while: what is delivered meanwhile must not pay for the attempts.
      restUntil = clock.nanoTime() + REST;
      return false;
    }
  }

  private void write(RandomAccessFile open, byte[] line) throws IOException {
    open.seek(open.length());
    if (torn) open.write('\n');
    torn = false;
    open.write(line);
  }

  /** Whether the last line was cut off, by a full disk or a crash: it must not spoil the next. */
  private static boolean isTorn(RandomAccessFile file) throws IOException {
    if (file.length() == 0) return false;
    file.seek(file.length() - 1);
    return file.read() != '\n';
  }

  private void open(LocalDate today) throws IOException {
    close();
    Files.createDirectories(folder, attributes("rwx------"));
    day = today;
    deleteOld(today);
    if (!Files.exists(path(today))) {
      Files.createFile(path(today), attributes("rw-------"));
    }
    var opened = new RandomAccessFile(path(today).toFile(), "rw");
    file = opened;
    torn = isTorn(opened);
    otherDays = sizeOfOtherDays();
  }

  private boolean hasRoom(RandomAccessFile open, int more) throws IOException {
    while (open.length() + otherDays + more > config.maxBytes()) {
      var oldest = days().stream().filter(each -> each.isBefore(day)).min(LocalDate::compareTo);
      if (oldest.isEmpty()) {
        log.log(
            Level.WARNING,
            "full",
            () ->
                "dead letters are not kept: "
                    + folder
                    + " holds max_megabytes, "
                    + config.maxMegabytes());
        return false;
      }
      Files.deleteIfExists(path(oldest.get()));
      otherDays = sizeOfOtherDays();
    }
    return true;
  }

  private void deleteOld(LocalDate today) throws IOException {
    for (var each : days()) {
      if (each.isBefore(today.minusDays(config.maxDays() - 1L))) Files.deleteIfExists(path(each));
    }
  }

  private long sizeOfOtherDays() throws IOException {
    long size = 0;
    for (var each : days()) if (!each.equals(day)) size += Files.size(path(each));
    return size;
  }

  /** The days of which there are files; files of other names are somebody else's. */
  private List<LocalDate> days() throws IOException {
    var days = new ArrayList<LocalDate>();
    try (var files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (var each : files) {
        var name = each.getFileName().toString();
        try {
          days.add(LocalDate.parse(name.substring(0, name.length() - SUFFIX.length())));
        } catch (DateTimeException e) {
          // not one of ours
        }
      }
    }
    return days;
  }

  private Path path(LocalDate of) {
    return folder.resolve(of + SUFFIX);
  }

  private void failed(IOException why) {
    log.log(
        Level.ERROR, "unwritten", () -> "dead letters cannot be kept in " + folder + ": " + why);
  }

  /** Nobody but the collector's user is to read what passed through it. */
  private static FileAttribute<?>[] attributes(String permissions) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
