package io.raybridge.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Exporter;
import io.raybridge.api.ExporterFactory;
import io.raybridge.api.Key;
import io.raybridge.config.KeyTable;
import io.raybridge.data.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeContractTest {
  record Config(@Key(doc = "Where to send.", def = "here") String endpoint) {}

  static final class Factory implements ExporterFactory<Config> {
    @Override
    public Descriptor<Config> descriptor() {
      return Descriptor.of("some", Config.class, Stability.ALPHA, Signal.TRACES);
    }

    @Override
    public Exporter create(Config config, Context context) {
      return new Exporter() {};
    }
  }

  static final String EXAMPLE =
      """
      # some
      ```yaml
      exporters:
        some:
          endpoint: there
      ```
      """;
  static final String TABLE = "<!-- keys -->\n%s<!-- /keys -->\n";

  @TempDir Path folder;

  @Test
  void soundReadme_passes() throws IOException {
    check(EXAMPLE + TABLE.formatted(KeyTable.of(Config.class)));
  }

  @Test
  void exampleThatDoesNotBind_fails() {
    String wrong = EXAMPLE.replace("endpoint", "endpont");

    assertThatThrownBy(() -> check(wrong + TABLE.formatted(KeyTable.of(Config.class))))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("did you mean \"endpoint\"?");
  }

  @Test
  void noExample_fails() {
    assertThatThrownBy(() -> check(TABLE.formatted(KeyTable.of(Config.class))))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("examples of some");
  }

  @Test
  void staleTable_fails() {
    assertThatThrownBy(() -> check(EXAMPLE + TABLE.formatted("| old |\n")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("docs.write");
  }

  @Test
  void noTable_fails() {
    assertThatThrownBy(() -> check(EXAMPLE))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("<!-- keys -->");
  }

  @Test
  void staleTable_isWrittenWhenAskedTo() throws IOException {
    String before = System.getProperty("docs.write", "false");
    System.setProperty("docs.write", "true");
    try {
      check(EXAMPLE + TABLE.formatted("| old |\n"));
    } finally {
      System.setProperty("docs.write", before);
    }

    assertThat(Files.readString(folder.resolve("README.md")))
        .isEqualTo(EXAMPLE + TABLE.formatted(KeyTable.of(Config.class)));
  }

  private void check(String readme) throws IOException {
    Path file = folder.resolve("README.md");
    Files.writeString(file, readme);
    ReadmeContract.check(new Factory(), file);
  }
}
