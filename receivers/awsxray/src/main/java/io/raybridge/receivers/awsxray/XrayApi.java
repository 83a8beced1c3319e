package io.raybridge.receivers.awsxray;

import io.raybridge.api.Clock;
import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Outcome;
import io.raybridge.api.ThrottledLog;
import io.raybridge.aws.AwsClient;
import io.raybridge.aws.AwsReply;
import io.raybridge.data.Traces;
import io.raybridge.sampling.SamplingHandler;
import io.raybridge.sampling.SamplingService;
import io.raybridge.transport.Handler;
import io.raybridge.transport.Request;
import io.raybridge.transport.Response;
import io.raybridge.transport.client.Headers;
import io.raybridge.transport.client.Slice;
import io.raybridge.xray.MalformedSegmentException;
import io.raybridge.xray.SegmentDocuments;
import java.io.StringWriter;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The part of X-Ray's API that its SDKs ask a daemon for. Sampling rules come from X-Ray, signed
 * here, and are kept: an SDK gets them whether or not X-Ray can be reached at the moment. Nothing
 * else is relayed for anyone who can reach the port.
 */
final class XrayApi implements Handler {
  private static final String RULES = "/GetSamplingRules";
  private static final String TARGETS = "/SamplingTargets";
  private static final String SEGMENTS = "/TraceSegments";
  private static final String RECORDS = "/TelemetryRecords";
  private static final long FRESH_NANOS = 10_000_000_000L;
  private static final JsonFactory JSON = new JsonFactory();

  private final Optional<Consumer<Traces>> next;
  private final Intake intake;
  private final AwsClient aws;
  private final Clock clock;
  private final ThrottledLog log;
  private final AtomicReference<@Nullable Kept> rules = new AtomicReference<>();
  private final @Nullable SamplingService own;

  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  private record Kept(byte[] body, long at) {}

  /**
   * @param next takes documents; empty where the receiver stands in no pipeline of traces
   * @param own answers for sampling rules in X-Ray's place, or null
   */
  XrayApi(
      Optional<Consumer<Traces>> next,
      Intake intake,
      AwsClient aws,
      @Nullable SamplingService own,
      Context context) {
    this.own = own;
    this.next = next;
    this.intake = intake;
    this.aws = aws;
    clock = context.clock();
    log = new ThrottledLog(context.log(), clock);
  }

  @Override
  public Response handle(Request request) {
    return switch (request.path()) {
      case RULES, TARGETS, SEGMENTS, RECORDS ->
          request.method().equals("POST")
              ? signed(operation(request))
              : error(405, "MethodNotAllowed", request.method() + " (expected: POST)")
                  .with("Allow", "POST");
      default ->
          error(
              404,
              "UnknownOperationException",
              "this port relays only what X-Ray's SDKs ask for (expected: POST to "
                  + String.join(", ", RULES, TARGETS, SEGMENTS, RECORDS)
                  + ")");
    };
  }

  @Override
  public Response refuse(Request request, int status, String message) {
    return error(status, status == 429 ? "ThrottledException" : "InvalidRequestException", message);
  }

  private Response operation(Request request) {
    try {
      boolean ofRules = request.path().equals(RULES) || request.path().equals(TARGETS);
      if (own != null && ofRules) {
        return SamplingHandler.response(own.answer(request.path(), request.body()));
      }
      return switch (request.path()) {
        case RULES -> rules(request);
        case TARGETS -> targets(request);
        case SEGMENTS -> segments(request);
        default -> records(request);
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return error(503, "ServiceUnavailable", "shutting down");
    }
  }

  private Response rules(Request request) throws InterruptedException {
    var kept = rules.get();
    boolean first = request.body().length <= 2 || !hasNextToken(request.body());
    if (kept != null && first && clock.nanoTime() - kept.at() < FRESH_NANOS) return ok(kept.body());
    var answer = ask(RULES, request.body());
    if (answer == null) {
      return kept != null && first
          ? ok(kept.body())
          : Response.json(200, "{\"SamplingRuleRecords\":[]}");
    }
    if (first) rules.set(new Kept(answer, clock.nanoTime()));
    return ok(answer);
  }

  private static boolean hasNextToken(byte[] body) {
    return new String(body, StandardCharsets.UTF_8).contains("\"NextToken\":\"");
  }

  /** Without X-Ray's answer an SDK goes on with what it has; an empty one lets it do so quietly. */
  private Response targets(Request request) throws InterruptedException {
    var answer = ask(TARGETS, request.body());
    if (answer != null) return ok(answer);
    return Response.json(
        200,
        "{\"LastRuleModification\":0,\"SamplingTargetDocuments\":[],\"UnprocessedStatistics\":[]}");
  }

  private Response records(Request request) throws InterruptedException {
    var answer = ask(RECORDS, request.body());
    return answer != null ? ok(answer) : Response.json(200, "{}");
  }

  /** X-Ray's answer, or null where there is none to be had. */
  private byte @Nullable [] ask(String path, byte[] body) throws InterruptedException {
    var headers = new Headers().add("content-type", "application/json");
    return switch (aws.post(path, headers, List.of(Slice.of(body)))) {
      case AwsReply.Done(var response) when !response.truncated() -> response.body();
      case AwsReply.Done _ -> {
        log.log(Level.WARNING, "truncated", () -> "X-Ray's answer to " + path + " is too long");
        yield null;
      }
      case AwsReply.Failed(var failure) -> {
        log.log(
            Level.WARNING,
            failure.code(),
            () -> "X-Ray was not asked for " + path.substring(1) + ": " + failure.message());
        yield null;
      }
    };
  }

  /** Documents as X-Ray itself takes them, for who speaks to the daemon as to X-Ray. */
  private Response segments(Request request) {
    if (next.isEmpty()) {
      return error(503, "ServiceUnavailable", "this receiver stands in no pipeline of traces");
    }
    var documents = new SegmentDocuments.Builder();
    var spans = new ArrayList<Traces>();
    var unprocessed = new StringWriter();
    try (var out = JSON.createGenerator(ObjectWriteContext.empty(), unprocessed);
        var parser = JSON.createParser(ObjectReadContext.empty(), request.body())) {
      out.writeStartObject();
      out.writeArrayPropertyStart("UnprocessedTraceSegments");
      if (parser.nextToken() != JsonToken.START_OBJECT) return notSegments();
      boolean found = false;
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean segments = parser.currentName().equals("TraceSegmentDocuments");
        if (parser.nextToken() != JsonToken.START_ARRAY || !segments) {
          parser.skipChildren();
          continue;
        }
        found = true;
        while (parser.nextToken() == JsonToken.VALUE_STRING) {
          var text = parser.getString().getBytes(StandardCharsets.UTF_8);
          try {
            if (OtlpText.isSpans(text, 0, text.length)) {
              spans.add(OtlpText.spans(text, 0, text.length));
            } else {
              documents.addAll(text, 0, text.length, e -> refuse(e, out));
            }
          } catch (MalformedSegmentException e) {
            refuse(e, out);
          } catch (OtlpText.UnreadableException e) {
            refuse(e.reason(), e, out);
          }
        }
        if (parser.currentToken() != JsonToken.END_ARRAY) return notSegments();
      }
      if (!found) return notSegments();
      out.writeEndArray();
      out.writeEndObject();
    } catch (JacksonException e) {
      return notSegments();
    }
    Response refused = null;
    if (documents.count() > 0) {
      refused = refusal(intake.handOn(documents.build(intake), next.get(), true));
    }
    for (var batch : spans) if (refused == null) refused = refusal(next.get().consume(batch));
    return refused != null ? refused : Response.json(200, unprocessed.toString());
  }

  /** What says that a call is to come again, or not; null when it was taken. */
  private static @Nullable Response refusal(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Accepted _, Outcome.Partial _ -> null;
      case Outcome.Retry(var cause, var reason, var _) ->
          cause == Outcome.Cause.OVERLOADED
              ? error(429, "ThrottledException", reason)
              : error(503, "ServiceUnavailable", reason);
      case Outcome.Rejected rejected -> error(500, "InternalFailure", rejected.reason());
    };
  }

  private void refuse(MalformedSegmentException why, JsonGenerator unprocessed) {
    refuse(why.reason(), why, unprocessed);
  }

  private void refuse(String reason, Exception why, JsonGenerator unprocessed) {
    intake.reject(reason);
    unprocessed.writeStartObject();
    unprocessed.writeStringProperty("ErrorCode", "ParseError");
    unprocessed.writeStringProperty("Message", String.valueOf(why.getMessage()));
    unprocessed.writeEndObject();
  }

  private static Response notSegments() {
    return error(
        400,
        "InvalidRequestException",
        "the body is not PutTraceSegments' (expected: {\"TraceSegmentDocuments\":[\"...\"]})");
  }

  private static Response ok(byte[] body) {
    return Response.of(200, "application/json", body);
  }

  private static Response signed(Response response) {
    return response.with("x-amzn-RequestId", UUID.randomUUID().toString());
  }

  private static Response error(int status, String type, String message) {
    var json = new StringWriter();
    try (var out = JSON.createGenerator(ObjectWriteContext.empty(), json)) {
      out.writeStartObject();
      out.writeStringProperty("__type", type);
      out.writeStringProperty("Message", message);
      out.writeEndObject();
    }
    return Response.json(status, json.toString()).with("x-amzn-ErrorType", type);
  }
}
