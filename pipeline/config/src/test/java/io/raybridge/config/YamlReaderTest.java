package io.raybridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Key;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class YamlReaderTest {
  record Config(@Key(doc = "Anything.", def = "") Object any) {}

  @Test
  void plainScalars_areReadAsYaml12Does() {
    assertThat(read("[on, yes, 010, 0o10, 0x1F, 12:30:45, 2026-11-23, 1_000, 1e3, .5, -.inf]"))
        .isEqualTo(
            List.of(
                "on",
                "yes",
                10L,
                8L,
                31L,
                "12:30:45",
                "2026-11-23",
                "1_000",
                1000.0,
                0.5,
                Double.NEGATIVE_INFINITY));
    assertThat(read("[true, FALSE, '1', \"true\", !!str 1, !!int 1, 0x, 0x-1, +1, 1.]"))
        .isEqualTo(List.of(true, false, "1", "true", "1", 1L, "0x", "0x-1", 1L, 1.0));
  }

  @Test
  void anchors_mayBeUsedAgain() {
    assertThat(read("{a: &x {p: 1}, b: *x, c: [*x, &s text, *s]}"))
        .isEqualTo(
            Map.of(
                "a", Map.of("p", 1L),
                "b", Map.of("p", 1L),
                "c", List.of(Map.of("p", 1L), "text", "text")));
  }

  @Test
  void mergeKeys_lieUnderTheMappingsOwn() {
    assertThat(
            read("{a: &x {p: 1, q: 1}, b: &y {q: 2, r: 2}, c: {r: 3, <<: [*x, *y]}, d: {<<: *x}}"))
        .isEqualTo(
            Map.of(
                "a", Map.of("p", 1L, "q", 1L),
                "b", Map.of("q", 2L, "r", 2L),
                "c", Map.of("p", 1L, "q", 1L, "r", 3L),
                "d", Map.of("p", 1L, "q", 1L)));
    assertThat(read("{'<<': 1}")).isEqualTo(Map.of("<<", 1L));
  }

  @Test
  void aliasesThatUnfoldWithoutEnd_areRefused() {
    StringBuilder bomb = new StringBuilder("any:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
      bomb.append("  a%d: &a%d [".formatted(i, i));
      bomb.append(("*a%d, ".formatted(i - 1)).repeat(10)).append("x]\n");
    }

    assertThat(Binder.bind(Config.class, bomb.toString()).problems())
        .singleElement()
        .extracting(Problem::toString)
        .isEqualTo("yaml:7:7: aliases unfold to more than 200000 values (expected: fewer)");
  }

  @Test
  void nestingWithoutEnd_isRefused() {
    assertThat(Binder.bind(Config.class, "any: " + "[".repeat(100_000)).problems()).hasSize(1);
  }

  @Test
  void emojiBeforeAMistake_countsAsOneColumn() {
    assertThat(Binder.bind(Config.class, "{any: \uD83D\uDE80, anny: 1}").problems())
        .singleElement()
        .extracting(Problem::toString)
        .isEqualTo("yaml:1:10: unknown key \"anny\"; did you mean \"any\"?");
  }

  private static Object read(String yaml) {
    return Binder.bind(Config.class, "any: " + yaml).orThrow().any();
  }
}
