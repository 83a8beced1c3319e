package io.raybridge.engine;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that begins anew when it has grown so large; the one before stays beside it, with .1. */
final class RotatingFile extends OutputStream {
  private final Path file;
  private final Path before;
  private final long most;
  private OutputStream out;
  private long size;

  RotatingFile(Path file, long most) throws IOException {
    this.file = file;
    this.most = most;
    before = file.resolveSibling(file.getFileName() + ".1");
    out = new FileOutputStream(file.toFile(), true);
    size = Files.size(file);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  /** Writes a line, which is never parted. */
  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (size > 0 && size + length > most) rotate();
    out.write(bytes, offset, length);
    size += length;
  }

  private void rotate() throws IOException {
    out.close();
    Files.move(file, before, StandardCopyOption.REPLACE_EXISTING);
    out = new FileOutputStream(file.toFile(), true);
    size = 0;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
