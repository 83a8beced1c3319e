package io.raybridge.extensions.filestorage;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one file, and finds the next good one wherever the file is damaged.
 *
 * <p>Not a channel: those are closed when the thread that reads is interrupted.
 */
final class SegmentReader implements Closeable {
  private static final int WINDOW = 1 << 16;

  private final Segment segment;
  private final RandomAccessFile file;
  private final ByteBuffer head = ByteBuffer.allocate(RecordHeader.SIZE);

  SegmentReader(Segment segment) throws IOException {
    this.segment = segment;
    file = new RandomAccessFile(segment.file().toFile(), "r");
  }

  /** A record whose header is good and whose content is there. */
  record Found(long at, RecordHeader header) {
    long end() {
      return at + header.recordSize();
    }
  }

  Segment segment() {
    return segment;
  }

  /** Bytes of the file. */
  long length() throws IOException {
    return file.length();
  }

  /** The version that the file says it is of; a file too short for that has no records. */
  int format() throws IOException {
    if (file.length() < Segment.FILE_HEADER) return Segment.FORMAT;
    var header = new byte[Segment.FILE_HEADER];
    file.seek(0);
    file.readFully(header);
    return Segment.format(header);
  }

  /** The first record that begins at this place or after it, and ends before the end. */
  @Nullable Found next(long from, long end) throws IOException {
    var here = at(from, end);
    return here == null ? search(from + 1, end) : here;
  }

  /** What a record holds; null if it is damaged. */
  byte @Nullable [] content(Found found) throws IOException {
    var content = new byte[found.header().length()];
    file.seek(found.at() + RecordHeader.SIZE);
    file.readFully(content);
    var sum = new CRC32C();
    sum.update(content);
    return (int) sum.getValue() == found.header().contentSum() ? content : null;
  }

  private @Nullable Found at(long at, long end) throws IOException {
    if (at + RecordHeader.SIZE > end) return null;
    file.seek(at);
    file.readFully(head.array());
    var header = RecordHeader.read(head, segment.salt(), at);
    return header == null || at + header.recordSize() > end ? null : new Found(at, header);
  }

  private @Nullable Found search(long from, long end) throws IOException {
    var window = ByteBuffer.allocate((int) Math.min(WINDOW, Math.max(0, end - from)));
    for (long at = from; at + RecordHeader.SIZE <= end; ) {
      int length = (int) Math.min(window.capacity(), end - at);
      file.seek(at);
      file.readFully(window.array(), 0, length);
      for (int i = 0; i + Integer.BYTES <= length; i++) {
        if (window.getInt(i) != RecordHeader.MARK) continue;
        var found = at(at + i, end);
        if (found != null) return found;
      }
      // The mark may lie across the windows.
      at += length - Integer.BYTES + 1;
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
