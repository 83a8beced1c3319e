package io.raybridge.transport;

import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.ThrottledLog;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes datagrams on a thread of its own, which does nothing but empty the socket: what it does not
 * fetch in time the kernel throws away.
 */
public final class UdpServer {
  private static final int LARGEST = 64 << 10;

  /**
   * What is fetched before any of it is looked at: to turn from the kernel to the bytes and back
   * for each datagram costs as much as to look at it.
   */
  private static final int AT_ONCE = 4 * LARGEST;

  private static final int MOST_AT_ONCE = 128;
  private static final int WANTED_BUFFER = 8 << 20;

  /**
   * Under load the socket is left alone for a while before it is emptied again: to be woken for
   * each datagram costs more than to take it. For each byte that the kernel keeps it is a
   * nanosecond, in which even a sender that does nothing else brings no more than about two bytes,
   * and the kernel keeps twice of what it was asked for; and no longer than this.
   */
  private static final long LONGEST_NAP_NANOS = 4_000_000;

  /** From so many datagrams a nap on; 1,000 a second where the wanted buffer was granted. */
  private static final int WORTH_A_NAP = 4;

  private final DatagramChannel channel;
  private final Selector selector;
  private final Handler handler;
  private final long gatherNanos;
  private final long napNanos;
  private final ThrottledLog log;
  private final Thread thread;
  private final SocketDrops drops;
  private volatile boolean stopping;
  // Of the server's thread alone.
  private boolean gathered;
  private long due;

  /** What is done with datagrams, on the server's thread. */
  public interface Handler {
    /**
     * Takes one.
     *
     * @param bytes hold its content, and are used again for other ones
     * @return whether anything is gathered now, for {@link #flush} to hand on
     */
    boolean take(byte[] bytes, int offset, int length);

    /** Hands on what was gathered: its time has come, or nothing follows. */
    void flush();
  }

  private UdpServer(
      DatagramChannel channel,
      Selector selector,
      Context context,
      String protocol,
      Duration gather,
      Handler handler)
      throws IOException {
    this.channel = channel;
    this.selector = selector;
    this.handler = handler;
    gatherNanos = gather.toNanos();
    napNanos = Math.min(LONGEST_NAP_NANOS, receiveBuffer());
    log = new ThrottledLog(context.log(), context.clock());
    drops = new SocketDrops((InetSocketAddress) channel.getLocalAddress());
    thread = Thread.ofPlatform().name(context.id() + " " + protocol).unstarted(this::run);
  }

  /**
   * Opens the port and serves from then on.
   *
   * @param gather how long after a datagram {@link Handler#flush} follows at the latest
   * @throws IOException when the port cannot be had; says which and why
   */
  public static UdpServer start(
      Context context, String protocol, String endpoint, Duration gather, Handler handler)
      throws IOException {
    var where = Endpoint.parse(endpoint);
    var address = where.address(protocol);
    // A socket of the address's own family is the one that the kernel lists under that address.
    boolean four = where.host().isEmpty() || address.getAddress() instanceof Inet4Address;
    var channel =
        where.host().isEmpty()
            ? DatagramChannel.open()
            : DatagramChannel.open(
                four ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.SO_RCVBUF, WANTED_BUFFER);
      channel.bind(address);
      var selector = Selector.open();
      channel.register(selector, SelectionKey.OP_READ);
      var server = new UdpServer(channel, selector, context, protocol, gather, handler);
      server.tellBuffer(context, protocol);
      server.thread.start();
      return server;
    } catch (IOException e) {
      channel.close();
      throw where.cannotListen(protocol, e);
    }
  }

  private void tellBuffer(Context context, String protocol) throws IOException {
    int granted = receiveBuffer();
    context
        .telemetry()
        .gauge(
            "otelcol_raybridge_udp_receive_buffer_bytes",
            "By",
            "Bytes that the kernel keeps for datagrams which have not been fetched yet.",
            () -> granted,
            "protocol",
            protocol);
    if (granted >= WANTED_BUFFER) return;
    context.log().log(
        Level.INFO,
        "{0}: the kernel keeps {1} bytes for datagrams (asked for {2}; net.core.rmem_max allows no"
            + " more)",
        protocol,
        Integer.toString(granted),
        Integer.toString(WANTED_BUFFER));
  }

  /** The port listened on; of interest when the endpoint left the choice to the system. */
  public int port() {
    try {
      var address = (InetSocketAddress) channel.getLocalAddress();
      return address == null ? 0 : address.getPort();
    } catch (IOException e) {
      return 0;
    }
  }

  /** Bytes that the kernel keeps for datagrams. */
  int receiveBuffer() throws IOException {
    return channel.getOption(StandardSocketOptions.SO_RCVBUF);
  }

  /**
   * Datagrams that the kernel has thrown away for want of room since the socket was opened, by its
   * own count; 0 where it does not tell.
   */
  public long droppedByKernel() {
    return drops.count();
  }

  /** Fetches what has arrived, and closes the port. */
  public void stop(Deadline deadline) throws InterruptedException {
    stopping = true;
    selector.wakeup();
    LockSupport.unpark(thread);
    var left = deadline.left();
    if (left.isPositive()) {
      boolean _ = thread.join(left);
    }
    drops.close();
    try {
      channel.close();
      selector.close();
    } catch (IOException e) {
      // nothing is waited for from this socket any more
    }
  }

  private void run() {
    var buffer = ByteBuffer.allocateDirect(AT_ONCE);
    var bytes = new byte[AT_ONCE];
    var ends = new int[MOST_AT_ONCE];
    int sinceEmpty = 0;
    long emptyAt = System.nanoTime();
    while (channel.isOpen()) {
      try {
        int count = receive(buffer, ends);
        if (count > 0) {
          sinceEmpty += count;
          buffer.get(0, bytes, 0, ends[count - 1]);
          take(bytes, ends, count);
        }
        long now = System.nanoTime();
        if (gathered && (due - now <= 0 || (count == 0 && stopping))) {
          gathered = false;
          handler.flush();
        } else if (count == 0) {
          if (stopping) return;
          boolean busy = sinceEmpty * napNanos > WORTH_A_NAP * (now - emptyAt);
          sinceEmpty = 0;
          emptyAt = now;
          long left = gathered ? due - now : Long.MAX_VALUE;
          if (busy) {
            LockSupport.parkNanos(Math.min(napNanos, left));
          } else {
            await(left);
          }
        }
      } catch (IOException e) {
        if (channel.isOpen()) log.log(Level.WARNING, "udp", () -> "cannot receive: " + e);
      } catch (RuntimeException e) {
        log.log(Level.ERROR, "bug", () -> "datagrams were lost by a bug: " + e);
      }
    }
  }

  /** Fetches what has arrived, as far as there is room; says where each datagram ends. */
  private int receive(ByteBuffer buffer, int[] ends) throws IOException {
    buffer.clear();
    int count = 0;
    while (count < ends.length && buffer.remaining() >= LARGEST) {
      if (channel.receive(buffer) == null) break;
      ends[count++] = buffer.position();
    }
    return count;
  }

  private void take(byte[] bytes, int[] ends, int count) {
    int from = 0;
    long now = System.nanoTime();
    for (int i = 0; i < count; i++) {
      try {
        boolean before = gathered;
        gathered = handler.take(bytes, from, ends[i] - from);
        if (gathered && !before) due = now + gatherNanos;
      } catch (RuntimeException e) {
        // One datagram, however made, must not close the port for all others.
        log.log(Level.ERROR, "bug", () -> "a datagram was lost by a bug: " + e);
      }
      from = ends[i];
    }
  }

  private void await(long nanos) throws IOException {
    if (nanos == Long.MAX_VALUE) {
      int _ = selector.select();
    } else {
      int _ = selector.select(Math.max(1, nanos / 1_000_000));
    }
    selector.selectedKeys().clear();
  }
}
