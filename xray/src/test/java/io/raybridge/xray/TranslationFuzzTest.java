package io.raybridge.xray;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Traces;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * Whatever OTLP's decoder accepts gives valid documents or a counted drop, and the escaped form is
 * the plain form escaped. {@code -Dfuzz.inputs=1000000} makes some minutes of it.
 */
class TranslationFuzzTest {
  /** Requests of all tests here together: a quarter each. */
  private static final int INPUTS = Integer.getInteger("fuzz.inputs", 32_000);

  private static final int REQUESTS = INPUTS / 4;

  enum Setting {
    DEFAULT(TranslationConfig.DEFAULT),
    INDEX_ALL(config(true, List.of(), false)),
    PATTERNS(config(false, List.of("app.*", "otel.resource.*", "http.url", "a-b", "*é*"), true));

    final TranslationConfig config;

    Setting(TranslationConfig config) {
      this.config = config;
    }

    private static TranslationConfig config(boolean all, List<String> keys, boolean map) {
      return new TranslationConfig(
          all, keys, List.of("group"), TranslationConfig.EpochCheck.OFF, map, !all);
    }
  }

  private final List<String> dropped = new ArrayList<>();
  private int droppedSpans;

  private final DropListener listener =
      (spans, reason, high, low, detail) -> {
        droppedSpans += spans;
        dropped.add(reason + " " + detail);
      };

  @ParameterizedTest
  @EnumSource
  void randomSpans_giveValidDocumentsOrCountedDrops(Setting setting) throws Exception {
    long seed = Long.getLong("fuzz.seed", 20_261_123L) + setting.ordinal();
    var random = new RandomSpans(seed);
    var encoders = new Encoders(setting.config);

    for (int i = 0; i < REQUESTS; i++) encoders.check(random.request(), seed + "/" + i);

    assertThat(dropped)
        .allSatisfy(reason -> assertThat(reason).doesNotStartWith("translation_failed"));
  }

  @Test
  void damagedRequestsThatStillDecode_giveValidDocumentsOrCountedDrops() throws Exception {
    long seed = Long.getLong("fuzz.seed", 7L);
    var spans = new RandomSpans(seed);
    var random = new Random(seed + 1);
    var encoders = new Encoders(TranslationConfig.DEFAULT);
    int accepted = 0;
    for (int i = 0; i < REQUESTS; i++) {
      byte[] request = spans.request();
      for (int hits = 1 + random.nextInt(3); hits > 0 && request.length > 0; hits--) {
        request[random.nextInt(request.length)] = (byte) random.nextInt(256);
      }
      try {
        Traces.ofOtlp(request);
      } catch (MalformedBatchException e) {
        continue;
      }
      accepted++;
      encoders.check(request, "damaged " + i);
    }

    assertThat(accepted).isGreaterThan(REQUESTS / 20);
    assertThat(dropped)
        .allSatisfy(reason -> assertThat(reason).doesNotStartWith("translation_failed"));
  }

  private final class Encoders {
    private final SegmentEncoder escaping;
    private final SegmentEncoder plain;
    private DocumentBuffer escaped = new DocumentBuffer(500, 1 << 24);
    private DocumentBuffer readable = new DocumentBuffer(500, 1 << 24);

    Encoders(TranslationConfig config) {
      escaping = new SegmentEncoder(config, listener, Otlp.CLOCK);
      plain =
          new SegmentEncoder(config, (s, r, h, l, d) -> {}, Otlp.CLOCK, new TraceBudget(), false);
    }

    void check(byte[] request, String name) throws Exception {
      int spans = Traces.ofOtlp(request).items();
      droppedSpans = 0;
      escaped.clear();
      readable.clear();
      escaped = escaping.encode(List.of(request), escaped, full -> full);
      readable = plain.encode(List.of(request), readable, full -> full);
      try {
        compare();
        assertThat(escaped.spans() + droppedSpans).isEqualTo(spans);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(name + " " + HexFormat.of().formatHex(request), e);
      }
    }

    private void compare() {
      JsonNode body =
          Otlp.parse(new String(escaped.bytes(), 0, escaped.length(), StandardCharsets.UTF_8));
      JsonNode documents = body.path("TraceSegmentDocuments");
      assertThat(documents.size()).isEqualTo(readable.count()).isEqualTo(escaped.count());
      for (int i = 0; i < readable.count(); i++) {
        int length = readable.end(i) - readable.start(i);
        String document =
            new String(readable.bytes(), readable.start(i), length, StandardCharsets.UTF_8);
        assertThat(documents.path(i).asString()).isEqualTo(document);
        assertThat(length).isLessThanOrEqualTo(65_536);
        assertThat(SegmentSchema.problem(Otlp.parse(document))).as(document).isNull();
      }
    }
  }
}
