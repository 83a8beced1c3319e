package io.raybridge.transport.client;

import io.raybridge.transport.client.HttpException.Reason;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An HTTP/1.1 client for virtual threads: {@link #send} blocks until the whole response is there,
 * on a socket that blocks too. Connections are kept and used again. It never repeats a request of
 * which a byte was sent: that is its caller's decision.
 */
public final class HttpClient implements AutoCloseable {
  private final HttpClientSettings settings;
  private final Overdue overdue;
  private final Connector connector;
  private final Map<Origin, ConnectionPool> pools = new ConcurrentHashMap<>();
  private volatile boolean closed;

  public HttpClient(HttpClientSettings settings) {
    this.settings = settings;
    this.overdue = new Overdue(this::sweep, settings.idleTimeout().toNanos());
    this.connector = new Connector(settings, overdue);
    overdue.start();
  }

  /**
   * Sends a request and waits for its response.
   *
   * @return the response, whatever its status
   * @throws HttpException when there was none
   */
  public HttpResponse send(HttpRequest request) throws HttpException, InterruptedException {
    if (closed) throw new HttpException(Reason.CLOSED, "this client is closed", null);
    long deadline = System.nanoTime() + request.timeout().toNanos();
    var pool = pools.computeIfAbsent(request.origin(), this::pool);
    while (true) {
      var connection = pool.take(deadline);
      boolean reusable = false;
      try {
        var response = connection.exchange(request, deadline);
        reusable = connection.reusable();
        return response;
      } catch (Connection.StaleException e) {
        // nothing was sent: the next connection, at last a new one, may do
      } finally {
        pool.give(connection, reusable);
      }
    }
  }

  private ConnectionPool pool(Origin origin) {
    return new ConnectionPool(origin, settings.proxies().proxyFor(origin), settings, connector);
  }

  private void sweep() {
    long now = System.nanoTime();
    for (var pool : pools.values()) pool.sweep(now);
  }

  /** Ends all connections; what is in flight fails. */
  @Override
  public void close() {
    closed = true;
    for (var pool : pools.values()) pool.close();
    overdue.stop();
  }
}
