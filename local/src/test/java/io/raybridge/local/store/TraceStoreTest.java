package io.raybridge.local.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceStoreTest {
  private static final long SECOND = 1_000_000;

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock();
  private final long now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.now());
  private final Random random = new Random(1);
  private TraceStore store;

  @BeforeEach
  void open() throws IOException {
    store = TraceStore.open(settings(), clock);
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  private StoreSettings settings() {
    return new StoreSettings(directory, 8 << 20, Duration.ofDays(7));
  }

  @Test
  void document_isReadBackAsItWasSent() throws IOException {
    var document =
        complete(w3cId(1), 1, now, now + SECOND, "{\"x\": 1.50e3,\t\"ü\":\"\uD83D\uDE00\"}");

    store.put(List.of(document));

    var trace = store.trace(w3cId(1)).orElseThrow();
    assertThat(trace.documents()).containsExactly(document.json());
    assertThat(trace.row())
        .isEqualTo(
            new TraceRow(
                w3cId(1),
                now,
                now,
                now + SECOND,
                now,
                1,
                document.json().getBytes("UTF-8").length));
  }

  @Test
  void completeDocument_replacesTheOneInProgressAndNotTheOtherWayRound() throws IOException {
    var inProgress =
        new Document(w3cId(1), segmentId(1), false, now, now, "{\"in_progress\":true}");
    var complete = complete(w3cId(1), 1, now, now + SECOND, "{}");

    store.put(List.of(inProgress));
    store.put(List.of(complete));
    store.put(List.of(inProgress));

    var trace = store.trace(w3cId(1)).orElseThrow();
    assertThat(trace.documents()).containsExactly("{}");
    assertThat(trace.row().revision()).isEqualTo(2);
    assertThat(trace.row().bytes()).isEqualTo(2);
    assertThat(trace.row().lastMicros()).isEqualTo(now + SECOND);
  }

  @Test
  void bothInOneCall_keepsTheCompleteOne() throws IOException {
    var inProgress =
        new Document(w3cId(1), segmentId(1), false, now, now, "{\"in_progress\":true}");
    var complete = complete(w3cId(1), 1, now, now + SECOND, "{}");

    store.put(List.of(inProgress, complete));
    store.put(List.of(complete(w3cId(2), 1, now, now, "{}"), withTrace(inProgress, w3cId(2))));

    assertThat(store.trace(w3cId(1)).orElseThrow().documents()).containsExactly("{}");
    assertThat(store.trace(w3cId(2)).orElseThrow().documents()).containsExactly("{}");
  }

  @Test
  void sameDocumentAgain_changesNothing() throws IOException {
    var document = complete(w3cId(1), 1, now, now + SECOND, "{}");

    store.put(List.of(document, document));
    store.put(List.of(document));

    var trace = store.trace(w3cId(1)).orElseThrow();
    assertThat(trace.documents()).hasSize(1);
    assertThat(trace.row().revision()).isEqualTo(1);
  }

  @Test
  void idWithATime_isListedUnderItAndOneWithoutUnderItsEarliestSegment() throws IOException {
    String xrayId = "1-%08x-000000000000000000000001".formatted(now / SECOND);

    store.put(List.of(complete(xrayId, 1, now + 300_000, now + SECOND, "{}")));
    store.put(List.of(complete(w3cId(1), 1, now + 2 * SECOND, now + 3 * SECOND, "{}")));
    store.put(List.of(complete(w3cId(1), 2, now + SECOND, now + 2 * SECOND, "{}")));

    assertThat(store.trace(xrayId).orElseThrow().row().startMicros()).isEqualTo(now);
    assertThat(store.trace(w3cId(1)).orElseThrow().row().startMicros()).isEqualTo(now + SECOND);
  }

  @Test
  void window_isHalfOpenAndMeansTheTimeItSays() throws IOException {
    store.put(List.of(complete(w3cId(1), 1, now, now + 5 * SECOND, "{}")));
    store.put(List.of(complete(w3cId(1), 2, now + SECOND, now + 2 * SECOND, "{}")));

    assertThat(listed(Window.By.START, 0, 1)).hasSize(1);
    assertThat(listed(Window.By.START, -5, 0)).isEmpty();
    assertThat(listed(Window.By.START, 1, 10)).isEmpty();
    assertThat(listed(Window.By.ACTIVITY, 3, 4)).hasSize(1);
    assertThat(listed(Window.By.ACTIVITY, 6, 7)).isEmpty();
    assertThat(listed(Window.By.ACTIVITY, -1, 0)).isEmpty();
    assertThat(listed(Window.By.SEGMENT_END, 2, 3)).hasSize(1);
    assertThat(listed(Window.By.SEGMENT_END, 3, 5)).isEmpty();
    assertThat(listed(Window.By.SEGMENT_END, 5, 6)).hasSize(1);
  }

  @Test
  void pages_giveEveryTraceOnceNewestFirst() throws IOException {
    for (int i = 0; i < 250; i++) {
      long start = now + i / 3 * SECOND;
      store.put(
          List.of(complete(w3cId(i), 1, start, start, "{\"filler\":\"" + filler(1000) + "\"}")));
    }

    List<TraceRow> all = new ArrayList<>();
    var window = new Window(Window.By.START, 0, Long.MAX_VALUE);
    var page = store.list(window, Position.NEWEST, 100);
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(100);
      all.addAll(page);
      page = store.list(window, Position.after(page.getLast()), 100);
    }

    assertThat(all).hasSize(250).doesNotHaveDuplicates();
    assertThat(all)
        .extracting(TraceRow::startMicros)
        .isSortedAccordingTo((a, b) -> Long.compare(b, a));
    assertThat(files()).as("volumes").hasSizeGreaterThan(1);
  }

  @Test
  void lateDocument_joinsItsTraceInAnOlderVolume() throws IOException {
    store.put(List.of(complete(w3cId(1), 1, now, now, "{}")));
    for (int i = 2; files().size() < 3; i++) {
      store.put(
          List.of(complete(w3cId(i), 1, now, now, "{\"filler\":\"" + filler(50_000) + "\"}")));
    }

    store.put(List.of(complete(w3cId(1), 2, now + 1, now + 1, "{\"late\":true}")));

    assertThat(store.trace(w3cId(1)).orElseThrow().documents())
        .containsExactly("{}", "{\"late\":true}");
    assertThat(listed(Window.By.START, 0, 1)).extracting(TraceRow::id).containsOnlyOnce(w3cId(1));
  }

  @Test
  void moreThanFits_deletesTheOldestAndStaysWithinTheLimit() throws IOException {
    int traces = 1500;
    for (int i = 0; i < traces; i += 5) {
      List<Document> call = new ArrayList<>();
      for (int j = i; j < i + 5; j++) {
        call.add(
            complete(w3cId(j), 1, now + j, now + j, "{\"filler\":\"" + filler(20_000) + "\"}"));
      }
      store.put(call);
      assertThat(bytesOnDisk()).isLessThanOrEqualTo(settings().maxSize());
    }

    assertThat(store.trace(w3cId(0))).isEmpty();
    assertThat(store.trace(w3cId(traces - 1))).isPresent();
    assertThat(store.size()).isGreaterThan(settings().maxSize() / 2);
  }

  @Test
  void traceOlderThanTheLimit_isGoneAndItsSpaceSoonAfter() throws Exception {
    store.put(List.of(complete(w3cId(1), 1, now, now, "{}")));
    clock.advance(Duration.ofDays(7));
    assertThat(store.trace(w3cId(1))).isPresent();

    clock.advance(Duration.ofSeconds(1));
    assertThat(store.trace(w3cId(1))).isEmpty();
    assertThat(listed(Window.By.START, -1, 1)).isEmpty();

    Path first = files().getFirst();
    store.expire();
    assertThat(first).doesNotExist();
    assertThat(files()).hasSize(1);
  }

  @Test
  void fullTrace_refusesMore() throws IOException {
    String big = "{\"filler\":\"" + "x".repeat(1 << 20 - 1) + "\"}";
    for (int i = 0; i < 21; i++) {
      assertThat(store.put(List.of(complete(w3cId(1), i, now, now, big)))).isEmpty();
      if (store.trace(w3cId(1)).orElseThrow().row().full()) break;
    }

    var refused = complete(w3cId(1), 99, now, now, "{}");

    assertThat(store.put(List.of(refused))).containsExactly(refused);
  }

  @Test
  void metrics_areListedLatestFirstWithTheirLastValue() throws Exception {
    var latency = new Series("shop", "latency", "{\"route\":\"/\"}", "Milliseconds");
    var count = new Series("shop", "orders", "{}", "Count");

    store.putMetrics(
        List.of(new Datum(latency, now, "{\"Value\":1}"), new Datum(count, now, "{}")));
    clock.advance(Duration.ofSeconds(1));
    store.putMetrics(
        List.of(new Datum(latency, now + 9, "{\"Value\":9}"), new Datum(latency, now + 5, "{}")));

    assertThat(store.series(10))
        .containsExactly(
            new SeriesRow(new Datum(latency, now + 9, "{\"Value\":9}"), 3),
            new SeriesRow(new Datum(count, now, "{}"), 1));
    assertThat(store.series(1)).hasSize(1);
  }

  @Test
  void reopened_hasEverything() throws IOException {
    store.put(List.of(complete(w3cId(1), 1, now, now, "{}")));
    store.close();

    store = TraceStore.open(settings(), clock);

    assertThat(store.trace(w3cId(1))).isPresent();
    store.put(List.of(complete(w3cId(2), 1, now, now, "{}")));
    assertThat(store.trace(w3cId(2))).isPresent();
  }

  @Test
  void closedStore_saysSo() throws IOException {
    store.close();

    assertThatThrownBy(() -> store.put(List.of())).hasMessageContaining("is closed");
  }

  @Test
  void directoryInUse_isRefusedWithTheHoldersPid() {
    assertThatThrownBy(() -> TraceStore.open(settings(), clock))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(directory.toString())
        .hasMessageContaining(
            "in use by another process (pid " + ProcessHandle.current().pid() + ")");
  }

  @Test
  void directoryThatIsAFile_isRefusedByName() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    assertThatThrownBy(
            () -> TraceStore.open(new StoreSettings(file, 8 << 20, Duration.ofDays(1)), clock))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void brokenFile_isRefusedByName() throws IOException {
    store.close();
    Path file = files().getFirst();
    Files.writeString(file, "not a database".repeat(1000));

    assertThatThrownBy(() -> TraceStore.open(settings(), clock))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("cannot open " + file);
  }

  private List<TraceRow> listed(Window.By by, long fromSecond, long toSecond) throws IOException {
    var window = new Window(by, now + fromSecond * SECOND, now + toSecond * SECOND);
    return store.list(window, Position.NEWEST, 1000);
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".mv.db")).sorted().toList();
    }
  }

  private long bytesOnDisk() throws IOException {
    long size = 0;
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) size += Files.size(file);
    }
    return size;
  }

  /** Text that does not compress. */
  private String filler(int length) {
    return random
        .ints(length, ' ', 0x7f)
        .filter(c -> c != '"' && c != '\\')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static Document withTrace(Document document, String traceId) {
    return new Document(
        traceId,
        document.id(),
        document.complete(),
        document.startMicros(),
        document.endMicros(),
        document.json());
  }

  private static Document complete(String traceId, int id, long start, long end, String json) {
    return new Document(traceId, segmentId(id), true, start, end, json);
  }

  private static String segmentId(int id) {
    return "%016x".formatted(id);
  }

  private static String w3cId(int id) {
    return "1-0badcafe-%024x".formatted(id);
  }
}
