package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.ComponentFactory;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Exporter;
import io.raybridge.api.ExporterFactory;
import io.raybridge.api.Extension;
import io.raybridge.api.ExtensionFactory;
import io.raybridge.api.Key;
import io.raybridge.api.Outputs;
import io.raybridge.api.Receiver;
import io.raybridge.api.ReceiverFactory;
import io.raybridge.config.CollectorConfig;
import io.raybridge.config.LoadResult;
import io.raybridge.data.Signal;
import io.raybridge.engine.Reloading;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
  static final String SOUND =
      """
      receivers: {in: }
      exporters: {out: {endpoint: here}}
      service: {pipelines: {traces: {receivers: [in], exporters: [out]}}}
      """;

  record None() {}

  record Client(@Key(doc = "Where to.") String endpoint) {}

  record In(Descriptor<None> descriptor) implements ReceiverFactory<None> {
    @Override
    public Receiver create(None config, Outputs outputs, Context context) {
      return new Receiver() {};
    }
  }

  record Out(Descriptor<Client> descriptor) implements ExporterFactory<Client> {
    @Override
    public Exporter create(Client config, Context context) {
      return new Exporter() {};
    }
  }

  record Health(Descriptor<None> descriptor) implements ExtensionFactory<None> {
    @Override
    public Extension create(None config, Context context) {
      return new Extension() {};
    }
  }

  record Run(CollectorConfig config, Reloading reloading, Duration timeout) {}

  @TempDir Path folder;

  final StringWriter out = new StringWriter();
  final StringWriter err = new StringWriter();
  final List<Run> runs = new ArrayList<>();

  @Test
  void soundConfiguration_validatesSilently() throws IOException {
    assertThat(execute("validate", "--config", write(SOUND))).isZero();
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void brokenConfiguration_givesEveryProblemAndOne() throws IOException {
    String file = write(SOUND.replace("endpoint", "endpont").replace("[in]", "[inn]"));

    assertThat(execute("validate", "--config=file:" + file)).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            """
            %1$s:2:19: exporters.out: unknown key "endpont"; did you mean "endpoint"?
            %1$s:3:44: service.pipelines.traces.receivers[0]: no receiver "inn" is configured; did you mean "in"?
            """
                .formatted(file));
  }

  @Test
  void warnings_arePrintedAndNoProblem() throws IOException {
    String file = write(SOUND.replace("in: }", "in: , in/2: }"));

    assertThat(execute("validate", "--feature-gates=+a,-b", "--config", file)).isZero();
    assertThat(err.toString())
        .isEqualTo(
            """
            warning: --feature-gates has no effect: there are no gates here
            warning: %s:1:19: receivers.in/2: configured, but in no pipeline: it does not run
            """
                .formatted(file));
  }

  @Test
  void optionsAlone_run() throws IOException {
    assertThat(execute("--config", write(SOUND), "--set", "exporters.out.endpoint=there")).isZero();
    assertThat(runs).hasSize(1);
    assertThat(runs.getFirst().config().components().values())
        .anySatisfy(each -> assertThat(each.config()).isEqualTo(new Client("there")));
    assertThat(runs.getFirst().timeout()).isEqualTo(Duration.ofSeconds(8));
  }

  @ParameterizedTest
  @CsvSource({
    "valdate, raybridge validate",
    "xray-deamon, raybridge xray-daemon",
    "--confg, --config"
  })
  void mistypedWord_isAnsweredWithTheNearest(String typed, String nearest) {
    assertThat(execute(typed)).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(3).element(1).asString().contains(nearest);
  }

  @Test
  void shutdownTimeout_isReadAsADuration() throws IOException {
    String file = write(SOUND);

    assertThat(execute("run", "--config", file, "--shutdown-timeout", "1m30s")).isZero();
    assertThat(runs.getFirst().timeout()).isEqualTo(Duration.ofSeconds(90));
    assertThat(execute("run", "--config", file, "--shutdown-timeout", "90")).isEqualTo(1);
    assertThat(err.toString()).contains("\"90\" (expected: a duration such as 8s or 1m30s)");
  }

  @Test
  void configuration_canBeReadAgainAsItIsThen() throws IOException {
    String file = write(SOUND);
    assertThat(execute("--config", file, "--set", "exporters.out.endpoint=there")).isZero();
    Reloading reloading = runs.getFirst().reloading();
    assertThat(reloading.watched()).isTrue();
    assertThat(reloading.files()).containsOnlyKeys(Path.of(file));

    write(SOUND.replace("in: }", "in/2: }").replace("[in]", "[in/2]"));
    LoadResult again = reloading.source().get();

    assertThat(again.config().orElseThrow().components().keySet())
        .extracting(ComponentId::toString)
        .containsExactly("in/2", "out");
    assertThat(again.files()).isNotEqualTo(reloading.files());
    assertThat(execute("--config", file, "--no-watch")).isZero();
    assertThat(runs.getLast().reloading().watched()).isFalse();
  }

  @Test
  void brokenConfiguration_doesNotRun() throws IOException {
    assertThat(execute("--config", write("receivers: {}"))).isEqualTo(1);
    assertThat(runs).isEmpty();
    assertThat(err.toString()).contains("missing required key \"service\"");
  }

  @Test
  void noConfigurationInAPackage_namesThePlacesTried() {
    assertThat(inPackage("/no/a.yaml:/no/b.yaml", Map.of())).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "no configuration (expected: --config, the environment variable RAYBRIDGE_CONFIG or"
                + " AOT_CONFIG_CONTENT, or a file at /no/a.yaml or /no/b.yaml)\n");
  }

  @Test
  void configurationOfAPackage_isFoundInThisOrder() throws IOException {
    String first = write("first.yaml", sending("first"));
    String second = write("second.yaml", sending("second"));
    String named = write("named.yaml", sending("named"));
    Map<String, String> content = Map.of("AOT_CONFIG_CONTENT", sending("content"));
    Map<String, String> both =
        Map.of("AOT_CONFIG_CONTENT", sending("content"), "RAYBRIDGE_CONFIG", named);
    Map<String, String> empty = Map.of("AOT_CONFIG_CONTENT", "", "RAYBRIDGE_CONFIG", "");

    assertThat(inPackage("/no/a.yaml:" + second, Map.of())).isZero();
    assertThat(inPackage(first + ":" + second, empty)).isZero();
    assertThat(inPackage(first + ":" + second, content)).isZero();
    assertThat(inPackage(first + ":" + second, both)).isZero();
    assertThat(inPackage(first, both, "--config", write("given.yaml", sending("given")))).isZero();

    assertThat(runs)
        .extracting(CommandLineTest::destination)
        .containsExactly("second", "first", "content", "named", "given");
  }

  @Test
  void environmentOfAPackage_doesNotConcernACheckout() {
    assertThat(execute(Map.of("AOT_CONFIG_CONTENT", SOUND), "validate")).isEqualTo(1);
    assertThat(err.toString()).contains("local_xray");
  }

  private int inPackage(String paths, Map<String, String> env, String... args) {
    System.setProperty(DefaultConfiguration.PATHS, paths);
    try {
      return execute(env, args);
    } finally {
      System.clearProperty(DefaultConfiguration.PATHS);
    }
  }

  private static String sending(String where) {
    return SOUND.replace("endpoint: here", "endpoint: " + where);
  }

  private static String destination(Run run) {
    return run.config().components().values().stream()
        .map(each -> each.config() instanceof Client client ? client.endpoint() : "")
        .collect(Collectors.joining());
  }

  @Test
  void embeddedDefault_isPrinted() {
    assertThat(execute("run", "--print-default")).isZero();
    assertThat(out.toString()).isEqualTo(DefaultConfiguration.text());
  }

  @Test
  void components_listTypesSignalsAndStability() {
    assertThat(execute("components")).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            buildinfo:
              command: raybridge
              version: %s
            receivers:
              - name: in
                stability:
                  traces: Stable
            processors: []
            exporters:
              - name: out
                aliases: [output]
                stability:
                  traces: Beta
                  logs: Beta
            connectors: []
            extensions:
              - name: health
                stability:
                  extension: Alpha
            """
                .formatted(Version.text()));
  }

  @Test
  void schema_isPrinted() {
    assertThat(execute("components", "--schema")).isZero();
    assertThat(out.toString()).startsWith("{").contains("\"^(out|output)(/.+)?$\"");
  }

  @Test
  void version_isThatOfTheBuild() {
    assertThat(execute("--version")).isZero();
    assertThat(out.toString()).matches("raybridge version \\d+\\.\\d+\\.\\d+.*\\R");
  }

  @Test
  void help_namesTheCommands() {
    assertThat(execute("--help")).isZero();
    String listed = out.toString().replaceFirst("(?s).*\nCommands:\n", "").split("\n\n")[0];
    List<String> commands = List.of(listed.split("\n(?=  \\S)"));
    assertThat(commands)
        .anySatisfy(command -> assertThat(command).startsWith("  validate "))
        .allSatisfy(command -> assertThat(command).endsWith("."));
  }

  @Test
  void wrongUsage_isOneAndSaysWhatIsWrong() {
    assertThat(execute("vaildate")).isEqualTo(1);
    assertThat(err.toString()).contains("vaildate").contains("--help");
    assertThat(execute("run", "--confg", "x")).isEqualTo(1);
    assertThat(err.toString()).contains("--confg");
  }

  private int execute(String... args) {
    return execute(Map.of(), args);
  }

  private int execute(Map<String, String> env, String... args) {
    List<ComponentFactory<?>> factories =
        List.of(
            new In(Descriptor.of("in", None.class, Stability.STABLE, Signal.TRACES)),
            new Out(
                Descriptor.of("out", Client.class, Stability.BETA, Signal.TRACES, Signal.LOGS)
                    .aliases("output")),
            new Health(Descriptor.of("health", None.class, Stability.ALPHA)));
    Surroundings surroundings =
        new Surroundings(
            env, () -> factories, new PrintWriter(out, true), new PrintWriter(err, true));
    return Raybridge.execute(
        surroundings,
        (config, reloading, timeout, _, _) -> {
          runs.add(new Run(config, reloading, timeout));
          return 0;
        },
        args);
  }

  private String write(String yaml) throws IOException {
    return write("config.yaml", yaml);
  }

  private String write(String name, String yaml) throws IOException {
    return Files.writeString(folder.resolve(name), yaml).toString();
  }
}
