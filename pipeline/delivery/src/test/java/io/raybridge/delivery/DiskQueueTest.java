package io.raybridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.BatchRequest;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Extension;
import io.raybridge.api.Invalid;
import io.raybridge.api.Outcome;
import io.raybridge.api.Spool;
import io.raybridge.api.Storage;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import io.raybridge.testkit.Otlp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The queue with {@code storage}: what was acknowledged outlives it. */
@Timeout(60)
class DiskQueueTest {
  private static final Failure DOWN = Failure.unavailable("503", "down");
  private static final Duration EIGHT = Duration.ofSeconds(8);
  private static final Set<Thread.State> WAITING =
      Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

  @TempDir Path dir;
  private int copies;

  @Test
  void delivered_isNotSentAgainAfterARestart() throws Exception {
    try (var rig = new Rig().storage(dir).start()) {
      assertThat(rig.offer(Otlp.traces(3))).isEqualTo(Outcome.ACCEPTED);
      rig.awaitSettled();
      stop(rig);
      rig.assertLedger(3, 3, 0);
      assertThat(rig.context.ledger().spooled(Signal.TRACES)).isZero();
    }
    try (var rig = new Rig().storage(dir).start()) {
      stop(rig);
      rig.assertLedger(0, 0, 0);
    }
  }

  @Test
  void destinationThatIsDown_costsNothingOverARestart() throws Exception {
    var batches = List.of(Otlp.traces(3), Otlp.traces(4));
    var ids = ids(batches);
    try (var rig = new Rig().storage(dir)) {
      rig.sender.always(payload -> SendResult.failed(payload, DOWN));
      rig.start();
      for (var batch : batches) assertThat(rig.offer(batch)).isEqualTo(Outcome.ACCEPTED);
      rig.clock.awaitWaiting(2);
      stop(rig);

      rig.assertLedger(7, 0, 0);
      assertThat(rig.context.ledger().spooled(Signal.TRACES)).isEqualTo(7);
      assertThat(rig.context.ledger().queued(Signal.TRACES)).isZero();
      assertThat(rig.context.log().lines())
          .contains("INFO 7 spans stay on disk and are sent after the next start");
    }
    try (var rig = new Rig().storage(dir).start()) {
      rig.awaitSettled();
      assertThat(sentIds(rig)).containsExactlyInAnyOrderElementsOf(ids);
      rig.assertLedger(7, 7, 0);
    }
  }

  @Test
  void killedProcess_leavesAllThatWasAcknowledged() throws Exception {
    var batch = Otlp.traces(5);
    var ids = SpansEncoder.ids(batch);
    try (var rig = new Rig().storage(dir)) {
      rig.sender.always(payload -> SendResult.failed(payload, DOWN));
      rig.start();
      assertThat(rig.offer(batch)).isEqualTo(Outcome.ACCEPTED);

      try (var next = new Rig().storage(asAKilledProcessLeavesIt()).start()) {
        next.awaitSettled();
        assertThat(sentIds(next)).containsExactlyElementsOf(ids);
      }
    }
  }

  @Test
  void whatIsMoreThanMemory_waitsOnDiskInItsOrder() throws Exception {
    var open = new CountDownLatch(1);
    var ids = new ArrayList<Long>();
    try (var rig = new Rig()) {
      rig.config = Rig.onDisk(Rig.queue(Sizer.REQUESTS, 1000, false, false), 3000);
      rig.storage(dir);
      rig.limits = new Limits(1, 1_000_000, 0);
      rig.sender.always(payload -> {
        open.await();
        return SendResult.delivered(payload);
      });
      rig.start();
      for (int i = 0; i < 300; i++) {
        var batch = Otlp.traces(2);
        ids.addAll(SpansEncoder.ids(batch));
        assertThat(rig.offer(batch)).isEqualTo(Outcome.ACCEPTED);
      }

      assertThat(rig.gauge("queue_size")).isEqualTo(300);
      assertThat(rig.gauge("queue_bytes")).isLessThan(4000);
      assertThat(rig.context.ledger().queued(Signal.TRACES)).isEqualTo(600);

      open.countDown();
      rig.awaitSettled();
      assertThat(sentIds(rig)).containsExactlyInAnyOrderElementsOf(ids);
      // Two are encoded at the same time, so neighbours may change places.
      assertThat(sentIds(rig).subList(0, 100)).isSubsetOf(ids.subList(0, 120));
      rig.assertLedger(600, 600, 0);
    }
  }

  @Test
  void stop_waitsForWhatIsAcknowledgedAndNotUnreadYet() throws Exception {
    var gate = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    try (var rig = new Rig()) {
      rig.config = Rig.onDisk(Rig.queue(Sizer.REQUESTS, 1000, false, false), 1);
      rig.storage(dir);
      var storage = rig.context.extension("file_storage", Storage.class).orElseThrow();
      rig.context.with("file_storage", new SlowToCount(storage, go));
      rig.encoders =
          () -> {
            var encoder = new SpansEncoder(50);
            return (batch, sink) -> {
              gate.await();
              encoder.encode(batch, sink);
            };
          };
      rig.start();
      assertThat(rig.offer(Otlp.traces(1))).isEqualTo(Outcome.ACCEPTED);
      assertThat(rig.offer(Otlp.traces(2))).as("on disk only").isEqualTo(Outcome.ACCEPTED);
      gate.countDown();
      Rig.await(() -> rig.context.ledger().delivered(Signal.TRACES) == 1);
      var stopping =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  stop(rig);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      Rig.await(() -> WAITING.contains(stopping.getState()));

      go.countDown();
      stopping.join();

      rig.assertLedger(3, 3, 0);
    }
  }

  @Test
  void stop_sendsWhatIsOnDiskWhileTheDestinationTakesIt() throws Exception {
    var gate = new CountDownLatch(1);
    try (var rig = new Rig()) {
      rig.config = Rig.onDisk(Rig.queue(Sizer.REQUESTS, 1000, false, false), 1);
      rig.storage(dir);
      rig.sender.then(payload -> {
        gate.await();
        return SendResult.delivered(payload);
      });
      rig.start();
      for (int i = 0; i < 50; i++)
        assertThat(rig.offer(Otlp.traces(1))).isEqualTo(Outcome.ACCEPTED);
      gate.countDown();
      stop(rig);

      rig.assertLedger(50, 50, 0);
    }
  }

  @Test
  void stop_leavesTheRestWhenTheDestinationFails() throws Exception {
    try (var rig = new Rig()) {
      rig.config = Rig.onDisk(Rig.queue(Sizer.REQUESTS, 1000, false, false), 1);
      rig.storage(dir);
      rig.limits = new Limits(1, 30, 0);
      rig.sender.always(payload -> SendResult.failed(payload, DOWN));
      rig.start();
      for (int i = 0; i < 50; i++)
        assertThat(rig.offer(Otlp.traces(1))).isEqualTo(Outcome.ACCEPTED);
      rig.clock.awaitWaiting(1);
      stop(rig);

      assertThat(rig.context.ledger().spooled(Signal.TRACES)).isEqualTo(50);
      assertThat(rig.sender.attempts()).as("no attempt for each of the backlog").isLessThan(20);
    }
  }

  @Test
  void destinationThatHangs_costsTheDeadlineAndNoSpan() throws Exception {
    var never = new CountDownLatch(1);
    try (var rig = new Rig().storage(dir)) {
      rig.sender.always(payload -> {
        never.await();
        return SendResult.delivered(payload);
      });
      rig.start();
      for (int i = 0; i < 20; i++)
        assertThat(rig.offer(Otlp.traces(5))).isEqualTo(Outcome.ACCEPTED);
      rig.sender.awaitAttempts(2);
      rig.queue.stop(rig.context.deadline(Duration.ZERO));

      rig.assertLedger(100, 0, 0);
      assertThat(rig.context.ledger().spooled(Signal.TRACES)).isEqualTo(100);
    }
    try (var rig = new Rig().storage(dir).start()) {
      rig.awaitSettled();
      rig.assertLedger(100, 100, 0);
    }
  }

  @Test
  void givenUpAndRefused_areGoneFromTheDiskToo() throws Exception {
    try (var rig = new Rig().storage(dir)) {
      rig.sender.thenFail(Failure.permanent("400", "no"));
      rig.start();
      assertThat(rig.offer(Otlp.traces(2))).isEqualTo(Outcome.ACCEPTED);
      rig.awaitSettled();
      stop(rig);
      assertThat(rig.dropped("rejected")).isEqualTo(2);
    }
    try (var rig = new Rig().storage(dir).start()) {
      assertThat(rig.gauge("queue_size")).isZero();
    }
  }

  @Test
  void queueSize_countsWhatEarlierProcessesLeft() throws Exception {
    for (var sizer : Sizer.values()) {
      var directory = dir.resolve(sizer.name());
      long each = sizer.sizeOf(Otlp.traces(4));
      try (var rig = down(sizer, 3 * each, directory)) {
        for (int i = 0; i < 3; i++)
          assertThat(rig.offer(Otlp.traces(4))).isEqualTo(Outcome.ACCEPTED);
        assertThat(rig.gauge("queue_size")).isBetween(3 * each - 5, 3 * each + 5);
        assertOverloaded(rig.offer(Otlp.traces(4)), 3 * each);
        rig.queue.stop(rig.context.deadline(Duration.ZERO));
      }
      try (var rig = down(sizer, 3 * each, directory)) {
        assertThat(rig.gauge("queue_size")).isBetween(3 * each - 5, 3 * each + 5);
        assertOverloaded(rig.offer(Otlp.traces(4)), 3 * each);
      }
    }
  }

  @Test
  void blockOnOverflow_waitsForSpace() throws Exception {
    var gate = new CountDownLatch(1);
    try (var rig = new Rig()) {
      rig.config = Rig.queue(Sizer.ITEMS, 5, true, false);
      rig.storage(dir);
      rig.sender.always(payload -> {
        gate.await();
        return SendResult.delivered(payload);
      });
      rig.start();
      assertThat(rig.offer(Otlp.traces(5))).isEqualTo(Outcome.ACCEPTED);
      var blocked = rig.offerLater(Otlp.traces(5));
      assertThat(blocked).isNotDone();

      gate.countDown();

      assertThat(Rig.get(blocked)).isEqualTo(Outcome.ACCEPTED);
    }
  }

  @Test
  void batchProcessorsKeys_areCarriedOutOnWhatComesFromDisk() throws Exception {
    try (var rig = new Rig().storage(dir)) {
      rig.sender.always(payload -> SendResult.failed(payload, DOWN));
      rig.start();
      for (int i = 0; i < 10; i++)
        assertThat(rig.offer(Otlp.traces(10))).isEqualTo(Outcome.ACCEPTED);
      rig.queue.stop(rig.context.deadline(Duration.ZERO));
    }
    try (var rig = new Rig().storage(dir).make()) {
      rig.queue.batch(new BatchRequest(50, 0, EIGHT));
      rig.start();
      rig.awaitSettled();

      assertThat(rig.sent()).containsExactly(50, 50);
    }
  }

  @Test
  void damagedRecord_isDroppedByNameAndNoOther() throws Exception {
    try (var rig = down(Sizer.REQUESTS, 1000, dir)) {
      for (int i = 0; i < 3; i++) assertThat(rig.offer(Otlp.traces(4))).isEqualTo(Outcome.ACCEPTED);
      rig.queue.stop(rig.context.deadline(Duration.ZERO));
    }
    var file = only(dir.resolve("exporter_test_traces"));
    var content = Files.readAllBytes(file);
    content[content.length / 2] ^= 1;
    Files.write(file, content);

    try (var rig = new Rig().storage(dir).start()) {
      rig.awaitSettled();
      rig.assertLedger(12, 8, 4);
      assertThat(rig.dropped("damaged")).isEqualTo(4);
      stop(rig);
    }
    try (var rig = new Rig().storage(dir).start()) {
      rig.assertLedger(0, 0, 0);
    }
  }

  @Test
  void recordThatIsNoOtlp_isDroppedByName() throws Exception {
    try (var rig = new Rig().storage(dir)) {
      var storage = rig.context.extension("file_storage", Storage.class).orElseThrow();
      try (var spool = storage.open(rig.context.context().id(), "traces")) {
        spool.append(List.of(new byte[] {10, 99}), 2, new NobodyWaits());
      }
      rig.start();
      rig.awaitSettled();

      Rig.await(() -> rig.dropped("damaged") == 2);
      rig.assertLedger(2, 0, 2);
    }
  }

  /** Between the answer and the count of what is unread its thread waits. */
  private record SlowToCount(Storage storage, CountDownLatch go) implements Extension, Storage {
    @Override
    public Spool open(ComponentId owner, String name) throws IOException {
      var spool = storage.open(owner, name);
      return new Spool() {
        @Override
        public void append(List<byte[]> content, int items, Appending appending) {
          spool.append(content, items, slow(appending));
        }

        @Override
        public @Nullable Entry read() {
          return spool.read();
        }

        @Override
        public Unread unread() {
          return spool.unread();
        }

        @Override
        public void settle(List<Position> positions) {
          spool.settle(positions);
        }

        @Override
        public String place() {
          return spool.place();
        }

        @Override
        public void close() {
          spool.close();
        }
      };
    }

    private Spool.Appending slow(Spool.Appending appending) {
      return new Spool.Appending() {
        @Override
        public boolean written(Spool.Position position, boolean first) {
          if (appending.written(position, first)) return true;
          try {
            go.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return false;
        }

        @Override
        public void unread() {
          appending.unread();
        }

        @Override
        public void failed(Outcome.Retry why) {
          appending.failed(why);
        }
      };
    }
  }

  private static final class NobodyWaits implements Spool.Appending {
    @Override
    public boolean written(Spool.Position position, boolean first) {
      return false;
    }

    @Override
    public void unread() {}

    @Override
    public void failed(Outcome.Retry why) {
      throw new AssertionError(why);
    }
  }

  @Test
  void storageThatIsNotThere_isAStartErrorThatNamesIt() {
    var rig = new Rig();
    rig.config = Rig.onDisk(rig.config, 0);
    rig.make();

    assertThatThrownBy(rig.queue::start)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("sending_queue.storage: no extension \"file_storage\"");
  }

  @Test
  void waitForResult_isRefusedWithStorage() {
    assertThatThrownBy(() -> Rig.onDisk(Rig.queue(Sizer.REQUESTS, 10, false, true), 0))
        .isInstanceOf(Invalid.class)
        .hasMessageContaining("expected: false with storage");
  }

  @Test
  void limitOnRetrying_isPointedOut() throws Exception {
    try (var rig = new Rig().storage(dir).start()) {
      assertThat(rig.context.log().lines().toString()).contains("max_elapsed_time: 0s keeps it");
    }
  }

  private static Rig down(Sizer sizer, long size, Path directory) {
    var rig = new Rig();
    rig.config = Rig.queue(sizer, size, false, false);
    rig.sender.always(payload -> SendResult.failed(payload, DOWN));
    return rig.storage(directory).start();
  }

  private static void assertOverloaded(Outcome outcome, long size) {
    assertThat(outcome)
        .isEqualTo(
            Outcome.overloaded(
                "sending queue is full (queue_size " + size + ")", Duration.ofSeconds(1)));
  }

  private static void stop(Rig rig) throws InterruptedException {
    rig.queue.stop(rig.context.deadline(EIGHT));
  }

  private static List<Long> sentIds(Rig rig) throws InterruptedException {
    return rig.sender.awaitAttempts(0).stream()
        .flatMap(attempt -> attempt.payload().ids().stream())
        .toList();
  }

  private static List<Long> ids(List<Traces> batches) {
    return batches.stream().flatMap(batch -> SpansEncoder.ids(batch).stream()).toList();
  }

  private static Path only(Path folder) throws IOException {
    try (var files = Files.newDirectoryStream(folder, "*.spool")) {
      return files.iterator().next();
    }
  }

  private Path asAKilledProcessLeavesIt() throws IOException {
    var copy = dir.resolveSibling(dir.getFileName() + "-copy" + copies++);
    try (var files = Files.walk(dir)) {
      for (var file : files.toList()) Files.copy(file, copy.resolve(dir.relativize(file)));
    }
    return copy;
  }
}
