package io.raybridge.transport.client;

import io.raybridge.transport.client.HttpException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One connection, in the hands of one caller at a time. Ends at the first thing that is not as HTTP
 * says, or when its caller's time is up.
 */
final class Connection {
  private static final long FRESH_NANOS = 1_000_000_000;

  private final Wire wire;
  private final @Nullable Proxy forwardProxy;
  private final ResponseReader reader;
  private final RequestHead head = new RequestHead();
  private final Overdue.Guard guard;
  private boolean used;
  long idleSince;

  /**
   * @param forwardProxy the proxy that is given the whole URL, for plain HTTP; null without one
   */
  Connection(Wire wire, @Nullable Proxy forwardProxy, int maxBody, Overdue.Guard guard) {
    this.wire = wire;
    this.forwardProxy = forwardProxy;
    this.reader = new ResponseReader(wire, maxBody);
    this.guard = guard;
  }

  /** The server had ended the connection before anything was sent: another one may be tried. */
  static final class StaleException extends Exception {
    private static final long serialVersionUID = 1;
  }

  /** Sends a request and reads its response. After an exception the connection is closed. */
  HttpResponse exchange(HttpRequest request, long deadline)
      throws HttpException, StaleException, InterruptedException {
    guard.arm(deadline);
    boolean sent = false;
    try {
      head.write(request, forwardProxy);
      wire.write(head.bytes(), head.length(), request.body());
      sent = true;
      return reader.read();
    } catch (IOException e) {
      close();
      if (Thread.interrupted()) throw new InterruptedException();
      if (guard.late()) throw late(request);
      if (!sent && used && wire.written() == 0) throw new StaleException();
      throw failure(request, e, sent);
    } finally {
      guard.disarm();
      used = true;
    }
  }

  private static HttpException late(HttpRequest request) {
    return new HttpException(
        Reason.RESPONSE_TIMEOUT,
        request.origin() + ": no complete response within " + request.timeout().toMillis() + " ms",
        null);
  }

  private HttpException failure(HttpRequest request, IOException why, boolean sent) {
    var where = request.origin() + ": ";
    return switch (why) {
      case ResponseReader.MalformedException e ->
          new HttpException(
              Reason.MALFORMED,
              where + "what the server sent is not HTTP/1.1: " + e.getMessage(),
              e);
      case ResponseReader.TooLargeException e ->
          new HttpException(
              Reason.TOO_LARGE, where + "the response's header is larger than 64 KiB", e);
      case EOFException e ->
          new HttpException(
              Reason.RESET,
              reader.begun()
                  ? where + "the server closed the connection in the middle of its response"
                  : where + "the server closed the connection without a response",
              e);
      default ->
          new HttpException(
              Reason.RESET,
              where
                  + (sent ? "the connection broke" : "the connection broke while sending")
                  + ": "
                  + why.getMessage(),
              why);
    };
  }

  /** Whether another request may follow the last response. */
  boolean reusable() {
    return reader.keep() && wire.channel().isOpen();
  }

  /**
   * Whether the server has ended the connection, or sent what nobody asked for, while it was idle.
   * Looked at only after a second, since it costs four system calls.
   */
  boolean stale(long now) {
    if (now - idleSince < FRESH_NANOS) return false;
    var channel = wire.channel();
    try {
      channel.configureBlocking(false);
      int read = channel.read(ByteBuffer.allocate(1));
      channel.configureBlocking(true);
      return read != 0;
    } catch (IOException e) {
      return true;
    }
  }

  void close() {
    guard.close();
  }
}
