package io.raybridge.exporters.file;

import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import java.time.Duration;
import java.util.Optional;

/** Keys under {@code exporters.file}, with the Go exporter's names and defaults. */
public record FileExporterConfig(
    @Key(doc = "The file to write to. Relative to the directory the collector runs in.")
        String path,
    @Key(
            doc = "Keep what the file has from before. With `rotation` it is always kept.",
            def = "false")
        boolean append,
    @Key(doc = "Begin a new file from time to time; without it the file grows for ever.")
        Optional<Rotation> rotation,
    @Key(
            doc =
                "`json` is a line of OTLP/JSON per batch, `proto` OTLP protobuf with its length"
                    + " in four bytes before it.",
            def = "json")
        Format format,
    @Key(doc = "An extension that encodes.", notYet = "use format") Optional<String> encoding,
    @Key(doc = "Pack each batch.", notYet = "pack rotated files by other means")
        Optional<String> compression,
    @Key(
            doc = "How long written batches may wait in memory.",
            def = "1s",
            noEffect = "every batch is written at once, before its sender is answered")
        Duration flushInterval,
    @Key(doc = "A file per value of a resource attribute.", notYet = "everything goes to one file")
        Optional<Object> groupBy,
    @Key(doc = "Make the directory of the file when it is missing.", def = "false")
        boolean createDirectory,
    @Key(doc = "Permissions of a directory made, in octal; `0755` if left out.")
        Optional<String> directoryPermissions) {

  /** How a batch is written. */
  public enum Format {
    JSON,
    PROTO
  }

  /** When a new file is begun and how many old ones are kept. */
  public record Rotation(
      @Key(doc = "A file is not written beyond this many megabytes.", def = "100", min = 1)
          int maxMegabytes,
      @Key(doc = "Old files are kept for so many days; 0 for ever.", def = "0", min = 0)
          int maxDays,
      @Key(doc = "So many old files are kept; 0 is all.", def = "100", min = 0) int maxBackups,
      @Key(doc = "Old files are named after local time instead of UTC.", def = "false")
          boolean localtime) {}

  public FileExporterConfig {
    if (path.isBlank()) throw new Invalid("path", "\"\" (expected: a file)");
    if (directoryPermissions.isPresent()) {
      if (!directoryPermissions.get().matches("0?[0-7]{3}")) {
        throw new Invalid(
            "directory_permissions",
            directoryPermissions.get() + " (expected: permissions in octal, such as 0755)");
      }
      if (!createDirectory) {
        throw new Invalid(
            "directory_permissions",
            directoryPermissions.get() + " (expected: only together with create_directory: true)");
      }
    }
  }
}
