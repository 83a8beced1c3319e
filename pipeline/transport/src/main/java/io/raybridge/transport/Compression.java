package io.raybridge.transport;

import io.airlift.compress.v3.snappy.SnappyFramedOutputStream;
import io.airlift.compress.v3.snappy.SnappyJavaCompressor;
import io.airlift.compress.v3.zstd.ZstdJavaOutputStream;
import io.raybridge.api.Named;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** How a client packs what it sends: the values of the key {@code compression}. */
public enum Compression {
  @Named({"none", ""})
  NONE,
  GZIP,
  ZSTD,
  ZLIB,
  DEFLATE,
  @Named("x-snappy-framed")
  SNAPPY_FRAMED;

  /** The compressor's own level, for those that have levels. */
  public static final int DEFAULT_LEVEL = Deflater.DEFAULT_COMPRESSION;

  private static final long LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  /** The name in Content-Encoding or grpc-encoding. */
  public String encoding() {
    return switch (this) {
      case NONE -> "identity";
      case GZIP -> "gzip";
      case ZSTD -> "zstd";
      case ZLIB -> "zlib";
      case DEFLATE -> "deflate";
      case SNAPPY_FRAMED -> "x-snappy-framed";
    };
  }

  /**
   * Packs the parts of a body into one array.
   *
   * @param level from 1, fast, to 9, small, for gzip, zlib and deflate; no other has levels
   */
  public byte[] pack(List<byte[]> parts, int level) {
    int size = 0;
    for (byte[] part : parts) {
      size += part.length;
    }
    var packed = new ByteArrayOutputStream(Math.max(64, size / 4));
    try (OutputStream out = around(packed, level)) {
      for (byte[] part : parts) {
        out.write(part);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  /**
   * Unpacks what {@link #pack} made.
   *
   * @throws IOException when the bytes are not packed like this
   */
  public byte[] unpack(byte[] packed) throws IOException {
    if (this == NONE) return packed;
    var lease = new MemoryBudget(Long.MAX_VALUE).lease();
    return new Decompression(LARGEST_ARRAY, lease).unpack(encoding(), packed);
  }

  OutputStream around(OutputStream out, int level) throws IOException {
    return switch (this) {
      case NONE -> out;
      case GZIP -> new Gzip(out, level);
      case ZSTD -> new ZstdJavaOutputStream(out);
      case ZLIB, DEFLATE -> new Zlib(out, level);
      case SNAPPY_FRAMED -> new SnappyFramedOutputStream(new SnappyJavaCompressor(), out);
    };
  }

  private static final class Gzip extends GZIPOutputStream {
    Gzip(OutputStream out, int level) throws IOException {
      super(out, 4096);
      def.setLevel(level);
    }
  }

  private static final class Zlib extends DeflaterOutputStream {
    Zlib(OutputStream out, int level) {
      super(out, new Deflater(level), 4096);
    }

    @Override
    public void close() throws IOException {
      try {
        super.close();
      } finally {
        def.end();
      }
    }
  }
}
