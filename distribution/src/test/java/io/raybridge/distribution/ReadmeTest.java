package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The project's README names each component that is built in, and its folder. */
class ReadmeTest {
  private static final Pattern LINK = Pattern.compile("\\[([^]]*)]\\(([^)]*)\\)");
  private static final Pattern TYPE = Pattern.compile("`([^`]*)`");

  @ParameterizedTest
  @EnumSource(Kind.class)
  void componentsOfAKind_areThoseBuiltIn(Kind kind) throws IOException {
    Path readme = Path.of("../README.md");
    String row =
        Files.readAllLines(readme).stream()
            .filter(line -> line.startsWith("| " + kind.section() + " |"))
            .collect(Collectors.joining());

    Set<String> named = new TreeSet<>();
    LINK.matcher(row)
        .results()
        .forEach(link -> {
          assertThat(readme.resolveSibling(link.group(2)).resolve("README.md")).exists();
          TYPE.matcher(link.group(1)).results().forEach(type -> named.add(type.group(1)));
        });

    assertThat(named)
        .containsExactlyInAnyOrderElementsOf(
            BuiltIn.factories().stream()
                .filter(factory -> Kind.of(factory) == kind)
                .map(factory -> factory.descriptor().type())
                .toList());
  }
}
