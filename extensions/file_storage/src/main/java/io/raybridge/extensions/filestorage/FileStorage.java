package io.raybridge.extensions.filestorage;

import io.raybridge.api.ComponentId;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Extension;
import io.raybridge.api.Spool;
import io.raybridge.api.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Keeps the spools of other components, each in a directory of its own. */
final class FileStorage implements Extension, Storage {
  private static final Pattern UNSAFE = Pattern.compile("[^A-Za-z0-9._-]");
  private static final Pattern SPOOL = Pattern.compile("([a-z]+)_(.+)_([a-z]+)");
  private static final long LARGEST_SEGMENT = 16 << 20;
  private static final long SMALLEST_SEGMENT = 1 << 16;

  private final FileStorageConfig config;
  private final Context context;
  private final Path directory;
  private final Budget budget;
  private final Map<String, FileSpool> spools = new ConcurrentHashMap<>();
  private final Map<String, Trouble> troubles = new ConcurrentHashMap<>();

  FileStorage(FileStorageConfig config, Context context) {
    this.config = config;
    this.context = context;
    directory = config.directory(context.dataDir());
    budget = new Budget(config.maxSize());
  }

  @Override
  public void start() throws IOException {
    if (Files.notExists(directory) && !config.mayCreate()) {
      throw new IOException(
          "directory "
              + directory
              + " is not there (expected: a directory, or create_directory: true)");
    }
    Directories.make(directory, config.permissions());
    context
        .telemetry()
        .gauge(
            "otelcol_file_storage_size", "By", "Bytes that all files together take.", budget::used);
  }

  @Override
  public Spool open(ComponentId owner, String name) throws IOException {
    String folder = folder(owner, name);
    var path = directory.resolve(folder);
    Directories.make(path, config.permissions());
    // A component that was reloaded opens the same again.
    var trouble =
        troubles.computeIfAbsent(
            folder, _ -> new Trouble(context.log(), context.telemetry(), context.clock(), path));
    var settings = new FileSpool.Settings(config.fsync(), segmentBytes(), budget);
    var spool =
        FileSpool.open(path, settings, config.timeout(), context.log(), context.clock(), trouble);
    spools.put(folder, spool);
    gauges(folder, trouble);
    return spool;
  }

  private void gauges(String folder, Trouble trouble) {
    String[] label = {"spool", folder};
    var telemetry = context.telemetry();
    telemetry.gauge(
        "otelcol_file_storage_unread",
        "By",
        "Bytes that are on disk only, waiting to be read.",
        () -> unread(folder),
        label);
    telemetry.gauge(
        "otelcol_file_storage_failing",
        "1",
        "1 while nothing can be written and clients are refused.",
        trouble::failing,
        label);
  }

  private long unread(String folder) {
    var spool = spools.get(folder);
    return spool == null ? 0 : spool.unread().bytes();
  }

  private long segmentBytes() {
    if (config.maxSize() == 0) return LARGEST_SEGMENT;
    return Math.clamp(config.maxSize() / 16, SMALLEST_SEGMENT, LARGEST_SEGMENT);
  }

  /** As the Go extension spells it: unsafe characters become a tilde and their number. */
  static String folder(ComponentId owner, String name) {
    String id = owner.name().isEmpty() ? owner.type() : owner.type() + "_" + owner.name();
    var safe = UNSAFE.matcher(id).replaceAll(c -> "~%04X".formatted((int) c.group().charAt(0)));
    return owner.kind().word() + "_" + safe + "_" + name;
  }

  @Override
  public void ready() {
    try (var folders = Files.newDirectoryStream(directory, Files::isDirectory)) {
      for (var folder : folders) warnIfForgotten(folder);
    } catch (IOException | UncheckedIOException e) {
      context.log().log(Level.DEBUG, "cannot list " + directory, e);
    }
  }

  /** What an exporter left that this configuration does not name would stay there unseen. */
  private void warnIfForgotten(Path folder) throws IOException {
    var name = SPOOL.matcher(folder.getFileName().toString());
    if (!name.matches() || spools.containsKey(name.group())) return;
    long bytes = 0;
    for (var segment : SpoolFiles.list(folder)) bytes += Files.size(segment.file());
    if (bytes == 0 || isUsedByAnother(folder)) return;
    context.log().log(
        Level.WARNING,
        "%s holds %d bytes of %s that nobody sends: no %s %s with this storage is in the configuration; put it back, or delete the directory"
            .formatted(folder, bytes, name.group(3), name.group(1), name.group(2)));
  }

  private boolean isUsedByAnother(Path folder) {
    try (var _ = DirectoryLock.acquire(folder, Duration.ZERO, context.clock())) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void stop(Deadline deadline) {
    // Those who opened them have stopped; this is for one that did not.
    for (var spool : spools.values()) spool.close();
    spools.clear();
  }
}
