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
  private final Set<Connection> busy = new HashSet<>();
  private int connecting;
  private boolean closed;

  ConnectionPool(
      Origin origin, @Nullable Proxy proxy, HttpClientSettings settings, Connector connector) {
    this.origin = origin;
    this.proxy = proxy;
    this.settings = settings;
    this.connector = connector;
  }

  /** A connection for one exchange: an idle one, a new one, or the first that becomes free. */
  Connection take(long deadline) throws HttpException, InterruptedException {
    while (true) {
      var connection = idleOrPlace(deadline);
      if (connection == null) return connect(deadline);
      if (!connection.stale(System.nanoTime())) return connection;
      give(connection, false);
    }
  }

  /** An idle connection, or null for a place in which to open one. */
  private @Nullable Connection idleOrPlace(long deadline)
      throws HttpException, InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        if (closed) throw new HttpException(Reason.CLOSED, "this client is closed", null);
        var connection = idle.pollLast();
        if (connection != null) {
          busy.add(connection);
          return connection;
        }
        if (busy.size() + connecting < settings.maxConnections()) {
          connecting++;
          return null;
        }
        if (available.awaitNanos(deadline - System.nanoTime()) <= 0) throw allBusy();
      }
    } finally {
      lock.unlock();
    }
  }

  private Connection connect(long deadline) throws HttpException, InterruptedException {
    Connection connection = null;
    try {
      connection = connector.open(origin, proxy, deadline);
      return connection;
    } finally {
      lock.lock();
      try {
        connecting--;
        if (connection == null) available.signal();
        else busy.add(connection);
        if (closed && connection != null) connection.close();
      } finally {
        lock.unlock();
      }
    }
  }

  private HttpException allBusy() {
    return new HttpException(
        Reason.BUSY,
        origin + ": all " + settings.maxConnections() + " connections were busy for the whole time",
        null);
  }

  /** Takes back a connection, to be used again or to end. */
  void give(Connection connection, boolean reusable) {
    lock.lock();
    try {
      busy.remove(connection);
      if (reusable && !closed) {
        connection.idleSince = System.nanoTime();
        idle.addLast(connection);
      } else {
        connection.close();
      }
      available.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Closes connections that nobody has used for the idle time. */
  void sweep(long now) {
    lock.lock();
    try {
      while (!idle.isEmpty()
          && now - idle.getFirst().idleSince > settings.idleTimeout().toNanos()) {
        idle.removeFirst().close();
      }
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      for (var connection : idle) connection.close();
      for (var connection : busy) connection.close();
      idle.clear();
      available.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
