package io.raybridge.receivers.otlp;

import io.raybridge.api.Outcome;
import io.raybridge.api.Outputs;
import io.raybridge.data.ClientMetadata;
import io.raybridge.data.ExportResponse;
import io.raybridge.data.RpcStatus;
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
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Map<String, Intake<?>> intakes = new HashMap<>();
  private final boolean includeMetadata;

  private enum Encoding {
    PROTOBUF("application/x-protobuf"),
    JSON("application/json");

    final String mediaType;

    Encoding(String mediaType) {
      this.mediaType = mediaType;
    }

    static @Nullable Encoding of(String mediaType) {
      return switch (mediaType) {
        case "application/x-protobuf" -> PROTOBUF;
        case "application/json" -> JSON;
        default -> null;
      };
    }
  }

  OtlpHttp(Http config, Outputs outputs) {
    includeMetadata = config.includeMetadata();
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
    return switch (begin(request)) {
      case Response response -> response;
      case Rest rest -> rest.answer();
    };
  }

  /** JSON becomes objects, which takes its time: only protobuf is answered at once. */
  @Override
  public Step begin(Request request) {
    Intake<?> intake = intakes.get(request.path());
    if (intake == null) {
      var served = new TreeSet<>(intakes.keySet());
      return refuse(request, 404, "nothing is served here (expected: one of " + served + ")");
    }
    if (!request.method().equals("POST")) {
      return refuse(request, 405, request.method() + " (expected: POST)").with("Allow", "POST");
    }
    Encoding encoding = Encoding.of(mediaType(request));
    if (encoding == null) {
      return refuse(
          request,
          415,
          "Content-Type "
              + mediaType(request)
              + " (expected: application/x-protobuf or application/json)");
    }
    return switch (encoding) {
      case PROTOBUF ->
          intake.<Step>protobufNow(
              request.body(),
              metadata(request),
              outcome -> response(request, intake, encoding, outcome),
              later -> (Rest) () -> response(request, intake, encoding, later.get()));
      case JSON ->
          (Rest)
              () ->
                  response(
                      request, intake, encoding, intake.json(request.body(), metadata(request)));
    };
  }

  private @Nullable ClientMetadata metadata(Request request) {
    return includeMetadata ? request.headers().metadata() : null;
  }

  private Response response(Request request, Intake<?> intake, Encoding encoding, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Accepted _ -> success(intake, encoding, ExportResponse.SUCCESS);
      case Outcome.Partial partial ->
          success(intake, encoding, new ExportResponse(partial.rejectedItems(), partial.reason()));
      case Outcome.Retry retry -> retry(request, retry);
      case Outcome.Rejected rejected ->
          switch (rejected.fault()) {
            case DATA -> refuse(request, 400, rejected.reason());
            case DESTINATION -> refuse(request, 500, rejected.reason());
          };
    };
  }

  @Override
  public Response refuse(Request request, int status, String message) {
    return failure(request, status, message, status == 429 ? SOON : null);
  }

  private static Response success(Intake<?> intake, Encoding encoding, ExportResponse answer) {
    byte[] body =
        switch (encoding) {
          case PROTOBUF -> answer.toOtlp();
          case JSON -> answer.toOtlpJson(intake.signal());
        };
    return Response.of(200, encoding.mediaType, body);
  }

  private static Response retry(Request request, Outcome.Retry retry) {
    int status =
        switch (retry.cause()) {
          case OVERLOADED -> 429;
          case UNAVAILABLE -> 503;
        };
    Response response = failure(request, status, retry.reason(), retry.after());
    Duration after = retry.after();
    return after == null ? response : response.with("Retry-After", seconds(after));
  }

  /** Whoever sends in no encoding of OTLP is answered in words. */
  private static Response failure(
      Request request, int status, String message, @Nullable Duration retryAfter) {
    Encoding encoding = Encoding.of(mediaType(request));
    if (encoding == null) {
      return Response.text(status, message);
    }
    var rpcStatus = new RpcStatus(rpcCode(status), message, retryAfter);
    return switch (encoding) {
      case PROTOBUF -> Response.of(status, encoding.mediaType, rpcStatus.toProto());
      case JSON -> Response.of(status, encoding.mediaType, rpcStatus.toJson());
    };
  }

  /** HTTP counts in whole seconds; earlier than asked for would be too early. */
  private static String seconds(Duration after) {
    return Long.toString(Math.max(1, after.plusNanos(999_999_999).toSeconds()));
  }

  private static int rpcCode(int status) {
    return switch (status) {
      case 404, 405 -> 12;
      case 408 -> 4;
      case 429 -> 8;
      case 503 -> 14;
      default -> status < 500 ? 3 : 13;
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
