package io.raybridge.transport;

import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.snappy.SnappyFramedInputStream;
import io.airlift.compress.v3.snappy.SnappyJavaDecompressor;
import io.airlift.compress.v3.zstd.ZstdJavaDecompressor;
import io.airlift.compress.v3.zstd.ZstdJavaInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * Unpacks request bodies into one array each, and stops at a limit on what comes out: a small body
 * can hold a very large one.
 */
final class Decompression {
  /** The names in Content-Encoding and grpc-encoding that can be unpacked. */
  static final List<String> ENCODINGS =
      List.of("gzip", "zstd", "zlib", "deflate", "snappy", "x-snappy-framed");

  private static final int FIRST_GUESS = 16 * 1024;
  private static final byte[] SNAPPY_STREAM = {(byte) 0xff, 6, 0, 0, 's', 'N', 'a', 'P', 'p', 'Y'};

  private final long limit;
  private final MemoryBudget.Lease lease;

  /**
   * @param limit the most bytes that may come out
   * @param lease pays for them
   */
  Decompression(long limit, MemoryBudget.Lease lease) {
    this.limit = limit;
    this.lease = lease;
  }

  /**
   * Unpacks a body.
   *
   * @throws TooLarge when more than the limit would come out
   * @throws NoRoom when the lease cannot pay for it
   * @throws IOException when the bytes break the format's rules
   */
  byte[] unpack(String encoding, byte[] packed) throws IOException {
    try {
      return switch (encoding) {
        case "gzip" -> drain(new GZIPInputStream(stream(packed), 4096), gzipSize(packed));
        case "zlib", "deflate" -> inflate(packed);
        case "zstd" -> zstd(packed);
        case "snappy" -> startsWith(packed, SNAPPY_STREAM) ? snappyFramed(packed) : snappy(packed);
        case "x-snappy-framed" -> snappyFramed(packed);
        default -> throw new IllegalArgumentException(encoding);
      };
    } catch (MalformedInputException | IndexOutOfBoundsException | ArithmeticException e) {
      throw new IOException("the bytes are not " + encoding, e);
    }
  }

  /** HTTP means zlib's format by "deflate", but clients that send it bare exist. */
  private byte[] inflate(byte[] packed) throws IOException {
    boolean zlib =
        packed.length > 1
            && (packed[0] & 0x0f) == 8
            && (((packed[0] & 0xff) << 8 | (packed[1] & 0xff)) % 31) == 0;
    var inflater = new Inflater(!zlib);
    try {
      return drain(new InflaterInputStream(stream(packed), inflater, 4096), FIRST_GUESS);
    } finally {
      inflater.end();
    }
  }

  /** A frame that tells its size is unpacked in one go, any other as a stream. */
  private byte[] zstd(byte[] packed) throws IOException {
    var decompressor = new ZstdJavaDecompressor();
    long size = decompressor.getDecompressedSize(packed, 0, packed.length);
    if (size > limit) {
      throw new TooLarge();
    }
    // A tiny body that claims a large size is taken as a stream, which allocates what really comes.
    if (size > 0 && size <= packed.length * 64L) {
      reserve(size);
      byte[] whole = new byte[(int) size];
      try {
        int written = decompressor.decompress(packed, 0, packed.length, whole, 0, whole.length);
        return written == whole.length ? whole : Arrays.copyOf(whole, written);
      } catch (MalformedInputException e) {
        // Several frames in a row do not fit the first one's size; or it is really malformed.
        return drain(new ZstdJavaInputStream(stream(packed)), FIRST_GUESS);
      }
    }
    return drain(new ZstdJavaInputStream(stream(packed)), FIRST_GUESS);
  }

  private byte[] snappy(byte[] packed) throws IOException {
    var decompressor = new SnappyJavaDecompressor();
    int size = decompressor.getUncompressedLength(packed, 0);
    if (size < 0) {
      throw new IOException("the bytes are not snappy");
    }
    if (size > limit) {
      throw new TooLarge();
    }
    reserve(size);
    byte[] whole = new byte[size];
    int written = decompressor.decompress(packed, 0, packed.length, whole, 0, size);
    return written == size ? whole : Arrays.copyOf(whole, written);
  }

  private byte[] snappyFramed(byte[] packed) throws IOException {
    return drain(
        new SnappyFramedInputStream(new SnappyJavaDecompressor(), stream(packed)), FIRST_GUESS);
  }

  /** The guess is exact for gzip, so that its usual body is neither grown nor cut. */
  private byte[] drain(InputStream packed, long guess) throws IOException {
    try (packed) {
      return read(packed, guess);
    }
  }

  private byte[] read(InputStream in, long guess) throws IOException {
    byte[] whole = new byte[(int) Math.clamp(guess, 64, limit)];
    reserve(whole.length);
    int length = 0;
    while (true) {
      int read = in.readNBytes(whole, length, whole.length - length);
      length += read;
      if (length < whole.length) {
        return Arrays.copyOf(whole, length);
      }
      int next = in.read();
      if (next < 0) {
        return whole;
      }
      if (length >= limit) {
        throw new TooLarge();
      }
      int grown = (int) Math.min(limit, Math.max(length * 2L, FIRST_GUESS));
      reserve(grown - length);
      whole = Arrays.copyOf(whole, grown);
      whole[length++] = (byte) next;
    }
  }

  private void reserve(long bytes) throws NoRoom {
    if (!lease.grow(bytes)) {
      throw new NoRoom();
    }
  }

  /** A gzip file ends with its size, which a liar can set: never trust more than 1:64 at first. */
  private static long gzipSize(byte[] packed) {
    int end = packed.length;
    if (end < 18) {
      return FIRST_GUESS;
    }
    long size =
        (packed[end - 4] & 0xff)
            | (packed[end - 3] & 0xff) << 8
            | (packed[end - 2] & 0xff) << 16
            | (packed[end - 1] & 0xffL) << 24;
    return Math.min(size, packed.length * 64L);
  }

  private static boolean startsWith(byte[] bytes, byte[] start) {
    return bytes.length >= start.length
        && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }

  private static InputStream stream(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  /** More would come out than the limit allows. */
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1;
  }

  /** The memory budget has no room for what comes out. */
  static final class NoRoom extends IOException {
    private static final long serialVersionUID = 1;
  }
}
