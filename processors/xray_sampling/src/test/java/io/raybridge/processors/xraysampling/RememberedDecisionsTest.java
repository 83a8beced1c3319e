package io.raybridge.processors.xraysampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Clock;
import io.raybridge.api.Consumer;
import io.raybridge.api.Deadline;
import io.raybridge.api.Extension;
import io.raybridge.api.Kind;
import io.raybridge.api.Outcome;
import io.raybridge.api.Processor;
import io.raybridge.config.Binder;
import io.raybridge.data.Span;
import io.raybridge.data.Traces;
import io.raybridge.extensions.filestorage.FileStorageConfig;
import io.raybridge.extensions.filestorage.FileStorageFactory;
import io.raybridge.testkit.ManualClock;
import io.raybridge.testkit.Otlp;
import io.raybridge.testkit.RecordingConsumer;
import io.raybridge.testkit.TestContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was decided of traces, over several processes with one storage. */
@Timeout(60)
class RememberedDecisionsTest {
  private static final int TRACES = 200;
  private static final long PATIENCE = 30_000_000_000L;

  /** By the reservoir, so that deciding again would choose others. */
  private static final String YAML =
      "{decision_ttl: 5m, storage: file_storage, default: {reservoir: 20, rate: 0}";

  @TempDir Path dir;
  private final ManualClock clock = new ManualClock(Instant.parse("2026-04-01T00:00:00Z"));
  private final Traffic traffic = new Traffic(clock, 5);
  private final List<Life> lives = new ArrayList<>();

  /** A process' worth of one processor and its storage. */
  private final class Life {
    final TestContext context = TestContext.of(Kind.PROCESSOR, "xray_sampling", clock);
    final RecordingConsumer<Traces> next = new RecordingConsumer<>();
    final Extension storage;
    final Processor processor;
    final Consumer<Traces> entrance;

    Life(Path queue, String more) throws Exception {
      this(storage(queue), more);
    }

    Life(Extension storage, String more) throws Exception {
      this.storage = storage;
      context.with("file_storage", storage);
      var config = Binder.bind(XraySamplingConfig.class, YAML + more + "}").orThrow();
      processor = new XraySamplingFactory().create(config, context.context());
      entrance = processor.traces(next);
      processor.start();
      lives.add(this);
    }

    void send(Span span) {
      assertThat(entrance.consume(Traffic.of(span))).isEqualTo(Outcome.ACCEPTED);
    }

    /** The traces of which something was handed on. */
    Set<Long> kept() {
      var kept = new HashSet<Long>();
      for (var batch : next.batches()) {
        for (var span : Otlp.spans(batch)) kept.add(span.traceIdLo());
      }
      return kept;
    }

    void end() throws Exception {
      processor.stop(soon());
      storage.stop(soon());
    }
  }

  @AfterEach
  void end() throws Exception {
    for (var life : lives) life.end();
  }

  @Test
  void lateSpans_areDecidedAsTheirTraceWasBeforeTheRestart() throws Exception {
    var first = new Life(dir.resolve("q"), "");
    var roots = roots(first);
    var kept = first.kept();
    assertThat(kept).hasSizeBetween(20, TRACES / 2);
    first.end();

    var second = new Life(dir.resolve("q"), "");
    for (var root : roots) second.send(traffic.child(root));

    assertThat(second.kept()).isEqualTo(kept);
    assertThat(held(second)).isZero();
    second.end();

    // And once more, since reading takes nothing away.
    var third = new Life(dir.resolve("q"), "");
    for (var root : roots) third.send(traffic.child(root));
    assertThat(third.kept()).isEqualTo(kept);
  }

  @Test
  void killedProcess_leavesItsDecisions() throws Exception {
    var first = new Life(dir.resolve("q"), "");
    var roots = roots(first);
    awaitBytes(dir.resolve("q"), TRACES * 24L);

    var second = new Life(copy(dir.resolve("q")), "");
    for (var root : roots) second.send(traffic.child(root));

    assertThat(second.kept()).isEqualTo(first.kept());
    assertThat(held(second)).isZero();
  }

  @Test
  void successorOfAReload_learnsThemOnceItsPredecessorLetsGo() throws Exception {
    var first = new Life(dir.resolve("q"), "");
    var roots = roots(first);
    var second = new Life(first.storage, "");
    first.processor.stop(soon());

    var sending =
        Thread.ofVirtual()
            .start(() -> {
              for (var root : roots) second.send(traffic.child(root));
            });

    // The disk's lock is waited for in real time, what tries again in that of the clock.
    long end = System.nanoTime() + PATIENCE;
    while (sending.isAlive() || !second.kept().equals(first.kept())) {
      assertThat(System.nanoTime()).as("waiting for the decisions").isLessThan(end);
      clock.advance(Duration.ofMillis(100));
      boolean _ = sending.join(Duration.ofMillis(20));
    }
    assertThat(held(second)).isZero();
  }

  @Test
  void decisions_areForgottenAfterTheirTime() throws Exception {
    var first = new Life(dir.resolve("q"), "");
    var roots = roots(first);
    first.end();
    clock.advance(Duration.ofMinutes(6));

    var second = new Life(dir.resolve("q"), "");
    for (var root : roots) second.send(traffic.child(root));

    assertThat(second.next.items()).isZero();
    assertThat(held(second)).isEqualTo(TRACES);
  }

  @Test
  void whatIsOnDisk_isNoMoreThanTheCacheHolds() throws Exception {
    var life = new Life(dir.resolve("q"), ", decision_cache_mib: 1");
    int each = 500;
    int batches = 400;
    for (int i = 0; i < batches; i++) {
      var spans = new ArrayList<Span>();
      for (int n = 0; n < each; n++) spans.add(traffic.root());
      assertThat(life.entrance.consume(Traffic.of("my-api", spans))).isEqualTo(Outcome.ACCEPTED);
    }
    life.end();

    assertThat((long) each * batches * 24).isGreaterThan(4 << 20);
    var next = new Life(dir.resolve("q"), ", decision_cache_mib: 1");
    // What is too old lies in files that are deleted as a whole, of which the last one is kept.
    assertThat(bytes(dir.resolve("q"))).isLessThan((1 << 20) + (4 << 20) + (1 << 18));
    next.end();
  }

  private List<Span> roots(Life life) {
    var roots = new ArrayList<Span>();
    for (int i = 0; i < TRACES; i++) {
      var root = traffic.root();
      roots.add(root);
      life.send(root);
    }
    return roots;
  }

  private static long held(Life life) {
    return life.context.telemetry().gauge("otelcol_processor_xray_sampling_held_traces");
  }

  private static Extension storage(Path queue) throws Exception {
    var yaml = "directory: " + queue + "\ncreate_directory: true\nfsync: false";
    var config = Binder.bind(FileStorageConfig.class, yaml).orThrow();
    var made =
        new FileStorageFactory()
            .create(config, TestContext.of(Kind.EXTENSION, "file_storage").context());
    made.start();
    return made;
  }

  private static void awaitBytes(Path queue, long bytes) throws IOException {
    long end = System.nanoTime() + PATIENCE;
    while (bytes(queue) < bytes) {
      assertThat(System.nanoTime()).as("waiting for the disk").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static long bytes(Path queue) throws IOException {
    long sum = 0;
    for (var file : files(queue)) {
      if (file.getParent().toString().endsWith("decisions")) sum += Files.size(file);
    }
    return sum;
  }

  private Path copy(Path queue) throws IOException {
    var to = dir.resolve("copy");
    for (var file : files(queue)) {
      var copy = to.resolve(queue.relativize(file));
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy);
    }
    return to;
  }

  private static List<Path> files(Path queue) throws IOException {
    try (var all = Files.walk(queue)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20), Clock.SYSTEM);
  }
}
