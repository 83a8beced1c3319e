package io.raybridge.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the file system says of a file, which is cheaper to look at than its contents. Kubernetes
 * swaps a link, others write the file anew or over: one of the three differs then.
 *
 * @param modified when it was written to
 * @param size in bytes
 * @param key tells it from other files, where the system has such a thing
 */
public record FileMark(FileTime modified, long size, @Nullable Object key) {
  /** Longer than the steps in which any file system counts time (FAT: 2 s). */
  private static final Duration RECENT = Duration.ofSeconds(10);

  /** The mark of a file, or of what a link leads to. */
  public static FileMark of(Path file) throws IOException {
    var attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new FileMark(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
  }

  /** The marks of files, in their order; empty for one that cannot be looked at. */
  public static List<Optional<FileMark>> ofAll(List<Path> files) {
    return files.stream().map(FileMark::ofWhatIsThere).toList();
  }

  private static Optional<FileMark> ofWhatIsThere(Path file) {
    try {
      return Optional.of(of(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether the file was written to so long before this moment that whatever is written to it from
   * now on will show in its mark.
   */
  public boolean isSettled(Instant now) {
    return modified.toInstant().isBefore(now.minus(RECENT));
  }
}
