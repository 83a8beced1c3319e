package io.raybridge.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** Speaks HTTP byte by byte, so that it can be done wrong. */
final class RawClient implements AutoCloseable {
  private final Socket socket;

  RawClient(int port) throws IOException {
    socket = new Socket("localhost", port);
    socket.setSoTimeout(30_000);
    socket.setTcpNoDelay(true);
  }

  RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Closes its half of the connection: no more requests. */
  void saidAll() throws IOException {
    socket.shutdownOutput();
  }

  /** Reads one response: its header, and as much body as Content-Length says. */
  String response() throws IOException {
    String header = until("\r\n\r\n");
    int length = 0;
    for (String line : header.split("\r\n")) {
      if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    return header + new String(socket.getInputStream().readNBytes(length), StandardCharsets.UTF_8);
  }

  /** Whether the server closes the connection without sending more. */
  boolean closed() throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  /** Reads until the server closes the connection; tells how many bytes came. */
  long readToEnd() throws IOException {
    byte[] buffer = new byte[64 * 1024];
    long length = 0;
    try {
      for (int read; (read = socket.getInputStream().read(buffer)) >= 0; ) {
        length += read;
      }
    } catch (SocketException reset) {
      return length;
    }
    return length;
  }

  private String until(String end) throws IOException {
    InputStream in = socket.getInputStream();
    var read = new ByteArrayOutputStream();
    while (true) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed after: " + read.toString(StandardCharsets.ISO_8859_1));
      }
      read.write(next);
      String text = read.toString(StandardCharsets.ISO_8859_1);
      if (text.endsWith(end)) {
        return text;
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
