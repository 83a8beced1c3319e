package io.raybridge.transport.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/** A server whose every byte a test decides, so that it can do what no sound server does. */
final class RawServer implements AutoCloseable {
  interface Script {
    void run(Connection connection) throws IOException, InterruptedException;
  }

  final List<String> requests = new CopyOnWriteArrayList<>();
  final AtomicInteger connections = new AtomicInteger();
  private final ServerSocket server;
  private final boolean tls;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  RawServer(Script script) {
    this(ServerSocketFactory.getDefault(), false, script);
  }

  RawServer(ServerSocketFactory factory, boolean tls, Script script) {
    this.tls = tls;
    try {
      server = factory.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    Thread.ofVirtual().start(() -> accept(script));
  }

  Origin origin() {
    return Origin.of(
        URI.create((tls ? "https" : "http") + "://localhost:" + server.getLocalPort()));
  }

  private void accept(Script script) {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        sockets.add(socket);
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket, script));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket, Script script) {
    try (socket) {
      script.run(new Connection(socket, socket.getInputStream(), socket.getOutputStream()));
    } catch (IOException | InterruptedException e) {
      // the client went away, or the test is over
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (var socket : sockets) socket.close();
  }

  final class Connection {
    final Socket socket;
    final InputStream in;
    final OutputStream out;

    Connection(Socket socket, InputStream in, OutputStream out) {
      this.socket = socket;
      this.in = in;
      this.out = out;
    }

    /** Reads a whole request and remembers it; false when the client closed instead. */
    boolean request() throws IOException {
      var bytes = new ByteArrayOutputStream();
      while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        int b = in.read();
        if (b < 0) return false;
        bytes.write(b);
      }
      for (var line : bytes.toString(StandardCharsets.ISO_8859_1).split("\r\n")) {
        if (!line.startsWith("content-length: ")) continue;
        bytes.write(in.readNBytes(Integer.parseInt(line.substring(16))));
      }
      requests.add(bytes.toString(StandardCharsets.ISO_8859_1));
      return true;
    }

    void send(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    void ok(String body) throws IOException {
      send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /** Ends the connection as a crash would: by a reset. */
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    void hang() throws IOException {
      while (in.read() >= 0) {
        // until the client gives up
      }
    }
  }
}
