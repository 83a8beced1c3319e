package io.raybridge.transport.client;

import io.raybridge.transport.EventLoops;
import io.raybridge.transport.client.HttpException.Reason;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP/1.1 client for virtual threads: {@link #send} blocks until the whole response is there.
 * Connections are kept and used again. It never repeats a request of which a byte was sent: that is
 * its caller's decision.
 */
public final class HttpClient implements AutoCloseable {
  private final HttpClientSettings settings;
  private final EventLoops loops;
  private final Connector connector;
  private final Map<Origin, ConnectionPool> pools = new ConcurrentHashMap<>();
  private final Future<?> sweeper;
  private volatile boolean closed;

  public HttpClient(HttpClientSettings settings) {
    this.settings = settings;
    this.loops = EventLoops.acquire();
    this.connector = new Connector(settings, loops);
    long every = Math.max(1, settings.idleTimeout().toMillis() / 2);
    this.sweeper =
        loops.group().scheduleWithFixedDelay(this::sweep, every, every, TimeUnit.MILLISECONDS);
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
      var exchange = new Exchange(request, pool.forwardProxy(), settings.maxResponseBytes());
      connection.send(exchange);
      Exchange.Result result;
      try {
        result = exchange.await(deadline - System.nanoTime());
      } catch (InterruptedException e) {
        connection.close();
        throw e;
      }
      switch (result) {
        case Exchange.Result.Response(var response) -> {
          return response;
        }
        case Exchange.Result.Failure(var why) -> throw why;
        case Exchange.Result.Stale() -> {}
        case null -> {
          connection.close();
          throw new HttpException(
              Reason.RESPONSE_TIMEOUT,
              request.origin()
                  + ": no complete response within "
                  + request.timeout().toMillis()
                  + " ms",
              null);
        }
      }
    }
  }

  private ConnectionPool pool(Origin origin) {
    return new ConnectionPool(origin, settings.proxies().proxyFor(origin), settings, connector);
  }

  private void sweep() {
    for (var pool : pools.values()) pool.sweep();
  }

  /** Ends all connections; what is in flight fails. */
  @Override
  public void close() {
    if (closed) return;
    closed = true;
    sweeper.cancel(false);
    for (var pool : pools.values()) pool.close();
    loops.close();
  }
}
