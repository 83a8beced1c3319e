package io.raybridge.exporters.otlp;

import io.raybridge.api.Context;
import io.raybridge.api.MetadataKeys;
import io.raybridge.data.Batch;
import io.raybridge.data.ExportResponse;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.RpcStatus;
import io.raybridge.data.Signal;
import io.raybridge.delivery.Encoder;
import io.raybridge.delivery.Failure;
import io.raybridge.delivery.SendResult;
import io.raybridge.transport.GrpcClient;
import io.raybridge.transport.client.Authenticator.AuthenticationException;
import io.raybridge.transport.client.HeaderAuthenticator;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * OTLP over gRPC. Which failures are worth another attempt is in the specification's table of <a
 * href="https://opentelemetry.io/docs/specs/otlp/#failures">gRPC status codes</a>.
 */
final class OtlpDestination implements Destination {
  private static final int PERMISSION_DENIED = 7;
  private static final int UNAUTHENTICATED = 16;

  private final OtlpExporterConfig config;
  private final Context context;
  private final PartialSuccess partialSuccess;
  private @Nullable GrpcClient client;
  private @Nullable HeaderAuthenticator authenticator;

  private OtlpDestination(OtlpExporterConfig config, Context context) {
    this.config = config;
    this.context = context;
    this.partialSuccess = new PartialSuccess(context);
  }

  static Destination of(OtlpExporterConfig config, Context context) {
    return new OtlpDestination(config, context);
  }

  @Override
  public int maxRequests() {
    return MAX_REQUESTS;
  }

  @Override
  public void open() throws IOException {
    var auth = config.client().auth();
    if (auth.isPresent()) {
      var found = authenticator(auth.get().authenticator());
      authenticator = found;
      if (config.client().plaintext() && found.isCredentials()) {
        context.log().log(
            Level.WARNING,
            "the credentials of {0} go in the clear, since tls.insecure is true",
            auth.get().authenticator());
      }
    }
    client = new GrpcClient(config.client());
  }

  private HeaderAuthenticator authenticator(String id) throws IOException {
    return context
        .host()
        .extension(id, HeaderAuthenticator.class)
        .orElseThrow(() -> new IOException("auth.authenticator: no extension \"" + id + "\" runs"));
  }

  @Override
  public MetadataKeys wants() {
    var known = authenticator;
    return known == null ? MetadataKeys.NONE : known.wants();
  }

  @Override
  public void close() {
    GrpcClient open = client;
    client = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public <B extends Batch> Encoder<B, OtlpPayload> encoder() {
    return (batch, out) -> {
      int items = batch.items();
      String traceId = OtlpPayload.traceId(batch);
      out.accept(new OtlpPayload(Chunks.of(batch), items, Format.PLAIN, traceId, batch.client()));
    };
  }

  @Override
  public SendResult<OtlpPayload> send(Signal signal, OtlpPayload payload)
      throws InterruptedException {
    GrpcClient open = client;
    if (open == null) {
      return SendResult.failed(payload, Failure.unavailable("not_connected", "not started"));
    }
    var known = authenticator;
    Map<String, String> proof;
    try {
      proof = known == null ? Map.of() : known.of(payload.client()).proof();
    } catch (AuthenticationException e) {
      return SendResult.failed(
          payload, Failure.credentials("not_authenticated", String.valueOf(e.getMessage())));
    }
    return switch (open.call(method(signal), payload.parts(), config.timeout(), proof)) {
      case GrpcClient.Answer.Message answer -> delivered(signal, payload, answer.bytes());
      case GrpcClient.Answer.Failure failure ->
          SendResult.failed(
              payload,
              known != null && known.isCredentials()
                  ? failureWithProof(failure)
                  : failure(failure));
    };
  }

  /** Credentials can be mended while the collector runs. */
  private static Failure failureWithProof(GrpcClient.Answer.Failure failure) {
    boolean refused = failure.code() == UNAUTHENTICATED || failure.code() == PERMISSION_DENIED;
    return refused
        ? Failure.credentials(failure.name(), failure.name() + ": " + failure.message())
        : failure(failure);
  }

  private SendResult<OtlpPayload> delivered(Signal signal, OtlpPayload payload, byte[] answer) {
    try {
      return partialSuccess.result(signal, payload, ExportResponse.ofOtlp(answer));
    } catch (MalformedBatchException e) {
      return partialSuccess.unreadable(payload, e);
    }
  }

  static Failure failure(GrpcClient.Answer.Failure failure) {
    String code = failure.name();
    String message = code + ": " + failure.message();
    Duration delay = retryDelay(failure.details());
    return switch (failure.code()) {
      // CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS
      case 1, 4, 10, 11, 14, 15 ->
          delay == null
              ? Failure.unavailable(code, message)
              : Failure.throttled(code, message, delay);
      // RESOURCE_EXHAUSTED, which passes only if the server says so
      case 8 ->
          delay == null
              ? Failure.permanent(code, message)
              : Failure.throttled(code, message, delay);
      default -> Failure.permanent(code, message);
    };
  }

  private static @Nullable Duration retryDelay(byte @Nullable [] details) {
    if (details == null) {
      return null;
    }
    try {
      return RpcStatus.ofProto(details).retryDelay();
    } catch (MalformedBatchException e) {
      return null; // details that cannot be read say nothing
    }
  }

  private static String method(Signal signal) {
    return switch (signal) {
      case TRACES -> "opentelemetry.proto.collector.trace.v1.TraceService/Export";
      case METRICS -> "opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
      case LOGS -> "opentelemetry.proto.collector.logs.v1.LogsService/Export";
    };
  }
}
