package io.raybridge.processors.memorylimiter;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Consumer;
import io.raybridge.api.Kind;
import io.raybridge.api.Outcome;
import io.raybridge.config.Binder;
import io.raybridge.config.Problem;
import io.raybridge.data.Traces;
import io.raybridge.testkit.ManualClock;
import io.raybridge.testkit.Numbered;
import io.raybridge.testkit.ProcessorContract;
import io.raybridge.testkit.RecordingConsumer;
import io.raybridge.testkit.TestContext;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class MemoryLimiterTest implements ProcessorContract<MemoryLimiterConfig> {
  private static final Outcome REFUSED =
      Outcome.overloaded("memory_limiter: memory is above its soft limit", Duration.ofSeconds(1));

  private final ManualClock clock = new ManualClock();
  private final TestContext context = TestContext.of(Kind.PROCESSOR, "memory_limiter", clock);
  private final RecordingConsumer<Traces> next = new RecordingConsumer<>();
  private final PretendedMemory memory = new PretendedMemory();
  private MemoryLimiter limiter;

  @Override
  public MemoryLimiterFactory factory() {
    return new MemoryLimiterFactory();
  }

  @Override
  public String yaml() {
    return "check_interval: 1s\nlimit_mib: 100000";
  }

  @AfterEach
  void stop() throws Exception {
    if (limiter != null) limiter.stop(generously());
  }

  @Test
  void belowTheSoftLimit_dataGoesThrough() throws Exception {
    memory.heap = 79;
    var traces = start("{check_interval: 1s, limit_mib: 100}");

    assertThat(traces.consume(Numbered.traces(0, 3))).isEqualTo(Outcome.ACCEPTED);

    assertThat(memory.collections).isZero();
    assertThat(context.telemetry().counter("otelcol_processor_accepted_spans")).isEqualTo(3);
  }

  @Test
  void aboveTheSoftLimit_dataIsRefusedUntilMemoryIsFreeAgain() throws Exception {
    var traces = start("{check_interval: 1s, limit_mib: 100}");
    memory.heap = 80;
    memory.live = 80;
    tick();

    assertThat(traces.consume(Numbered.traces(0, 3))).isEqualTo(REFUSED);
    assertThat(next.batches()).isEmpty();
    assertThat(context.telemetry().counter("otelcol_processor_refused_spans")).isEqualTo(3);

    memory.heap = 10;
    tick();
    assertThat(traces.consume(Numbered.traces(3, 3))).isEqualTo(Outcome.ACCEPTED);
    assertThat(context.log().lines())
        .anyMatch(line -> line.startsWith("WARNING memory is short, refusing data: 80 MiB heap"))
        .anyMatch(line -> line.startsWith("INFO memory is free again: 10 MiB heap"));
  }

  @Test
  void garbage_isCollectedBeforeAnythingIsRefused() throws Exception {
    var traces = start("{check_interval: 1s, limit_mib: 100}");
    memory.heap = 95;
    memory.live = 20;
    tick();

    assertThat(traces.consume(Numbered.traces(0, 3))).isEqualTo(Outcome.ACCEPTED);
    assertThat(memory.collections).isEqualTo(1);
  }

  @Test
  void directMemory_countsTowardsTheLimit() throws Exception {
    var traces = start("{check_interval: 1s, limit_mib: 100}");
    memory.heap = 40;
    memory.live = 40;
    memory.direct = 40;
    tick();

    assertThat(traces.consume(Numbered.traces(0, 3))).isEqualTo(REFUSED);
  }

  @Test
  void collectionsBetweenTheLimits_areForcedOnlyEveryTenSeconds() throws Exception {
    memory.heap = 85;
    memory.live = 85;
    var _ = start("{check_interval: 1s, limit_mib: 100}");

    for (int i = 0; i < 25; i++) tick();

    assertThat(memory.collections).isEqualTo(3);
  }

  @Test
  void collectionsAboveTheLimit_areForcedAtEachLook() throws Exception {
    memory.heap = 105;
    memory.live = 105;
    var _ = start("{check_interval: 1s, limit_mib: 100}");

    for (int i = 0; i < 9; i++) tick();

    assertThat(memory.collections).isEqualTo(10);
  }

  @Test
  void collectionsAboveTheLimit_keepTheirConfiguredInterval() throws Exception {
    memory.heap = 105;
    memory.live = 105;
    var _ = start("{check_interval: 1s, limit_mib: 100, min_gc_interval_when_hard_limited: 5s}");

    for (int i = 0; i < 9; i++) tick();

    assertThat(memory.collections).isEqualTo(2);
  }

  @Test
  void limitAboveTheHeap_stillProtectsAndSaysSo() throws Exception {
    memory.maxHeap = 200;
    var traces = start("{check_interval: 1s, limit_mib: 1500, spike_limit_mib: 300}");
    memory.heap = 159;
    tick();
    assertThat(traces.consume(Numbered.traces(0, 1))).isEqualTo(Outcome.ACCEPTED);

    memory.heap = 160;
    memory.live = 160;
    tick();

    assertThat(traces.consume(Numbered.traces(0, 1))).isEqualTo(REFUSED);
    assertThat(context.log().lines())
        .contains(
            "WARNING the configured limit, 1500 MiB, is above what the JVM's heap can keep, 200"
                + " MiB (-Xmx): the smaller one counts");
  }

  @Test
  void directMemory_doesNotCountTowardsTheHeapsOwnMaximum() throws Exception {
    memory.maxHeap = 200;
    memory.heap = 100;
    memory.direct = 150;
    var traces = start("{check_interval: 1s, limit_mib: 1500}");

    assertThat(traces.consume(Numbered.traces(0, 1))).isEqualTo(Outcome.ACCEPTED);
  }

  @Test
  void percentages_areOfTheContainersMemory() {
    memory.total = 1000;

    var limits = MemoryLimits.of(bind("{check_interval: 1s, limit_percentage: 50}"), memory);
    var spiked =
        MemoryLimits.of(
            bind("{check_interval: 1s, limit_percentage: 50, spike_limit_percentage: 30}"), memory);

    assertThat(limits.hard()).isEqualTo(PretendedMemory.bytes(500));
    assertThat(limits.soft()).isEqualTo(PretendedMemory.bytes(400));
    assertThat(spiked.soft()).isEqualTo(PretendedMemory.bytes(200));
  }

  @Test
  void fixedLimit_winsOverPercentage() {
    var limits =
        MemoryLimits.of(
            bind("{check_interval: 1s, limit_mib: 100, spike_limit_mib: 30, limit_percentage: 1}"),
            memory);

    assertThat(limits.hard()).isEqualTo(PretendedMemory.bytes(100));
    assertThat(limits.soft()).isEqualTo(PretendedMemory.bytes(70));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{limit_mib: 100} | check_interval",
        "{check_interval: 0s, limit_mib: 100} | 0s (expected: more than 0s)",
        "{check_interval: 1s} | 0 (expected: more than 0, here or in limit_percentage)",
        "{check_interval: 1s, limit_mib: 100, spike_limit_mib: 100} | less than limit_mib, 100",
        "{check_interval: 1s, limit_percentage: 101} | 101",
        "{check_interval: 1s, limit_percentage: 50, spike_limit_percentage: 60} | less than"
            + " limit_percentage, 50",
        "{check_interval: 1s, limit_mib: 9, min_gc_interval_when_hard_limited: 11s} | not less than"
      })
  void wrongConfiguration_isRefusedByName(String yaml, String part) {
    var problems = Binder.bind(MemoryLimiterConfig.class, yaml).problems();

    assertThat(problems).extracting(Problem::message).anyMatch(message -> message.contains(part));
  }

  @Test
  void thisJvm_countsWhatIsKeptAndNotFreshGarbage() {
    var jvm = JvmMemory.instance();
    assertThat(jvm.maxHeap()).isPositive().isLessThanOrEqualTo(Runtime.getRuntime().maxMemory());
    assertThat(jvm.total()).isPositive();
    assertThat(jvm.collect(1, 0)).isTrue();
    long before = jvm.heap();

    var kept = List.of(new byte[32 << 20], new byte[32 << 20]);
    assertThat(jvm.collect(2, 10)).isFalse();
    assertThat(jvm.collect(20, 10)).isTrue();

    assertThat(jvm.heap() - before).isGreaterThan(60L << 20);
    assertThat(kept).hasSize(2);
  }

  @Test
  void directBuffers_areCounted() {
    long before = JvmMemory.instance().direct();

    var buffer = ByteBuffer.allocateDirect(8 << 20);

    assertThat(JvmMemory.instance().direct() - before).isGreaterThanOrEqualTo(buffer.capacity());
  }

  /** Starts a limiter that has looked once. */
  private Consumer<Traces> start(String yaml) throws Exception {
    limiter = new MemoryLimiter(bind(yaml), context.context(), () -> memory);
    var traces = limiter.traces(next);
    limiter.start();
    clock.awaitWaiting(1);
    return traces;
  }

  private void tick() throws Exception {
    clock.advanceToNext();
    clock.awaitWaiting(1);
  }

  private static MemoryLimiterConfig bind(String yaml) {
    return Binder.bind(MemoryLimiterConfig.class, yaml).orThrow();
  }

  /** Memory as a test would have it, in MiB. */
  private static final class PretendedMemory implements Memory {
    volatile long heap = 10;
    volatile long live = 10;
    volatile long direct;
    volatile long maxHeap = 10_000;
    volatile long total = 10_000;
    volatile int collections;
    private long collectedAt = Long.MIN_VALUE / 2;

    static long bytes(long mib) {
      return mib << 20;
    }

    @Override
    public long heap() {
      return bytes(heap);
    }

    @Override
    public long maxHeap() {
      return bytes(maxHeap);
    }

    @Override
    public long direct() {
      return bytes(direct);
    }

    @Override
    public long total() {
      return bytes(total);
    }

    @Override
    public synchronized boolean collect(long now, long notWithin) {
      if (now - collectedAt < notWithin) return false;
      collectedAt = now;
      collections++;
      heap = live;
      return true;
    }
  }
}
