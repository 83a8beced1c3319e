package io.raybridge.extensions.filestorage;

import io.raybridge.api.Clock;
import io.raybridge.api.Storage;
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
      for (var taken = lock(channel); taken != Taken.BY_US; taken = lock(channel)) {
        if (clock.nanoTime() - end >= 0) {
          String why =
              "%s is in use (expected: that no other collector, exporter or file_storage uses it)"
                  .formatted(directory);
          throw taken == Taken.IN_THIS_PROCESS
              ? new Storage.InUseException(why)
              : new IOException(why);
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

  private enum Taken {
    BY_US,
    IN_THIS_PROCESS,
    BY_ANOTHER
  }

  private static Taken lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() == null ? Taken.BY_ANOTHER : Taken.BY_US;
    } catch (OverlappingFileLockException e) {
      return Taken.IN_THIS_PROCESS;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
