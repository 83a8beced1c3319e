package io.raybridge.extensions.filestorage;

import io.raybridge.api.Clock;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** Keeps a directory for one user at a time, on the whole machine. Ends with the process. */
final class DirectoryLock implements Closeable {
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  static DirectoryLock acquire(Path directory, Duration timeout, Clock clock) throws IOException {
    FileChannel channel;
    try {
      channel =
          FileChannel.open(
              directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new IOException(
          "cannot write in %s: %s (expected: a directory that user %s may write in)"
              .formatted(directory, Directories.why(e), System.getProperty("user.name")),
          e);
    }
    try {
      long end = clock.nanoTime() + timeout.toNanos();
      while (!locked(channel)) {
        if (clock.nanoTime() - end >= 0) {
          throw new IOException(
              "%s is in use (expected: that no other collector, exporter or file_storage uses it)"
                  .formatted(directory));
        }
        clock.sleep(PAUSE);
      }
      return new DirectoryLock(channel);
    } catch (InterruptedException e) {
      channel.close();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + directory);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
