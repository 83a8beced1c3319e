package io.raybridge.transport.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.concurrent.Future;
import io.raybridge.transport.EventLoops;
import io.raybridge.transport.client.HttpException.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections, through a proxy and TLS where asked, and tells failures apart. Blocks the
 * caller; names are resolved on the caller's thread, since a slow resolver must not hold up an
 * event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what comes of a write or close shows in the channel
final class Connector {
  private static final int MAX_HEADER = 64 << 10;
  private final HttpClientSettings settings;
  private final EventLoops loops;

  Connector(HttpClientSettings settings, EventLoops loops) {
    this.settings = settings;
    this.loops = loops;
  }

  /**
   * Opens one connection, trying each of the host's addresses in turn.
   *
   * @param nanos the time there is
   * @param free called when the connection can take another exchange
   */
  Connection open(Origin origin, @Nullable Proxy proxy, long nanos, Consumer<Connection> free)
      throws HttpException, InterruptedException {
    long end = System.nanoTime() + Math.min(nanos, settings.connectTimeout().toNanos());
    var target = proxy == null ? origin : proxy.origin();
    HttpException last = null;
    for (var address : resolve(target)) {
      long left = end - System.nanoTime();
      if (left <= 0) break;
      try {
        return open(origin, proxy, new InetSocketAddress(address, target.port()), left, free);
      } catch (HttpException e) {
        last = e;
        boolean nextMayDo = e.reason() == Reason.REFUSED || e.reason() == Reason.UNREACHABLE;
        if (!nextMayDo && e.reason() != Reason.CONNECT_TIMEOUT) throw e;
      }
    }
    throw last != null ? last : timeout(origin, null);
  }

  private static List<InetAddress> resolve(Origin target) throws HttpException {
    try {
      return List.of(InetAddress.getAllByName(target.host()));
    } catch (UnknownHostException e) {
      throw new HttpException(
          Reason.DNS, target + ": the name " + target.host() + " has no address", e);
    }
  }

  private Connection open(
      Origin origin,
      @Nullable Proxy proxy,
      InetSocketAddress address,
      long nanos,
      Consumer<Connection> free)
      throws HttpException, InterruptedException {
    int millis = (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
    var tunnel = proxy != null && origin.tls() ? tunnel(proxy, address, millis) : null;
    var tls = origin.tls() ? tls(origin, millis) : null;
    var made = new Connection[1];
    var connecting =
        new Bootstrap()
            .group(loops.group())
            .channel(loops.clientChannel())
            .resolver(NoopAddressResolverGroup.INSTANCE)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    made[0] = new Connection(channel, free);
                    if (tunnel != null) channel.pipeline().addLast(tunnel);
                    if (tls != null) channel.pipeline().addLast(tls);
                    channel.pipeline().addLast(decoder(), made[0]);
                  }
                })
            .connect(tunnel == null ? address : tunnelEnd(origin));
    try {
      await(connecting, origin, proxy, address, millis);
      if (tunnel != null) await(tunnel.connectFuture(), origin, proxy, address, millis);
      if (tls != null) await(tls.handshakeFuture(), origin, proxy, address, millis);
      return made[0];
    } catch (HttpException | InterruptedException e) {
      connecting.channel().close();
      throw e;
    }
  }

  private static HttpProxyHandler tunnel(Proxy proxy, SocketAddress address, int millis) {
    var password = proxy.password() == null ? "" : proxy.password();
    var tunnel =
        proxy.user() == null
            ? new HttpProxyHandler(address)
            : new HttpProxyHandler(address, proxy.user(), password);
    tunnel.setConnectTimeoutMillis(millis);
    return tunnel;
  }

  private SslHandler tls(Origin origin, int millis) throws HttpException {
    try {
      var tls = settings.tls().handler(origin, ByteBufAllocator.DEFAULT);
      tls.setHandshakeTimeoutMillis(millis);
      return tls;
    } catch (IOException e) {
      throw new HttpException(Reason.TLS, origin + ": " + e.getMessage(), e);
    }
  }

  private static HttpResponseDecoder decoder() {
    return new HttpResponseDecoder(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(8 << 10)
            .setMaxHeaderSize(MAX_HEADER)
            .setValidateHeaders(false));
  }

  private static InetSocketAddress tunnelEnd(Origin origin) {
    return InetSocketAddress.createUnresolved(origin.host(), origin.port());
  }

  private static void await(
      Future<?> future, Origin origin, @Nullable Proxy proxy, InetSocketAddress address, int millis)
      throws HttpException, InterruptedException {
    // Each step has its own time-out; this one only guards against a step that forgets it.
    if (!future.await(millis + 1000L)) throw timeout(origin, null);
    var cause = future.cause();
    if (cause != null)
      throw failure(cause, origin, proxy, address, future instanceof ChannelFuture);
  }

  private static HttpException failure(
      Throwable cause,
      Origin origin,
      @Nullable Proxy proxy,
      InetSocketAddress address,
      boolean connecting) {
    var where = origin + (proxy == null ? "" : " through proxy " + proxy) + ": ";
    return switch (cause) {
      case ConnectTimeoutException e -> timeout(origin, e);
      case ProxyConnectException e when e.getCause() instanceof ConnectException refused ->
          new HttpException(Reason.REFUSED, where + refused.getMessage(), e);
      case ProxyConnectException e ->
          new HttpException(
              Reason.PROXY, where + "the proxy did not connect: " + e.getMessage(), e);
      case NoRouteToHostException e ->
          new HttpException(Reason.UNREACHABLE, where + "no route to " + address, e);
      case ConnectException e ->
          String.valueOf(e.getMessage()).contains("refused")
              ? new HttpException(Reason.REFUSED, where + "nobody listens at " + address, e)
              : new HttpException(Reason.UNREACHABLE, where + e.getMessage(), e);
      case SslHandshakeTimeoutException e -> timeout(origin, e);
      case SSLException e ->
          new HttpException(Reason.TLS, where + "TLS handshake failed: " + e.getMessage(), e);
      default ->
          connecting
              ? new HttpException(Reason.UNREACHABLE, where + cause.getMessage(), cause)
              : new HttpException(Reason.TLS, where + "closed during the TLS handshake", cause);
    };
  }

  private static HttpException timeout(Origin origin, @Nullable Throwable cause) {
    return new HttpException(
        Reason.CONNECT_TIMEOUT, origin + ": no connection within the time allowed", cause);
  }
}
