package io.raybridge.receivers.otlp;

import io.raybridge.api.Outcome;
import io.raybridge.api.Outputs;
import io.raybridge.receivers.otlp.OtlpReceiverConfig.Http;
import io.raybridge.transport.Handler;
import io.raybridge.transport.Request;
import io.raybridge.transport.Response;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Says outcomes in HTTP, by <a href="https://opentelemetry.io/docs/specs/otlp/#otlphttp-response">
 * OTLP/HTTP's responses</a>: failures are a google.rpc.Status in the request's own encoding.
 */
final class OtlpHttp implements Handler {
  private static final String PROTOBUF = "application/x-protobuf";

  private final Map<String, Intake<?>> intakes = new HashMap<>();

  OtlpHttp(Http config, Outputs outputs) {
    for (Intake<?> intake : Intake.of(outputs)) {
      String path =
          switch (intake.signal()) {
            case TRACES -> config.tracesUrlPath();
            case METRICS -> config.metricsUrlPath();
            case LOGS -> config.logsUrlPath();
          };
      intakes.put(path, intake);
    }
  }

  @Override
  public Response handle(Request request) {
    Intake<?> intake = intakes.get(request.path());
    if (intake == null) {
      return refuse(
          request,
          404,
          "nothing is served here (expected: " + new TreeSet<>(intakes.keySet()) + ")");
    }
    if (!request.method().equals("POST")) {
      return refuse(request, 405, request.method() + " (expected: POST)").with("Allow", "POST");
    }
    String type = mediaType(request);
    if (!type.equals(PROTOBUF)) {
      return refuse(request, 415, "Content-Type " + type + " (expected: " + PROTOBUF + ")");
    }
    return answer(request, intake.protobuf(request.body()));
  }

  @Override
  public Response refuse(Request request, int status, String message) {
    return mediaType(request).equals(PROTOBUF)
        ? Response.of(status, PROTOBUF, Answers.status(rpcCode(status), message, null))
        : Response.text(status, message);
  }

  private Response answer(Request request, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Accepted _ -> Response.of(200, PROTOBUF, Answers.EMPTY);
      case Outcome.Partial partial -> Response.of(200, PROTOBUF, Answers.partial(partial));
      case Outcome.Retry retry -> retry(request, retry);
      case Outcome.Rejected rejected ->
          switch (rejected.fault()) {
            case DATA -> refuse(request, 400, rejected.reason());
            case DESTINATION -> refuse(request, 500, rejected.reason());
          };
    };
  }

  private Response retry(Request request, Outcome.Retry retry) {
    int status =
        switch (retry.cause()) {
          case OVERLOADED -> 429;
          case UNAVAILABLE -> 503;
        };
    Response response = refuse(request, status, retry.reason());
    String seconds = seconds(retry.after());
    return seconds == null ? response : response.with("Retry-After", seconds);
  }

  /** HTTP counts in whole seconds; earlier than asked for would be too early. */
  private static @Nullable String seconds(@Nullable Duration after) {
    return after == null
        ? null
        : Long.toString(Math.max(1, after.plusNanos(999_999_999).toSeconds()));
  }

  private static int rpcCode(int status) {
    return switch (status) {
      case 400, 413, 414, 415, 417, 431 -> 3;
      case 404, 405 -> 12;
      case 408 -> 4;
      case 429 -> 8;
      case 503 -> 14;
      default -> 13;
    };
  }

  private static String mediaType(Request request) {
    String type = request.header("Content-Type");
    if (type == null) {
      return "";
    }
    int semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
  }
}
