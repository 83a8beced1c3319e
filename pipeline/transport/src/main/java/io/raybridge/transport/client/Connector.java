package io.raybridge.transport.client;

import io.raybridge.transport.client.HttpException.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens connections, through a proxy and TLS where asked, and tells failures apart. */
final class Connector {
  private final HttpClientSettings settings;
  private final Overdue overdue;

  Connector(HttpClientSettings settings, Overdue overdue) {
    this.settings = settings;
    this.overdue = overdue;
  }

  /** Opens one connection by the deadline, trying each of the host's addresses in turn. */
  Connection open(Origin origin, @Nullable Proxy proxy, long deadline)
      throws HttpException, InterruptedException {
    long own = System.nanoTime() + settings.connectTimeout().toNanos();
    long end = own - deadline < 0 ? own : deadline;
    var target = proxy == null ? origin : proxy.origin();
    HttpException last = null;
    for (var address : resolve(target)) {
      if (end - System.nanoTime() <= 0) break;
      try {
        return open(origin, proxy, new InetSocketAddress(address, target.port()), end);
      } catch (HttpException e) {
        last = e;
        boolean next = e.reason() == Reason.REFUSED || e.reason() == Reason.UNREACHABLE;
        if (!next) throw e;
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

  private Connection open(Origin origin, @Nullable Proxy proxy, InetSocketAddress address, long end)
      throws HttpException, InterruptedException {
    SocketChannel channel;
    try {
      channel = SocketChannel.open();
    } catch (IOException e) {
      throw new HttpException(Reason.UNREACHABLE, origin + ": no socket: " + e.getMessage(), e);
    }
    Wire wire = new Wire.Plain(channel);
    var guard = overdue.guard(wire);
    guard.arm(end);
    var step = Reason.UNREACHABLE;
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.connect(address);
      if (proxy != null && origin.tls()) {
        step = Reason.PROXY;
        tunnel(wire, origin, proxy);
      }
      if (origin.tls()) {
        step = Reason.TLS;
        var tls = settings.tls().over(channel.socket(), origin);
        tls.startHandshake();
        wire = new Wire.Encrypted(channel, tls);
      }
      guard.disarm();
      var forward = origin.tls() ? null : proxy;
      return new Connection(wire, forward, settings.maxResponseBytes(), guard);
    } catch (IOException e) {
      guard.close();
      if (Thread.interrupted()) throw new InterruptedException();
      if (guard.late()) throw timeout(origin, e);
      throw failure(step, e, origin, proxy, address);
    }
  }

  private static void tunnel(Wire wire, Origin origin, Proxy proxy) throws IOException {
    var where = origin.host().indexOf(':') >= 0 ? "[" + origin.host() + "]" : origin.host();
    where += ":" + origin.port();
    var authorization = proxy.authorization();
    var head =
        "CONNECT "
            + where
            + " HTTP/1.1\r\nhost: "
            + where
            + "\r\n"
            + (authorization == null ? "" : "proxy-authorization: " + authorization + "\r\n")
            + "\r\n";
    var bytes = head.getBytes(StandardCharsets.US_ASCII);
    wire.write(bytes, bytes.length, List.of());
    int status = new ResponseReader(wire, 0).readTunnelStatus();
    if (status / 100 != 2) throw new IOException("it answered with status " + status);
  }

  private static HttpException failure(
      Reason step,
      IOException why,
      Origin origin,
      @Nullable Proxy proxy,
      InetSocketAddress address) {
    var where = origin + (proxy == null ? "" : " through proxy " + proxy) + ": ";
    var message = why.getMessage() == null ? why.getClass().getSimpleName() : why.getMessage();
    boolean refused = why instanceof ConnectException && message.contains("refused");
    if (refused)
      return new HttpException(Reason.REFUSED, where + "nobody listens at " + address, why);
    return switch (step) {
      case TLS -> new HttpException(step, where + "TLS handshake failed: " + message, why);
      case PROXY -> new HttpException(step, where + "the proxy did not connect: " + message, why);
      default -> new HttpException(step, where + "no way to " + address + ": " + message, why);
    };
  }

  private static HttpException timeout(Origin origin, @Nullable Throwable cause) {
    return new HttpException(
        Reason.CONNECT_TIMEOUT, origin + ": no connection within the time allowed", cause);
  }
}
