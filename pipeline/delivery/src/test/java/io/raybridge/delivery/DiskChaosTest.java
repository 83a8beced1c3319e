package io.raybridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Clock;
import io.raybridge.api.Outcome;
import io.raybridge.data.Signal;
import io.raybridge.testkit.Otlp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that send over several restarts, to a destination that misbehaves, through a queue whose
 * memory is a small part of what waits. Each process' ledger is exact, and what was acknowledged by
 * any of them arrives or is refused by the destination.
 */
@Timeout(120)
class DiskChaosTest {
  private static final int CLIENTS = 6;
  private static final int BATCHES = 40;
  private static final int PROCESSES = 4;

  @TempDir Path dir;
  private final Set<Long> delivered = ConcurrentHashMap.newKeySet();
  private final Set<Long> rejected = ConcurrentHashMap.newKeySet();
  private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
  private final AtomicLong seeds = new AtomicLong();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyAcknowledgedItem_outlivesEveryProcess(long seed) throws Exception {
    seeds.set(seed * 1_000_000);
    for (int process = 0; process < PROCESSES; process++) {
      var random = new SplittableRandom(seed * 10 + process);
      var rig = rig(seed);
      rig.sender.always(this::misbehave);
      rig.start();
      offerAll(rig, random, Duration.ofMillis(random.nextInt(60)));
      assertExact(rig);
    }
    var last = rig(seed);
    last.sender.always(this::deliver);
    last.start();
    last.awaitSettled();
    last.queue.stop(last.context.deadline(Duration.ofSeconds(20)));
    assertExact(last);

    assertThat(last.context.ledger().spooled(Signal.TRACES)).isZero();
    var missing = new ArrayList<>(acknowledged);
    missing.removeAll(delivered);
    missing.removeAll(rejected);
    assertThat(missing).isEmpty();
    assertThat(delivered).isNotEmpty();
  }

  private static void assertExact(Rig rig) {
    assertThat(rig.context.ledger().queued(Signal.TRACES))
        .as("accepted - delivered - dropped - spooled")
        .isZero();
    assertThat(rig.context.ledger().dropped(Signal.TRACES)).isEqualTo(rig.dropped("rejected"));
  }

  private Rig rig(long seed) {
    var rig = new Rig(Clock.SYSTEM);
    var batch =
        new BatchConfig(
            Duration.ofMillis(2),
            Optional.of(Sizer.ITEMS),
            20,
            0,
            new BatchConfig.Partition(List.of()));
    rig.config =
        new SendingQueueConfig(
            true,
            3,
            seed == 3 ? Sizer.BYTES : Sizer.ITEMS,
            seed == 3 ? 1_000_000 : 5_000,
            5_000,
            seed == 2,
            false,
            Optional.empty(),
            seed == 4 ? Optional.empty() : Optional.of(batch));
    rig.retry =
        new RetryConfig(true, Duration.ofMillis(1), 0.5, 2, Duration.ofMillis(4), Duration.ZERO);
    rig.limits = new Limits(8, 2_000, 0);
    rig.encoders = () -> new SpansEncoder(7);
    return rig.storage(dir);
  }

  /** Offers from all clients, and stops in the midst of it. */
  private void offerAll(Rig rig, SplittableRandom random, Duration patience) throws Exception {
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> done = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        var own = random.split();
        done.add(clients.submit(() -> offer(rig, own)));
      }
      done.getFirst().get(60, TimeUnit.SECONDS);
      rig.queue.stop(rig.context.deadline(patience));
      for (var each : done) each.get(60, TimeUnit.SECONDS);
    }
  }

  private void offer(Rig rig, SplittableRandom random) {
    for (int i = 0; i < BATCHES; i++) {
      var batch = Otlp.traces(random.nextInt(1, 30));
      var ids = SpansEncoder.ids(batch);
      if (rig.offer(batch) == Outcome.ACCEPTED) acknowledged.addAll(ids);
    }
  }

  private SendResult<Spans> misbehave(Spans payload) throws InterruptedException {
    var random = new SplittableRandom(seeds.incrementAndGet());
    if (random.nextInt(4) == 0) Thread.sleep(random.nextInt(1, 4));
    return switch (random.nextInt(6)) {
      case 0, 1 -> SendResult.failed(payload, Failure.unavailable("reset", "reset"));
      case 2 -> {
        if (random.nextInt(8) > 0) yield deliver(payload);
        rejected.addAll(payload.ids());
        yield SendResult.failed(payload, Failure.permanent("400", "no"));
      }
      default -> deliver(payload);
    };
  }

  private SendResult<Spans> deliver(Spans payload) {
    delivered.addAll(payload.ids());
    return SendResult.delivered(payload);
  }
}
