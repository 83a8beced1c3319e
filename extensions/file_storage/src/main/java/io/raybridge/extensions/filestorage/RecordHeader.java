package io.raybridge.extensions.filestorage;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands before the content of each record. Its checksum covers a number that only the file's
 * name tells, so that a client cannot hide something that looks like a record in the data it sends;
 * and its own place, so that a block that a disk wrote to the wrong place is not believed.
 *
 * @param length bytes of the content that follows
 * @param items spans, data points or log records in it
 * @param contentSum CRC-32C of the content
 * @param millis when it was written, since 1970
 */
record RecordHeader(int length, int items, int contentSum, long millis) {
  static final int SIZE = 28;

  /** The first four bytes of each record, by which a reader finds the next one after damage. */
  static final int MARK = 0x8F52_4253;

  private static final int SUMMED_FROM = 8;

  /** Bytes of the whole record. */
  long recordSize() {
    return SIZE + (long) length;
  }

  /** Writes the header of a record at this place to the beginning of a buffer. */
  void write(ByteBuffer out, long salt, long at) {
    out.putInt(0, MARK);
    out.putInt(8, length);
    out.putInt(12, items);
    out.putInt(16, contentSum);
    out.putLong(20, millis);
    out.putInt(4, sum(out, salt, at));
  }

  /** The header at the buffer's beginning; null if that is none of this place, or damaged. */
  static @Nullable RecordHeader read(ByteBuffer in, long salt, long at) {
    if (in.getInt(0) != MARK || in.getInt(4) != sum(in, salt, at)) return null;
    var header = new RecordHeader(in.getInt(8), in.getInt(12), in.getInt(16), in.getLong(20));
    return header.length < 0 || header.items < 0 ? null : header;
  }

  private static int sum(ByteBuffer header, long salt, long at) {
    var sum = new CRC32C();
    sum.update(ByteBuffer.allocate(2 * Long.BYTES).putLong(salt).putLong(at).flip());
    sum.update(header.slice(SUMMED_FROM, SIZE - SUMMED_FROM));
    return (int) sum.getValue();
  }
}
