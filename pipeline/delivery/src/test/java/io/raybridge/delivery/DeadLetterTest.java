package io.raybridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.data.Signal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadLetterTest {
  private static final DeadLetter LETTER =
      letter("\"{\\\"id\\\":\\\"70de\\\",\\\"n\\\":\\\"\\u00e9é\\/\\\"}\"");

  @Test
  void line_isOneJsonObject() {
    assertThat(text(LETTER.line()))
        .isEqualTo(
            """
            {"time":"2026-11-25T18:00:00.123Z","component":"awsxray/2","signal":"traces",\
            "reason":"rejected","code":"InvalidSegment","message":"their \\"words\\"",\
            "trace_id":"6922d1c0000000000000000000000001","id":"70de5b6f19ff9a0a",\
            "group":"g","items":1,"document":"{\\"id\\":\\"70de\\",\\"n\\":\\"\\u00e9é\\/\\"}"}
            """);
  }

  @Test
  void line_isReadBackWithTheVeryBytesOfItsDocument() throws Exception {
    var read = DeadLetter.parse(LETTER.line());

    assertThat(read.document().json()).isEqualTo(LETTER.document().json());
    assertThat(text(read.line())).isEqualTo(text(LETTER.line()));
  }

  @Test
  void lineThatSomeToolRewrote_isReadAllTheSame() throws Exception {
    var read =
        DeadLetter.parse(
            """
            { "document" : {"a": [1, {"b": 2.50}]} , "signal":"metrics","new":{"x":[1]},
              "component":"awscloudwatchmetrics", "time":"2026-11-25T18:00:00Z"}
            """
                .getBytes(StandardCharsets.UTF_8));

    assertThat(text(read.document().json())).isEqualTo("{\"a\": [1, {\"b\": 2.50}]}");
    assertThat(read.document().items()).isEqualTo(1);
    assertThat(read.document().traceId()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|no JSON object",
        "`{\"time\":1}`|\"time\" is missing or wrong (expected: text)",
        "`{\"items\":\"1\"}`|\"items\" is missing or wrong (expected: a whole number)",
        "`{\"signal\":\"traces\"}`|\"component\" is missing or wrong (expected: an exporter's id)",
        "`{\"component\":\"a\"}`|\"document\" is missing or wrong (expected: what was to be sent)",
        "`{\"component\":\"a\",\"document\":1}`|\"time\" is missing",
        "`{\"component\":\"a\",\"document\":1,\"time\":\"now\"}`|\"time\" is missing or wrong",
        "`{\"component\":\"a\",\"document\":1,\"time\":\"2026-11-25T18:00:00Z\"}`|\"signal\" is",
        "`{} {}`|more than one JSON value",
        "`{\"component\":\"a`|not JSON",
        "`{\"code\":\"a\",\"code\":\"b\"}`|not JSON",
      })
  void lineThatIsNoLetter_saysWhatIsWrong(String line, String why) {
    assertThatThrownBy(() -> DeadLetter.parse(line.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(DeadLetter.MalformedException.class)
        .hasMessageContaining(why);
  }

  @Test
  void damagedLines_areReadOrRefusedButNeverAnythingElse() {
    var random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      var line = LETTER.line();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        line[random.nextInt(line.length)] = (byte) random.nextInt(256);
      }
      if (random.nextInt(4) == 0) line = Arrays.copyOf(line, random.nextInt(line.length));
      try {
        assertThat(DeadLetter.parse(line).document().json()).isNotEmpty();
      } catch (DeadLetter.MalformedException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  static DeadLetter letter(String json) {
    return new DeadLetter(
        Instant.parse("2026-11-25T18:00:00.123Z"),
        "awsxray/2",
        Signal.TRACES,
        "rejected",
        "InvalidSegment",
        "their \"words\"",
        new Document(
            "6922d1c0000000000000000000000001",
            "70de5b6f19ff9a0a",
            "g",
            1,
            json.getBytes(StandardCharsets.UTF_8)));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
