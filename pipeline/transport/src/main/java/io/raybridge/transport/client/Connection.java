package io.raybridge.transport.client;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.raybridge.transport.client.HttpException.Reason;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection, with at most one exchange on it. Ends at the first thing that is not as HTTP
 * says. All state belongs to its event loop, but for {@link #idleSince}, which belongs to the
 * pool's lock.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what comes of a write or close shows in the channel
final class Connection extends ChannelInboundHandlerAdapter {
  private final Channel channel;
  private final Consumer<Connection> free;
  private @Nullable Exchange exchange;
  private boolean sent;
  private boolean keep;
  private boolean interim;
  private boolean used;
  long idleSince;

  /**
   * @param free called on the event loop when the connection can take another exchange
   */
  Connection(Channel channel, Consumer<Connection> free) {
    this.channel = channel;
    this.free = free;
  }

  Channel channel() {
    return channel;
  }

  boolean alive() {
    return channel.isActive();
  }

  void close() {
    channel.close();
  }

  /** Sends a request; the answer comes through the exchange. */
  void send(Exchange next) {
    channel.eventLoop().execute(() -> begin(next));
  }

  private void begin(Exchange next) {
    if (!channel.isActive()) {
      if (used) next.stale();
      else next.fail(closedAtOnce(next));
      return;
    }
    used = true;
    exchange = next;
    sent = false;
    var parts = next.request.body();
    int last = parts.size() - 1;
    if (last < 0) {
      channel.write(next.head(channel.alloc())).addListener(sentOrFailed(next));
    } else {
      channel.write(next.head(channel.alloc()), channel.voidPromise());
      for (int i = 0; i < last; i++) {
        var part = parts.get(i);
        var bytes = Unpooled.wrappedBuffer(part.array(), part.offset(), part.length());
        channel.write(bytes, channel.voidPromise());
      }
      var part = parts.get(last);
      channel
          .write(Unpooled.wrappedBuffer(part.array(), part.offset(), part.length()))
          .addListener(sentOrFailed(next));
    }
    channel.flush();
  }

  private static HttpException closedAtOnce(Exchange of) {
    return new HttpException(
        Reason.RESET, of.request.origin() + ": the server closed the new connection at once", null);
  }

  private ChannelFutureListener sentOrFailed(Exchange of) {
    return future -> {
      if (exchange != of) return;
      if (future.isSuccess()) sent = true;
      else fail(Reason.RESET, "the connection broke while the request was sent", future.cause());
    };
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (exchange == null) {
        channel.close(); // nobody asked: whatever the server means, this connection is not in step
        return;
      }
      read((HttpObject) message, exchange);
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void read(HttpObject message, Exchange of) {
    if (message.decoderResult().isFailure()) {
      malformed(message.decoderResult().cause());
      return;
    }
    if (message instanceof io.netty.handler.codec.http.HttpResponse head) {
      int status = head.status().code();
      interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
      if (status == 101) {
        fail(Reason.MALFORMED, "the server changed the protocol, which nobody had asked for", null);
        return;
      }
      if (interim) return;
      keep = HttpUtil.isKeepAlive(head);
      var headers = new Headers();
      for (var fields = head.headers().iteratorAsString(); fields.hasNext(); ) {
        var field = fields.next();
        headers.addReceived(field.getKey(), field.getValue());
      }
      of.begin(status, headers);
    }
    if (!(message instanceof HttpContent content) || interim) return;
    if (!of.append(content.content())) {
      keep = false;
      finish(of, true);
    } else if (message instanceof LastHttpContent) {
      finish(of, false);
    }
  }

  private void finish(Exchange of, boolean truncated) {
    exchange = null;
    // A server that answers before it has read everything may not read the rest.
    if (keep && sent) free.accept(this);
    else channel.close();
    of.complete(truncated);
  }

  private void malformed(Throwable cause) {
    boolean large =
        cause instanceof TooLongHttpHeaderException || cause instanceof TooLongHttpLineException;
    if (large) fail(Reason.TOO_LARGE, "the response's header is larger than 64 KiB", cause);
    else
      fail(Reason.MALFORMED, "what the server sent is not HTTP/1.1: " + cause.getMessage(), cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (exchange == null) return;
    boolean begun = exchange.begun();
    fail(
        Reason.RESET,
        begun
            ? "the server closed the connection in the middle of its response"
            : "the server closed the connection without a response",
        null);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail(Reason.RESET, "the connection broke: " + cause.getMessage(), cause);
    channel.close();
  }

  private void fail(Reason reason, String what, @Nullable Throwable cause) {
    var failed = exchange;
    exchange = null;
    channel.close();
    if (failed != null) {
      failed.fail(new HttpException(reason, failed.request.origin() + ": " + what, cause));
    }
  }
}
