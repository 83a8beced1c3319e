package io.raybridge.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of a random request means to protobuf-java what it meant before. */
class OracleTest {
  private static final int ROUNDS = 400;

  static List<Format> formats() {
    return Format.ALL;
  }

  @ParameterizedTest
  @MethodSource("formats")
  void untouchedBatch_leavesAsTheVeryArray(Format format) throws Exception {
    var bytes = format.random(1, true).toByteArray();

    var batch = format.fromOtlp().apply(bytes);

    assertThat(Format.toOtlp(batch)).isSameAs(bytes);
    assertThat(Format.otlpChunks(batch)).hasSize(1).first().isSameAs(bytes);
    assertThat(batch.sizeBytes()).isEqualTo(bytes.length);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void decodedBatch_encodesToTheSameMeaning(Format format) throws Exception {
    for (int seed = 0; seed < ROUNDS; seed++) {
      var request = format.random(seed, seed % 2 == 0);
      var batch = format.ofOtlp(request);
      Format.touch(batch);

      assertThat(format.parse(Format.toOtlp(batch))).as("seed %d", seed).isEqualTo(request);
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void copyOfObjects_isDeepAndComplete(Format format) throws Exception {
    for (int seed = 0; seed < ROUNDS; seed++) {
      var request = format.random(seed, seed % 2 == 0);
      var batch = format.ofOtlp(request);
      Format.touch(batch);
      var copy = batch.copy();
      Vandal.wreck(batch);

      assertThat(format.parse(Format.toOtlp(copy))).as("seed %d", seed).isEqualTo(request);
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void copyOfBytes_isNotChangedThroughTheOriginal(Format format) throws Exception {
    var request = format.random(2, true);
    var batch = format.ofOtlp(request);
    var copy = batch.copy();
    Vandal.wreck(batch);

    assertThat(format.parse(Format.toOtlp(copy))).isEqualTo(request);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void packedBatch_keepsItsMeaningAndItems(Format format) throws Exception {
    var request = format.random(3, true);
    var batch = format.ofOtlp(request);
    int items = batch.items();
    Format.touch(batch);
    switch (batch) {
      case Traces traces -> traces.pack();
      case Metrics metrics -> metrics.pack();
      case Logs logs -> logs.pack();
    }

    assertThat(Format.otlpChunks(batch).getFirst()).isSameAs(Format.toOtlp(batch));
    assertThat(format.parse(Format.toOtlp(batch))).isEqualTo(request);
    assertThat(batch.items()).isEqualTo(items);
  }
}
