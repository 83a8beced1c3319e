package io.raybridge.extensions.filestorage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.Clock;
import io.raybridge.api.ComponentId;
import io.raybridge.api.ExtensionFactory;
import io.raybridge.api.Kind;
import io.raybridge.config.Binder;
import io.raybridge.testkit.ExtensionContract;
import io.raybridge.testkit.TestContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileStorageTest implements ExtensionContract<FileStorageConfig> {
  @TempDir Path dir;

  @Override
  public ExtensionFactory<FileStorageConfig> factory() {
    return new FileStorageFactory();
  }

  @Override
  public String yaml() {
    return "directory: " + dir;
  }

  @Test
  void goExtensionsKeys_areTakenAndThoseWithoutEffectAreNamed() {
    var binding =
        Binder.bind(
            FileStorageConfig.class,
            """
            directory: /tmp/queue
            timeout: 2s
            fsync: true
            create_directory: true
            directory_permissions: 0700
            recreate: true
            max_size: 10485760
            compaction:
              on_start: true
              on_rebound: true
              directory: /tmp/
              max_transaction_size: 65_536
            """);

    assertThat(binding.problems()).isEmpty();
    assertThat(binding.warnings().toString()).contains("compaction").contains("recreate");
    assertThat(binding.orThrow().permissions())
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @ParameterizedTest
  @CsvSource({
    "max_size: 1000, 1000 (expected: 0 or at least 1048576)",
    "directory_permissions: 0980, '0980 (expected: octal, such as 0750)'"
  })
  void impossibleValues_areRefused(String key, String message) {
    assertThat(Binder.bind(FileStorageConfig.class, key).problems().toString()).contains(message);
  }

  @Test
  void withoutADirectory_makesOneInTheDataDirectory() throws Exception {
    var context = TestContext.of(Kind.EXTENSION, "file_storage", Clock.SYSTEM, dir);
    var storage = storage("", context);
    storage.start();
    try (var spool = storage.open(SpoolRig.OWNER, "traces")) {
      assertThat(spool.place()).isEqualTo(dir + "/file_storage/exporter_otlp_traces");
      assertThat(Files.getPosixFilePermissions(Path.of(spool.place())))
          .isSubsetOf(PosixFilePermissions.fromString("rwxr-x---"));
    }
  }

  @Test
  void directoryThatIsNotThere_isNamedUnlessItMayBeMade() throws Exception {
    var missing = dir.resolve("a/b");

    assertThatThrownBy(() -> storage("directory: " + missing, context()).start())
        .isInstanceOf(IOException.class)
        .hasMessage(
            "directory "
                + missing
                + " is not there (expected: a directory, or create_directory: true)");

    storage("directory: " + missing + "\ncreate_directory: true", context()).start();
    assertThat(missing).isDirectory();
  }

  @Test
  void fileInPlaceOfTheDirectory_isNamed() throws Exception {
    var file = Files.writeString(dir.resolve("file"), "");

    assertThatThrownBy(
            () -> storage("directory: " + file + "\ncreate_directory: true", context()).start())
        .hasMessage(file + " is a file (expected: a directory)");
  }

  @Test
  void directoryInWhichNothingCanBeMade_isNamedWithTheReason() throws Exception {
    // Not even root may make a directory there, as a user may not in a read-only one.
    var storage = storage("directory: /proc", context());
    storage.start();

    assertThatThrownBy(() -> storage.open(SpoolRig.OWNER, "traces"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot make directory /proc/exporter_otlp_traces: ")
        .hasMessageEndingWith("(expected: to be allowed to)");
  }

  @ParameterizedTest
  @CsvSource({
    "otlp, exporter_otlp_traces",
    "otlp/a_b, exporter_otlp_a_b_traces",
    "otlp/eu/1, exporter_otlp_eu~002F1_traces",
    "otlp/a~b, exporter_otlp_a~007Eb_traces"
  })
  void folders_areNamedAsGoNamesItsFiles(String id, String folder) {
    assertThat(FileStorage.folder(ComponentId.of(Kind.EXPORTER, id), "traces")).isEqualTo(folder);
  }

  @Test
  void whatAnExporterLeftThatIsGone_isNamed() throws Exception {
    try (var rig = new SpoolRig(dir)) {
      rig.append("a");
    }
    var context = context();
    var storage = storage("directory: " + dir, context);
    storage.start();
    try (var _ = storage.open(ComponentId.of(Kind.EXPORTER, "awsxray"), "traces")) {
      storage.ready();
    }

    assertThat(context.log().lines(System.Logger.Level.WARNING))
        .singleElement()
        .asString()
        .contains("exporter_otlp_traces holds 45 bytes of traces that nobody sends")
        .contains("no exporter otlp with this storage is in the configuration");
  }

  @Test
  void whatAnotherProcessSends_isNotNamed() throws Exception {
    try (var rig = new SpoolRig(dir)) {
      rig.append("a");
      var context = context();
      var other = storage("directory: " + dir, context);
      other.start();

      other.ready();

      assertThat(context.log().lines(System.Logger.Level.WARNING)).isEmpty();
    }
  }

  private static FileStorage storage(String yaml, TestContext context) {
    return new FileStorage(
        Binder.bind(FileStorageConfig.class, yaml.isEmpty() ? "{}" : yaml).orThrow(),
        context.context());
  }
}
