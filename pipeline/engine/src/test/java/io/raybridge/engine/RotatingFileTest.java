package io.raybridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatingFileTest {
  @TempDir Path dir;

  @Test
  void fullFile_beginsAnewAndOneOldOneStays() throws Exception {
    var log = dir.resolve("log");
    try (var file = new RotatingFile(log, 10)) {
      for (var line : new String[] {"one\n", "two\n", "three\n", "four\n", "five\n"}) {
        write(file, line);
      }
    }

    assertThat(log).hasContent("four\nfive\n");
    assertThat(dir.resolve("log.1")).hasContent("three\n");
    try (var files = Files.list(dir)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void whatIsThereAlready_counts() throws Exception {
    var log = Files.writeString(dir.resolve("log"), "12345678\n");
    try (var file = new RotatingFile(log, 10)) {
      write(file, "next\n");
    }

    assertThat(log).hasContent("next\n");
    assertThat(dir.resolve("log.1")).hasContent("12345678\n");
  }

  @Test
  void lineLongerThanAFile_isWrittenWhole() throws Exception {
    var log = dir.resolve("log");
    try (var file = new RotatingFile(log, 4)) {
      write(file, "a long line\n");
      write(file, "another\n");
    }

    assertThat(log).hasContent("another\n");
    assertThat(dir.resolve("log.1")).hasContent("a long line\n");
  }

  private static void write(RotatingFile file, String line) throws IOException {
    file.write(line.getBytes(StandardCharsets.UTF_8));
  }
}
