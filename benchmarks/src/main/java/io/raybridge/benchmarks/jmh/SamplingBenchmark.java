package io.raybridge.benchmarks.jmh;

import io.raybridge.api.Consumer;
import io.raybridge.api.Kind;
import io.raybridge.api.Outcome;
import io.raybridge.benchmarks.load.Payloads;
import io.raybridge.benchmarks.load.Stamp;
import io.raybridge.config.Binder;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Traces;
import io.raybridge.processors.xraysampling.XraySamplingConfig;
import io.raybridge.processors.xraysampling.XraySamplingFactory;
import io.raybridge.testkit.TestContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * What {@code xray_sampling} costs a span, its batch being read and checked, whatever is decided.
 * Every invocation brings new traces.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx256m", "--sun-misc-unsafe-memory-access=allow"})
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class SamplingBenchmark {
  private static final int REQUESTS = 50;
  private static final int SPANS = 100;
  private static final int ALL = REQUESTS * SPANS;

  /** The part of traces that the rules keep. */
  @Param({"0.05", "1"})
  public String rate = "";

  private final List<Stamp> stamps = new ArrayList<>();
  private final List<Traces> batches = new ArrayList<>();
  private Consumer<Traces> sampler = _ -> Outcome.ACCEPTED;
  private long number;

  @Setup
  public void prepare() throws IOException {
    for (int seed = 0; seed < REQUESTS; seed++) {
      stamps.add(new Stamp(Payloads.request(seed, SPANS, 1, 3).toByteArray()));
    }
    var yaml =
        """
        rules:
          inline:
            - {name: errors, priority: 1, fixed_rate: 1, attributes: {http.status_code: "5??"}}
            - {name: shop, priority: 2, service_name: shop-*, url_path: /orders/*, fixed_rate: %s}
        default: {reservoir: 0, rate: %s}
        keep: [{faults: true}, {slower_than: 5s}, {attribute: order_id, value: "12345"}]
        drop: [health_checks]
        """
            .formatted(rate, rate);
    var config = Binder.bind(XraySamplingConfig.class, yaml).orThrow();
    var context = TestContext.of(Kind.PROCESSOR, "xray_sampling").context();
    sampler = new XraySamplingFactory().create(config, context).traces(_ -> Outcome.ACCEPTED);
  }

  @Setup(Level.Invocation)
  public void newTraces() throws MalformedBatchException {
    batches.clear();
    number++;
    for (var stamp : stamps) batches.add(Traces.ofOtlp(stamp.next(number, 0)));
  }

  @Benchmark
  @OperationsPerInvocation(ALL)
  public int sample() {
    int accepted = 0;
    for (var batch : batches) if (sampler.consume(batch) instanceof Outcome.Accepted) accepted++;
    return accepted;
  }
}
