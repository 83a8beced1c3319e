package io.raybridge.exporters.awsxray;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnprocessedTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"UnprocessedTraceSegments\":[]}",
        " { \"UnprocessedTraceSegments\" : [ ] }",
        "{\"UnprocessedTraceSegments\":null}",
        "{}",
        "{\"Other\":[{\"Id\":\"0000000000000001\"}]}",
      })
  void nothingUnprocessed_isAnEmptyList(String body) {
    assertThat(read(body)).isEmpty();
  }

  @Test
  void entries_areReadWithWhatTheyLack() {
    var body =
        """
        {"UnprocessedTraceSegments":[
          {"Id":"00000000000000ff","ErrorCode":"InvalidName","Message":"Invalid segment.","New":{"a":[1]}},
          {"ErrorCode":"MissingId","Message":"m"},
          {"Id":"not hex","ErrorCode":"ParseError"},
          {}
        ]}\
        """;

    assertThat(read(body))
        .containsExactly(
            new Unprocessed(255, "InvalidName", "Invalid segment."),
            new Unprocessed(0, "MissingId", "m"),
            new Unprocessed(0, "ParseError", ""),
            new Unprocessed(0, "unknown", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "[]", "{\"UnprocessedTraceSegments\":[{\"Id\":"})
  void whatIsNotXraysAnswer_isNull(String body) {
    assertThat(read(body)).isNull();
  }

  @Test
  void damagedAnswers_neverFail() {
    var random = new Random(11);
    var sound =
        "{\"UnprocessedTraceSegments\":[{\"Id\":\"00000000000000ff\",\"ErrorCode\":\"X\"}]}";
    for (int i = 0; i < 20_000; i++) {
      var bytes = sound.getBytes(StandardCharsets.UTF_8);
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      var read = Unprocessed.read(bytes);

      assertThat(read == null || read.size() <= 2).isTrue();
    }
  }

  private static List<Unprocessed> read(String body) {
    return Unprocessed.read(body.getBytes(StandardCharsets.UTF_8));
  }
}
