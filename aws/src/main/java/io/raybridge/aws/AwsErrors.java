package io.raybridge.aws;

import io.raybridge.delivery.Failure;
import io.raybridge.delivery.Failure.Kind;
import io.raybridge.transport.client.HttpException;
import io.raybridge.transport.client.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sorts what AWS and the way to it answer by what to do about it: one table for all AWS exporters.
 * A code decides before a status, since AWS sends throttling and wrong keys with status 400 too.
 */
public final class AwsErrors {
  private static final String KEYS = "check the access key that this collector finds";
  private static final String ROLE = "the credentials' IAM policy does not allow this call";
  private static final String CLOCK = "this machine's clock differs from AWS's";
  private static final String REGION = "this account has not enabled the region or the service";
  private static final String EXPIRED = "the credentials have expired; new ones are being fetched";

  /**
   * A row: what a code means.
   *
   * @param hint what to do about it, or empty
   */
  record Row(Kind kind, List<String> codes, String hint) {}

  static final List<Row> CODES =
      List.of(
          new Row(
              Kind.THROTTLED,
              List.of(
                  "Throttling",
                  "ThrottlingException",
                  "ThrottledException",
                  "RequestThrottled",
                  "RequestThrottledException",
                  "TooManyRequestsException",
                  "ProvisionedThroughputExceededException",
                  "RequestLimitExceeded",
                  "BandwidthLimitExceeded",
                  "LimitExceeded",
                  "LimitExceededException",
                  "PriorRequestNotComplete",
                  "SlowDown"),
              ""),
          new Row(
              Kind.UNAVAILABLE,
              List.of(
                  "InternalError",
                  "InternalFailure",
                  "InternalServerError",
                  "InternalServerException",
                  "InternalServiceError",
                  "InternalServiceFault",
                  "RequestTimeout",
                  "RequestTimeoutException",
                  "ServiceUnavailable",
                  "ServiceUnavailableException"),
              ""),
          new Row(
              Kind.CREDENTIALS,
              List.of("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"),
              EXPIRED),
          new Row(
              Kind.CREDENTIALS,
              List.of("RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"),
              CLOCK),
          new Row(
              Kind.CREDENTIALS,
              List.of(
                  "AuthFailure",
                  "IncompleteSignature",
                  "IncompleteSignatureException",
                  "InvalidAccessKeyId",
                  "InvalidClientTokenId",
                  "InvalidSignatureException",
                  "InvalidToken",
                  "MissingAuthenticationToken",
                  "MissingAuthenticationTokenException",
                  "SignatureDoesNotMatch",
                  "UnrecognizedClientException"),
              KEYS),
          new Row(
              Kind.CREDENTIALS,
              List.of(
                  "AccessDenied",
                  "AccessDeniedException",
                  "NotAuthorized",
                  "UnauthorizedException",
                  "UnauthorizedOperation"),
              ROLE),
          new Row(
              Kind.CREDENTIALS,
              List.of("OptInRequired", "RegionDisabledException", "SubscriptionRequiredException"),
              REGION));

  private static final Map<String, Row> BY_CODE = byCode();

  private AwsErrors() {}

  /**
   * What to do about a refusal.
   *
   * @param response of any status but 2xx
   * @param now what Retry-After is counted from, where it is a date
   */
  public static Failure of(HttpResponse response, Instant now) {
    var error = ErrorBody.of(response);
    var row = error.code() == null ? null : BY_CODE.get(error.code());
    var kind = row != null ? row.kind() : kind(response, error.code());
    var hint = row != null ? row.hint() : hint(kind, response);
    var code = error.code() == null ? "http_" + response.status() : error.code();
    return new Failure(kind, code, message(response, error, hint), retryAfter(response, now));
  }

  /** What to do when there was no response. */
  public static Failure of(HttpException why) {
    var message = String.valueOf(why.getMessage());
    return switch (why.reason()) {
      case DNS -> Failure.unavailable("dns", message);
      case REFUSED -> Failure.unavailable("connection_refused", message);
      case UNREACHABLE -> Failure.unavailable("unreachable", message);
      case CONNECT_TIMEOUT -> Failure.unavailable("connect_timeout", message);
      case BUSY -> Failure.unavailable("connections_busy", message);
      case TLS -> Failure.unavailable("tls", message);
      case PROXY -> Failure.unavailable("proxy", message);
      case RESET -> Failure.unavailable("connection_reset", message);
      case RESPONSE_TIMEOUT -> Failure.unavailable("timeout", message);
      case MALFORMED -> Failure.unavailable("malformed_response", message);
      case TOO_LARGE -> Failure.unavailable("response_too_large", message);
      case CLOSED -> Failure.unavailable("closed", message);
    };
  }

  /** What to do about a code that stands beside a single item, or null where it is not known. */
  public static @Nullable Kind kindOf(String code) {
    var row = BY_CODE.get(code);
    return row == null ? null : row.kind();
  }

  private static Map<String, Row> byCode() {
    var map = new HashMap<String, Row>();
    for (var row : CODES) {
      for (var code : row.codes()) map.put(code, row);
    }
    return Map.copyOf(map);
  }

  private static Kind kind(HttpResponse response, @Nullable String code) {
    int status = response.status();
    if (status == 429 || status == 408) return Kind.THROTTLED;
    if (status == 503 && response.headers().get("retry-after") != null) return Kind.THROTTLED;
    if (status >= 500) return Kind.UNAVAILABLE;
    if (status == 401 || status == 403 || status == 407) return Kind.CREDENTIALS;
    // Who answers like this is not the service but something on the way, until somebody mends it.
    boolean notAws = code == null && (status < 400 || status == 404 || status == 405);
    return notAws ? Kind.CREDENTIALS : Kind.FINAL;
  }

  private static String hint(Kind kind, HttpResponse response) {
    if (kind != Kind.CREDENTIALS) return "";
    if (response.status() == 407) return "the proxy wants a user name and password";
    if (response.status() == 401 || response.status() == 403) return ROLE;
    return "what answers there does not look like AWS: check endpoint and proxy";
  }

  private static String message(HttpResponse response, ErrorBody error, String hint) {
    var text = new StringBuilder("HTTP ").append(response.status());
    if (error.code() != null) text.append(' ').append(error.code());
    if (!error.message().isEmpty()) text.append(": ").append(error.message());
    if (!hint.isEmpty()) text.append(" (").append(hint).append(')');
    return text.toString();
  }

  /** RFC 9110, 10.2.3: seconds or a date. */
  private static @Nullable Duration retryAfter(HttpResponse response, Instant now) {
    var value = response.headers().get("retry-after");
    if (value == null) return null;
    try {
      return Duration.ofSeconds(Math.clamp(Long.parseLong(value.strip()), 0, 86_400));
    } catch (NumberFormatException e) {
      return untilDate(value, now);
    }
  }

  private static @Nullable Duration untilDate(String value, Instant now) {
    var date = date(value);
    if (date == null) return null;
    var until = Duration.between(now, date);
    return until.isNegative() ? Duration.ZERO : until;
  }

  /** An HTTP date, or null where it is none. */
  static @Nullable Instant date(String value) {
    try {
      return ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }
}
