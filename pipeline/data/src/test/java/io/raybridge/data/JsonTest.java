package io.raybridge.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What OTLP asks of JSON beyond protobuf's own rules, and what breaks it. */
class JsonTest {
  private static Span span(String fields) throws MalformedBatchException {
    var json = "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{%s}]}]}]}".formatted(fields);
    return Traces.ofOtlpJson(json.getBytes(UTF_8))
        .resourceSpans()
        .getFirst()
        .scopeSpans()
        .getFirst()
        .spans()
        .getFirst();
  }

  @Test
  void exampleOfTheSpecification_isRead() throws Exception {
    var span =
        span(
            """
            "traceId": "5B8EFFF798038103D269B633813FC60C", "spanId": "eee19b7ec3c1b174",
            "parentSpanId": "EEE19B7EC3C1B173", "name": "I'm a server span",
            "startTimeUnixNano": "1544712660000000000", "endTimeUnixNano": 1544712661000000000,
            "kind": 2, "flags": 257,
            "attributes": [{"key": "my.span.attr", "value": {"stringValue": "some value"}}]
            """);

    assertThat(span.traceId()).isEqualTo("5b8efff798038103d269b633813fc60c");
    assertThat(span.spanId()).isEqualTo(0xeee19b7ec3c1b174L);
    assertThat(span.parentSpanId()).isEqualTo(0xeee19b7ec3c1b173L);
    assertThat(span.startTimeUnixNano()).isEqualTo(1544712660000000000L);
    assertThat(span.endTimeUnixNano()).isEqualTo(1544712661000000000L);
    assertThat(span.kind()).isEqualTo(Span.KIND_SERVER);
    assertThat(span.flags()).isEqualTo(257);
    assertThat(span.attributes().getString("my.span.attr")).isEqualTo("some value");
  }

  @ParameterizedTest
  @CsvSource({"7", "\"7\"", "7.0", "70e-1", "\"0.7e1\""})
  void wholeNumber_isTakenInEveryForm(String number) throws Exception {
    assertThat(
            span("\"attributes\":[{\"key\":\"a\",\"value\":{\"intValue\":" + number + "}}]")
                .attributes())
        .isEqualTo(new Attributes().put("a", 7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"SPAN_KIND_CLIENT\"", "3", "\"3\""})
  void enum_isTakenByNumberAndByName(String kind) throws Exception {
    assertThat(span("\"kind\":" + kind).kind()).isEqualTo(Span.KIND_CLIENT);
  }

  @Test
  void unknownFieldAndNull_areSkipped() throws Exception {
    var span =
        span("\"later\":{\"deep\":[1,{\"a\":null}]},\"name\":null,\"events\":null,\"kind\":1");

    assertThat(span.name()).isEmpty();
    assertThat(span.kind()).isEqualTo(Span.KIND_INTERNAL);
  }

  @Test
  void halfOfASurrogatePair_isReplaced() throws Exception {
    assertThat(span("\"name\":\"a\\ud800b\\udc00\"").name()).isEqualTo("a\ufffdb\ufffd");
    assertThat(span("\"name\":\"\\ud83d\\ude00\"").name()).isEqualTo("\ud83d\ude00");
  }

  @Test
  void unsignedTime_reachesItsEnd() throws Exception {
    assertThat(span("\"endTimeUnixNano\":\"18446744073709551615\"").endTimeUnixNano())
        .isEqualTo(-1);
    assertThat(span("\"endTimeUnixNano\":18446744073709551615").endTimeUnixNano()).isEqualTo(-1);
  }

  @Test
  void base64_isTakenInBothAlphabetsWithAndWithoutPadding() throws Exception {
    for (var text : new String[] {"-_8=", "+/8=", "-_8", "+/8"}) {
      var value =
          span("\"attributes\":[{\"value\":{\"bytesValue\":\"" + text + "\"}}]")
              .attributes()
              .valueAt(0);
      assertThat(value).isEqualTo(Value.of(new byte[] {(byte) 0xfb, (byte) 0xff}));
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "\"traceId\":\"5B8EFFF798038103D269B633813FC60\"",
        "\"traceId\":\"5B8EFFF798038103D269B633813FC60G\"",
        "\"traceId\":\"５B8EFFF798038103D269B633813FC60C\"",
        "\"spanId\":\"AAA\"",
        "\"spanId\":7",
        "\"name\":7",
        "\"name\":{}",
        "\"events\":{}",
        "\"events\":[null]",
        "\"events\":[1]",
        "\"status\":[]",
        "\"kind\":\"SPAN_KIND_NOBODY\"",
        "\"kind\":1.5",
        "\"kind\":2147483648",
        "\"droppedEventsCount\":-1",
        "\"droppedEventsCount\":4294967296",
        "\"endTimeUnixNano\":-1",
        "\"endTimeUnixNano\":18446744073709551616",
        "\"endTimeUnixNano\":1e999999999",
        "\"endTimeUnixNano\":1e-999999999",
        "\"endTimeUnixNano\":\"\"",
        "\"endTimeUnixNano\":\" 1\"",
        "\"endTimeUnixNano\":true",
        "\"attributes\":[{\"value\":{\"intValue\":9223372036854775808}}]",
        "\"attributes\":[{\"value\":{\"doubleValue\":\"1d\"}}]",
        "\"attributes\":[{\"value\":{\"doubleValue\":1e999}}]",
        "\"attributes\":[{\"value\":{\"boolValue\":\"yes\"}}]",
        "\"attributes\":[{\"value\":{\"bytesValue\":\"!\"}}]",
        "\"attributes\":[{\"value\":\"x\"}]",
        "\"name\":\"unended",
        "\"name\" \"x\"",
        "name:1",
      })
  void brokenRule_isRefusedWithoutQuotingIt(String fields) {
    assertThatThrownBy(() -> span(fields))
        .isInstanceOf(MalformedBatchException.class)
        .satisfies(e -> {
          assertThat(((MalformedBatchException) e).position()).isPositive();
          assertThat(e.getMessage()).doesNotContain("AAA", "NOBODY", "unended", "999");
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[]",
        "1",
        "null",
        "{",
        "{}}",
        "{} {}",
        "\u0000",
        "{\"resourceSpans\":1}"
      })
  void brokenDocument_isRefused(String json) {
    assertThatThrownBy(() -> Traces.ofOtlpJson(json.getBytes(UTF_8)))
        .isInstanceOf(MalformedBatchException.class);
  }

  @Test
  void emptyObject_isAnEmptyBatch() throws Exception {
    var batch = Traces.ofOtlpJson("{}".getBytes(UTF_8));

    assertThat(batch.items()).isZero();
    assertThat(batch.toOtlp()).isEmpty();
    assertThat(batch.toOtlpJson()).asString().isEqualTo("{}");
  }

  @Test
  void invalidUtf8_isRefused() {
    var json = "{\"resourceSpans\":[{\"schemaUrl\":\"x\"}]}".getBytes(UTF_8);
    json[32] = (byte) 0xff;

    assertThatThrownBy(() -> Traces.ofOtlpJson(json)).isInstanceOf(MalformedBatchException.class);
  }

  @Test
  void nesting_isTakenAsDeepAsInProtobuf() throws Exception {
    for (int depth = 85; depth < 110; depth++) {
      var value = "{\"arrayValue\":{\"values\":[".repeat(depth) + "{}" + "]}}".repeat(depth);
      var json =
          "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":%s}]}]}]}"
              .formatted(value);
      byte[] otlp;
      try {
        otlp = Logs.ofOtlpJson(json.getBytes(UTF_8)).toOtlp();
      } catch (MalformedBatchException e) {
        assertThat(e).hasMessageStartingWith("messages nested more than 200 deep");
        assertThat(depth).isGreaterThan(95);
        continue;
      }
      assertThat(Logs.ofOtlp(otlp).items()).isOne();
      assertThat(depth).isLessThan(100);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":"})
  void endlessNestingInUnknownFields_isRefused(String open) {
    var json = "{\"x\":" + open.repeat(1_000_000);

    assertThatThrownBy(() -> Traces.ofOtlpJson(json.getBytes(UTF_8)))
        .isInstanceOf(MalformedBatchException.class);
  }

  static java.util.List<Format> formats() {
    return Format.ALL;
  }

  @ParameterizedTest
  @MethodSource("formats")
  void brokenJson_isRefusedOrMeansSomething(Format format) throws Exception {
    var random = new Random(13);
    int refused = 0;
    int taken = 0;
    while (refused + taken < 40_000) {
      var seed = Format.toOtlpJson(format.ofOtlp(format.random(random.nextLong(), false)));
      if (seed.length > 4000) continue;
      for (int i = 0; i < 20; i++) {
        var bytes = seed.clone();
        for (int j = random.nextInt(3); j >= 0; j--) {
          int at = random.nextInt(bytes.length);
          switch (random.nextInt(4)) {
            case 0 -> bytes[at] = (byte) random.nextInt();
            case 1 -> bytes[at] = (byte) "{}[]\",:0e-n".charAt(random.nextInt(11));
            case 2 -> bytes[at] = bytes[random.nextInt(bytes.length)];
            default -> bytes = java.util.Arrays.copyOf(bytes, at + 1);
          }
        }
        Batch batch;
        try {
          batch = format.fromJson().apply(bytes);
        } catch (MalformedBatchException e) {
          assertThat(e.position()).isBetween(0, bytes.length);
          refused++;
          continue;
        }
        taken++;
        // what was taken can be sent on
        format.fromOtlp().apply(Format.toOtlp(batch));
      }
    }
    assertThat(taken).isGreaterThan(2_000);
    assertThat(refused).isGreaterThan(2_000);
  }
}
