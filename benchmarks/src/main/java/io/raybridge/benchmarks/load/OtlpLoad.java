package io.raybridge.benchmarks.load;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends ready-made OTLP trace requests, as fast as they are acknowledged or at a fixed rate, and
 * prints one JSON line with what was acknowledged and how long each took. What is refused for now
 * is sent again, as an SDK does; with {@code retry=false} it is given up and counted, so that the
 * rate stays what it is.
 *
 * <p>Arguments as {@code name=value}: target, protocol (grpc or http), spans, batch, rate, retry,
 * connections, inflight, services, attributes, open, warm_up. With {@code open=true} each span is
 * of a trace of its own whose root never comes. With {@code warm_up} it first sends so many spans
 * as fast as they are acknowledged, prints a line as well, and waits for a line on its input: so
 * the generator, a JVM too, is warm when it measures.
 */
public final class OtlpLoad {
  private static final int TEMPLATES = 16;
  private static final long TEMPLATE_TIME = 1_790_000_000_000_000_000L;
  private static final MethodDescriptor<byte[], byte[]> EXPORT =
      MethodDescriptor.<byte[], byte[]>newBuilder(new Bytes(), new Bytes())
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("opentelemetry.proto.collector.trace.v1.TraceService/Export")
          .build();

  private final Client client;
  private final Stamp[] templates;
  private final int batch;
  private final int inflight;
  private final boolean retry;
  private final ExecutorService senders;

  private OtlpLoad(
      Client client,
      Stamp[] templates,
      int batch,
      int inflight,
      boolean retry,
      ExecutorService senders) {
    this.client = client;
    this.templates = templates;
    this.batch = batch;
    this.inflight = inflight;
    this.retry = retry;
    this.senders = senders;
  }

  public static void main(String[] args) throws Exception {
    Map<String, String> options = new HashMap<>();
    for (String arg : args) {
      options.put(arg.substring(0, arg.indexOf('=')), arg.substring(arg.indexOf('=') + 1));
    }
    String target = options.getOrDefault("target", "127.0.0.1:4317");
    int batch = Integer.parseInt(options.getOrDefault("batch", "100"));
    long spans = Long.parseLong(options.getOrDefault("spans", "1000000"));
    long warmUp = Long.parseLong(options.getOrDefault("warm_up", "0"));
    double rate = Double.parseDouble(options.getOrDefault("rate", "0"));
    boolean retry = Boolean.parseBoolean(options.getOrDefault("retry", "true"));
    int inflight = Integer.parseInt(options.getOrDefault("inflight", "8"));
    int connections = Integer.parseInt(options.getOrDefault("connections", "2"));
    var templates = new Stamp[TEMPLATES];
    for (int i = 0; i < TEMPLATES; i++) {
      var request =
          Payloads.request(
              i,
              batch,
              Integer.parseInt(options.getOrDefault("services", "1")),
              Integer.parseInt(options.getOrDefault("attributes", "0")));
      boolean open = options.getOrDefault("open", "false").equals("true");
      templates[i] = new Stamp((open ? Payloads.open(request, i) : request).toByteArray());
    }

    try (Client client = client(options.getOrDefault("protocol", "grpc"), target, connections);
        var senders = Executors.newFixedThreadPool(inflight)) {
      var load = new OtlpLoad(client, templates, batch, inflight, retry, senders);
      if (warmUp > 0) {
        load.send(warmUp / batch, 0);
        int _ = System.in.read();
      }
      load.send(spans / batch, rate);
    }
  }

  /** Sends so many requests, and prints how that went. */
  private void send(long requests, double rate) throws Exception {
    var next = new AtomicLong();
    var retried = new AtomicLong();
    var givenUp = new AtomicLong();
    var lastRefusal = new AtomicLong();
    // Each run begins at a number of its own, so that two runs never send the same ids.
    long base = System.nanoTime();
    var latencies = new long[(int) requests];
    long start = System.nanoTime();
    Callable<@Nullable Void> sender =
        () -> {
          for (long n = next.getAndIncrement(); n < requests; n = next.getAndIncrement()) {
            if (rate > 0) {
              pause(start + (long) (n * batch / rate * 1e9));
            }
            byte[] body =
                templates[(int) (n % TEMPLATES)].next(
                    base + n, System.currentTimeMillis() * 1_000_000 - TEMPLATE_TIME);
            long sent = System.nanoTime();
            while (!client.send(n, body)) {
              lastRefusal.accumulateAndGet(System.nanoTime() - start, Math::max);
              if (!retry) {
                givenUp.incrementAndGet();
                break;
              }
              retried.incrementAndGet();
              LockSupport.parkNanos(20_000_000);
            }
            latencies[(int) n] = System.nanoTime() - sent;
          }
          return null;
        };
    for (var done : senders.invokeAll(Collections.nCopies(inflight, sender))) {
      done.get();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Arrays.sort(latencies);
    System.out.printf(
        "{\"sent\":%d,\"seconds\":%.3f,\"per_s\":%.0f,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f,\"retried\":%d,"
            + "\"given_up\":%d,\"last_refused_s\":%.1f,\"refused_without_time\":%d}%n",
        (requests - givenUp.get()) * batch,
        seconds,
        requests * batch / seconds,
        latencies[latencies.length / 2] / 1e6,
        latencies[(int) (latencies.length * 0.99)] / 1e6,
        latencies[latencies.length - 1] / 1e6,
        retried.get(),
        givenUp.get() * batch,
        lastRefusal.get() / 1e9,
        client.refusedWithoutTime());
  }

  private static void pause(long until) {
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static Client client(String protocol, String target, int connections) {
    return protocol.equals("http") ? new Http(target) : new Grpc(target, connections);
  }

  /** Sends one request and says whether it was acknowledged; false means to try again. */
  private interface Client extends AutoCloseable {
    boolean send(long number, byte[] body);

    /** Refusals that did not say when to come again. */
    long refusedWithoutTime();

    @Override
    void close();
  }

  private static final class Grpc implements Client {
    private static final Metadata.Key<byte[]> DETAILS =
        Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private final AtomicLong withoutTime = new AtomicLong();
    private final ManagedChannel[] channels;

    Grpc(String target, int connections) {
      channels = new ManagedChannel[connections];
      for (int i = 0; i < connections; i++) {
        channels[i] = NettyChannelBuilder.forTarget(target).usePlaintext().directExecutor().build();
      }
    }

    @Override
    public boolean send(long number, byte[] body) {
      try {
        ClientCalls.blockingUnaryCall(
            channels[(int) (number % channels.length)],
            EXPORT,
            CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
            body);
        return true;
      } catch (StatusRuntimeException e) {
        Status.Code code = e.getStatus().getCode();
        if (code == Status.Code.RESOURCE_EXHAUSTED || code == Status.Code.UNAVAILABLE) {
          if (!namesTime(e.getTrailers())) withoutTime.incrementAndGet();
          return false;
        }
        throw e;
      }
    }

    private static boolean namesTime(@Nullable Metadata trailers) {
      byte[] details = trailers == null ? null : trailers.get(DETAILS);
      return details != null
          && new String(details, StandardCharsets.ISO_8859_1).contains("google.rpc.RetryInfo");
    }

    @Override
    public long refusedWithoutTime() {
      return withoutTime.get();
    }

    @Override
    public void close() {
      for (ManagedChannel channel : channels) {
        channel.shutdownNow();
      }
    }
  }

  private static final class Http implements Client {
    private final HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final AtomicLong withoutTime = new AtomicLong();
    private final URI uri;

    Http(String target) {
      uri = URI.create("http://" + target + "/v1/traces");
    }

    @Override
    public boolean send(long number, byte[] body) {
      try {
        var answer =
            client.send(
                HttpRequest.newBuilder(uri)
                    .header("Content-Type", "application/x-protobuf")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build(),
                HttpResponse.BodyHandlers.discarding());
        int status = answer.statusCode();
        if (status != 200 && status != 429 && status != 503) {
          throw new IllegalStateException("HTTP " + status);
        }
        if (status != 200 && answer.headers().firstValue("Retry-After").isEmpty()) {
          withoutTime.incrementAndGet();
        }
        return status == 200;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public long refusedWithoutTime() {
      return withoutTime.get();
    }

    @Override
    public void close() {
      client.shutdownNow();
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
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
}
