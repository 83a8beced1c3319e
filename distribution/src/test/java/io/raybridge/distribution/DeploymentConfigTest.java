package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Every configuration in {@code k8s/} and {@code helm/}: those in files of their own, in
 * ConfigMaps, and the chart's default. What the chart makes of values is tested with Helm, in
 * {@code interop/}.
 */
class DeploymentConfigTest {
  private static final Path ROOT = Path.of("..");
  private static final String AWAITING = "# Does not start yet";

  static Stream<Named<String>> configurations() throws IOException {
    return all().filter(each -> !each.getPayload().contains(AWAITING));
  }

  static Stream<Named<String>> awaitingComponents() throws IOException {
    return all().filter(each -> each.getPayload().contains(AWAITING));
  }

  private static Stream<Named<String>> all() throws IOException {
    Map<String, String> found = new LinkedHashMap<>();
    for (String folder :
        new String[] {"k8s", "helm", "config-examples", "distribution/packages/src/image"}) {
      try (var files = Files.walk(ROOT.resolve(folder))) {
        for (Path file :
            files
                .filter(each -> each.toString().endsWith(".yaml"))
                .filter(each -> !each.toString().contains("/templates/"))
                .sorted()
                .toList()) {
          read(file, found);
        }
      }
    }
    return found.entrySet().stream().map(each -> Named.of(each.getKey(), each.getValue()));
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void configuration_isSoundAndWithoutWarnings(String yaml) {
    var err = new StringWriter();

    int code = validate(yaml, err);

    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
  }

  /** ADOT's files are there under their names; what they want and there is not is all they lack. */
  @ParameterizedTest
  @MethodSource("awaitingComponents")
  void configurationThatAwaitsComponents_namesThemAndNothingElse(String yaml) {
    var err = new StringWriter();

    assertThat(validate(yaml, err)).isEqualTo(1);

    assertThat(err.toString().lines())
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).contains("of ADOT is not built in yet"));
  }

  private static int validate(String yaml, StringWriter err) {
    var around =
        new Surroundings(
            Map.of(
                "AWS_REGION", "us-east-1",
                "AWS_PROMETHEUS_ENDPOINT", "http://127.0.0.1:1/api/v1/remote_write",
                "AWS_PROMETHEUS_SCRAPING_ENDPOINT", "127.0.0.1:1"),
            BuiltIn::factories,
            new PrintWriter(new StringWriter()),
            new PrintWriter(err, true));
    return Raybridge.execute(around, (_, _, _, _, _) -> 2, "validate", "--config", "yaml:" + yaml);
  }

  @Test
  void configurations_areFoundInAllTheirForms() throws IOException {
    assertThat(configurations().map(Named::getName))
        .contains(
            "k8s/base/config.yaml",
            "k8s/article/adot-collector.yaml: adot-config.yaml",
            "helm/raybridge/values.yaml: config",
            "helm/raybridge/examples/sidecar.yaml: config.yaml");
  }

  @Test
  void manifestOfTheArticle_hasItsConfiguration() throws IOException {
    Map<String, String> found = new LinkedHashMap<>();
    read(ROOT.resolve("k8s/article/adot-collector.yaml"), found);

    assertThat(found.values())
        .containsExactly(Files.readString(ROOT.resolve("config-examples/article.yaml")));
  }

  private static void read(Path file, Map<String, String> into) throws IOException {
    String name = ROOT.relativize(file).toString();
    String text = Files.readString(file);
    var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    for (Object document : yaml.loadAll(text)) {
      if (!(document instanceof Map<?, ?> keys)) continue;
      if (keys.containsKey("receivers")) {
        into.put(name, text);
      } else if (keys.get("data") instanceof Map<?, ?> data) {
        data.forEach((key, value) -> into.put(name + ": " + key, value.toString()));
      } else if (name.endsWith("values.yaml") && keys.get("config") instanceof Map<?, ?> config) {
        into.put(name + ": config", yaml.dump(config));
      }
    }
  }
}
