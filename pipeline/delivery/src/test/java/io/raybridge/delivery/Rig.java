package io.raybridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Clock;
import io.raybridge.api.Kind;
import io.raybridge.api.Outcome;
import io.raybridge.config.Binder;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import io.raybridge.extensions.filestorage.FileStorageConfig;
import io.raybridge.extensions.filestorage.FileStorageFactory;
import io.raybridge.testkit.ManualClock;
import io.raybridge.testkit.TestContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A queue under test with everything around it; changed before {@link #start}. */
final class Rig implements AutoCloseable {
  final ManualClock clock = new ManualClock();
  final TestContext context;
  final ScriptedSender sender;
  RetryConfig retry =
      new RetryConfig(
          true, Duration.ofSeconds(1), 0.5, 2, Duration.ofSeconds(10), Duration.ofMinutes(1));
  SendingQueueConfig config = queue(Sizer.REQUESTS, 1000, false, false);
  Limits limits = new Limits(64, 1_000_000, 0);
  DeadLetterConfig deadLetters = new DeadLetterConfig(true, 1, 7);
  Supplier<Encoder<Traces, Spans>> encoders = () -> new SpansEncoder(50);
  DeliveryQueue<Traces, Spans> queue;

  Rig() {
    this(null);
  }

  Rig(Clock other) {
    Clock used = other == null ? clock : other;
    context = TestContext.of(Kind.EXPORTER, "test", used);
    sender = new ScriptedSender(used);
  }

  static SendingQueueConfig queue(
      Sizer sizer, long size, boolean blockOnOverflow, boolean waitForResult) {
    return new SendingQueueConfig(
        true,
        2,
        sizer,
        size,
        0,
        blockOnOverflow,
        waitForResult,
        Optional.empty(),
        Optional.empty());
  }

  /** The same with a queue on disk. */
  static SendingQueueConfig onDisk(SendingQueueConfig config, long maxBytes) {
    return new SendingQueueConfig(
        config.enabled(),
        config.numConsumers(),
        config.sizer(),
        config.queueSize(),
        maxBytes,
        config.blockOnOverflow(),
        config.waitForResult(),
        Optional.of("file_storage"),
        config.batch());
  }

  /** Makes the queue lie in this directory; to be called before the start. */
  Rig storage(Path directory) {
    config = onDisk(config, config.maxBytes());
    var storageContext = TestContext.of(Kind.EXTENSION, "file_storage", context.context().clock());
    var settings =
        Binder.bind(
                FileStorageConfig.class,
                "directory: " + directory + "\ncreate_directory: true\nfsync: false")
            .orThrow();
    var extension = new FileStorageFactory().create(settings, storageContext.context());
    try {
      extension.start();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    context.with("file_storage", extension);
    return this;
  }

  static SendingQueueConfig disabled() {
    return new SendingQueueConfig(
        false, 2, Sizer.REQUESTS, 1000, 0, false, false, Optional.empty(), Optional.empty());
  }

  static SendingQueueConfig batching(Duration flush, long min, long max, Sizer sizer) {
    var batch =
        new BatchConfig(flush, Optional.of(sizer), min, max, new BatchConfig.Partition(List.of()));
    return new SendingQueueConfig(
        true, 2, Sizer.REQUESTS, 1000, 0, false, false, Optional.empty(), Optional.of(batch));
  }

  Rig make() {
    queue =
        new DeliveryQueue<>(
            context.context(),
            Signal.TRACES,
            config,
            retry,
            limits,
            deadLetters,
            encoders,
            sender,
            () -> 0.5);
    return this;
  }

  Rig start() {
    if (queue == null) make();
    try {
      queue.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  Outcome offer(Traces batch) {
    return queue.consume(batch);
  }

  /** Offers on a thread of its own, for what blocks. */
  CompletableFuture<Outcome> offerLater(Traces batch) {
    var threads = Executors.newVirtualThreadPerTaskExecutor();
    return CompletableFuture.supplyAsync(() -> queue.consume(batch), threads);
  }

  static Outcome get(CompletableFuture<Outcome> later) throws Exception {
    return later.get(30, TimeUnit.SECONDS);
  }

  /** Waits until nothing is open any more. */
  Rig awaitSettled() {
    await(() -> gauge("queue_size") == 0 && gauge("in_flight_bytes") == 0);
    return this;
  }

  /** The items of each request that was sent. */
  List<Integer> sent() {
    try {
      return sender.awaitAttempts(0).stream().map(attempt -> attempt.payload().items()).toList();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  long gauge(String what) {
    return context.telemetry().gauge("otelcol_exporter_" + what, "data_type", "traces");
  }

  void assertLedger(long accepted, long delivered, long dropped) {
    var ledger = context.ledger();
    assertThat(ledger.accepted(Signal.TRACES)).as("accepted").isEqualTo(accepted);
    assertThat(ledger.delivered(Signal.TRACES)).as("delivered").isEqualTo(delivered);
    assertThat(ledger.dropped(Signal.TRACES)).as("dropped").isEqualTo(dropped);
  }

  long dropped(String reason) {
    return context.ledger().dropped(Signal.TRACES, reason);
  }

  /** Waits for what no condition tells of. */
  static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) throw new AssertionError("not within 30 s");
      Thread.onSpinWait();
      Thread.yield();
    }
  }

  @Override
  public void close() throws Exception {
    if (queue != null) queue.stop(context.deadline(Duration.ZERO));
  }
}
