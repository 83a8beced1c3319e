package io.raybridge.extensions.filestorage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The list, beside a segment, of its records that will not be needed again: the place of each and a
 * checksum. A damaged entry only means that its record is sent once more.
 */
final class SettledFile {
  private static final int ENTRY = 8;
  private static final int BUFFERED = 512 * ENTRY;

  private final Segment segment;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFERED);
  private @Nullable FileChannel channel;
  private long at;

  SettledFile(Segment segment) {
    this.segment = segment;
  }

  static Path path(Segment segment) {
    String name = segment.file().getFileName().toString();
    String stem = name.substring(0, name.length() - Segment.SUFFIX.length());
    return segment.file().resolveSibling(stem + ".settled");
  }

  /** Where the records that are settled begin. */
  static BitSet read(Segment segment) throws IOException {
    var settled = new BitSet();
    try {
      var in = ByteBuffer.wrap(Files.readAllBytes(path(segment)));
      while (in.remaining() >= ENTRY) {
        int offset = in.getInt();
        if (in.getInt() == sum(segment, offset) && offset >= 0) settled.set(offset);
      }
    } catch (NoSuchFileException e) {
      // Nothing of it was settled.
    }
    return settled;
  }

  void add(long offset) throws IOException {
    if (!buffer.hasRemaining()) flush();
    int place = Math.toIntExact(offset);
    buffer.putInt(place).putInt(sum(segment, place));
  }

  void flush() throws IOException {
    buffer.flip();
    try {
      var out = channel == null ? open() : channel;
      while (buffer.hasRemaining()) out.write(buffer, at + buffer.position());
      at += buffer.position();
    } finally {
      // What could not be written is forgotten: those records are sent once more after a restart.
      buffer.clear();
    }
  }

  private FileChannel open() throws IOException {
    var opened =
        FileChannel.open(path(segment), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    channel = opened;
    // An entry that a killed process began would put all that follow out of step.
    at = opened.size() / ENTRY * ENTRY;
    return opened;
  }

  void close(boolean force) throws IOException {
    try (var open = channel) {
      channel = null;
      if (open != null && force) open.force(false);
    }
  }

  private static int sum(Segment segment, int offset) {
    var sum = new CRC32C();
    sum.update(ByteBuffer.allocate(12).putLong(segment.salt()).putInt(offset).flip());
    return (int) sum.getValue();
  }
}
