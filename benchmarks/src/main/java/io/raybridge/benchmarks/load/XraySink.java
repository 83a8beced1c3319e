package io.raybridge.benchmarks.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Answers PutTraceSegments as X-Ray does and counts what arrives, for measuring collectors: {@code
 * GET /stats} gives the counts, {@code GET /reset} clears them. Other AWS calls are answered with
 * an empty success.
 *
 * <p>It shares a core with the load generator, so it has to cost less than what it measures: one
 * thread for all connections, and bodies are looked at where they were read, not kept. (With a
 * thread and two buffers for each of some hundreds of connections it took 2 us a span, and a
 * collector that had work for 70 % of its core waited for it.)
 *
 * <p>Arguments: port, milliseconds to wait before each answer.
 */
public final class XraySink {
  private static final byte[] DONE = answer("{\"UnprocessedTraceSegments\":[]}");
  private static final byte[] EMPTY = answer("{}");
  private static final int LONGEST_HEAD = 1 << 16;

  private final byte[] buffer = new byte[1 << 20];
  private final ByteBuffer read = ByteBuffer.wrap(buffer);
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final Selector selector;
  private final long delay;
  private long documents;
  private long requests;
  private long bytes;
  private long lastMillis;

  private XraySink(Selector selector, Duration delay) {
    this.selector = selector;
    this.delay = delay.toNanos();
  }

  public static void main(String[] args) throws IOException {
    var delay = Duration.ofMillis(args.length > 1 ? Long.parseLong(args[1]) : 0);
    try (var server = ServerSocketChannel.open();
        var selector = Selector.open()) {
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.bind(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 1024);
      server.configureBlocking(false);
      server.register(selector, SelectionKey.OP_ACCEPT);
      new XraySink(selector, delay).run(server);
    }
  }

  /** An answer, all requests of which wait as long: the first one to come is the first to go. */
  private record Waiting(long due, Connection connection, int length) {}

  private void run(ServerSocketChannel server) throws IOException {
    while (true) {
      var next = waiting.peek();
      if (next == null) {
        selector.select(key -> ready(key, server));
      } else {
        long left = next.due - System.nanoTime();
        if (left > 0) selector.select(key -> ready(key, server), 1 + left / 1_000_000);
        else selector.selectNow(key -> ready(key, server));
      }
      long now = System.nanoTime();
      while (!waiting.isEmpty() && waiting.element().due - now <= 0) {
        var due = waiting.remove();
        due.connection.done(due.length);
      }
    }
  }

  private void ready(SelectionKey key, ServerSocketChannel server) {
    try {
      if (key.attachment() instanceof Connection connection) {
        connection.read(key);
      } else {
        SocketChannel accepted = server.accept();
        if (accepted == null) return;
        accepted.configureBlocking(false);
        accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
        accepted.register(selector, SelectionKey.OP_READ, new Connection(accepted));
      }
    } catch (IOException e) {
      // The collector hung up: that is how each connection ends.
      close(key);
    }
  }

  private static void close(SelectionKey key) {
    key.cancel();
    try {
      key.channel().close();
    } catch (IOException _) {
      // Closed is what it was to become.
    }
  }

  /** What has come of the current request of one connection. */
  private final class Connection {
    private final SocketChannel channel;
    private final Counter counter = new Counter();
    private byte @Nullable [] beginOfHead;
    private String target = "";
    private int length;
    private int left;

    Connection(SocketChannel channel) {
      this.channel = channel;
    }

    void read(SelectionKey key) throws IOException {
      int from = 0;
      if (beginOfHead != null) {
        from = beginOfHead.length;
        System.arraycopy(beginOfHead, 0, buffer, 0, from);
        beginOfHead = null;
      }
      read.clear().position(from);
      if (channel.read(read) < 0) {
        close(key);
        return;
      }
      take(0, read.position());
    }

    private void take(int from, int end) throws IOException {
      int at = from;
      while (at < end) {
        if (left == 0) {
          int body = head(at, end);
          if (body < 0) {
            beginOfHead = new byte[end - at];
            System.arraycopy(buffer, at, beginOfHead, 0, end - at);
            return;
          }
          at = body;
        }
        int here = Math.min(left, end - at);
        counter.add(buffer, at, at + here);
        at += here;
        left -= here;
        if (left == 0) respond();
      }
    }

    /** Reads a head; returns where the body begins, or -1 where the head's end has not come. */
    private int head(int from, int end) throws IOException {
      int at = from + 3;
      while (at < end && !(buffer[at] == '\n' && buffer[at - 2] == '\n')) at++;
      if (at >= end) {
        if (end - from > LONGEST_HEAD) throw new IOException("a head without end");
        return -1;
      }
      String head = new String(buffer, from, at - from, ISO_8859_1);
      target = head.substring(0, head.indexOf('\r'));
      length = contentLength(head);
      left = length;
      counter.clear();
      return at + 1;
    }

    private static int contentLength(String head) {
      int name = head.toLowerCase(Locale.ROOT).indexOf("\ncontent-length:");
      if (name < 0) return 0;
      int value = name + 16;
      return Integer.parseInt(head.substring(value, head.indexOf('\r', value)).strip());
    }

    private void respond() throws IOException {
      if (target.startsWith("GET /stats")) {
        send(
            answer(
                "{\"docs\":%d,\"requests\":%d,\"bytes\":%d,\"last_ms\":%d}"
                    .formatted(documents, requests, bytes, lastMillis)));
      } else if (target.startsWith("GET /reset")) {
        documents = 0;
        requests = 0;
        bytes = 0;
        send(EMPTY);
      } else if (!target.startsWith("POST /TraceSegments")) {
        send(EMPTY);
      } else if (delay == 0) {
        done(length);
      } else {
        waiting.add(new Waiting(System.nanoTime() + delay, this, length));
      }
    }

    /** Counts the request and answers it, unless the collector did not wait for that. */
    private void done(int bodyLength) {
      documents += counter.found;
      requests++;
      bytes += bodyLength;
      lastMillis = System.currentTimeMillis();
      try {
        send(DONE);
      } catch (IOException e) {
        // It hung up, which the next read says, too.
      }
    }

    private void send(byte[] answer) throws IOException {
      if (channel.write(ByteBuffer.wrap(answer)) < answer.length) {
        throw new IOException("the collector does not read its answers");
      }
    }
  }

  /**
   * Counts the documents of a body by how each begins: a quote, and then a brace. Within a document
   * each quote has a backslash before it.
   */
  private static final class Counter {
    private static final VarHandle LONGS =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;
    private static final long BRACES = ONES * '{';

    private int found;
    private byte last;
    private byte beforeLast;

    void clear() {
      found = 0;
      last = 0;
      beforeLast = 0;
    }

    /** Goes on with what came next. */
    void add(byte[] bytes, int from, int end) {
      int at = from;
      for (; at < end && at < from + 2; at++) one(bytes[at]);
      // Eight bytes at once are passed over where none is a brace, which is most of them.
      for (; at + 8 <= end; at += 8) {
        long other = (long) LONGS.get(bytes, at) ^ BRACES;
        long braces = (other - ONES) & ~other & TOPS;
        if (braces == 0) continue;
        for (int i = at; i < at + 8; i++) {
          if (bytes[i] == '{' && bytes[i - 1] == '"' && bytes[i - 2] != '\\') found++;
        }
      }
      if (at > from + 2) {
        last = bytes[at - 1];
        beforeLast = bytes[at - 2];
      }
      for (; at < end; at++) one(bytes[at]);
    }

    private void one(byte next) {
      if (next == '{' && last == '"' && beforeLast != '\\') found++;
      beforeLast = last;
      last = next;
    }
  }

  private static byte[] answer(String json) {
    return ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
            + json.length()
            + "\r\n\r\n"
            + json)
        .getBytes(US_ASCII);
  }
}
