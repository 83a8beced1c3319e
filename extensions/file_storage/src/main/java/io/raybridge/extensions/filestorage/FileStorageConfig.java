package io.raybridge.extensions.filestorage;

import io.raybridge.api.Absent;
import io.raybridge.api.Invalid;
import io.raybridge.api.Key;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Keys under {@code extensions.file_storage}, with the names of the Go extension. */
@Absent(
    keys = "compaction",
    noEffect = "space is given back a file at a time, as soon as all in a file was sent")
@Absent(keys = "recreate", noEffect = "damage costs the damaged records and no others")
public record FileStorageConfig(
    @Key(
            doc =
                "Where the files are kept; nothing else may lie there. If left out, `file_storage` in"
                    + " the collector's data directory, which is made.")
        Optional<Path> directory,
    @Key(doc = "How long to wait until another process lets go of the files.", def = "1s")
        Duration timeout,
    @Key(doc = "Whether `directory` is made if it is not there.", def = "false")
        boolean createDirectory,
    @Key(
            doc = "Permissions of the directories that are made, in octal, less the umask.",
            def = "0750")
        String directoryPermissions,
    @Key(
            doc =
                "Whether data is forced to the disk before it is acknowledged, so that it survives a"
                    + " power cut. Without, it survives the end of the process only. Go's default is"
                    + " false.",
            def = "true")
        boolean fsync,
    @Key(
            doc =
                "What all files together may take, in bytes; when it is reached, clients are refused."
                    + " 0 is no limit, else at least 1048576.",
            def = "0",
            min = 0)
        long maxSize) {

  private static final long SMALLEST = 1 << 20;
  private static final Pattern OCTAL = Pattern.compile("0*[0-7]{1,3}");

  public FileStorageConfig {
    if (!OCTAL.matcher(directoryPermissions).matches()) {
      throw new Invalid(
          "directory_permissions", directoryPermissions + " (expected: octal, such as 0750)");
    }
    if (maxSize != 0 && maxSize < SMALLEST) {
      throw new Invalid("max_size", maxSize + " (expected: 0 or at least " + SMALLEST + ")");
    }
  }

  Path directory(Path dataDir) {
    return directory.orElseGet(() -> dataDir.resolve("file_storage")).toAbsolutePath();
  }

  boolean mayCreate() {
    return createDirectory || directory.isEmpty();
  }

  Set<PosixFilePermission> permissions() {
    int bits = Integer.parseInt(directoryPermissions, 8);
    var all = PosixFilePermission.values();
    var set = EnumSet.noneOf(PosixFilePermission.class);
    // The constants stand in the order of the bits, owner's read first.
    for (int i = 0; i < all.length; i++) {
      if ((bits >> (all.length - 1 - i) & 1) == 1) set.add(all[i]);
    }
    return set;
  }
}
