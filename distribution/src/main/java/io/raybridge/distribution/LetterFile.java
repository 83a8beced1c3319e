package io.raybridge.distribution;

import io.raybridge.delivery.DeadLetter;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads a file of dead letters line by line. */
final class LetterFile implements AutoCloseable {
  /** A document has 64 KiB at most, each byte perhaps escaped. */
  private static final int LONGEST = 4 << 20;

  private final InputStream in;
  private int number;

  LetterFile(Path file) throws IOException {
    in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
  }

  /**
   * A line that is not empty.
   *
   * @param number from 1 on
   * @param letter null where the line is none
   * @param problem why it is none
   */
  record Line(int number, @Nullable DeadLetter letter, String problem) {}

  /** The next line, or null at the end of the file. */
  @Nullable Line next() throws IOException {
    var line = new ByteArrayOutputStream();
    while (true) {
      int b = in.read();
      if (b < 0 && line.size() == 0) return null;
      if (b >= 0 && b != '\n') {
        // What is too long is read to its end, and kept no longer.
        if (line.size() <= LONGEST) line.write(b);
        continue;
      }
      number++;
      if (line.size() > 0) return parsed(line.toByteArray());
    }
  }

  private Line parsed(byte[] line) {
    if (line.length > LONGEST) return new Line(number, null, "longer than 4 MiB");
    try {
      return new Line(number, DeadLetter.parse(line), "");
    } catch (DeadLetter.MalformedException e) {
      return new Line(number, null, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
