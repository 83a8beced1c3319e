package io.raybridge.config;

import io.raybridge.api.FileFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads files that a user named, remembers what was in them, and says in plain words why one cannot
 * be read.
 */
final class Source {
  private static final long MOST = 16 << 20;

  private final Map<Path, Stamp> read = new LinkedHashMap<>();

  /** All files that were asked for, also those that could not be read. */
  Map<Path, Stamp> read() {
    return Map.copyOf(read);
  }

  String text(Path file) throws IOException {
    read.put(file, Stamp.UNREADABLE);
    if (Files.isDirectory(file)) {
      throw new IOException("is a directory (expected: a file)");
    }
    byte[] bytes;
    try (var in = Files.newInputStream(file)) {
      bytes = in.readNBytes((int) MOST + 1);
    }
    read.put(file, Stamp.of(bytes));
    if (bytes.length > MOST) {
      throw new IOException("longer than " + MOST + " bytes (expected: a configuration)");
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("is not UTF-8 text", e);
    }
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  static String reason(Exception e) {
    return e instanceof IOException fault ? FileFault.of(fault) : String.valueOf(e.getMessage());
  }
}
