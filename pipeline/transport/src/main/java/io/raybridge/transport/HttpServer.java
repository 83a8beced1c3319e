package io.raybridge.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server that gives each request, whole and unpacked, to a handler on a virtual thread.
 * It speaks no HTTP/2: what needs that is gRPC, which has its own server.
 */
public final class HttpServer {
  private static final int MAX_LINE = 16 * 1024;
  private static final int MAX_HEADER = 64 * 1024;

  private final EventLoops loops;
  private final ExecutorService workers;
  private final ChannelGroup connections;
  private final HttpSettings settings;
  private final int mostConnections;
  private final @Nullable SslContext tls;
  private @Nullable Channel listener;

  private HttpServer(
      HttpSettings settings,
      int mostConnections,
      @Nullable SslContext tls,
      ExecutorService workers) {
    this.settings = settings;
    this.mostConnections = mostConnections;
    this.tls = tls;
    this.workers = workers;
    this.loops = EventLoops.acquire();
    this.connections = new DefaultChannelGroup(loops.group().next());
  }

  /**
   * Opens the port and serves from then on.
   *
   * @param context the component that listens; its name is in every message and thread name
   * @param protocol which of the component's protocols this is, such as {@code http}
   * @throws IOException when the port or a certificate cannot be had; says which and why
   */
  public static HttpServer start(
      Context context,
      String protocol,
      String endpoint,
      HttpServerConfig config,
      HttpTimeouts timeouts,
      Handler handler)
      throws IOException {
    return start(context, protocol, endpoint, config, timeouts, Integer.MAX_VALUE, handler);
  }

  /**
   * Opens the port and serves from then on.
   *
   * @param mostConnections how many there may be at once. One more takes the place of the one that
   *     has waited longest for its client; where a request is being answered on each, it is told to
   *     come again
   * @throws IOException when the port or a certificate cannot be had; says which and why
   */
  public static HttpServer start(
      Context context,
      String protocol,
      String endpoint,
      HttpServerConfig config,
      HttpTimeouts timeouts,
      int mostConnections,
      Handler handler)
      throws IOException {
    return start(
        context,
        protocol,
        endpoint,
        config,
        timeouts,
        mostConnections,
        handler,
        MemoryBudget.SHARED);
  }

  static HttpServer start(
      Context context,
      String protocol,
      String endpoint,
      HttpServerConfig config,
      HttpTimeouts timeouts,
      int mostConnections,
      Handler handler,
      MemoryBudget budget)
      throws IOException {
    SslContext tls = null;
    if (config.tls().isPresent()) {
      try {
        tls = Tls.server(config.tls().get(), "http/1.1");
      } catch (IOException e) {
        throw new IOException(protocol + "." + e.getMessage(), e);
      }
    }
    var workers =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name(context.id() + " " + protocol).factory());
    var settings = new HttpSettings(context, protocol, config, timeouts, handler, budget, workers);
    var server = new HttpServer(settings, mostConnections, tls, workers);
    server.listen(protocol, Endpoint.parse(endpoint));
    return server;
  }

  /** The port listened on; of interest when the endpoint left the choice to the system. */
  public int port() {
    Channel open = listener;
    return open == null ? 0 : ((InetSocketAddress) open.localAddress()).getPort();
  }

  /**
   * Refuses new requests and lets those in flight finish. Those that would not by the deadline are
   * interrupted before it, so that their clients are told to come again.
   */
  public void stop(Deadline deadline) {
    Channel open = listener;
    if (open == null) {
      return;
    }
    listener = null;
    open.close().awaitUninterruptibly();
    settings.stopping = true;
    for (Channel connection : connections) {
      HttpConnection handler = connection.pipeline().get(HttpConnection.class);
      if (handler != null) {
        connection.eventLoop().execute(handler::closeWhenIdle);
      }
    }
    Duration forAnswers = LastAnswers.within(deadline);
    connections.newCloseFuture().awaitUninterruptibly(deadline.left().minus(forAnswers).toMillis());
    workers.shutdownNow();
    connections.newCloseFuture().awaitUninterruptibly(forAnswers.toMillis());
    connections.close().awaitUninterruptibly(1000);
    loops.close();
  }

  private void listen(String protocol, Endpoint endpoint) throws IOException {
    try {
      listener = bind(protocol, endpoint);
    } catch (IOException e) {
      workers.shutdownNow();
      loops.close();
      throw e;
    }
  }

  private Channel bind(String protocol, Endpoint endpoint) throws IOException {
    var bound =
        new ServerBootstrap()
            .group(loops.group())
            .channel(NioServerSocketChannel.class)
            .childHandler(new Initializer())
            // A client may close its half when it has sent its request, and wait for the answer.
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .bind(endpoint.address(protocol))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw endpoint.cannotListen(protocol, bound.cause());
    }
    return bound.channel();
  }

  private final class Initializer extends ChannelInitializer<SocketChannel> {
    @Override
    protected void initChannel(SocketChannel channel) {
      ChannelPipeline pipeline = channel.pipeline();
      if (tls != null) {
        pipeline.addLast(tls.newHandler(channel.alloc()));
      }
      var connection = new HttpConnection(settings, channel);
      if (settings.timed()) {
        pipeline.addLast(connection.firstByteWatch());
      }
      pipeline.addLast(
          new HttpServerCodec(
              new HttpDecoderConfig()
                  .setMaxInitialLineLength(MAX_LINE)
                  .setMaxHeaderSize(MAX_HEADER)));
      pipeline.addLast(connection);
      int open = connections.size();
      if (open / 2 >= mostConnections) {
        // So many that not even those who were told to come again have gone yet.
        var _ = channel.close();
        return;
      }
      if (open >= mostConnections && !makeRoom()) connection.turnAway();
      connections.add(channel);
    }
  }

  /** Closes the connection that has waited longest for its client; false when none waits. */
  private synchronized boolean makeRoom() {
    HttpConnection longest = null;
    long since = Long.MAX_VALUE;
    for (Channel channel : connections) {
      HttpConnection connection = channel.pipeline().get(HttpConnection.class);
      if (connection != null && connection.waitingSince() < since) {
        longest = connection;
        since = connection.waitingSince();
      }
    }
    if (longest == null) return false;
    longest.leave();
    return true;
  }
}
