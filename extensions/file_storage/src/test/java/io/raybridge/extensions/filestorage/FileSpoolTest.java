package io.raybridge.extensions.filestorage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.Outcome;
import io.raybridge.api.Spool;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileSpoolTest {
  private static final String KILOBYTE = "k".repeat(1000);
  private static final String SMALL_FILES = "max_size: 1048576"; // files of 64 KiB

  @TempDir Path dir;

  @Test
  void appended_isReadInOrder() {
    try (var rig = new SpoolRig(dir)) {
      rig.append("a", "bb", "ccc");

      assertThat(rig.spool.unread()).isEqualTo(new Spool.Unread(3, 6, 6));
      assertThat(rig.read()).containsExactly("a", "bb", "ccc");
      assertThat(rig.spool.unread()).isEqualTo(new Spool.Unread(0, 0, 0));
    }
  }

  @Test
  void whatIsNotSettled_isReadAgainAfterARestart() {
    try (var rig = new SpoolRig(dir)) {
      rig.append("a", "bb", "ccc");
      var entries = rig.entries();
      rig.settle(entries.get(1));
    }
    try (var rig = new SpoolRig(dir)) {
      assertThat(rig.spool.unread()).isEqualTo(new Spool.Unread(2, 4, 4));
      assertThat(rig.read()).containsExactly("a", "ccc");
      assertThat(rig.context.log().lines().toString()).contains("4 items in 2 records are left in");
    }
  }

  @Test
  void restartAfterRestart_losesNothing() {
    for (int i = 0; i < 5; i++) {
      try (var rig = new SpoolRig(dir)) {
        rig.append("run " + i);
      }
    }
    try (var rig = new SpoolRig(dir)) {
      assertThat(rig.read()).containsExactly("run 0", "run 1", "run 2", "run 3", "run 4");
    }
  }

  @Test
  void kept_isReadByTheNextProcessOnly() {
    try (var rig = new SpoolRig(dir)) {
      rig.keep("a");
      rig.keep("b");
      rig.append("c");

      assertThat(rig.read()).containsExactly("c");
    }
    try (var rig = new SpoolRig(dir)) {
      assertThat(rig.read()).containsExactly("a", "b", "c");
    }
  }

  @Test
  void behindWhatIsUnread_nothingIsKept() {
    try (var rig = new SpoolRig(dir)) {
      rig.append("a");
      var second = rig.offer("b", true);

      assertThat(second.get()).isEqualTo("left");
      assertThat(second.wasFirst()).isFalse();
      assertThat(second.wasLeft()).isTrue();
      assertThat(rig.read()).containsExactly("a", "b");
      assertThat(rig.offer("c", true).get()).isInstanceOf(Spool.Position.class);
    }
  }

  @Test
  void settledFiles_areDeletedInAnyOrder() throws Exception {
    try (var rig = new SpoolRig(dir, SMALL_FILES)) {
      for (int i = 0; i < 220; i++) rig.append(KILOBYTE);
      assertThat(rig.files(".spool")).hasSizeGreaterThan(3);
      var entries = rig.entries();
      var newest = entries.subList(100, 220);

      rig.settle(newest.toArray(Spool.Entry[]::new));
      rig.awaitFiles(2);
      rig.settle(entries.subList(0, 100).toArray(Spool.Entry[]::new));
      rig.awaitFiles(0);

      assertThat(gauge(rig, "size")).isZero();
      rig.append("after");
      assertThat(rig.read()).containsExactly("after");
    }
  }

  @Test
  void nothingUnsettled_leavesNoFiles() throws Exception {
    try (var rig = new SpoolRig(dir)) {
      rig.spool.settle(List.of(rig.keep("a")));
    }
    try (var files = Files.list(dir.resolve("exporter_otlp_traces"))) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("lock");
    }
  }

  @Test
  void recordLargerThanAFile_hasAFileOfItsOwn() {
    String large = "x".repeat(300_000);
    try (var rig = new SpoolRig(dir, SMALL_FILES)) {
      rig.append("a", large, "b");
    }
    try (var rig = new SpoolRig(dir, SMALL_FILES)) {
      assertThat(rig.read()).containsExactly("a", large, "b");
    }
  }

  @Test
  void maxSize_refusesUntilSomethingWasSettled() throws Exception {
    try (var rig = new SpoolRig(dir, SMALL_FILES)) {
      Object answer;
      int written = 0;
      while ((answer = rig.offer(KILOBYTE, false).get()).equals("left")) written++;

      assertThat(written).isBetween(1000, 1048);
      var refusal = (Outcome.Retry) answer;
      assertThat(refusal.cause()).isEqualTo(Outcome.Cause.OVERLOADED);
      assertThat(refusal.reason()).isEqualTo("storage is full (max_size 1048576)");
      assertThat(refusal.after()).isNotNull();
      assertThat(gauge(rig, "failing", "spool", "exporter_otlp_traces")).isEqualTo(1);
      assertThat(rig.warnings().toString()).contains("max_size, 1048576 bytes, is reached");

      int before = rig.files(".spool").size();
      var entries = rig.entries();
      rig.settle(entries.subList(0, 200).toArray(Spool.Entry[]::new));
      rig.awaitFiles(before - 3);
      rig.append("after");
      assertThat(gauge(rig, "failing", "spool", "exporter_otlp_traces")).isZero();
    }
  }

  @Test
  void manyClients_areAllAnsweredAndNothingIsMixedUp() throws Exception {
    var written = new ArrayList<String>();
    try (var rig = new SpoolRig(dir, SMALL_FILES.replace("1048576", "16777216"))) {
      try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int client = 0; client < 50; client++) {
          for (int i = 0; i < 20; i++) written.add("client " + client + " request " + i);
          String name = "client " + client;
          clients.execute(() -> {
            for (int i = 0; i < 20; i++) rig.append(name + " request " + i);
          });
        }
      }
    }
    try (var rig = new SpoolRig(dir)) {
      assertThat(rig.read()).containsExactlyInAnyOrderElementsOf(written);
    }
  }

  @Test
  void interruptedThreads_doNotCloseIt() throws Exception {
    try (var rig = new SpoolRig(dir)) {
      rig.append("a", "b");
      var victim =
          Thread.ofVirtual()
              .start(() -> {
                Thread.currentThread().interrupt();
                rig.settle(rig.spool.read());
                rig.spool.append(List.of(SpoolRig.bytes("c")), 1, new SpoolRig.Answer(false));
              });
      victim.join();

      rig.append("d");
      assertThat(rig.read()).containsExactly("b", "c", "d");
    }
  }

  @Test
  void closed_refusesAndStaysClosed() {
    var rig = new SpoolRig(dir);
    rig.close();

    assertThat(rig.offer("a", false).get())
        .isEqualTo(new Outcome.Retry(Outcome.Cause.UNAVAILABLE, "shutting down", null));
    rig.spool.settle(List.of());
    rig.spool.close();
  }

  @Test
  void secondUser_isRefusedByName() {
    try (var _ = new SpoolRig(dir)) {
      assertThatThrownBy(() -> new SpoolRig(dir, "timeout: 10ms"))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining(dir.resolve("exporter_otlp_traces") + " is in use");
    }
  }

  @Test
  void newerFormat_isRefusedAndLeftAlone() throws Exception {
    try (var rig = new SpoolRig(dir)) {
      rig.append("a");
    }
    var file = dir.resolve("exporter_otlp_traces");
    try (var files = Files.newDirectoryStream(file, "*.spool")) {
      file = files.iterator().next();
    }
    var content = ByteBuffer.wrap(Files.readAllBytes(file)).putInt(8, 2);
    var sum = new CRC32C();
    sum.update(content.array(), 0, 12);
    Files.write(file, content.putInt(12, (int) sum.getValue()).array());

    assertThatThrownBy(() -> new SpoolRig(dir))
        .hasMessageContaining("has format 2 (expected: 1, which this version reads");
    assertThat(Files.readAllBytes(file)).isEqualTo(content.array());
  }

  @Test
  void fileThatIsCutWhileInUse_losesWhatWasCutAndSaysHowMuch() throws Exception {
    try (var rig = new SpoolRig(dir)) {
      rig.append("a", "bb", "ccc");
      try (var file =
          Files.newByteChannel(rig.files(".spool").getFirst(), StandardOpenOption.WRITE)) {
        file.truncate(Segment.FILE_HEADER + RecordHeader.SIZE + 1);
      }

      var entries = rig.entries();

      assertThat(entries.stream().map(SpoolRig::text)).containsExactly("a", "?");
      assertThat(entries.get(1).items()).isEqualTo(5);
      assertThat(rig.spool.unread().records()).isZero();
      assertThat(rig.warnings().toString()).contains("2 records with 5 items: cannot be read");
    }
  }

  private static long gauge(SpoolRig rig, String what, String... labels) {
    return rig.context.telemetry().gauge("otelcol_file_storage_" + what, labels);
  }
}
