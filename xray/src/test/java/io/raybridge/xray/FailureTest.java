package io.raybridge.xray;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The table of docs/xray-translation.md. */
class FailureTest {
  @ParameterizedTest
  @CsvSource({
    "0, OK, ''",
    "1, CANCELLED, error",
    "2, UNKNOWN, fault",
    "3, INVALID_ARGUMENT, error",
    "4, DEADLINE_EXCEEDED, fault",
    "5, NOT_FOUND, error",
    "6, ALREADY_EXISTS, error",
    "7, PERMISSION_DENIED, error",
    "8, RESOURCE_EXHAUSTED, error throttle",
    "9, FAILED_PRECONDITION, error",
    "10, ABORTED, error",
    "11, OUT_OF_RANGE, error",
    "12, UNIMPLEMENTED, fault",
    "13, INTERNAL, fault",
    "14, UNAVAILABLE, fault",
    "15, DATA_LOSS, fault",
    "16, UNAUTHENTICATED, error"
  })
  void grpcCode_decides(int code, String name, String flags) {
    assertThat(flags(Otlp.client().with("rpc.grpc.status_code", code))).isEqualTo(flags);
    assertThat(flags(Otlp.server().with("rpc.grpc.status_code", code))).isEqualTo(flags);
    assertThat(flags(Otlp.client().with("rpc.grpc.status_code", "" + code))).isEqualTo(flags);
    assertThat(flags(Otlp.client().with("rpc.grpc.status_code", name))).isEqualTo(flags);
    Otlp stable =
        Otlp.client().with("rpc.system.name", "grpc").with("rpc.response.status_code", name);
    assertThat(flags(stable)).isEqualTo(flags);
    if (code > 0) {
      assertThat(flags(Otlp.client().with("rpc.grpc.status_code", code).error())).isEqualTo(flags);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "200, ''",
    "302, ''",
    "399, ''",
    "400, error",
    "404, error",
    "429, error throttle",
    "499, error",
    "500, fault",
    "503, fault",
    "599, fault"
  })
  void httpStatus_decidesWhateverTheSpansOwnStatus(int status, String flags) {
    assertThat(flags(Otlp.server().with("http.status_code", status))).isEqualTo(flags);
    assertThat(flags(Otlp.client().with("http.response.status_code", status))).isEqualTo(flags);
    if (status >= 400) {
      assertThat(flags(Otlp.server().with("http.response.status_code", status).error()))
          .isEqualTo(flags);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 99, 200, 600})
  void errorWithoutATellingCode_isAFault(int status) {
    Otlp otlp = Otlp.server().error("broken");
    if (status > 0) otlp.with("http.response.status_code", status);

    assertThat(flags(otlp)).isEqualTo("fault");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException",
        "com.amazonaws.services.dynamodbv2.model.ProvisionedThroughputExceededException",
        "botocore.errorfactory.ProvisionedThroughputExceededException",
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "TooManyRequestsException",
        "aws.smithy#SlowDown"
      })
  void awsThrottlingException_isThrottleWithAndWithoutAStatus(String type) {
    assertThat(flags(aws().error().exception(type, "m", ""))).isEqualTo("error throttle");
    assertThat(flags(aws().with("http.status_code", 400).error().exception(type, "m", "")))
        .isEqualTo("error throttle");
    assertThat(flags(aws().error().with("error.type", type))).isEqualTo("error throttle");
  }

  @Test
  void pythonsClientError_tellsTheCodeInItsMessage() {
    Otlp otlp =
        aws()
            .error()
            .exception(
                "botocore.exceptions.ClientError",
                "An error occurred (ThrottlingException) when calling the PutItem operation: slow",
                "");

    assertThat(flags(otlp)).isEqualTo("error throttle");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exceeded maximum number of attempts, 2, https response error StatusCode: 400, RequestID: 7,"
            + " ProvisionedThroughputExceededException: too much",
        "operation error SSM: GetParameter, https response error StatusCode: 400, RequestID: 7, api"
            + " error ThrottlingException: Rate exceeded"
      })
  void goAwsError_tellsTheCodeInItsMessage(String message) {
    Otlp otlp = aws().with("http.response.status_code", 400).error(message);

    assertThat(flags(otlp)).isEqualTo("error throttle");
  }

  @Test
  void goAwsErrorOfAnotherCode_isJudgedByItsStatus() {
    String message =
        "https response error StatusCode: 400, RequestID: 7, ResourceNotFoundException: no"
            + " SlowDown: here";

    assertThat(flags(aws().with("http.response.status_code", 400).error(message)))
        .isEqualTo("error");
  }

  @Test
  void javasAwsException_tellsTheStatusInItsMessage() {
    String type = "software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException";
    String message = "no table (Service: DynamoDb, Status Code: 400, Request ID: X)";

    assertThat(flags(aws().error().exception(type, message, ""))).isEqualTo("error");
    assertThat(flags(aws().error().exception(type, message.replace("400", "500"), "")))
        .isEqualTo("fault");
  }

  @Test
  void throttlingExceptionOfAnotherLibrary_isJudgedByItsOwnRules() {
    assertThat(flags(Otlp.client().error().exception("x.ThrottlingException", "m", "")))
        .isEqualTo("fault");
  }

  @Test
  void exceptionOnASpanThatIsNoError_isShownAndSetsNoFlag() {
    JsonNode document = Otlp.server().exception("x.Handled", "went on", "").document();

    assertThat(flags(document)).isEmpty();
    assertThat(document.at("/cause/exceptions/0/type").asString()).isEqualTo("x.Handled");
  }

  @Test
  void grpcCodeOfHttpCarrier_beatsTheHttpStatus() {
    Otlp otlp = Otlp.server().withAll(Map.of("http.status_code", 200, "rpc.grpc.status_code", 8));

    assertThat(flags(otlp)).isEqualTo("error throttle");
  }

  private static Otlp aws() {
    return Otlp.client()
        .with("rpc.system", "aws-api")
        .with("rpc.service", "DynamoDB")
        .with("rpc.method", "PutItem");
  }

  private static String flags(Otlp otlp) {
    return flags(otlp.document());
  }

  private static String flags(JsonNode document) {
    var flags = new StringBuilder();
    for (String flag : new String[] {"error", "throttle", "fault"}) {
      if (document.path(flag).asBoolean(false)) flags.append(' ').append(flag);
    }
    return flags.toString().strip();
  }
}
