package io.raybridge.benchmarks.jmh;

import io.raybridge.benchmarks.load.Payloads;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Traces;
import io.raybridge.data.view.KeyTable;
import io.raybridge.data.view.SpanWalk;
import io.raybridge.xray.DocumentBuffer;
import io.raybridge.xray.SegmentEncoder;
import io.raybridge.xray.TranslationConfig;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a span costs on its way from OTLP bytes to the body of PutTraceSegments, step by step.
 * Figures are per span; {@code -prof gc} tells the bytes allocated.
 *
 * <p>The requests differ, so that branches are not learnt by heart.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx96m", "--sun-misc-unsafe-memory-access=allow"})
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class TranslateBenchmark {
  private static final int REQUESTS = 50;
  private static final int SPANS = 100;
  private static final int ALL = REQUESTS * SPANS;

  /** Attributes on each span beside its own 5 to 10. */
  @Param({"3", "50"})
  public int extraAttributes;

  private final List<byte[]> requests = new ArrayList<>();
  private final SpanWalk walk = new SpanWalk(KeyTable.of(List.of("http.request.method")));
  private final SegmentEncoder encoder =
      new SegmentEncoder(
          TranslationConfig.DEFAULT, TranslateBenchmark::dropped, InstantSource.system());
  private DocumentBuffer buffer = new DocumentBuffer(50, 1 << 20);

  private static void dropped(int spans, String reason, long high, long low, String detail) {
    throw new IllegalStateException(reason + ": " + detail);
  }

  @Setup
  public void prepare() {
    for (int seed = 0; seed < REQUESTS; seed++) {
      requests.add(Payloads.request(seed, SPANS, 1, extraAttributes).toByteArray());
    }
  }

  /** Decoding as the receiver does it: checked whole, counted, no objects. */
  @Benchmark
  @OperationsPerInvocation(ALL)
  public int check() throws MalformedBatchException {
    int spans = 0;
    for (byte[] request : requests) spans += Traces.ofOtlp(request).items();
    return spans;
  }

  /**
   * Decoding into objects and encoding them again, as a processor that changes spans has it done.
   */
  @Benchmark
  @OperationsPerInvocation(ALL)
  public long objects() throws MalformedBatchException {
    long bytes = 0;
    for (byte[] request : requests) {
      var traces = Traces.ofOtlp(request);
      bytes += traces.resourceSpans().size();
      bytes += traces.toOtlp().length;
    }
    return bytes;
  }

  /** Every span through the view, nothing written. */
  @Benchmark
  @OperationsPerInvocation(ALL)
  public long walk() {
    long sum = 0;
    for (byte[] request : requests) {
      walk.start(request);
      while (walk.next()) sum += walk.span().spanId();
    }
    return sum;
  }

  /** Every span into an escaped document. */
  @Benchmark
  @OperationsPerInvocation(ALL)
  public int translate() throws InterruptedException {
    buffer = encoder.encode(requests, buffer, TranslateBenchmark::emptied);
    return buffer.length();
  }

  private static DocumentBuffer emptied(DocumentBuffer full) {
    full.clear();
    return full;
  }
}
