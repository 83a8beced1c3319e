package io.raybridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Each case of broken.txt is a configuration and the exact messages it must give. {@code
 * -Dgolden.write=true} writes what it gives now, to be read before it is committed.
 */
class BrokenConfigurationsTest {
  static final Path GOLDEN = Path.of("src/test/resources/io/raybridge/config/broken.txt");
  static final Map<String, String> ENV =
      Map.of(
          "OTLP_ENDPOINT", "http://there",
          "PORT", "4318",
          "TOKEN", "s3cr3t",
          "LOOP", "${env:LOOP}",
          "SECRET_MAP", "{a: s3cr3t}");

  record Case(String title, String yaml, String messages) {}

  @TestFactory
  Stream<DynamicTest> brokenConfiguration_givesExactlyTheseMessages() throws IOException {
    List<Case> cases = cases();
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(
          GOLDEN,
          cases.stream()
              .map(c -> "=== " + c.title() + "\n" + c.yaml() + "---\n" + messages(c.yaml()))
              .collect(Collectors.joining("\n")));
    }
    return cases().stream()
        .map(c ->
            DynamicTest.dynamicTest(
                c.title(), () -> assertThat(messages(c.yaml())).isEqualTo(c.messages())));
  }

  @Test
  void casesAreMany() throws IOException {
    assertThat(cases()).hasSizeGreaterThanOrEqualTo(40);
  }

  @Test
  void noMessageEverHoldsASecret() throws IOException {
    assertThat(cases()).allSatisfy(c -> assertThat(c.messages()).doesNotContain("s3cr3t"));
  }

  static List<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    for (String part : Files.readString(GOLDEN).split("(?m)^=== ")) {
      if (!part.isEmpty()) {
        int title = part.indexOf('\n');
        int end = part.lastIndexOf("\n---\n");
        cases.add(
            new Case(
                part.substring(0, title),
                part.substring(title + 1, end + 1),
                part.substring(end + 5).strip() + "\n"));
      }
    }
    return cases;
  }

  private static String messages(String yaml) {
    LoadResult result = Configuration.load(List.of("yaml:" + yaml), List.of(), ENV, Shop.FACTORIES);
    assertThat(result.config().isPresent()).isEqualTo(result.problems().isEmpty());
    return Stream.concat(
            result.problems().stream().map(Problem::toString),
            result.warnings().stream().map(warning -> "warning: " + warning))
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
