package io.raybridge.xray;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The schema refuses what X-Ray would: else the fuzzing that relies on it could not fail. */
class SegmentSchemaTest {
  private static final String SOUND =
      """
      {"name": "shop", "id": "00000000000000a1", "parent_id": "00000000000000b2",
       "trace_id": "1-5f2a9c1e-0102030405060708090a0b0c", "start_time": 1.5, "end_time": 2,
       "annotations": {"a.b": 1}, "metadata": {"default": {}}}
      """;

  @Test
  void soundDocument_passes() {
    assertThat(SegmentSchema.problem(Otlp.parse(SOUND))).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "name without an allowed character | \"name\": \"shop\" | \"name\": \"sh?p\"",
        "no name                           | \"name\": \"shop\", | ",
        "short id                          | 00000000000000a1 | a1",
        "id of zeros                       | 00000000000000a1 | 0000000000000000",
        "trace id without its 1-           | 1-5f2a9c1e- | 5f2a9c1e",
        "neither end nor in progress       | , \"end_time\": 2 | ",
        "end before start                  | \"end_time\": 2 | \"end_time\": 1",
        "text for a time                   | \"start_time\": 1.5 | \"start_time\": \"1.5\"",
        "namespace on a segment            | \"end_time\": 2 | \"end_time\": 2, \"namespace\": \"aws\"",
        "origin on a subsegment            | \"end_time\": 2 | \"end_time\": 2, \"type\": \"subsegment\", \"origin\": \"AWS::EC2::Instance\"",
        "unknown member                    | \"end_time\": 2 | \"end_time\": 2, \"kind\": 1",
        "empty block                       | \"end_time\": 2 | \"end_time\": 2, \"http\": {}",
        "list as an annotation             | {\"a.b\": 1} | {\"a.b\": [1]}",
        "annotation key with a dash        | a.b | a-b",
        "metadata that is no namespace     | {\"default\": {}} | {\"default\": 7}",
        "reserved namespace                | \"default\" | \"AWS.x\""
      })
  void unsoundDocument_isRefused(String what, String part, String instead) {
    String document = SOUND.replace(part.strip(), instead == null ? "" : instead.strip());

    assertThat(document).as(what).isNotEqualTo(SOUND);
    assertThat(SegmentSchema.problem(Otlp.parse(document))).as(what).isNotNull();
  }
}
