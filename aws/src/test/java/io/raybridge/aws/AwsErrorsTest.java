package io.raybridge.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.delivery.Failure;
import io.raybridge.delivery.Failure.Kind;
import io.raybridge.transport.client.Headers;
import io.raybridge.transport.client.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AwsErrorsTest {
  private static final Instant NOW = Instant.parse("2026-11-23T09:00:00Z");

  static Stream<Arguments> rows() {
    return AwsErrors.CODES.stream()
        .flatMap(row -> row.codes().stream().map(code -> Arguments.of(code, row.kind())));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @MethodSource("rows")
  void code_decidesWhereverItStandsAndWhateverTheStatus(String code, Kind kind) {
    var json = "{\"x\":[{\"Code\":\"No\"}],\"__type\":\"com.amazonaws.xray#" + code + "\"}";
    var xml = "<ErrorResponse><Error><Code>" + code + "</Code></Error></ErrorResponse>";

    for (int status : new int[] {400, 403, 500}) {
      assertThat(failure(status, json).kind()).isEqualTo(kind);
      assertThat(failure(status, "{\"code\":\"" + code + "\"}").kind()).isEqualTo(kind);
      assertThat(failure(status, xml).kind()).isEqualTo(kind);
      assertThat(failure(status, "", "x-amzn-ErrorType", code + ":http://x/").kind())
          .isEqualTo(kind);
      assertThat(failure(status, "", "x-amzn-query-error", code + ";Sender").kind())
          .isEqualTo(kind);
      assertThat(failure(status, json).code()).isEqualTo(code);
    }
  }

  @ParameterizedTest(name = "HTTP {0} {1} is {2}")
  @CsvSource({
    "429, , THROTTLED",
    "408, , THROTTLED",
    "500, , UNAVAILABLE",
    "502, , UNAVAILABLE",
    "503, , UNAVAILABLE",
    "504, , UNAVAILABLE",
    "401, , CREDENTIALS",
    "403, , CREDENTIALS",
    "407, , CREDENTIALS",
    "302, , CREDENTIALS",
    "404, , CREDENTIALS",
    "405, , CREDENTIALS",
    "404, ResourceNotFoundException, FINAL",
    "400, , FINAL",
    "413, , FINAL",
    "400, ValidationException, FINAL",
    "400, InvalidRequestException, FINAL",
    "400, InvalidParameterValue, FINAL",
  })
  void statusWithoutKnownCode_decides(int status, String code, Kind kind) {
    var body = code == null ? "" : "{\"__type\":\"" + code + "\"}";

    assertThat(failure(status, body).kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "ExpiredTokenException, credentials have expired",
    "UnrecognizedClientException, access key",
    "SignatureDoesNotMatch, access key",
    "RequestTimeTooSkewed, clock",
    "AccessDeniedException, IAM policy",
    "OptInRequired, region",
  })
  void whatSomebodyMustMend_isNamed(String code, String hint) {
    assertThat(failure(400, "{\"__type\":\"" + code + "\",\"message\":\"their words\"}").message())
        .startsWith("HTTP 400 " + code + ": their words")
        .contains(hint);
  }

  @Test
  void retryAfter_isReadAsSecondsAndAsDate() {
    assertThat(failure(429, "", "Retry-After", "7").retryAfter()).isEqualTo(Duration.ofSeconds(7));
    assertThat(failure(429, "", "Retry-After", "Mon, 23 Nov 2026 09:00:05 GMT").retryAfter())
        .isEqualTo(Duration.ofSeconds(5));
    assertThat(failure(429, "", "Retry-After", "Mon, 23 Nov 2026 08:00:00 GMT").retryAfter())
        .isEqualTo(Duration.ZERO);
    assertThat(failure(429, "", "Retry-After", "soon").retryAfter()).isNull();
    assertThat(failure(503, "", "Retry-After", "1").kind()).isEqualTo(Kind.THROTTLED);
  }

  @Test
  void longMessage_isCut() {
    assertThat(failure(400, "{\"message\":\"" + "x".repeat(5000) + "\"}").message())
        .hasSizeLessThan(400);
  }

  @Test
  void randomBodies_neverFail() {
    var random = new Random(3);
    var sound = "{\"__type\":\"a#B\",\"message\":\"m\",\"o\":{\"p\":[1,2]}}<Code>X</Code>";
    for (int i = 0; i < 20_000; i++) {
      var bytes =
          sound.substring(0, random.nextInt(sound.length() + 1)).getBytes(StandardCharsets.UTF_8);
      for (int flips = random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      var response = new HttpResponse(400, new Headers(), bytes, false);

      assertThat(AwsErrors.of(response, NOW).kind()).isNotNull();
    }
  }

  private static Failure failure(int status, String body, String... headers) {
    var all = new Headers();
    for (int i = 0; i < headers.length; i += 2) all.add(headers[i], headers[i + 1]);
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    return AwsErrors.of(new HttpResponse(status, all, bytes, false), NOW);
  }
}
