package io.raybridge.transport;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.raybridge.api.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A gRPC client for unary methods that take and give bytes, made for virtual threads: {@link #call}
 * blocks until the answer is there.
 */
public final class GrpcClient implements AutoCloseable {
  private static final int MAX_ANSWER = 4 << 20;
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private final EventLoops loops;
  private final ManagedChannel channel;
  private final CallOptions options;
  private final List<Map.Entry<Metadata.Key<String>, String>> headers = new ArrayList<>();

  /**
   * Connects with the first call.
   *
   * @throws IOException when a certificate cannot be had; says which and why
   */
  public GrpcClient(GrpcClientConfig config) throws IOException {
    config.headers().forEach((name, value) -> headers.add(header(name, value)));
    CallOptions calls = CallOptions.DEFAULT;
    if (config.compression() != Compression.NONE) {
      calls = calls.withCompression(config.compression().encoding());
    }
    options = config.waitForReady() ? calls.withWaitForReady() : calls;
    loops = EventLoops.acquire();
    try {
      channel = channel(config, loops);
    } catch (IOException | RuntimeException e) {
      loops.close();
      throw e;
    }
  }

  /**
   * Calls a method and waits for its answer.
   *
   * @param method its full name, such as {@code package.Service/Method}
   * @param message the message in parts, which go out one behind the other without being joined
   * @param timeout for all of it; zero for no limit
   */
  public Answer call(String method, List<byte[]> message, Duration timeout)
      throws InterruptedException {
    return call(method, message, timeout, Map.of());
  }

  /**
   * The same with more metadata.
   *
   * @param more by names in lower case
   */
  public Answer call(
      String method, List<byte[]> message, Duration timeout, Map<String, String> more)
      throws InterruptedException {
    CallOptions limited =
        timeout.isPositive()
            ? options.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
            : options;
    ClientCall<List<byte[]>, byte[]> call = channel.newCall(descriptor(method), limited);
    var answer = new CompletableFuture<Answer>();
    var metadata = new Metadata();
    for (var header : headers) {
      metadata.put(header.getKey(), header.getValue());
    }
    more.forEach((name, value) ->
        metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
    call.start(new Listener(answer), metadata);
    call.request(2);
    call.sendMessage(message);
    call.halfClose();
    try {
      return answer.get();
    } catch (InterruptedException e) {
      call.cancel("interrupted", e);
      throw e;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends all connections; what is in flight fails. */
  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      loops.close();
    }
  }

  /** What a call came to. */
  public sealed interface Answer {
    /** The call succeeded. */
    @SuppressWarnings("ArrayRecordComponent") // handed over whole, never compared
    record Message(byte[] bytes) implements Answer {}

    /**
     * The call failed, at the server or on the way to it.
     *
     * @param code gRPC's status code, such as 14 for UNAVAILABLE
     * @param name the same in words
     * @param details the server's google.rpc.Status message, if it sent one
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over whole, never compared
    record Failure(int code, String name, String message, byte @Nullable [] details)
        implements Answer {}
  }

  private static ManagedChannel channel(GrpcClientConfig config, EventLoops loops)
      throws IOException {
    Endpoint server = GrpcClientConfig.address(config.endpoint());
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(server.host(), server.port())
            .channelType(NioSocketChannel.class)
            .eventLoopGroup(loops.group())
            // Its callbacks only complete a future, for which no thread need be woken.
            .directExecutor()
            .maxInboundMessageSize(MAX_ANSWER)
            .defaultLoadBalancingPolicy(config.balancerName().name().toLowerCase(Locale.ROOT))
            .decompressorRegistry(DecompressorRegistry.getDefaultInstance())
            .compressorRegistry(compressors())
            .disableRetry(); // retries are the queue's part
    if (config.plaintext()) {
      builder.usePlaintext();
    } else {
      builder.sslContext(Tls.client(config.tls(), "h2"));
      config.tls().serverNameOverride().ifPresent(builder::overrideAuthority);
    }
    config.authority().ifPresent(builder::overrideAuthority);
    config.userAgent().ifPresent(builder::userAgent);
    config
        .keepalive()
        .ifPresent(keepalive ->
            builder
                .keepAliveTime(keepalive.time().toNanos(), TimeUnit.NANOSECONDS)
                .keepAliveTimeout(keepalive.timeout().toNanos(), TimeUnit.NANOSECONDS)
                .keepAliveWithoutCalls(keepalive.permitWithoutStream()));
    return builder.build();
  }

  private static CompressorRegistry compressors() {
    CompressorRegistry registry = CompressorRegistry.newEmptyInstance();
    registry.register(Codec.Identity.NONE);
    registry.register(new Packing(Compression.GZIP));
    registry.register(new Packing(Compression.ZSTD));
    return registry;
  }

  private static Map.Entry<Metadata.Key<String>, String> header(String name, Secret value) {
    return Map.entry(
        Metadata.Key.of(name.toLowerCase(Locale.ROOT), Metadata.ASCII_STRING_MARSHALLER),
        value.reveal());
  }

  private static MethodDescriptor<List<byte[]>, byte[]> descriptor(String method) {
    return MethodDescriptor.<List<byte[]>, byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(method)
        .setRequestMarshaller(Requests.INSTANCE)
        .setResponseMarshaller(Answers.INSTANCE)
        .build();
  }

  private static final class Listener extends ClientCall.Listener<byte[]> {
    private final CompletableFuture<Answer> answer;
    private byte @Nullable [] message;

    Listener(CompletableFuture<Answer> answer) {
      this.answer = answer;
    }

    @Override
    public void onMessage(byte[] bytes) {
      message = bytes;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      byte[] bytes = message;
      if (status.isOk() && bytes != null) {
        answer.complete(new Answer.Message(bytes));
      } else if (status.isOk()) {
        answer.complete(new Answer.Failure(13, "INTERNAL", "success without an answer", null));
      } else {
        answer.complete(
            new Answer.Failure(
                status.getCode().value(),
                status.getCode().name(),
                words(status),
                trailers.get(DETAILS)));
      }
    }

    private static String words(Status status) {
      Throwable cause = status.getCause();
      while (cause != null && cause.getCause() != null) {
        cause = cause.getCause();
      }
      String description = status.getDescription();
      String said = description == null ? "" : description;
      return cause == null || said.contains(String.valueOf(cause.getMessage()))
          ? said
          : said + ": " + cause.getMessage();
    }
  }

  private static final class Requests implements MethodDescriptor.Marshaller<List<byte[]>> {
    static final Requests INSTANCE = new Requests();

    @Override
    public InputStream stream(List<byte[]> parts) {
      return new Parts(parts);
    }

    @Override
    public List<byte[]> parse(InputStream stream) {
      throw new UnsupportedOperationException("clients only send requests");
    }
  }

  private static final class Answers implements MethodDescriptor.Marshaller<byte[]> {
    static final Answers INSTANCE = new Answers();

    @Override
    public InputStream stream(byte[] value) {
      throw new UnsupportedOperationException("clients only receive answers");
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Arrays that are written behind one another without being joined first. */
  private static final class Parts extends InputStream implements Drainable, KnownLength {
    private final List<byte[]> parts;
    private int part;
    private int at;

    Parts(List<byte[]> parts) {
      this.parts = parts;
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int written = 0;
      for (; part < parts.size(); part++, at = 0) {
        byte[] bytes = parts.get(part);
        target.write(bytes, at, bytes.length - at);
        written += bytes.length - at;
      }
      return written;
    }

    @Override
    public int available() {
      int left = -at;
      for (int i = part; i < parts.size(); i++) {
        left += parts.get(i).length;
      }
      return Math.max(0, left);
    }

    @Override
    public int read() {
      while (part < parts.size() && at == parts.get(part).length) {
        part++;
        at = 0;
      }
      return part == parts.size() ? -1 : parts.get(part)[at++] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (length == 0) {
        return 0;
      }
      while (part < parts.size() && at == parts.get(part).length) {
        part++;
        at = 0;
      }
      if (part == parts.size()) {
        return -1;
      }
      int read = Math.min(length, parts.get(part).length - at);
      System.arraycopy(parts.get(part), at, target, offset, read);
      at += read;
      return read;
    }
  }

  private record Packing(Compression compression) implements Compressor {
    @Override
    public String getMessageEncoding() {
      return compression.encoding();
    }

    @Override
    public OutputStream compress(OutputStream out) throws IOException {
      return compression.around(out, Compression.DEFAULT_LEVEL);
    }
  }
}
