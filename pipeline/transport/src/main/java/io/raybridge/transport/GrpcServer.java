package io.raybridge.transport;

import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.transport.GrpcServerConfig.Keepalive.EnforcementPolicy;
import io.raybridge.transport.GrpcServerConfig.Keepalive.ServerParameters;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A gRPC server for unary methods that take and give bytes. Messages are received on the event
 * loops, copied once, and answered there or, where that would take waiting, on a virtual thread
 * each.
 */
public final class GrpcServer {
  /**
   * Where gRPC reports, with a stack each, messages that break its rules. The client is told; it
   * must not be able to fill our log. Held here because loggers are collected when nobody does.
   */
  private static final Logger CLIENTS_MISTAKES =
      Logger.getLogger("io.grpc.netty.NettyServerStream");

  static {
    CLIENTS_MISTAKES.setLevel(Level.OFF);
  }

  private final Server server;
  private final ExecutorService workers;
  private final EventLoops loops;
  private boolean stopped;

  private GrpcServer(Server server, ExecutorService workers, EventLoops loops) {
    this.server = server;
    this.workers = workers;
    this.loops = loops;
  }

  /**
   * Opens the port and serves from then on.
   *
   * @param context the component that listens; its name is in every message and thread name
   * @param protocol which of the component's protocols this is, such as {@code grpc}
   * @param methods by their full names, such as {@code package.Service/Method}
   * @throws IOException when the port or a certificate cannot be had; says which and why
   */
  public static GrpcServer start(
      Context context,
      String protocol,
      String endpoint,
      GrpcServerConfig config,
      Map<String, GrpcMethod> methods)
      throws IOException {
    return start(context, protocol, endpoint, config, methods, MemoryBudget.SHARED);
  }

  static GrpcServer start(
      Context context,
      String protocol,
      String endpoint,
      GrpcServerConfig config,
      Map<String, GrpcMethod> methods,
      MemoryBudget budget)
      throws IOException {
    ExecutorService workers =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name(context.id() + " " + protocol).factory());
    EventLoops loops = EventLoops.acquire();
    try {
      return new GrpcServer(
          open(context, protocol, endpoint, config, methods, budget, workers, loops),
          workers,
          loops);
    } catch (IOException | RuntimeException e) {
      workers.shutdownNow();
      loops.close();
      throw e;
    }
  }

  /** The port listened on; of interest when the endpoint left the choice to the system. */
  public int port() {
    return server.getPort();
  }

  /**
   * Refuses new calls and lets those in flight finish. Those that would not by the deadline are
   * interrupted before it, so that their clients are told to come again.
   */
  public void stop(Deadline deadline) {
    if (stopped) {
      return;
    }
    stopped = true;
    Duration forAnswers = LastAnswers.within(deadline);
    server.shutdown();
    try {
      if (!ends(deadline.left().minus(forAnswers))) {
        workers.shutdownNow();
        if (!ends(forAnswers)) {
          server.shutdownNow();
          ends(Duration.ofSeconds(1));
        }
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    } finally {
      workers.shutdownNow();
      loops.close();
    }
  }

  private boolean ends(Duration within) throws InterruptedException {
    return server.awaitTermination(within.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static Server open(
      Context context,
      String protocol,
      String text,
      GrpcServerConfig config,
      Map<String, GrpcMethod> methods,
      MemoryBudget budget,
      Executor workers,
      EventLoops loops)
      throws IOException {
    Endpoint endpoint = Endpoint.parse(text);
    NettyServerBuilder builder = NettyServerBuilder.forAddress(endpoint.address(protocol));
    builder
        .channelType(NioServerSocketChannel.class)
        .bossEventLoopGroup(loops.group())
        .workerEventLoopGroup(loops.group())
        // The call handler hands over to a worker at most once, when the message is complete; by
        // itself gRPC would start a thread for each of a call's four events.
        .directExecutor()
        .decompressorRegistry(stillPacked())
        .maxInboundMessageSize(config.maxMessageBytes());
    if (config.maxConcurrentStreams() > 0) {
      builder.maxConcurrentCallsPerConnection(config.maxConcurrentStreams());
    }
    keepalive(builder, config.keepalive());
    if (config.tls().isPresent()) {
      try {
        builder.sslContext(Tls.server(config.tls().get(), "h2"));
      } catch (IOException e) {
        throw new IOException(protocol + "." + e.getMessage(), e);
      }
    }
    services(methods, new GrpcCalls(context, protocol, config.maxMessageBytes(), budget, workers))
        .forEach(builder::addService);
    try {
      return builder.build().start();
    } catch (IOException e) {
      throw endpoint.cannotListen(protocol, e);
    }
  }

  private static DecompressorRegistry stillPacked() {
    DecompressorRegistry registry = DecompressorRegistry.emptyInstance();
    registry = registry.with(Codec.Identity.NONE, true);
    for (String encoding : GrpcCalls.ENCODINGS) {
      registry = registry.with(new GrpcCalls.StillPacked(encoding), true);
    }
    return registry;
  }

  private static List<ServerServiceDefinition> services(
      Map<String, GrpcMethod> methods, GrpcCalls calls) {
    var builders = new HashMap<String, ServerServiceDefinition.Builder>();
    methods.forEach((path, method) -> {
      String service = path.substring(0, path.lastIndexOf('/'));
      var descriptor =
          MethodDescriptor.<GrpcCalls.Received, byte[]>newBuilder()
              .setType(MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(path)
              .setRequestMarshaller(calls.requests())
              .setResponseMarshaller(GrpcCalls.RESPONSES)
              .build();
      builders
          .computeIfAbsent(service, ServerServiceDefinition::builder)
          .addMethod(descriptor, calls.handler(method));
    });
    return builders.values().stream().map(ServerServiceDefinition.Builder::build).toList();
  }

  private static void keepalive(NettyServerBuilder builder, GrpcServerConfig.Keepalive config) {
    ServerParameters server = config.serverParameters();
    if (server.maxConnectionIdle().isPositive()) {
      builder.maxConnectionIdle(server.maxConnectionIdle().toNanos(), TimeUnit.NANOSECONDS);
    }
    if (server.maxConnectionAge().isPositive()) {
      builder.maxConnectionAge(server.maxConnectionAge().toNanos(), TimeUnit.NANOSECONDS);
    }
    if (server.maxConnectionAgeGrace().isPositive()) {
      builder.maxConnectionAgeGrace(server.maxConnectionAgeGrace().toNanos(), TimeUnit.NANOSECONDS);
    }
    if (server.time().isPositive()) {
      builder.keepAliveTime(server.time().toNanos(), TimeUnit.NANOSECONDS);
    }
    if (server.timeout().isPositive()) {
      builder.keepAliveTimeout(server.timeout().toNanos(), TimeUnit.NANOSECONDS);
    }
    EnforcementPolicy policy = config.enforcementPolicy();
    if (policy.minTime().isPositive()) {
      builder.permitKeepAliveTime(policy.minTime().toNanos(), TimeUnit.NANOSECONDS);
    }
    builder.permitKeepAliveWithoutCalls(policy.permitWithoutStream());
  }
}
