package io.raybridge.extensions.filestorage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Set;

/** Making directories, and what to say when that fails. */
final class Directories {
  private Directories() {}

  /** Makes a directory and those above it, unless they are there. */
  static void make(Path directory, Set<PosixFilePermission> permissions) throws IOException {
    if (Files.isDirectory(directory)) return;
    boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    var attributes =
        posix
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
            : new FileAttribute<?>[0];
    var parents = new ArrayList<Path>();
    for (var at = directory; at != null && !Files.exists(at); at = at.getParent()) {
      if (at.getParent() != null) parents.add(at.getParent());
    }
    try {
      Files.createDirectories(directory, attributes);
      for (var parent : parents) force(parent);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(directory + " is a file (expected: a directory)", e);
    } catch (IOException e) {
      throw new IOException(
          "cannot make directory " + directory + ": " + why(e) + " (expected: to be allowed to)",
          e);
    }
  }

  /** Has the names of new files put on the disk. Only Unix can; elsewhere it does nothing. */
  static void force(Path directory) throws IOException {
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /**
   * An error of the file system in few words, without the path, such as "No space left on device".
   */
  static String why(IOException e) {
    if (e instanceof FileSystemException named) {
      var reason = named.getReason();
      return reason == null ? named.getClass().getSimpleName() : reason;
    }
    var message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
