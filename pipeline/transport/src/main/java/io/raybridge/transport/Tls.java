package io.raybridge.transport;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import io.raybridge.api.FileMark;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * A TLS context that follows its files: after a reload interval, or when a watched file has
 * changed, new connections get what the files hold now. Files that cannot be read leave the last
 * good context in place.
 */
public final class Tls extends SslContext {
  private static final System.Logger LOG = System.getLogger("io.raybridge.transport.tls");

  private final Source source;
  private final Duration reloadInterval;
  private final List<Path> watched;
  private volatile SslContext current;
  private volatile long loadedAt;
  private volatile List<Optional<FileMark>> seen;

  private Tls(Source source, Duration reloadInterval, List<Path> watched) throws IOException {
    this.source = source;
    this.reloadInterval = reloadInterval;
    this.watched = watched;
    this.seen = FileMark.ofAll(watched);
    this.current = source.load();
    this.loadedAt = System.nanoTime();
  }

  /**
   * The context of a server.
   *
   * @param protocols the application protocols offered by ALPN, best first
   * @throws IOException when a file cannot be read or is not what it should be; names key and file
   */
  public static SslContext server(TlsServerConfig config, String... protocols) throws IOException {
    var watched = new ArrayList<Path>();
    if (config.clientCaFileReload()) {
      config.clientCaFile().ifPresent(file -> watched.add(Path.of(file)));
    }
    return new Tls(
        () -> TlsLoader.server(config, protocols), config.common().reloadInterval(), watched);
  }

  /**
   * The context of a client. Server names are verified unless the configuration says otherwise;
   * {@code server_name_override} is the caller's part, since it is the name to connect as.
   *
   * @param protocols the application protocols offered by ALPN, best first
   * @throws IOException when a file cannot be read or is not what it should be; names key and file
   */
  public static Tls client(TlsClientConfig config, String... protocols) throws IOException {
    return new Tls(
        () -> TlsLoader.client(config, protocols), config.common().reloadInterval(), List.of());
  }

  /**
   * TLS of a client over a connected socket, for code that blocks; not yet shaken hands.
   *
   * @param host the name that the server's certificate must have
   */
  public SSLSocket socket(Socket over, String host, int port) throws IOException {
    SslContext context = fresh();
    // The engine knows protocols, ciphers, curves and whether the name is to be verified.
    SSLParameters parameters =
        context.newEngine(ByteBufAllocator.DEFAULT, host, port).getSSLParameters();
    SSLSocketFactory sockets = TlsLoader.jdk(context).getSocketFactory();
    var socket = (SSLSocket) sockets.createSocket(over, host, port, true);
    socket.setSSLParameters(parameters);
    return socket;
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator) {
    return fresh().newEngine(allocator);
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator, String host, int port) {
    return fresh().newEngine(allocator, host, port);
  }

  @Override
  public boolean isClient() {
    return current.isClient();
  }

  @Override
  public List<String> cipherSuites() {
    return current.cipherSuites();
  }

  @Override
  @SuppressWarnings("deprecation") // the superclass asks for this type
  public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return current.applicationProtocolNegotiator();
  }

  @Override
  public SSLSessionContext sessionContext() {
    return current.sessionContext();
  }

  /** What new connections get. */
  SslContext current() {
    return current;
  }

  private SslContext fresh() {
    if (due()) {
      reload();
    }
    return current;
  }

  private boolean due() {
    boolean old =
        !reloadInterval.isZero() && System.nanoTime() - loadedAt >= reloadInterval.toNanos();
    return old || (!watched.isEmpty() && !FileMark.ofAll(watched).equals(seen));
  }

  private synchronized void reload() {
    if (!due()) {
      return;
    }
    loadedAt = System.nanoTime();
    seen = FileMark.ofAll(watched);
    try {
      current = source.load();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the old certificates stay in use: " + e.getMessage());
    }
  }

  private interface Source {
    SslContext load() throws IOException;
  }
}
