package io.raybridge.transport;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads that all sockets of this process share. They only move bytes, so one for two cores is
 * enough. They exist while somebody uses them; for use inside transport only.
 */
public final class EventLoops implements AutoCloseable {
  private static final Object LOCK = new Object();
  private static @Nullable EventLoopGroup shared;
  private static int users;

  private final EventLoopGroup group;
  private boolean closed;

  private EventLoops(EventLoopGroup group) {
    this.group = group;
  }

  /** Takes part in the shared threads until closed. */
  public static EventLoops acquire() {
    synchronized (LOCK) {
      if (shared == null) {
        shared =
            new MultiThreadIoEventLoopGroup(
                Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                new DefaultThreadFactory("raybridge-io", true),
                NioIoHandler.newFactory());
        // Where nothing is scheduled Netty wakes each second to see whether something is.
        for (var loop : shared) {
          var _ = loop.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.HOURS);
        }
      }
      users++;
      return new EventLoops(shared);
    }
  }

  /** The threads. */
  public EventLoopGroup group() {
    return group;
  }

  /** Gives back this part; the last one ends the threads. */
  @Override
  public void close() {
    synchronized (LOCK) {
      if (closed) return;
      closed = true;
      if (--users > 0) return;
      shared = null;
    }
    var ended = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    ended.awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
