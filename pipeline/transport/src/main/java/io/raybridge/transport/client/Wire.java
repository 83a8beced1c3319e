package io.raybridge.transport.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import javax.net.ssl.SSLSocket;

/**
 * The bytes of a connection, plain or by TLS. Blocks the calling thread, which should be a virtual
 * one; closing from another thread ends it.
 */
sealed interface Wire {
  /** Sends a request's head and body. */
  void write(byte[] head, int length, List<Slice> body) throws IOException;

  /** Reads what is there, at least one byte; -1 at the end. */
  int read(byte[] into, int offset, int length) throws IOException;

  /** How many bytes were sent by the last {@link #write}, whether or not it failed. */
  long written();

  /** What carries the bytes. */
  SocketChannel channel();

  /** Closes at once. */
  default void close() {
    try {
      channel().close();
    } catch (IOException e) {
      // it is gone either way
    }
  }

  /** A connection as it is. */
  final class Plain implements Wire {
    private final SocketChannel channel;
    private long written;

    Plain(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public void write(byte[] head, int length, List<Slice> body) throws IOException {
      written = 0;
      long left = length;
      var parts = new ByteBuffer[body.size() + 1];
      parts[0] = ByteBuffer.wrap(head, 0, length);
      for (int i = 0; i < body.size(); i++) {
        var part = body.get(i);
        parts[i + 1] = ByteBuffer.wrap(part.array(), part.offset(), part.length());
        left += part.length();
      }
      while (left > 0) {
        long sent = channel.write(parts); // head and body in one system call
        written += sent;
        left -= sent;
      }
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return channel.read(ByteBuffer.wrap(into, offset, length));
    }

    @Override
    public long written() {
      return written;
    }

    @Override
    public SocketChannel channel() {
      return channel;
    }
  }

  /** A connection inside of TLS. */
  final class Encrypted implements Wire {
    private final SocketChannel channel;
    private final SSLSocket socket;
    private long written;

    Encrypted(SocketChannel channel, SSLSocket socket) {
      this.channel = channel;
      this.socket = socket;
    }

    @Override
    public void write(byte[] head, int length, List<Slice> body) throws IOException {
      written = 0;
      var out = socket.getOutputStream();
      written = length; // a failure inside of TLS does not tell how much went out
      out.write(head, 0, length);
      for (int i = 0; i < body.size(); i++) {
        var part = body.get(i);
        out.write(part.array(), part.offset(), part.length());
      }
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return socket.getInputStream().read(into, offset, length);
    }

    @Override
    public long written() {
      return written;
    }

    @Override
    public SocketChannel channel() {
      return channel;
    }
  }
}
