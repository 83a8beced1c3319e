package io.raybridge.receivers.otlp;

import io.raybridge.api.Outcome;
import io.raybridge.api.Outputs;
import io.raybridge.data.ClientMetadata;
import io.raybridge.data.ExportResponse;
import io.raybridge.data.RpcStatus;
import io.raybridge.transport.GrpcMethod;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says outcomes in gRPC, by <a href="https://opentelemetry.io/docs/specs/otlp/#failures">OTLP's
 * failures</a>. What it sends as RESOURCE_EXHAUSTED always has a RetryInfo: without one clients
 * take it for final.
 */
final class OtlpGrpc implements GrpcMethod {
  private static final int INVALID_ARGUMENT = 3;
  private static final int RESOURCE_EXHAUSTED = 8;
  private static final int INTERNAL = 13;
  private static final int UNAVAILABLE = 14;
  private static final int MAX_MESSAGE = 1000;
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Message ACCEPTED = new Message(ExportResponse.SUCCESS.toOtlp());

  private final Intake<?> intake;
  private final boolean includeMetadata;

  private OtlpGrpc(Intake<?> intake, boolean includeMetadata) {
    this.intake = intake;
    this.includeMetadata = includeMetadata;
  }

  /** One method for each signal that a pipeline takes; any other gets UNIMPLEMENTED, as in Go. */
  static Map<String, GrpcMethod> methods(Outputs outputs, boolean includeMetadata) {
    var methods = new HashMap<String, GrpcMethod>();
    for (Intake<?> intake : Intake.of(outputs)) {
      methods.put(path(intake), new OtlpGrpc(intake, includeMetadata));
    }
    return methods;
  }

  @Override
  public Reply call(byte[] message, Caller caller) {
    return reply(intake.protobuf(message, metadata(caller)));
  }

  @Override
  public Step begin(byte[] message, Caller caller) {
    return intake.<Step>protobufNow(
        message, metadata(caller), OtlpGrpc::reply, outcome -> (Rest) () -> reply(outcome.get()));
  }

  private @Nullable ClientMetadata metadata(Caller caller) {
    return includeMetadata ? caller.metadata() : null;
  }

  private static Reply reply(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Accepted _ -> ACCEPTED;
      case Outcome.Partial partial ->
          new Message(new ExportResponse(partial.rejectedItems(), partial.reason()).toOtlp());
      case Outcome.Retry retry -> retry(retry.cause(), retry.reason(), retry.after());
      case Outcome.Rejected rejected ->
          switch (rejected.fault()) {
            case DATA -> failure(INVALID_ARGUMENT, rejected.reason(), null);
            case DESTINATION -> failure(INTERNAL, rejected.reason(), null);
          };
    };
  }

  @Override
  public Failure overloaded(String message) {
    return retry(Outcome.Cause.OVERLOADED, message, SOON);
  }

  private static Failure retry(Outcome.Cause cause, String reason, @Nullable Duration after) {
    return switch (cause) {
      case OVERLOADED -> failure(RESOURCE_EXHAUSTED, reason, after == null ? SOON : after);
      case UNAVAILABLE -> failure(UNAVAILABLE, reason, after);
    };
  }

  /** The message is a header field, so a long story is cut. */
  private static Failure failure(int code, String reason, @Nullable Duration after) {
    String message = reason.length() > MAX_MESSAGE ? reason.substring(0, MAX_MESSAGE) : reason;
    byte[] details = after == null ? null : new RpcStatus(code, message, after).toProto();
    return new Failure(code, message, details);
  }

  private static String path(Intake<?> intake) {
    String service =
        switch (intake.signal()) {
          case TRACES -> "trace.v1.TraceService";
          case METRICS -> "metrics.v1.MetricsService";
          case LOGS -> "logs.v1.LogsService";
        };
    return "opentelemetry.proto.collector." + service + "/Export";
  }
}
