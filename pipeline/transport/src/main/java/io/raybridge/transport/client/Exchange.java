package io.raybridge.transport.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way and what has come of its response. The caller waits on it; everything else
 * happens on the connection's event loop.
 */
final class Exchange {
  private static final byte[] EMPTY = new byte[0];
  private static final byte[] VERSION_AND_HOST =
      " HTTP/1.1\r\nhost: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CONTENT_LENGTH =
      "\r\ncontent-length: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  final HttpRequest request;
  private final @Nullable Proxy forwardProxy;
  private final int maxResponseBytes;
  private final CompletableFuture<Result> result = new CompletableFuture<>();

  private int status;
  private Headers headers = new Headers();
  private byte[] body = EMPTY;
  private int bodyLength;

  /**
   * @param forwardProxy the proxy that is given the whole URL, for plain HTTP; null without one
   */
  Exchange(HttpRequest request, @Nullable Proxy forwardProxy, int maxResponseBytes) {
    this.request = request;
    this.forwardProxy = forwardProxy;
    this.maxResponseBytes = maxResponseBytes;
  }

  /** What the caller gets. */
  sealed interface Result {
    record Response(HttpResponse response) implements Result {}

    record Failure(HttpException why) implements Result {}

    /** The connection had ended before anything was sent: another one may be tried. */
    record Stale() implements Result {}
  }

  /** Waits until the response is complete or nothing more can come of it; null after that time. */
  @Nullable Result await(long nanos) throws InterruptedException {
    try {
      return result.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The request up to the body. */
  ByteBuf head(ByteBufAllocator allocator) {
    var buffer = allocator.ioBuffer(512);
    ByteBufUtil.writeAscii(buffer, request.method());
    buffer.writeByte(' ');
    if (forwardProxy != null) ByteBufUtil.writeAscii(buffer, request.origin().toString());
    ByteBufUtil.writeAscii(buffer, request.target());
    buffer.writeBytes(VERSION_AND_HOST);
    ByteBufUtil.writeAscii(buffer, request.origin().authority());
    var fields = request.headers();
    for (int i = 0; i < fields.size(); i++) field(buffer, fields.name(i), fields.value(i));
    var authorization = forwardProxy == null ? null : forwardProxy.authorization();
    if (authorization != null) field(buffer, "proxy-authorization", authorization);
    if (!request.method().equals("GET")) {
      buffer.writeBytes(CONTENT_LENGTH);
      ByteBufUtil.writeAscii(buffer, Long.toString(request.contentLength()));
    }
    return buffer.writeBytes(END);
  }

  void begin(int status, Headers headers) {
    this.status = status;
    this.headers = headers;
  }

  boolean begun() {
    return status != 0;
  }

  /** Keeps a part of the body; false when it is more than is kept. */
  boolean append(ByteBuf part) {
    int length = Math.min(part.readableBytes(), maxResponseBytes - bodyLength);
    if (length > body.length - bodyLength) {
      body =
          Arrays.copyOf(
              body, Math.max(bodyLength + length, Math.min(maxResponseBytes, 2 * bodyLength)));
    }
    part.getBytes(part.readerIndex(), body, bodyLength, length);
    bodyLength += length;
    return length == part.readableBytes();
  }

  void complete(boolean truncated) {
    var bytes = bodyLength == body.length ? body : Arrays.copyOf(body, bodyLength);
    result.complete(new Result.Response(new HttpResponse(status, headers, bytes, truncated)));
  }

  void fail(HttpException why) {
    result.complete(new Result.Failure(why));
  }

  void stale() {
    result.complete(new Result.Stale());
  }

  private static void field(ByteBuf buffer, String name, String value) {
    buffer.writeShort('\r' << 8 | '\n');
    ByteBufUtil.writeAscii(buffer, name);
    buffer.writeShort(':' << 8 | ' ');
    ByteBufUtil.writeAscii(buffer, value);
  }
}
