package io.raybridge.xray;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.data.ResourceSpans;
import io.raybridge.data.Traces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Damaged documents are refused with a reason, or become spans that become the same document again.
 * {@code -Dfuzz.requests=1000000} makes a night of it.
 */
class SegmentFuzzTest {
  private static final int DOCUMENTS = Integer.getInteger("fuzz.requests", 20_000);
  private static final String[] PIECES = {
    "null",
    "true",
    "-0",
    "1e400",
    "1.50",
    "\"\"",
    "\"\\ud800\"",
    "[]",
    "{}",
    "[{}]",
    "\"aws\"",
    "{\"a\":1}",
    "12345678901234567890123",
    "\"70de5b6f19ff9a0a\"",
    "1700000000.5",
    "0"
  };

  @Test
  void damagedDocuments_areRefusedOrComeBackTheSame() throws Exception {
    long seed = Long.getLong("fuzz.seed", 20_261_128L);
    var random = new Random(seed);
    var samples = samples();
    int read = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
      String document = damaged(samples.get(random.nextInt(samples.size())), random);
      byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
      try {
        if (comesBack(bytes)) read++;
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(seed + "/" + i + " " + document, e);
      }
    }
    assertThat(read).isBetween(DOCUMENTS / 20, DOCUMENTS - DOCUMENTS / 20);
  }

  @Test
  void damagedBytes_areRefusedOrCarriedAsTheyAre() throws Exception {
    var random = new Random(5);
    var samples = samples();
    var builder = new SegmentDocuments.Builder();
    int carried = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
      byte[] bytes = samples.get(random.nextInt(samples.size())).getBytes(StandardCharsets.UTF_8);
      for (int hits = random.nextInt(3); hits > 0; hits--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        builder.add(bytes, 0, bytes.length);
      } catch (MalformedSegmentException e) {
        assertThat(e.reason()).isIn("not_json", "not_an_object", "no_id");
        continue;
      }
      carried++;
      var back = SegmentReaderTest.encode(builder.build((lost, trace, id, why) -> {}).carried());
      assertThat(back).containsExactly(new String(bytes, StandardCharsets.UTF_8));
      boolean _ = comesBack(bytes);
    }
    assertThat(carried).isGreaterThan(DOCUMENTS / 5);
  }

  private static boolean comesBack(byte[] bytes) throws InterruptedException {
    ResourceSpans spans;
    try {
      spans = SegmentReader.read(bytes);
    } catch (MalformedSegmentException e) {
      return false;
    }
    var back = SegmentReaderTest.encode(Traces.of(List.of(spans)));
    assertThat(back).hasSize(1);
    String document = new String(bytes, StandardCharsets.UTF_8);
    assertThat(SameJson.of(back.getFirst())).isEqualTo(SameJson.of(document));
    return true;
  }

  /** Puts other values and names in the place of some. */
  private static String damaged(String document, Random random) {
    var text = new StringBuilder(document);
    for (int hits = random.nextInt(4); hits > 0; hits--) {
      int colon = text.indexOf(":", random.nextInt(text.length()));
      if (colon < 0) continue;
      int end = colon + 1;
      while (end < text.length() && ",}]\n".indexOf(text.charAt(end)) < 0) end++;
      var piece = PIECES[random.nextInt(PIECES.length)];
      text.replace(colon + 1, end, piece);
    }
    if (random.nextInt(4) == 0) {
      int at = random.nextInt(text.length());
      text.setCharAt(at, "{}[]\",:ax0\\".charAt(random.nextInt(11)));
    }
    return text.toString();
  }

  private static List<String> samples() throws IOException {
    var samples = new ArrayList<String>();
    try (var files = Files.list(Path.of("src/test/resources/documents"))) {
      for (var file : files.sorted().toList()) samples.add(Files.readString(file));
    }
    return samples;
  }
}
