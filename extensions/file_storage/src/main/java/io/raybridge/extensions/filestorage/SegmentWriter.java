package io.raybridge.extensions.filestorage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Writes records at the end of one file. Used by the spool's own thread, which nobody interrupts.
 */
final class SegmentWriter {
  private final Segment segment;
  private final FileChannel channel;
  private final ByteBuffer staging;
  private final ByteBuffer head = ByteBuffer.allocate(RecordHeader.SIZE);
  private boolean nameForced;

  /** Makes the file, which must not be there yet. */
  SegmentWriter(Segment segment, ByteBuffer staging) throws IOException {
    this.segment = segment;
    this.staging = staging.clear();
    channel =
        FileChannel.open(segment.file(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    staging.put(Segment.header());
  }

  Segment segment() {
    return segment;
  }

  /** Puts a record at the end, which is this place; it is safe only after {@link #flush}. */
  void put(long at, List<byte[]> content, int length, int items, long millis) throws IOException {
    var sum = new CRC32C();
    for (var chunk : content) sum.update(chunk);
    new RecordHeader(length, items, (int) sum.getValue(), millis).write(head, segment.salt(), at);
    stage(head.array());
    for (var chunk : content) stage(chunk);
  }

  private void stage(byte[] bytes) throws IOException {
    for (int from = 0; from < bytes.length; ) {
      if (!staging.hasRemaining()) drain();
      int part = Math.min(staging.remaining(), bytes.length - from);
      staging.put(bytes, from, part);
      from += part;
    }
  }

  /** Hands all to the operating system, and has it put on the disk if that is wanted. */
  void flush(boolean force) throws IOException {
    drain();
    if (!force) return;
    channel.force(false);
    if (nameForced) return;
    // Else a power cut could leave the data without the name to find it by.
    Directories.force(segment.file().resolveSibling("."));
    nameForced = true;
  }

  private void drain() throws IOException {
    staging.flip();
    while (staging.hasRemaining()) channel.write(staging);
    staging.clear();
  }

  /** Takes back what is behind the segment's end, as far as that is possible, and ends the file. */
  void abandon() throws IOException {
    staging.clear();
    try (channel) {
      channel.truncate(segment.end);
    }
  }

  void close(boolean force) throws IOException {
    try (channel) {
      flush(force);
    }
  }
}
