package io.raybridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Key;
import io.raybridge.api.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubstitutionTest {
  static final Map<String, String> ENV =
      Map.ofEntries(
          Map.entry("HOST", "there"),
          Map.entry("PORT", "0123"),
          Map.entry("ON", "true"),
          Map.entry("LIST", "[a, b]"),
          Map.entry("MAP", "{x: 1, y: '${env:HOST}'}"),
          Map.entry("COMMAS", "a,b"),
          Map.entry("NESTED", "${env:HOST}/${env:PORT}"),
          Map.entry("EMPTY", ""),
          Map.entry("NAME", "HOST"),
          Map.entry("PASSWORD", "a$$b$c"),
          Map.entry("NOT_YAML", "[a: {"));

  record Config(
      @Key(doc = "Text.", def = "none") String text,
      @Key(doc = "A number.", def = "-1") int number,
      @Key(doc = "A truth.", def = "false") boolean truth,
      @Key(doc = "A list.") List<String> list,
      @Key(doc = "A mapping.") Map<String, String> map,
      @Key(doc = "A secret.") Optional<Secret> secret,
      @Key(doc = "Anything.", def = "") Object any) {}

  @TempDir Path folder;

  @Test
  void variable_isReadAsTheTypeThatIsWanted() {
    assertThat(bind("text: ${env:PORT}").text()).isEqualTo("0123");
    assertThat(bind("number: ${env:PORT}").number()).isEqualTo(123);
    assertThat(bind("any: ${env:PORT}").any()).isEqualTo(123L);
    assertThat(bind("truth: ${env:ON}").truth()).isTrue();
    assertThat(bind("text: ${env:ON}").text()).isEqualTo("true");
    assertThat(bind("list: ${env:LIST}").list()).containsExactly("a", "b");
    assertThat(bind("list: ${env:COMMAS}").list()).containsExactly("a", "b");
    assertThat(bind("map: ${env:MAP}").map()).isEqualTo(Map.of("x", "1", "y", "there"));
    assertThat(bind("text: ${env:MAP}").text()).isEqualTo("{x: 1, y: 'there'}");
    assertThat(bind("text: ${env:NOT_YAML}").text()).isEqualTo("[a: {");
  }

  @Test
  void variableInsideOfText_givesText() {
    assertThat(bind("text: http://${env:HOST}:${PORT}/").text()).isEqualTo("http://there:0123/");
    assertThat(bind("any: ${env:PORT}${env:PORT}").any()).isEqualTo("01230123");
    assertThat(bind("list: ['${env:HOST}', x]").list()).containsExactly("there", "x");
  }

  @Test
  void defaultOfAVariable_isUsedOnlyWhenItIsNotSet() {
    assertThat(bind("text: ${env:NO:-else}").text()).isEqualTo("else");
    assertThat(bind("number: ${env:NO:-7}").number()).isEqualTo(7);
    assertThat(bind("text: ${env:NO:-}").text()).isEmpty();
    assertThat(bind("text: ${env:NO:-a:-b}").text()).isEqualTo("a:-b");
    assertThat(bind("text: ${env:HOST:-else}").text()).isEqualTo("there");
    assertThat(bind("text: ${env:NO:-${env:HOST}}").text()).isEqualTo("there");
  }

  @Test
  void unsetVariable_isNothingWithAWarning() {
    Binding<Config> binding =
        Binder.bind(Config.class, "text: ${env:HOTS}\nnumber: ${env:NO}\nany: a${NO}", ENV);

    assertThat(binding.orThrow().text()).isEqualTo("none");
    assertThat(binding.orThrow().number()).isEqualTo(-1);
    assertThat(binding.orThrow().any()).isEqualTo("a");
    assertThat(binding.warnings().stream().map(Problem::toString))
        .containsExactly(
            "yaml:1:7: text: environment variable HOTS is not set and has no default; did you mean"
                + " \"HOST\"?",
            "yaml:2:9: number: environment variable NO is not set and has no default",
            "yaml:3:6: any: environment variable NO is not set and has no default");
  }

  @Test
  void emptyVariable_isNothing() {
    assertThat(bind("number: ${env:EMPTY}").number()).isEqualTo(-1);
  }

  @Test
  void variableThatHoldsReferences_isExpandedFurther() {
    assertThat(bind("text: ${env:NESTED}").text()).isEqualTo("there/0123");
    assertThat(bind("text: ${env:${env:NAME}}").text()).isEqualTo("there");
  }

  @Test
  void dollars_areEscapedByDollars() {
    assertThat(bind("text: $${env:HOST}").text()).isEqualTo("${env:HOST}");
    assertThat(bind("text: a$$b$c$").text()).isEqualTo("a$b$c$");
    assertThat(bind("text: $$$${env:HOST}").text()).isEqualTo("$${env:HOST}");
    assertThat(bind("text: $$${env:HOST}").text()).isEqualTo("$there");
    assertThat(bind("text: ${env:PASSWORD}").text()).isEqualTo("a$$b$c");
    assertThat(bind("text: x${env:PASSWORD}").text()).isEqualTo("xa$$b$c");
    assertThat(bind("text: a ${ b").text()).isEqualTo("a ${ b");
  }

  @Test
  void keys_areNotExpanded() {
    assertThat(bind("map: {'${env:HOST}': a}").map()).containsOnlyKeys("${env:HOST}");
  }

  @Test
  void file_isReadAsTextOrAsYaml() throws IOException {
    Path token = write("token", "s3cr3t\n");
    Path part = write("part.yaml", "x: ${env:HOST}\ny: [1]\n");

    assertThat(bind("secret: ${file:%s}".formatted(token)).secret()).contains(new Secret("s3cr3t"));
    assertThat(bind("text: Bearer ${file:%s}".formatted(token)).text()).isEqualTo("Bearer s3cr3t");
    assertThat(bind("any: ${file:%s}".formatted(part)).any())
        .isEqualTo(Map.of("x", "there", "y", List.of(1L)));
    assertThat(
            Binder.bind(Config.class, "map: ${file:%s}".formatted(part), ENV).problems().stream()
                .map(Problem::toString))
        .containsExactly(part + ":2:4: map.y: a list (expected: a text)");
  }

  @Test
  void secret_neverPrints() {
    assertThat(bind("secret: ${env:PASSWORD}").toString()).doesNotContain("a$$b").contains("****");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static Config bind(String yaml) {
    return Binder.bind(Config.class, yaml, ENV).orThrow();
  }
}
