package io.raybridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is given for a configuration, loading it ends in a configuration or in problems. */
class FuzzTest {
  private static final String[] PIECES = {
    "&a ", "*a", "<<: *a", "${env:", "}", "${", "$$", "::", "\t", "\n", "  ", "- ", "? ", ": ", "|",
    ">", "[", "]", "{", "}", "\"", "'", "#", "!!", "!x ", "---\n", "...\n", "%YAML 9.9\n", "\0",
        "\uFEFF",
    "\uD83D\uDE80", "null", "~", "0x", "99999999999999999999", "otlp/", "receivers", "1e999", ",",
        "\u2028"
  };

  @TempDir Path folder;

  @Test
  void randomBytes_neverEndInAnythingButProblems() throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      Path file = Files.write(folder.resolve("fuzz.yaml"), bytes);

      load(file.toString());
    }
  }

  @Test
  void mutatedConfigurations_neverEndInAnythingButProblems() throws IOException {
    Random random = new Random(2);
    List<BrokenConfigurationsTest.Case> cases = BrokenConfigurationsTest.cases();
    for (int i = 0; i < 10_000; i++) {
      StringBuilder yaml = new StringBuilder(cases.get(random.nextInt(cases.size())).yaml());
      for (int n = random.nextInt(4); n >= 0; n--) {
        mutate(yaml, random);
      }

      load("yaml:" + yaml);
    }
  }

  private static void mutate(StringBuilder yaml, Random random) {
    int at = random.nextInt(yaml.length() + 1);
    int length = Math.min(random.nextInt(8), yaml.length() - at);
    switch (random.nextInt(4)) {
      case 0 -> yaml.delete(at, at + length);
      case 1 -> yaml.insert(at, PIECES[random.nextInt(PIECES.length)]);
      case 2 -> yaml.insert(at, yaml.substring(at, at + length));
      default -> yaml.replace(at, at + length, PIECES[random.nextInt(PIECES.length)]);
    }
  }

  private static void load(String uri) {
    LoadResult result =
        Configuration.load(
            List.of(uri), List.of(), Map.of("A", "1", "LOOP", "${LOOP}"), Shop.FACTORIES);

    assertThat(result.config().isPresent()).as(uri).isEqualTo(result.problems().isEmpty());
    assertThat(result.problems())
        .as(uri)
        .allSatisfy(problem ->
            assertThat(problem.toString().getBytes(StandardCharsets.UTF_8))
                .doesNotContain('\n', '\t', '\0'));
  }
}
