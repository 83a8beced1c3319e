package io.raybridge.exporters.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.Kind;
import io.raybridge.api.Outcome;
import io.raybridge.config.Binder;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import io.raybridge.testkit.ExporterContract;
import io.raybridge.testkit.ManualClock;
import io.raybridge.testkit.Numbered;
import io.raybridge.testkit.TestContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileExporterTest implements ExporterContract<FileExporterConfig> {
  private final ManualClock clock = new ManualClock();
  private final TestContext context = TestContext.of(Kind.EXPORTER, "file", clock);

  @TempDir Path dir;

  @Override
  public FileExporterFactory factory() {
    return new FileExporterFactory();
  }

  @Override
  public String yaml() {
    return "path: " + file();
  }

  @Test
  void json_isALinePerBatch() throws Exception {
    var first = Numbered.traces(0, 2);
    var second = Numbered.traces(2, 1);
    var exporter = started("");

    accept(exporter, first.copy());
    accept(exporter, second.copy());
    exporter.stop(generously());

    List<Long> numbers = new ArrayList<>();
    for (var line : Files.readAllLines(file())) {
      numbers.addAll(Numbered.numbers(Traces.ofOtlpJson(line.getBytes(StandardCharsets.UTF_8))));
    }
    assertThat(Files.readAllLines(file())).hasSize(2);
    assertThat(numbers).containsExactly(0L, 1L, 2L);
  }

  @Test
  void proto_hasItsLengthBeforeIt() throws Exception {
    var batch = Numbered.traces(0, 2);
    var bytes = batch.toOtlp();
    var exporter = started("format: proto");

    accept(exporter, batch);
    exporter.stop(generously());

    var written = ByteBuffer.wrap(Files.readAllBytes(file()));
    assertThat(written.getInt()).isEqualTo(bytes.length);
    assertThat(written).isEqualTo(ByteBuffer.wrap(bytes));
  }

  @Test
  void fileFromBefore_isEmptiedUnlessAppended() throws Exception {
    Files.writeString(file(), "before\n");
    started("append: true").stop(generously());
    assertThat(file()).hasContent("before");

    started("append: false").stop(generously());
    assertThat(file()).isEmptyFile();
  }

  @Test
  void tooLarge_beginsANewFileAndKeepsSoManyOldOnes() throws Exception {
    var exporter = started("rotation: {max_megabytes: 1, max_backups: 2}");

    for (int i = 0; i < 5; i++) {
      accept(exporter, Numbered.traces(0, 4000));
      clock.advance(Duration.ofSeconds(1));
    }
    exporter.stop(generously());

    assertThat(file()).isNotEmptyFile();
    assertThat(old()).hasSize(2).allMatch(name -> name.matches("out-\\d{4}-.*\\.json"));
    assertThat(Files.size(file())).isLessThan(3 << 20);
  }

  @Test
  void oldFiles_areDeletedAfterTheirDays() throws Exception {
    var exporter = started("rotation: {max_megabytes: 1, max_days: 2}");
    accept(exporter, Numbered.traces(0, 4000));
    accept(exporter, Numbered.traces(0, 4000));
    assertThat(old()).hasSize(1);

    clock.advance(Duration.ofDays(3));
    accept(exporter, Numbered.traces(0, 4000));
    exporter.stop(generously());

    assertThat(old()).hasSize(1);
  }

  @Test
  void missingDirectory_isAStartErrorThatNamesTheFile() {
    assertThatThrownBy(() -> exporter("path: " + dir.resolve("no/out.json")).start())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot write to " + dir.resolve("no/out.json"));
  }

  @Test
  void missingDirectory_isMadeWhenAskedFor() throws Exception {
    var exporter =
        exporter(
            "path: "
                + dir.resolve("made/out.json")
                + "\ncreate_directory: true\ndirectory_permissions: \"0700\"");
    exporter.start();
    exporter.stop(generously());

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("made"))))
        .isEqualTo("rwx------");
  }

  @Test
  void stopped_refusesAndTakesNothingOver() throws Exception {
    var exporter = started("");
    exporter.stop(generously());

    assertThat(exporter.traces().consume(Numbered.traces(0, 1)))
        .isEqualTo(Outcome.unavailable("cannot write to " + file() + ": it is not open"));
    assertThat(context.ledger().accepted(Signal.TRACES)).isZero();
  }

  @Test
  void permissionsThatAreNoOctal_areRefused() {
    var binding =
        Binder.bind(
            FileExporterConfig.class,
            "path: x\ncreate_directory: true\ndirectory_permissions: rwx");

    assertThat(binding.problems().getFirst().message())
        .isEqualTo("rwx (expected: permissions in octal, such as 0755)");
  }

  private FileExporter started(String yaml) throws IOException {
    var exporter = exporter("path: " + file() + "\n" + yaml);
    exporter.start();
    return exporter;
  }

  private FileExporter exporter(String yaml) {
    return new FileExporter(
        Binder.bind(FileExporterConfig.class, yaml).orThrow(), context.context());
  }

  private static void accept(FileExporter exporter, Traces batch) {
    assertThat(exporter.traces().consume(batch)).isEqualTo(Outcome.ACCEPTED);
  }

  private Path file() {
    return dir.resolve("out.json");
  }

  private List<String> old() throws IOException {
    try (var files = Files.list(dir)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals("out.json"))
          .toList();
    }
  }
}
