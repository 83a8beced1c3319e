package io.raybridge.receivers.otlp;

import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Outputs;
import io.raybridge.api.Receiver;
import io.raybridge.receivers.otlp.OtlpReceiverConfig.Grpc;
import io.raybridge.receivers.otlp.OtlpReceiverConfig.Http;
import io.raybridge.receivers.otlp.OtlpReceiverConfig.Protocols;
import io.raybridge.transport.GrpcServer;
import io.raybridge.transport.HttpServer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Takes OTLP over gRPC and HTTP, and answers only once the pipeline has said what became of a
 * batch.
 */
final class OtlpReceiver implements Receiver {
  private final Protocols protocols;
  private final Outputs outputs;
  private final Context context;
  private @Nullable GrpcServer grpc;
  private @Nullable HttpServer http;

  OtlpReceiver(Protocols protocols, Outputs outputs, Context context) {
    this.protocols = protocols;
    this.outputs = outputs;
    this.context = context;
  }

  @Override
  public void start() throws IOException {
    if (protocols.grpc().isPresent()) {
      Grpc config = protocols.grpc().get();
      var methods = OtlpGrpc.methods(outputs.over("grpc"), config.includeMetadata());
      grpc = GrpcServer.start(context, "grpc", config.endpoint(), config.server(), methods);
      context.log().log(Level.INFO, "OTLP over gRPC on " + config.endpoint());
    }
    if (protocols.http().isPresent()) {
      Http config = protocols.http().get();
      var handler = new OtlpHttp(config, outputs.over("http"));
      http =
          HttpServer.start(
              context, "http", config.endpoint(), config.server(), config.timeouts(), handler);
      context.log().log(Level.INFO, "OTLP over HTTP on " + config.endpoint());
    }
  }

  /** Both servers at once, since both wait for their clients. */
  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    GrpcServer grpcServer = grpc;
    HttpServer httpServer = http;
    Thread other =
        Thread.startVirtualThread(() -> {
          if (grpcServer != null) {
            grpcServer.stop(deadline);
          }
        });
    if (httpServer != null) {
      httpServer.stop(deadline);
    }
    other.join();
  }

  int grpcPort() {
    return grpc == null ? 0 : grpc.port();
  }

  int httpPort() {
    return http == null ? 0 : http.port();
  }
}
