package io.raybridge.receivers.otlp;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.raybridge.api.Outcome;
import io.raybridge.data.Batch;
import io.raybridge.data.Logs;
import io.raybridge.data.Metrics;
import io.raybridge.data.Traces;
import io.raybridge.testkit.ReceiverContract;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The stubs that protoc generates, reading answers as the OTLP specification says. */
final class GrpcSender implements ReceiverContract.Client {
  private final ManagedChannel channel;

  GrpcSender(int port) {
    channel = NettyChannelBuilder.forAddress("localhost", port).usePlaintext().build();
  }

  @Override
  public Outcome send(Batch batch) throws IOException {
    try {
      return switch (batch) {
        case Traces traces -> {
          var answer =
              TraceServiceGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(30, TimeUnit.SECONDS)
                  .export(ExportTraceServiceRequest.parseFrom(traces.toOtlp()));
          var partial = answer.getPartialSuccess();
          yield outcome(partial.getRejectedSpans(), partial.getErrorMessage());
        }
        case Metrics metrics -> {
          var answer =
              MetricsServiceGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(30, TimeUnit.SECONDS)
                  .export(ExportMetricsServiceRequest.parseFrom(metrics.toOtlp()));
          var partial = answer.getPartialSuccess();
          yield outcome(partial.getRejectedDataPoints(), partial.getErrorMessage());
        }
        case Logs logs -> {
          var answer =
              LogsServiceGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(30, TimeUnit.SECONDS)
                  .export(ExportLogsServiceRequest.parseFrom(logs.toOtlp()));
          var partial = answer.getPartialSuccess();
          yield outcome(partial.getRejectedLogRecords(), partial.getErrorMessage());
        }
      };
    } catch (StatusRuntimeException e) {
      return outcome(e);
    }
  }

  static Outcome outcome(long rejected, String message) {
    return rejected == 0 && message.isEmpty()
        ? Outcome.ACCEPTED
        : new Outcome.Partial((int) rejected, message);
  }

  private static Outcome outcome(StatusRuntimeException e) throws IOException {
    Status status = e.getStatus();
    if (status.getCause() instanceof IOException nobodyThere) {
      throw nobodyThere;
    }
    String reason = String.valueOf(status.getDescription());
    return switch (status.getCode()) {
      case RESOURCE_EXHAUSTED -> new Outcome.Retry(Outcome.Cause.OVERLOADED, reason, delay(e));
      case UNAVAILABLE -> new Outcome.Retry(Outcome.Cause.UNAVAILABLE, reason, delay(e));
      case INVALID_ARGUMENT -> Outcome.invalid(reason);
      default -> Outcome.failed(status.getCode() + " " + reason);
    };
  }

  private static Duration delay(StatusRuntimeException e) throws InvalidProtocolBufferException {
    var status = StatusProto.fromThrowable(e);
    if (status == null || status.getDetailsCount() == 0) {
      return null;
    }
    var delay = status.getDetails(0).unpack(RetryInfo.class).getRetryDelay();
    return Duration.ofSeconds(delay.getSeconds(), delay.getNanos());
  }

  ManagedChannel channel() {
    return channel;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
