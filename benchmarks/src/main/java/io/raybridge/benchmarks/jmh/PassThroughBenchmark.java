package io.raybridge.benchmarks.jmh;

import io.raybridge.xray.DocumentBuffer;
import io.raybridge.xray.MalformedSegmentException;
import io.raybridge.xray.SegmentDocuments;
import io.raybridge.xray.SegmentEncoder;
import io.raybridge.xray.TranslationConfig;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a segment document of an X-Ray SDK costs on its way from a datagram's bytes to the body of
 * PutTraceSegments: about 1.2 kB with one subsegment, as the load against the X-Ray daemon has it.
 * Figures are per document, without the socket.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx96m", "--sun-misc-unsafe-memory-access=allow"})
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class PassThroughBenchmark {
  private static final int DOCUMENTS = 100;
  private static final int BATCHES = 50;

  @SuppressWarnings("InlineFormatString") // a page of text in the middle of the code reads worse
  private static final String DOCUMENT =
      """
      {"name":"shop-%1$d","id":"%2$016x","start_time":1700000000.123456,"trace_id":"1-6553f100-%3$024x",\
      "in_progress":false,"http":{"request":{"method":"GET","url":"http://shop.example/orders/%1$d",\
      "user_agent":"Mozilla/5.0 (X11; Linux x86_64)","client_ip":"10.0.0.%1$d","x_forwarded_for":true},\
      "response":{"status":200,"content_length":%1$d}},"aws":{"account_id":"123456789012","ecs":{"container":\
      "shop-%1$d"},"xray":{"sdk":"X-Ray for Python","sdk_version":"2.15.0","sampling_rule_name":"Default"}},\
      "service":{"runtime":"CPython","runtime_version":"3.12.1","version":"1.4.2"},"annotations":{"order_id":\
      "o-%1$d","premium":true},"metadata":{"default":{"item":{"orderId":"o-%1$d","product":"lamp","note":\
      "leave at the door, please"}}},"origin":"AWS::ECS::Container","subsegments":[{"name":"dynamodb","id":\
      "%4$016x","start_time":1700000000.130001,"end_time":1700000000.150002,"namespace":"aws","http":\
      {"response":{"status":200}},"aws":{"operation":"GetItem","region":"us-east-1","table_name":"Orders",\
      "request_id":"KNJ0H4M3D3QS1FTJL1C1D20M6BVV4KQNSO5AEMVJF66Q9ASUAAJG","retries":0}}],\
      "end_time":1700000000.173456}\
      """;

  private final List<byte[]> documents = new ArrayList<>();
  private final SegmentDocuments.Builder builder = new SegmentDocuments.Builder();
  private final SegmentEncoder encoder =
      new SegmentEncoder(
          TranslationConfig.DEFAULT,
          (spans, reason, high, low, detail) -> {
            throw new IllegalStateException(reason + ": " + detail);
          },
          InstantSource.system());
  private DocumentBuffer buffer = new DocumentBuffer(50, 1 << 20);

  @Setup
  public void prepare() {
    var random = new Random(7);
    for (int i = 0; i < DOCUMENTS * BATCHES; i++) {
      var text =
          DOCUMENT.formatted(
              i % 200, random.nextLong() | 1, random.nextInt(1 << 30), random.nextLong() | 1);
      documents.add(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** As the receiver takes documents in: looked at once, gathered to batches of 100. */
  @Benchmark
  @OperationsPerInvocation(DOCUMENTS * BATCHES)
  public long receive() throws MalformedSegmentException {
    long size = 0;
    for (int i = 0; i < documents.size(); i++) {
      builder.add(documents.get(i), 0, documents.get(i).length);
      if (builder.count() == DOCUMENTS) size += batch().sizeBytes();
    }
    return size;
  }

  /**
   * And on, where something keeps them from leaving as they lie, through the exporter's encoder.
   */
  @Benchmark
  @OperationsPerInvocation(DOCUMENTS * BATCHES)
  public int receiveAndSend() throws MalformedSegmentException, InterruptedException {
    for (int i = 0; i < documents.size(); i++) {
      builder.add(documents.get(i), 0, documents.get(i).length);
      if (builder.count() < DOCUMENTS) continue;
      buffer =
          encoder.encode(batch().carried().otlpChunks(), buffer, PassThroughBenchmark::emptied);
    }
    return buffer.length();
  }

  private SegmentDocuments batch() {
    return builder.build((document, traceId, id, why) -> {});
  }

  private static DocumentBuffer emptied(DocumentBuffer full) {
    full.clear();
    return full;
  }
}
