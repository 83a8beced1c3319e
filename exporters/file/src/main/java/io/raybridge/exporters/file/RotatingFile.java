package io.raybridge.exporters.file;

import io.raybridge.api.Clock;
import io.raybridge.exporters.file.FileExporterConfig.Rotation;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file that ends with whole records only, and that makes way for a new one when it has become too
 * large. Old ones carry their time in the name, as {@code data-2026-11-23T09-05-00.123.json}.
 */
final class RotatingFile {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSS");
  private static final long MEGABYTE = 1 << 20;

  private final FileExporterConfig config;
  private final Path path;
  private final Clock clock;
  // Not a FileChannel: an interrupt of one writing thread would close it for all.
  private @Nullable RandomAccessFile file;
  private long size;

  RotatingFile(FileExporterConfig config, Clock clock) {
    this.config = config;
    this.path = Path.of(config.path());
    this.clock = clock;
  }

  synchronized void open() throws IOException {
    try {
      if (config.createDirectory()) createDirectory();
      open(config.append() || config.rotation().isPresent());
    } catch (IOException e) {
      throw new IOException("cannot write to " + path + ": " + reason(e), e);
    }
  }

  /** Writes a record, whole or not at all. */
  synchronized void write(byte[] entry) throws IOException {
    var rotation = config.rotation();
    if (rotation.isPresent()
        && size > 0
        && size + entry.length > rotation.get().maxMegabytes() * MEGABYTE) {
      rotate(rotation.get());
    }
    var open = file;
    if (open == null) throw new IOException("it is not open");
    try {
      open.write(entry);
    } catch (IOException e) {
      open.setLength(size);
      throw e;
    }
    size += entry.length;
  }

  synchronized void close() throws IOException {
    if (file != null) file.close();
    file = null;
  }

  @Override
  public String toString() {
    return path.toString();
  }

  private void open(boolean keep) throws IOException {
    var opened = new RandomAccessFile(path.toFile(), "rw");
    if (!keep) opened.setLength(0);
    size = opened.length();
    opened.seek(size);
    file = opened;
  }

  private void createDirectory() throws IOException {
    var directory = path.toAbsolutePath().getParent();
    if (directory == null || Files.isDirectory(directory)) return;
    Files.createDirectories(directory);
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(
          directory, permissions(config.directoryPermissions().orElse("0755")));
    }
  }

  private static Set<PosixFilePermission> permissions(String octal) {
    int bits = Integer.parseInt(octal, 8);
    var text = new StringBuilder("rwxrwxrwx");
    for (int i = 0; i < 9; i++) {
      if ((bits >> (8 - i) & 1) == 0) text.setCharAt(i, '-');
    }
    return PosixFilePermissions.fromString(text.toString());
  }

  private void rotate(Rotation rotation) throws IOException {
    close();
    var zone = rotation.localtime() ? ZoneId.systemDefault() : ZoneOffset.UTC;
    var old = path.resolveSibling(stem() + "-" + STAMP.withZone(zone).format(clock.now()) + end());
    Files.move(path, old);
    open(false);
    prune(rotation, zone);
  }

  private void prune(Rotation rotation, ZoneId zone) throws IOException {
    var oldest =
        rotation.maxDays() == 0
            ? Instant.MIN
            : clock.now().minus(Duration.ofDays(rotation.maxDays()));
    int left = rotation.maxBackups() == 0 ? Integer.MAX_VALUE : rotation.maxBackups();
    for (var backup : backups(zone)) {
      if (left-- <= 0 || backup.time.isBefore(oldest)) Files.deleteIfExists(backup.file);
    }
  }

  private record Backup(Path file, Instant time) {}

  /** Newest first. */
  private List<Backup> backups(ZoneId zone) throws IOException {
    List<Backup> backups = new ArrayList<>();
    var directory = path.toAbsolutePath().getParent();
    if (directory == null) return backups;
    try (var files = Files.newDirectoryStream(directory)) {
      for (var each : files) {
        time(each.getFileName().toString(), zone)
            .ifPresent(time -> backups.add(new Backup(each, time)));
      }
    }
    backups.sort(Comparator.comparing(Backup::time).reversed());
    return backups;
  }

  private Optional<Instant> time(String name, ZoneId zone) {
    if (!name.startsWith(stem() + "-") || !name.endsWith(end())) return Optional.empty();
    var stamp = name.substring(stem().length() + 1, name.length() - end().length());
    try {
      return Optional.of(LocalDateTime.parse(stamp, STAMP).atZone(zone).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private String stem() {
    var name = name();
    int dot = name.lastIndexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  private String end() {
    return name().substring(stem().length());
  }

  private String name() {
    return String.valueOf(path.getFileName());
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }
}
