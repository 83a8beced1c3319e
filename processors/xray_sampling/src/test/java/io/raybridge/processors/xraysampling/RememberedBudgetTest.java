package io.raybridge.processors.xraysampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Clock;
import io.raybridge.api.Deadline;
import io.raybridge.api.Extension;
import io.raybridge.api.Kind;
import io.raybridge.api.Outcome;
import io.raybridge.config.Binder;
import io.raybridge.data.Traces;
import io.raybridge.extensions.filestorage.FileStorageConfig;
import io.raybridge.extensions.filestorage.FileStorageFactory;
import io.raybridge.processors.xraysampling.SpentLog.Spent;
import io.raybridge.testkit.ManualClock;
import io.raybridge.testkit.RecordingConsumer;
import io.raybridge.testkit.TestContext;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What of a month's budget is spent, over several processes with one storage. */
@Timeout(60)
class RememberedBudgetTest {
  private static final String YAML =
      "{max_traces_per_month: 100000, storage: file_storage, default: {reservoir: 0, rate: 1}}";

  @TempDir Path dir;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-04-01T00:00:00Z"));
  private final Traffic traffic = new Traffic(clock, 5);

  @Test
  void budget_isRememberedOverARestart() throws Exception {
    live(900);
    live(200);

    assertThat(left()).isEqualTo(new Spent(YearMonth.of(2026, 4), 1100));
    assertThat(left()).as("reading takes nothing away").isNotNull();
  }

  /** One process: so many requests, and an orderly end after ten seconds. */
  private void live(int requests) throws Exception {
    var storage = storage();
    var context = TestContext.of(Kind.PROCESSOR, "xray_sampling", clock);
    context.with("file_storage", storage);
    var config = Binder.bind(XraySamplingConfig.class, YAML).orThrow();
    var processor = new XraySamplingFactory().create(config, context.context());
    var next = new RecordingConsumer<Traces>();
    var sampler = processor.traces(next);
    processor.start();
    for (int i = 0; i < requests; i++) {
      assertThat(sampler.consume(Traffic.of(traffic.root()))).isEqualTo(Outcome.ACCEPTED);
    }
    clock.awaitWaiting(2);
    clock.advance(Duration.ofSeconds(10));
    clock.awaitWaiting(2);
    processor.stop(soon());
    storage.stop(soon());
    assertThat(next.items()).isEqualTo(requests);
  }

  private Spent left() throws Exception {
    var storage = storage();
    var context = TestContext.of(Kind.PROCESSOR, "xray_sampling", clock);
    context.with("file_storage", storage);
    var log = new SpentLog(context.context(), "file_storage");
    try {
      var spent = log.open();
      assertThat(log.isOpen()).isTrue();
      assertThat(spent).isNotNull();
      return spent;
    } finally {
      log.close();
      storage.stop(soon());
    }
  }

  private Extension storage() throws Exception {
    var yaml = "directory: " + dir.resolve("q") + "\ncreate_directory: true\nfsync: false";
    var config = Binder.bind(FileStorageConfig.class, yaml).orThrow();
    var made =
        new FileStorageFactory()
            .create(config, TestContext.of(Kind.EXTENSION, "file_storage").context());
    made.start();
    return made;
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20), Clock.SYSTEM);
  }
}
