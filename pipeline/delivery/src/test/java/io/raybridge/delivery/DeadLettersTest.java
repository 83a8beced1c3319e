package io.raybridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.raybridge.api.Kind;
import io.raybridge.data.Signal;
import io.raybridge.testkit.ManualClock;
import io.raybridge.testkit.TestContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLettersTest {
  @TempDir Path dataDir;

  private final ManualClock clock = new ManualClock(Instant.parse("2026-11-25T23:00:00Z"));
  private TestContext context;
  private Path folder;

  @BeforeEach
  void makeContext() {
    context = TestContext.of(Kind.EXPORTER, "awsxray", clock, dataDir);
    folder = dataDir.resolve("dead-letters");
  }

  @Test
  void givenUpItems_standInTheFileOfTheDay() throws Exception {
    var letters = letters(new DeadLetterConfig(true, 100, 7));

    letters.keep(
        "rejected", "InvalidSegment", "their words", List.of(document("1"), document("2")));
    clock.advance(Duration.ofHours(2));
    letters.keep("throttled", "ThrottledException", "given up", List.of(document("3")));

    assertThat(lines("2026-11-25")).hasSize(2).allMatch(line -> line.contains("InvalidSegment"));
    assertThat(lines("2026-11-26")).hasSize(1);
    var letter = DeadLetter.parse(lines("2026-11-26").getFirst().getBytes(StandardCharsets.UTF_8));
    assertThat(letter.time()).isEqualTo("2026-11-26T01:00:00Z");
    assertThat(letter.component()).isEqualTo("awsxray");
    assertThat(letter.reason()).isEqualTo("throttled");
    assertThat(new String(letter.document().json(), StandardCharsets.UTF_8)).isEqualTo("\"3\"");
    assertThat(counter("written")).isEqualTo(3);
  }

  @Test
  void filesAreForTheirOwnerOnly() throws Exception {
    letters(new DeadLetterConfig(true, 100, 7)).keep("x", "y", "z", List.of(document("1")));

    assertThat(permissions(folder)).isEqualTo("rwx------");
    assertThat(permissions(folder.resolve("2026-11-25.jsonl"))).isEqualTo("rw-------");
  }

  @Test
  void disabled_writesNothing() {
    letters(new DeadLetterConfig(false, 100, 7)).keep("x", "y", "z", List.of(document("1")));

    assertThat(folder).doesNotExist();
    assertThat(counter("unwritten")).isZero();
  }

  @Test
  void oldFiles_areDeletedAndOthersLeftAlone() throws Exception {
    Files.createDirectories(folder);
    for (var name : List.of("2026-11-22.jsonl", "2026-11-23.jsonl", "notes.jsonl", "a.txt")) {
      Files.writeString(folder.resolve(name), "x\n");
    }

    letters(new DeadLetterConfig(true, 100, 3)).keep("x", "y", "z", List.of(document("1")));

    assertThat(names())
        .containsExactlyInAnyOrder("2026-11-23.jsonl", "2026-11-25.jsonl", "notes.jsonl", "a.txt");
  }

  @Test
  void fullFolder_losesItsOldestDayFirst() throws Exception {
    Files.createDirectories(folder);
    Files.write(folder.resolve("2026-11-23.jsonl"), new byte[400_000]);
    Files.write(folder.resolve("2026-11-24.jsonl"), new byte[400_000]);

    letters(new DeadLetterConfig(true, 1, 7))
        .keep("x", "y", "z", List.of(document("n".repeat(300_000))));

    assertThat(names()).containsExactlyInAnyOrder("2026-11-24.jsonl", "2026-11-25.jsonl");
  }

  @Test
  void fullDay_keepsNoMoreAndSaysSo() {
    var letters = letters(new DeadLetterConfig(true, 1, 7));
    var large = document("n".repeat(300_000));

    letters.keep("x", "y", "z", List.of(large, large, large, large));

    assertThat(lines("2026-11-25")).hasSize(3);
    assertThat(counter("unwritten")).isEqualTo(1);
    assertThat(context.log().lines()).anyMatch(line -> line.contains("max_megabytes"));
  }

  @Test
  void fullDisk_isCountedAndTriedAgain() throws Exception {
    var full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "needs Linux' /dev/full");
    Files.createDirectories(folder);
    var day = Files.createSymbolicLink(folder.resolve("2026-11-25.jsonl"), full);
    var letters = letters(new DeadLetterConfig(true, 100, 7));

    letters.keep("x", "y", "z", List.of(document("1"), document("2")));
    assertThat(counter("unwritten")).isEqualTo(2);
    assertThat(context.log().lines()).anyMatch(line -> line.contains("No space left"));

    Files.delete(day);
    clock.advance(Duration.ofSeconds(1));
    letters.keep("x", "y", "z", List.of(document("3")));
    assertThat(lines("2026-11-25")).hasSize(1);
    assertThat(counter("written")).isEqualTo(1);
  }

  @Test
  void folderThatCannotBeMade_harmsNobody() throws Exception {
    Files.writeString(folder, "in the way");
    var letters = letters(new DeadLetterConfig(true, 100, 7));

    letters.keep("x", "y", "z", List.of(document("1")));

    assertThat(counter("unwritten")).isEqualTo(1);
    assertThat(context.log().lines()).anyMatch(line -> line.contains("dead-letters"));
  }

  @Test
  void lineCutOffByACrash_spoilsNoOther() throws Exception {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("2026-11-25.jsonl"), "{\"time\":\"2026-11-25T");

    letters(new DeadLetterConfig(true, 100, 7)).keep("x", "y", "z", List.of(document("1")));

    assertThat(lines("2026-11-25")).hasSize(2);
    assertThat(DeadLetter.parse(lines("2026-11-25").get(1).getBytes(StandardCharsets.UTF_8)).code())
        .isEqualTo("y");
  }

  @Test
  void fileTakenAway_isMadeAnew() throws Exception {
    var letters = letters(new DeadLetterConfig(true, 100, 7));
    letters.keep("x", "y", "z", List.of(document("1")));

    Files.move(folder.resolve("2026-11-25.jsonl"), folder.resolve("taken"));
    letters.keep("x", "y", "z", List.of(document("2")));

    assertThat(lines("2026-11-25")).hasSize(1);
  }

  @Test
  void exportersAtOnce_doNotMixTheirLines() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int exporter = 0; exporter < 8; exporter++) {
        var letters = letters(new DeadLetterConfig(true, 100, 7));
        var text = Integer.toString(exporter).repeat(5_000);
        threads.execute(() -> {
          for (int i = 0; i < 50; i++) letters.keep("x", "y", "z", List.of(document(text)));
        });
      }
    }

    assertThat(lines("2026-11-25")).hasSize(400);
    for (var line : lines("2026-11-25")) {
      var json = DeadLetter.parse(line.getBytes(StandardCharsets.UTF_8)).document().json();
      assertThat(json).hasSize(5_002).containsOnly('"', json[1]);
    }
  }

  @Test
  void interruptedThread_keepsWhatItHadInHand() throws Exception {
    var letters = letters(new DeadLetterConfig(true, 100, 7));

    var thread =
        Thread.ofVirtual()
            .start(() -> {
              Thread.currentThread().interrupt();
              letters.keep("shutdown", "x", "y", List.of(document("1"), document("2")));
            });
    thread.join();

    assertThat(lines("2026-11-25")).hasSize(2);
    assertThat(counter("unwritten")).isZero();
  }

  private DeadLetters letters(DeadLetterConfig config) {
    return new DeadLetters(context.context(), Signal.TRACES, config);
  }

  private static Document document(String text) {
    return new Document(null, null, "", 1, ("\"" + text + "\"").getBytes(StandardCharsets.UTF_8));
  }

  private List<String> lines(String day) {
    try {
      return Files.readAllLines(folder.resolve(day + ".jsonl"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(each -> each.getFileName().toString()).toList();
    }
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private long counter(String what) {
    return context.telemetry().counter("otelcol_raybridge_dead_letters_" + what + "_spans");
  }
}
