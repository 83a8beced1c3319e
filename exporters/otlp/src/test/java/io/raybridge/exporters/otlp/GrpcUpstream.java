package io.raybridge.exporters.otlp;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.MessageLite;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A server of the generated stubs that answers as told and keeps what it got. */
final class GrpcUpstream implements AutoCloseable {
  final List<MessageLite> requests = new CopyOnWriteArrayList<>();
  final List<MessageLite> taken = new CopyOnWriteArrayList<>();
  final List<Metadata> headers = new CopyOnWriteArrayList<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private volatile long rejects;
  private volatile Predicate<MessageLite> refused = _ -> false;
  private final Server server;

  GrpcUpstream() throws IOException {
    this(4 << 20);
  }

  /**
   * @param maxBytes of a message; a larger one gets RESOURCE_EXHAUSTED by gRPC itself
   */
  GrpcUpstream(int maxBytes) throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress("localhost", 0))
            .maxInboundMessageSize(maxBytes)
            .addService(new Traces())
            .addService(new Metrics())
            .addService(new Logs())
            .intercept(new Headers())
            .build()
            .start();
  }

  int port() {
    return server.getPort();
  }

  void fail(Status status) {
    failures.add(status.asRuntimeException());
  }

  void failWithRetryInfo(Status status, int seconds) {
    var info =
        RetryInfo.newBuilder().setRetryDelay(Duration.newBuilder().setSeconds(seconds)).build();
    failures.add(
        StatusProto.toStatusRuntimeException(
            com.google.rpc.Status.newBuilder()
                .setCode(status.getCode().value())
                .setMessage("come again")
                .addDetails(Any.pack(info))
                .build()));
  }

  /** Whatever else is to fail: these get INVALID_ARGUMENT. */
  void refuse(Predicate<MessageLite> requests) {
    refused = requests;
  }

  void reject(long items) {
    rejects = items;
  }

  private <T> void answer(MessageLite request, StreamObserver<T> observer, T response) {
    requests.add(request);
    Throwable failure =
        refused.test(request)
            ? Status.INVALID_ARGUMENT.withDescription("poison").asRuntimeException()
            : failures.poll();
    if (failure != null) {
      observer.onError(failure);
      return;
    }
    taken.add(request);
    observer.onNext(response);
    observer.onCompleted();
  }

  @Override
  public void close() throws InterruptedException {
    server.shutdownNow().awaitTermination();
  }

  private final class Traces extends TraceServiceGrpc.TraceServiceImplBase {
    @Override
    public void export(
        ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> observer) {
      var response = ExportTraceServiceResponse.newBuilder();
      if (rejects > 0) {
        response.getPartialSuccessBuilder().setRejectedSpans(rejects).setErrorMessage("too old");
      }
      answer(request, observer, response.build());
    }
  }

  private final class Metrics extends MetricsServiceGrpc.MetricsServiceImplBase {
    @Override
    public void export(
        ExportMetricsServiceRequest request,
        StreamObserver<ExportMetricsServiceResponse> observer) {
      answer(request, observer, ExportMetricsServiceResponse.getDefaultInstance());
    }
  }

  private final class Logs extends LogsServiceGrpc.LogsServiceImplBase {
    @Override
    public void export(
        ExportLogsServiceRequest request, StreamObserver<ExportLogsServiceResponse> observer) {
      answer(request, observer, ExportLogsServiceResponse.getDefaultInstance());
    }
  }

  private final class Headers implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
      headers.add(metadata);
      return next.startCall(call, metadata);
    }
  }
}
