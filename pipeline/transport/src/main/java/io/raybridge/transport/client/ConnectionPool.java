package io.raybridge.transport.client;

import io.raybridge.transport.client.HttpException.Reason;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one origin: the most recently used is given out first, so that those that are
 * not needed grow idle and end.
 */
final class ConnectionPool {
  private final Origin origin;
  private final @Nullable Proxy proxy;
  private final HttpClientSettings settings;
  private final Connector connector;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition available = lock.newCondition();
  private final ArrayDeque<Connection> idle = new ArrayDeque<>();
  private final Set<Connection> open = new HashSet<>();
  private int connecting;
  private boolean closed;

  ConnectionPool(
      Origin origin, @Nullable Proxy proxy, HttpClientSettings settings, Connector connector) {
    this.origin = origin;
    this.proxy = proxy;
    this.settings = settings;
    this.connector = connector;
  }

  /** The proxy that plain requests of this origin name it to, or null. */
  @Nullable Proxy forwardProxy() {
    return origin.tls() ? null : proxy;
  }

  /** A connection for one exchange: an idle one, a new one, or the first that becomes free. */
  Connection take(long deadline) throws HttpException, InterruptedException {
    lock.lock();
    try {
      while (true) {
        if (closed) throw new HttpException(Reason.CLOSED, "this client is closed", null);
        var connection = idle.pollLast();
        if (connection != null) {
          if (connection.alive() && !tooOld(connection, System.nanoTime())) return connection;
          connection.close();
          continue;
        }
        if (open.size() + connecting < settings.maxConnections()) break;
        if (available.awaitNanos(deadline - System.nanoTime()) <= 0) throw busy();
      }
      connecting++;
    } finally {
      lock.unlock();
    }
    return connect(deadline);
  }

  private Connection connect(long deadline) throws HttpException, InterruptedException {
    Connection connection = null;
    try {
      connection = connector.open(origin, proxy, deadline - System.nanoTime(), this::free);
    } finally {
      lock.lock();
      try {
        connecting--;
        if (connection == null) available.signal();
        else if (closed) connection.close();
        else open.add(connection);
      } finally {
        lock.unlock();
      }
    }
    var made = connection;
    made.channel().closeFuture().addListener(_ -> ended(made));
    return made;
  }

  private HttpException busy() {
    return new HttpException(
        Reason.BUSY,
        origin + ": all " + settings.maxConnections() + " connections were busy for the whole time",
        null);
  }

  /** Called on the connection's event loop after a complete response. */
  private void free(Connection connection) {
    lock.lock();
    try {
      connection.idleSince = System.nanoTime();
      idle.addLast(connection);
      available.signal();
    } finally {
      lock.unlock();
    }
  }

  private void ended(Connection connection) {
    lock.lock();
    try {
      open.remove(connection);
      idle.remove(connection);
      available.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Closes connections that nobody has used for the idle time. */
  void sweep() {
    long now = System.nanoTime();
    lock.lock();
    try {
      while (!idle.isEmpty() && tooOld(idle.getFirst(), now)) idle.removeFirst().close();
    } finally {
      lock.unlock();
    }
  }

  private boolean tooOld(Connection connection, long now) {
    return now - connection.idleSince > settings.idleTimeout().toNanos();
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      for (var connection : open) connection.close();
      available.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
