package io.raybridge.processors.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.raybridge.api.Clock;
import io.raybridge.api.Consumer;
import io.raybridge.api.Deadline;
import io.raybridge.api.Extension;
import io.raybridge.api.Kind;
import io.raybridge.api.Outcome;
import io.raybridge.api.Processor;
import io.raybridge.config.Binder;
import io.raybridge.data.ClientMetadata;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import io.raybridge.extensions.filestorage.FileStorageConfig;
import io.raybridge.extensions.filestorage.FileStorageFactory;
import io.raybridge.testkit.ManualClock;
import io.raybridge.testkit.Numbered;
import io.raybridge.testkit.RecordingConsumer;
import io.raybridge.testkit.TestContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code batch} with {@code storage}: answered at once, and nothing lost when the process ends. */
@Timeout(60)
class DurableBatcherTest {
  private static final Deadline NOW = Deadline.in(Duration.ZERO, Clock.SYSTEM);

  @TempDir Path dir;
  private final List<Life> lives = new ArrayList<>();

  /** A process' worth of one processor and its storage. */
  private final class Life {
    final ManualClock clock = new ManualClock();
    final TestContext context = TestContext.of(Kind.PROCESSOR, "batch", clock);
    final RecordingConsumer<Traces> next = new RecordingConsumer<>();
    final Extension storage;
    final Processor batch;
    final Consumer<Traces> entrance;

    Life(String yaml) throws Exception {
      this(yaml, null);
    }

    Life(String yaml, Extension given) throws Exception {
      storage = given == null ? storage() : given;
      context.with("file_storage", storage);
      var config = Binder.bind(BatchProcessorConfig.class, yaml).orThrow();
      batch = new BatchProcessorFactory().create(config, context.context());
      entrance = batch.traces(next);
      lives.add(this);
    }

    Life start() throws Exception {
      batch.start();
      return this;
    }

    Extension storage() throws Exception {
      var config =
          Binder.bind(
                  FileStorageConfig.class,
                  "directory: " + dir.resolve("q") + "\ncreate_directory: true\nfsync: false")
              .orThrow();
      var context = TestContext.of(Kind.EXTENSION, "file_storage");
      var made = new FileStorageFactory().create(config, context.context());
      made.start();
      return made;
    }

    Outcome send(long first, int spans) {
      return entrance.consume(Numbered.traces(first, spans));
    }

    Outcome send(long first, int spans, String tenant) {
      var batch = Numbered.traces(first, spans);
      batch.client(ClientMetadata.of(List.of("x-tenant"), _ -> List.of(tenant)));
      return entrance.consume(batch);
    }

    /** Ends as a crash does: nothing is handed on any more. */
    void crash() throws Exception {
      next.alwaysAnswering(Outcome.unavailable("gone"));
      batch.stop(NOW);
      storage.stop(NOW);
    }
  }

  @AfterEach
  void end() throws Exception {
    for (var life : lives) life.crash();
  }

  @Test
  void client_isAnsweredBeforeTheBatchIsHandedOn() throws Exception {
    var life = new Life("{timeout: 1h, send_batch_size: 30, storage: file_storage}").start();

    assertThat(life.send(0, 10)).isEqualTo(Outcome.ACCEPTED);
    assertThat(life.send(10, 10)).isEqualTo(Outcome.ACCEPTED);
    assertThat(life.next.items()).isZero();
    assertThat(life.send(20, 10)).isEqualTo(Outcome.ACCEPTED);

    life.next.awaitItems(30);
    assertThat(Numbered.numbers(life.next.only())).hasSize(30).doesNotHaveDuplicates();
    assertThat(life.context.telemetry().counter("otelcol_processor_batch_batch_size_trigger_send"))
        .isEqualTo(1);
  }

  @Test
  void batchesOfOneTenant_goTogetherAndNoOthersAfterACrashToo() throws Exception {
    String yaml =
        "{timeout: 1h, send_batch_size: 30, metadata_keys: [X-Tenant], storage: file_storage}";
    var life = new Life(yaml).start();
    for (int i = 0; i < 2; i++) {
      assertThat(life.send(20 * i, 10, "a")).isEqualTo(Outcome.ACCEPTED);
      assertThat(life.send(20 * i + 10, 10, "b")).isEqualTo(Outcome.ACCEPTED);
    }
    assertThat(life.context.telemetry().gauge("otelcol_processor_batch_metadata_cardinality"))
        .isEqualTo(2);
    life.crash();

    var next = new Life(yaml).start();
    assertThat(next.send(40, 10, "b")).isEqualTo(Outcome.ACCEPTED);
    assertThat(next.send(50, 10, "a")).isEqualTo(Outcome.ACCEPTED);

    assertThat(next.next.awaitItems(60))
        .extracting(one -> one.client().get("x-tenant"), Traces::items)
        .containsExactlyInAnyOrder(tuple(List.of("a"), 30), tuple(List.of("b"), 30));
    for (var batch : next.next.batches()) {
      boolean ofA = batch.client().get("x-tenant").equals(List.of("a"));
      assertThat(Numbered.numbers(batch))
          .allMatch(n -> ofA == (n / 10 == 0 || n / 10 == 2 || n / 10 == 5));
    }
  }

  @Test
  void batch_leavesWhenItsTimeHasCome() throws Exception {
    var life = new Life("{timeout: 200ms, storage: file_storage}").start();
    life.send(0, 10);
    life.clock.awaitWaiting(1);

    life.clock.advance(Duration.ofMillis(199));
    assertThat(life.next.items()).isZero();
    life.clock.advance(Duration.ofMillis(1));

    life.next.awaitItems(10);
  }

  @Test
  void whatWaited_isFoundByTheNextProcessAndByNoFurtherOne() throws Exception {
    var first = new Life("{timeout: 1h, storage: file_storage}").start();
    first.send(0, 10);
    first.send(10, 5);
    first.crash();

    var second = new Life("{timeout: 1h, send_batch_size: 15, storage: file_storage}").start();
    second.next.awaitItems(15);
    assertThat(Numbered.numbers(second.next.only())).hasSize(15).doesNotHaveDuplicates();
    assertThat(second.context.log().lines())
        .anyMatch(line -> line.contains("15 spans that waited"));
    second.batch.stop(Deadline.in(Duration.ofSeconds(20), Clock.SYSTEM));
    second.storage.stop(NOW);

    var third = new Life("{timeout: 1h, send_batch_size: 1, storage: file_storage}").start();
    third.send(100, 1);
    third.next.awaitItems(1);
    assertThat(Numbered.numbers(third.next.only())).containsExactly(100L);
  }

  @Test
  void whatIsNotTaken_isHandedOnAgain() throws Exception {
    var life = new Life("{timeout: 1h, send_batch_size: 10, storage: file_storage}").start();
    life.next.answering(Outcome.overloaded("busy", Duration.ofSeconds(3)));
    life.send(0, 10);
    life.next.awaitBatches(1);
    life.clock.awaitWaiting(1);
    life.clock.advance(Duration.ofSeconds(3));

    life.next.awaitBatches(2);
    assertThat(life.context.ledger().drops()).isEmpty();
  }

  @Test
  void whatIsRefusedForGood_isNamed() throws Exception {
    var life = new Life("{timeout: 1h, send_batch_size: 10, storage: file_storage}").start();
    life.next.answering(Outcome.failed("no"));
    life.send(0, 10);
    life.next.awaitBatches(1);
    life.batch.stop(Deadline.in(Duration.ofSeconds(20), Clock.SYSTEM));

    assertThat(life.context.ledger().dropped(Signal.TRACES, "rejected")).isEqualTo(10);
  }

  @Test
  void damagedRecord_isNamedAndTheOthersAreFound() throws Exception {
    var first = new Life("{timeout: 1h, storage: file_storage}").start();
    first.send(0, 10);
    first.send(10, 5);
    first.crash();
    damageFirstRecord();

    var second = new Life("{timeout: 1h, send_batch_size: 5, storage: file_storage}").start();

    second.next.awaitItems(5);
    assertThat(Numbered.numbers(second.next.only())).contains(11L);
    assertThat(second.context.ledger().dropped(Signal.TRACES, "damaged")).isEqualTo(10);
  }

  private void damageFirstRecord() throws IOException {
    try (var files = Files.newDirectoryStream(dir.resolve("q/processor_batch_traces"), "*.spool");
        var channel = FileChannel.open(files.iterator().next(), StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 100);
    }
  }

  @Test
  void successorInTheSameProcess_takesOverWhenThePredecessorHasStopped() throws Exception {
    var first = new Life("{timeout: 1h, storage: file_storage}").start();
    first.send(0, 10);
    var second =
        new Life("{timeout: 1h, send_batch_size: 1, storage: file_storage}", first.storage);

    second.start();
    var answer =
        Thread.ofVirtual()
            .start(() -> {
              while (second.send(10, 1) instanceof Outcome.Retry) Thread.onSpinWait();
            });
    first.batch.stop(Deadline.in(Duration.ofSeconds(20), Clock.SYSTEM));
    while (answer.isAlive()) second.clock.advance(Duration.ofMillis(1));

    answer.join();
    second.next.awaitItems(1);
    assertThat(first.next.items()).isEqualTo(10);
    assertThat(Numbered.numbers(second.next.only())).containsExactly(10L);
  }

  @Test
  void missingExtension_isNamed() throws Exception {
    var life = new Life("{storage: file_storage/other}");

    assertThatThrownBy(life.batch::start)
        .hasMessageContaining("storage: no extension \"file_storage/other\"");
  }
}
