package io.raybridge.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection. Takes requests one after the other by <a
 * href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112</a>, gathers each body into one array, and
 * hands to a worker what cannot be answered at once. Everything but {@link #work} runs on the
 * connection's event loop.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {
  private static final int FIRST_BUFFER = 256 * 1024;
  private static final int COST_OF_A_REQUEST = 4096;
  private static final Duration LINGER = Duration.ofSeconds(5);
  private static final long NEVER = Long.MAX_VALUE;

  private final HttpSettings settings;
  private final Channel channel;
  private final Queue<Object> early = new ArrayDeque<>(0);

  private State state = State.WAITING;
  private Request request;
  private boolean http10;
  private boolean keepAlive;
  private long expected;
  private byte[] body = Response.EMPTY;
  private int length;
  private MemoryBudget.Lease lease;
  private long startedAt;
  private @Nullable Future<?> timer;
  private ChannelFuture lastWrite;
  private boolean turnedAway;

  /** The client has closed its half of the connection, and may be waiting for its answers. */
  private boolean saidAll;

  /**
   * When this connection began to wait for its client, for other threads; NEVER while it has work.
   */
  private volatile long waitingSince;

  private enum State {
    /** Between requests, or within a header. */
    WAITING,
    /** Within a body. */
    RECEIVING,
    /** A worker has the request, or its answer is being written. */
    WORKING,
    /** Answered before the body was read; the rest is thrown away, then the connection closed. */
    DISCARDING
  }

  HttpConnection(HttpSettings settings, Channel channel) {
    this.settings = settings;
    this.channel = channel;
    this.lease = settings.budget.lease();
    this.lastWrite = channel.newSucceededFuture();
    this.request = noRequest(channel);
    this.waitingSince = System.nanoTime() - settings.openedAt;
  }

  /** When it began to wait for its client, in nanoseconds of the server; the largest for not. */
  long waitingSince() {
    return waitingSince;
  }

  /** There are too many connections, and this one does nothing. May be called by any thread. */
  void leave() {
    waitingSince = NEVER;
    channel
        .eventLoop()
        .execute(() -> {
          if (state != State.WORKING) close();
        });
  }

  /** There are too many connections, each of which has work: says so instead of serving. */
  void turnAway() {
    turnedAway = true;
  }

  /** Stands before the HTTP decoder and starts the clock of a header at its first byte. */
  ChannelInboundHandler firstByteWatch() {
    return new FirstByteWatch();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (turnedAway) {
      waitingSince = NEVER;
      refuse(
          settings
              .refuse(request, 503, "too many connections, come again")
              .with("Retry-After", "1"));
      return;
    }
    limit(settings.readHeader);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (state == State.WORKING) {
      // A client that does not wait for its answer: read no further until it has it.
      early.add(message);
      channel.config().setAutoRead(false);
      return;
    }
    accept(message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event != ChannelInputShutdownEvent.INSTANCE) return;
    saidAll = true;
    if (state == State.DISCARDING) {
      lastWrite.addListener(ChannelFutureListener.CLOSE);
    } else if (state != State.WORKING) {
      close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    stopTimer();
    while (!early.isEmpty()) {
      ReferenceCountUtil.release(early.poll());
    }
    if (state != State.WORKING) {
      lease.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof DecoderException && cause.getCause() instanceof SSLException) {
      settings.handshakeFailed(cause.getCause());
    } else {
      settings.log.log(Level.DEBUG, "connection broken", cause);
    }
    close();
  }

  /** A server that stops lets the current request finish, and no other begin. */
  void closeWhenIdle() {
    if (state == State.WAITING) {
      close();
    }
  }

  private void accept(Object message) {
    try {
      if (message instanceof HttpRequest head && state != State.DISCARDING) {
        begin(head);
      }
      if (message instanceof HttpContent content) {
        if (content.decoderResult().isFailure() && state == State.RECEIVING) {
          refuse(content.decoderResult().cause());
        }
        take(content.content());
        if (message instanceof LastHttpContent) {
          end();
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(HttpRequest head) {
    http10 = head.protocolVersion().equals(HttpVersion.HTTP_1_0);
    keepAlive = HttpUtil.isKeepAlive(head) && settings.keepAlives;
    body = Response.EMPTY;
    length = 0;
    expected = -1;
    lease = settings.budget.lease();
    state = State.RECEIVING;
    request = noRequest(channel);
    if (head.decoderResult().isFailure()) {
      refuse(head.decoderResult().cause());
      return;
    }
    if (!http10 && !head.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      refuse(505, head.protocolVersion() + " (expected: HTTP/1.1; gRPC has its own endpoint)");
      return;
    }
    try {
      request = read(head);
      expected = HttpUtil.getContentLength(head, -1L);
    } catch (IllegalArgumentException e) {
      refuse(400, "the request's target or Content-Length is malformed");
      return;
    }
    if (!http10 && request.header("Host") == null) {
      refuse(400, "the Host header is missing");
    } else if (expected > settings.config.maxRequestBodySize()) {
      refuse(413, settings.tooLarge());
    } else if (!lease.grow(COST_OF_A_REQUEST)) {
      refuseForNow();
    } else {
      limitBody();
      expectation(head);
    }
  }

  private void expectation(HttpRequest head) {
    String wish = head.headers().get(HttpHeaderNames.EXPECT);
    if (wish == null || http10) {
      return;
    }
    if (!wish.equalsIgnoreCase("100-continue")) {
      refuse(417, "Expect " + wish + " (expected: 100-continue)");
    } else if (expected != 0) {
      var _ =
          channel.writeAndFlush(
              new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    }
  }

  private void take(ByteBuf bytes) {
    int more = bytes.readableBytes();
    if (state != State.RECEIVING || more == 0) {
      return;
    }
    long total = (long) length + more;
    if (total > settings.config.maxRequestBodySize()) {
      refuse(413, settings.tooLarge());
      return;
    }
    if (total > body.length && !grow((int) total)) {
      refuseForNow();
      return;
    }
    bytes.readBytes(body, length, more);
    length += more;
  }

  /** A declared length is believed for the first buffer's worth; after that bytes must come. */
  private boolean grow(int atLeast) {
    long wanted =
        body.length == 0
            ? Math.max(atLeast, Math.min(Math.max(expected, 0), FIRST_BUFFER))
            : Math.max(atLeast, body.length * 2L);
    long most = expected >= 0 ? expected : settings.config.maxRequestBodySize();
    int capacity = (int) Math.max(atLeast, Math.min(wanted, most));
    if (!lease.grow(capacity - body.length)) {
      return false;
    }
    body = Arrays.copyOf(body, capacity);
    return true;
  }

  private void end() {
    if (state == State.DISCARDING) {
      lastWrite.addListener(ChannelFutureListener.CLOSE);
      return;
    }
    stopTimer();
    state = State.WORKING;
    waitingSince = NEVER;
    byte[] whole = length == body.length ? body : Arrays.copyOf(body, length);
    body = Response.EMPTY;
    Request complete = request.withBody(whole);
    MemoryBudget.Lease held = lease;
    switch (settings.begin(complete, held)) {
      case Response response -> respond(response, held);
      case Handler.Rest rest -> handOver(rest, held);
    }
  }

  private void handOver(Handler.Rest rest, MemoryBudget.Lease held) {
    try {
      settings.workers.execute(() -> work(rest, held));
    } catch (RejectedExecutionException e) {
      close();
    }
  }

  /** On the worker's own thread. */
  private void work(Handler.Rest rest, MemoryBudget.Lease held) {
    Response response = rest.answer();
    channel.eventLoop().execute(() -> respond(response, held));
  }

  private void respond(Response response, MemoryBudget.Lease held) {
    boolean more = keepAlive && !settings.stopping;
    limit(settings.write);
    write(response, more).addListener(future -> finished(held, more && future.isSuccess()));
  }

  private void finished(MemoryBudget.Lease held, boolean more) {
    held.close();
    if (!more || settings.stopping) {
      close();
      return;
    }
    state = State.WAITING;
    startedAt = 0;
    waitingSince = System.nanoTime() - settings.openedAt;
    limit(settings.idle);
    while (state != State.WORKING && !early.isEmpty()) {
      accept(early.remove());
    }
    if (saidAll && state != State.WORKING) {
      close();
    } else if (!channel.config().isAutoRead() && early.isEmpty()) {
      channel.config().setAutoRead(true);
    }
  }

  private ChannelFuture write(Response response, boolean more) {
    try {
      lastWrite = channel.writeAndFlush(encode(response, more));
    } catch (IllegalArgumentException e) {
      // Netty refuses header values that would split the response.
      settings.log.log(Level.ERROR, "a response had a header that HTTP cannot carry", e);
      lastWrite = channel.writeAndFlush(encode(Response.empty(500), more));
    }
    return lastWrite;
  }

  private DefaultFullHttpResponse encode(Response response, boolean more) {
    var headers = new DefaultHttpHeaders();
    for (Map.Entry<String, String> field : response.headers().entrySet()) {
      headers.set(field.getKey(), field.getValue());
    }
    headers.set(HttpHeaderNames.DATE, HttpDate.now());
    headers.set(HttpHeaderNames.CONTENT_LENGTH, response.body().length);
    if (!more) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (http10) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1,
        HttpResponseStatus.valueOf(response.status()),
        Unpooled.wrappedBuffer(response.body()),
        headers,
        DefaultHttpHeadersFactory.trailersFactory().newHeaders());
  }

  private void refuse(Throwable malformed) {
    if (malformed instanceof TooLongHttpLineException) {
      refuse(414, "the request line is longer than 16 KiB");
    } else if (malformed instanceof TooLongHttpHeaderException) {
      refuse(431, "the header is larger than 64 KiB");
    } else {
      refuse(400, "not a valid HTTP/1.1 request");
    }
  }

  private void refuseForNow() {
    refuse(settings.refuse(request, 429, settings.noRoom()).with("Retry-After", "1"));
  }

  private void refuse(int status, String message) {
    refuse(settings.refuse(request, status, message));
  }

  /** Lets the client read its answer before the connection goes: reads on for a while. */
  private void refuse(Response response) {
    state = State.DISCARDING;
    body = Response.EMPTY;
    lease.close();
    var _ = write(response, false);
    limit(LINGER);
  }

  private void limit(Duration time) {
    stopTimer();
    if (time.isPositive()) {
      timer = channel.eventLoop().schedule(this::tooSlow, time.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void limitBody() {
    stopTimer();
    if (settings.read.isPositive()) {
      limit(Duration.ofNanos(Math.max(1, startedAt + settings.read.toNanos() - System.nanoTime())));
    }
  }

  private void stopTimer() {
    Future<?> running = timer;
    if (running != null) {
      running.cancel(false);
      timer = null;
    }
  }

  private void tooSlow() {
    if (state == State.RECEIVING) {
      refuse(408, "the request did not arrive in time");
      lastWrite.addListener(ChannelFutureListener.CLOSE);
    } else {
      close();
    }
  }

  private void close() {
    var _ = channel.close();
  }

  private Request read(HttpRequest head) {
    String target = head.uri();
    if (target.startsWith("http://") || target.startsWith("https://")) {
      int slash = target.indexOf('/', target.indexOf("//") + 2);
      target = slash < 0 ? "/" : target.substring(slash);
    }
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    String query = question < 0 ? "" : target.substring(question + 1);
    if (path.indexOf('%') >= 0) {
      path = QueryStringDecoder.decodeComponent(path.replace("+", "%2B"));
    }
    return new Request(
        head.method().name(),
        path,
        query,
        new Headers(head.headers()),
        Response.EMPTY,
        remote(channel));
  }

  private static Request noRequest(Channel channel) {
    return new Request(
        "", "", "", new Headers(new DefaultHttpHeaders()), Response.EMPTY, remote(channel));
  }

  private static InetSocketAddress remote(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress address
        ? address
        : new InetSocketAddress(0);
  }

  private final class FirstByteWatch extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (state == State.WAITING && startedAt == 0) {
        startedAt = System.nanoTime();
        limit(settings.readHeader);
      }
      context.fireChannelRead(message);
    }
  }
}
