package io.raybridge.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.airlift.compress.v3.snappy.SnappyFramedOutputStream;
import io.airlift.compress.v3.snappy.SnappyJavaCompressor;
import io.airlift.compress.v3.zstd.ZstdJavaCompressor;
import io.airlift.compress.v3.zstd.ZstdJavaOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentEncodingTest {
  /** Ways to pack, as clients in use do it. */
  enum Packing {
    GZIP("gzip"),
    GZIP_IN_TWO_MEMBERS("gzip"),
    ZLIB("zlib"),
    DEFLATE("deflate"),
    BARE_DEFLATE("deflate"),
    ZSTD("zstd"),
    ZSTD_STREAM("zstd"),
    ZSTD_IN_TWO_FRAMES("zstd"),
    SNAPPY("snappy"),
    SNAPPY_FRAMED_CALLED_SNAPPY("snappy"),
    SNAPPY_FRAMED("x-snappy-framed");

    final String encoding;

    Packing(String encoding) {
      this.encoding = encoding;
    }

    byte[] pack(byte[] plain) throws IOException {
      return switch (this) {
        case GZIP -> through(plain, GZIPOutputStream::new);
        case GZIP_IN_TWO_MEMBERS ->
            concat(GZIP.pack(half(plain, true)), GZIP.pack(half(plain, false)));
        case ZLIB, DEFLATE -> through(plain, DeflaterOutputStream::new);
        case BARE_DEFLATE ->
            through(plain, out -> new DeflaterOutputStream(out, new Deflater(6, true)));
        case ZSTD -> {
          var compressor = new ZstdJavaCompressor();
          byte[] out = new byte[compressor.maxCompressedLength(plain.length)];
          int length = compressor.compress(plain, 0, plain.length, out, 0, out.length);
          yield Arrays.copyOf(out, length);
        }
        case ZSTD_STREAM -> through(plain, ZstdJavaOutputStream::new);
        case ZSTD_IN_TWO_FRAMES ->
            concat(ZSTD.pack(half(plain, true)), ZSTD.pack(half(plain, false)));
        case SNAPPY -> {
          var compressor = new SnappyJavaCompressor();
          byte[] out = new byte[compressor.maxCompressedLength(plain.length)];
          int length = compressor.compress(plain, 0, plain.length, out, 0, out.length);
          yield Arrays.copyOf(out, length);
        }
        case SNAPPY_FRAMED, SNAPPY_FRAMED_CALLED_SNAPPY ->
            through(plain, out -> new SnappyFramedOutputStream(new SnappyJavaCompressor(), out));
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void packedBody_isUnpacked(Packing packing) throws Exception {
    byte[] plain = text(300_000);
    try (var serving = Serving.with("{}")) {
      var response = serving.post(packing.pack(plain), "Content-Encoding", packing.encoding);

      assertThat(response.body()).isEqualTo("300000");
      assertThat(serving.requests.getFirst().body()).isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @EnumSource
  void smallBody_isUnpacked(Packing packing) throws Exception {
    byte[] plain = text(20);
    try (var serving = Serving.with("{}")) {
      serving.post(packing.pack(plain), "Content-Encoding", packing.encoding);

      assertThat(serving.requests.getFirst().body()).isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @EnumSource
  void bodyThatUnpacksToMoreThanTheLimit_gets413(Packing packing) throws Exception {
    byte[] bomb = packing.pack(new byte[5_000_000]);
    try (var serving = Serving.with("max_request_body_size: 1000000")) {
      var response = serving.post(bomb, "Content-Encoding", packing.encoding);

      assertThat(response.statusCode()).isEqualTo(413);
      assertThat(serving.requests).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void bodyThatUnpacksToTheLimit_isTaken(Packing packing) throws Exception {
    byte[] packed = packing.pack(new byte[1_000_000]);
    try (var serving = Serving.with("max_request_body_size: 1000000")) {
      assertThat(serving.post(packed, "Content-Encoding", packing.encoding).body())
          .isEqualTo("1000000");
    }
  }

  @ParameterizedTest
  @EnumSource
  void bombBeyondTheMemoryBudget_getsTryAgain(Packing packing) throws Exception {
    byte[] bomb = packing.pack(new byte[5_000_000]);
    var budget = new MemoryBudget(1_000_000);
    try (var other = budget.lease();
        var serving = Serving.with(budget, _ -> Response.empty(200))) {
      assertThat(other.grow(10_000)).isTrue();
      var response = serving.post(bomb, "Content-Encoding", packing.encoding);

      assertThat(response.statusCode()).isEqualTo(429);
      assertThat(response.headers().firstValue("retry-after")).hasValue("1");
    }
    assertThat(budget.used()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void brokenBody_isRefusedAndNeverABug(Packing packing) throws Exception {
    byte[] sound = packing.pack(text(5000));
    var random = new Random(42);
    try (var serving = Serving.with("{}")) {
      for (int i = 0; i < 200; i++) {
        byte[] broken = sound.clone();
        for (int hit = random.nextInt(4); hit >= 0; hit--) {
          broken[random.nextInt(broken.length)] = (byte) random.nextInt();
        }
        if (random.nextBoolean()) {
          broken = Arrays.copyOf(broken, random.nextInt(broken.length));
        }
        // A hit may leave the content as it was, or change it where the format has no checksum.
        assertThat(serving.post(broken, "Content-Encoding", packing.encoding).statusCode())
            .isIn(200, 400, 413);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void truncatedBody_isRefused(Packing packing) throws Exception {
    byte[] sound = packing.pack(text(5000));
    try (var serving = Serving.with("{}")) {
      var response =
          serving.post(
              Arrays.copyOf(sound, sound.length / 3), "Content-Encoding", packing.encoding);

      assertThat(response.statusCode()).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "lz4", "gzip, gzip"})
  void unknownEncoding_gets415AndTheListOfKnownOnes(String encoding) throws Exception {
    try (var serving = Serving.with("{}")) {
      var response = serving.post(new byte[3], "Content-Encoding", encoding);

      assertThat(response.statusCode()).isEqualTo(415);
      assertThat(response.headers().firstValue("accept-encoding").orElseThrow())
          .contains("gzip", "zstd", "deflate");
    }
  }

  @Test
  void compressionAlgorithms_allowOnlyWhatTheyName() throws Exception {
    try (var serving = Serving.with("compression_algorithms: ['', zstd]")) {
      byte[] plain = text(100);
      assertThat(serving.post(plain).statusCode()).isEqualTo(200);
      assertThat(serving.post(plain, "Content-Encoding", "identity").statusCode()).isEqualTo(200);
      assertThat(serving.post(Packing.ZSTD.pack(plain), "Content-Encoding", "zstd").statusCode())
          .isEqualTo(200);
      assertThat(serving.post(Packing.GZIP.pack(plain), "Content-Encoding", "gzip").statusCode())
          .isEqualTo(415);
    }
    try (var serving = Serving.with("compression_algorithms: [gzip]")) {
      assertThat(serving.post(text(10)).statusCode()).isEqualTo(415);
    }
  }

  private static byte[] text(int length) {
    var random = new Random(7);
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) ("service.name=shop;".charAt(i % 18) + (random.nextInt(10) == 0 ? 1 : 0));
    }
    return text;
  }

  private static byte[] half(byte[] whole, boolean first) {
    int middle = whole.length / 2;
    return first ? Arrays.copyOf(whole, middle) : Arrays.copyOfRange(whole, middle, whole.length);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] through(byte[] plain, Wrapper wrapper) throws IOException {
    var packed = new ByteArrayOutputStream();
    try (OutputStream out = wrapper.wrap(packed)) {
      out.write(plain);
    }
    return packed.toByteArray();
  }

  private interface Wrapper {
    OutputStream wrap(OutputStream out) throws IOException;
  }
}
