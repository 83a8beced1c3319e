package io.raybridge.benchmarks.load;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Answers PutTraceSegments as X-Ray does and counts what arrives, for measuring collectors: {@code
 * GET /stats} gives the counts, {@code GET /reset} clears them. Other AWS calls are answered with
 * an empty success.
 *
 * <p>Arguments: port, milliseconds to wait before each answer.
 */
public final class XraySink {
  private static final byte[] DONE = answer("{\"UnprocessedTraceSegments\":[]}");
  private static final byte[] EMPTY = answer("{}");

  private final AtomicLong documents = new AtomicLong();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong lastMillis = new AtomicLong();
  private final Duration delay;

  private XraySink(Duration delay) {
    this.delay = delay;
  }

  public static void main(String[] args) throws IOException {
    var sink = new XraySink(Duration.ofMillis(args.length > 1 ? Long.parseLong(args[1]) : 0));
    try (var server = new ServerSocket()) {
      server.setReuseAddress(true);
      server.bind(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 1024);
      while (true) {
        Socket connection = server.accept();
        Thread.startVirtualThread(() -> sink.serve(connection));
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      var in = new BufferedInputStream(connection.getInputStream(), 1 << 16);
      OutputStream out = connection.getOutputStream();
      byte[] body = new byte[1 << 17];
      var line = new StringBuilder(128);
      while (true) {
        String request = readLine(in, line);
        int length = 0;
        for (String header = readLine(in, line); !header.isEmpty(); header = readLine(in, line)) {
          if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
            length = Integer.parseInt(header.substring(15).strip());
          }
        }
        if (body.length < length) {
          body = new byte[length];
        }
        if (in.readNBytes(body, 0, length) < length) {
          return;
        }
        out.write(respond(request, body, length));
      }
    } catch (IOException | InterruptedException e) {
      // The collector hung up: that is how each connection ends.
    }
  }

  private byte[] respond(String request, byte[] body, int length) throws InterruptedException {
    if (request.startsWith("GET /stats")) {
      return answer(
          "{\"docs\":%d,\"requests\":%d,\"bytes\":%d,\"last_ms\":%d}"
              .formatted(documents.get(), requests.get(), bytes.get(), lastMillis.get()));
    }
    if (request.startsWith("GET /reset")) {
      documents.set(0);
      requests.set(0);
      bytes.set(0);
      return EMPTY;
    }
    if (!request.startsWith("POST /TraceSegments")) {
      return EMPTY;
    }
    if (!delay.isZero()) {
      Thread.sleep(delay);
    }
    documents.addAndGet(count(body, length));
    requests.incrementAndGet();
    bytes.addAndGet(length);
    lastMillis.set(System.currentTimeMillis());
    return DONE;
  }

  /**
   * Counts documents: inside one every quote is escaped, so {@code ","} stands only between two.
   */
  static int count(byte[] body, int length) {
    int found = 0;
    boolean any = false;
    for (int i = 2; i < length; i++) {
      if (body[i - 1] == ',' && body[i] == '"' && body[i - 2] == '"') {
        found++;
      } else if (body[i] == '"' && body[i - 1] == '[') {
        any = true;
      }
    }
    return any ? found + 1 : 0;
  }

  private static String readLine(InputStream in, StringBuilder line) throws IOException {
    line.setLength(0);
    while (true) {
      int c = in.read();
      if (c < 0) {
        throw new EOFException();
      }
      if (c == '\n') {
        return line.toString();
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
  }

  private static byte[] answer(String json) {
    return ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
            + json.length()
            + "\r\n\r\n"
            + json)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
