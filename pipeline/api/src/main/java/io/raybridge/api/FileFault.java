package io.raybridge.api;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why something could not be done with a file, for messages that name the file themselves. */
public final class FileFault {
  private FileFault() {}

  /** A few words without the path, such as {@code no such file}. */
  public static String of(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such file";
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException named when named.getReason() != null ->
          String.valueOf(named.getReason());
      case FileSystemException named -> named.getClass().getSimpleName();
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
