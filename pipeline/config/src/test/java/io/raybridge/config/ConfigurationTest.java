package io.raybridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.ComponentFactory;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Kind;
import io.raybridge.api.Secret;
import io.raybridge.config.CollectorConfig.Pipeline;
import io.raybridge.config.CollectorConfig.Reference;
import io.raybridge.data.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
  static final String SMALL =
      """
      receivers: {otlp: {protocols: {grpc: }}}
      exporters: {debug: }
      service: {pipelines: {traces: {receivers: [otlp], exporters: [debug]}}}
      """;

  @TempDir Path folder;

  @Test
  void wholeConfiguration_isRead() {
    CollectorConfig config =
        sound(
            """
            receivers:
              otlp:
                protocols:
                  grpc:
                  http:
                    endpoint: 0.0.0.0:4318
            processors:
              batch:
                timeout: 1s
            exporters:
              debug:
              awsxray/eu:
                region: eu-central-1
            connectors:
              forward:
            extensions:
              health_check:
            service:
              extensions: [health_check]
              telemetry:
                logs: {level: DEBUG, encoding: json}
                resource: {service.name: gateway}
              pipelines:
                traces:
                  receivers: [otlp]
                  processors: [batch]
                  exporters: [awsxray/eu, forward]
                traces/second:
                  receivers: [forward]
                  exporters: [debug]
            """);

    assertThat(config.component(ComponentId.of(Kind.RECEIVER, "otlp")).config().toString())
        .contains("endpoint=localhost:4317")
        .contains("endpoint=0.0.0.0:4318");
    assertThat(config.component(ComponentId.of(Kind.PROCESSOR, "batch")).config())
        .isEqualTo(new Shop.Batch(Duration.ofSeconds(1), 8192));
    assertThat(config.pipelines())
        .extracting(Pipeline::id)
        .containsExactly("traces", "traces/second");
    Pipeline first = config.pipelines().getFirst();
    assertThat(first.signal()).isEqualTo(Signal.TRACES);
    assertThat(first.exporters())
        .extracting(Reference::id)
        .containsExactly(
            new ComponentId(Kind.EXPORTER, "awsxray", "eu"),
            new ComponentId(Kind.CONNECTOR, "forward", ""));
    assertThat(first.exporters().getFirst().place()).isEqualTo(new Place("yaml", 27, 19));
    assertThat(config.extensions())
        .extracting(Reference::id)
        .containsExactly(new ComponentId(Kind.EXTENSION, "health_check", ""));
    assertThat(config.telemetry().logs().level()).isEqualTo(TelemetryConfig.LogLevel.DEBUG);
    assertThat(config.telemetry().resourceAttributes()).containsEntry("service.name", "gateway");
  }

  @Test
  void nothingSaidOfTelemetry_listensOnLocalhost8888() {
    TelemetryConfig telemetry = sound(SMALL).telemetry();

    assertThat(telemetry.metrics().prometheus())
        .containsExactly(new TelemetryConfig.Prometheus("localhost", 8888, true, true, true));
    assertThat(telemetry.logs().outputPaths()).containsExactly("stderr");
  }

  @Test
  void metricsListeners_areReadInEachForm() {
    assertThat(listeners("{level: none}")).isEmpty();
    assertThat(listeners("{readers: []}")).isEmpty();
    assertThat(listeners("{address: ':1234'}")).containsExactly("0.0.0.0:1234");
    assertThat(listeners("{address: '[::1]:1234'}")).containsExactly("[::1]:1234");
    assertThat(
            listeners(
                "{readers: [{pull: {exporter: {prometheus: {host: 10.0.0.1, port: 9090}}}}]}"))
        .containsExactly("10.0.0.1:9090");
  }

  private static List<String> listeners(String metrics) {
    String service = "service: {telemetry: {metrics: " + metrics + "}, ";
    return sound(SMALL.replace("service: {", service)).telemetry().metrics().prometheus().stream()
        .map(listener -> listener.host() + ":" + listener.port())
        .toList();
  }

  @Test
  void twoFiles_mergeMappingsAndReplaceLists() throws IOException {
    Path base = write("base.yaml", SMALL);
    Path over =
        write(
            "over.yaml",
            """
            receivers: {otlp: {protocols: {http: {endpoint: h:1}}}, nop: }
            service: {pipelines: {traces: {receivers: [nop, otlp]}}}
            """);

    LoadResult result =
        Configuration.load(
            List.of(base.toString(), "file:" + over),
            List.of("processors.batch.timeout=3s", "service.pipelines.traces.processors=[batch]"),
            Map.of(),
            Shop.FACTORIES);

    assertThat(result.problems()).isEmpty();
    CollectorConfig config = result.config().orElseThrow();
    assertThat(config.component(ComponentId.of(Kind.RECEIVER, "otlp")).config().toString())
        .contains("grpc=Optional[")
        .contains("endpoint=h:1");
    assertThat(config.component(ComponentId.of(Kind.PROCESSOR, "batch")).config())
        .isEqualTo(new Shop.Batch(Duration.ofSeconds(3), 8192));
    assertThat(config.pipelines().getFirst().receivers())
        .extracting(reference -> reference.id().type())
        .containsExactly("nop", "otlp");
    assertThat(config.pipelines().getFirst().receivers().getFirst().place())
        .isEqualTo(new Place(over.toString(), 2, 44));
  }

  @Test
  void problemsOfSeveralLayers_nameTheirOwnPlaces() throws IOException {
    Path base = write("base.yaml", SMALL.replace("grpc", "gprc"));

    LoadResult result =
        Configuration.load(
            List.of(base.toString(), "yaml:exporters::debug::colour: red"),
            List.of("receivers.otlp.protocol=x", "service.telemetry.logs.level=loud"),
            Map.of(),
            Shop.FACTORIES);

    assertThat(result.problems().stream().map(Problem::toString))
        .containsExactly(
            base + ":1:32: receivers.otlp.protocols: unknown key \"gprc\"; did you mean \"grpc\"?",
            "yaml:1:1: exporters.debug: unknown key \"colour\" (expected: none)",
            "--set:1:1: receivers.otlp: unknown key \"protocol\"; did you mean \"protocols\"?",
            "--set:2:30: service.telemetry.logs.level: \"loud\" (expected: one of debug, info, warn,"
                + " error)");
  }

  @Test
  void unreadableSources_areAllReported() {
    LoadResult result =
        Configuration.load(
            List.of("/no/such/file.yaml", "env:CONIFG", "s3:bucket", "ftp:there", "/"),
            List.of("novalue"),
            Map.of("CONFIG", SMALL),
            Shop.FACTORIES);

    assertThat(result.config()).isEmpty();
    assertThat(result.problems().stream().map(Problem::toString))
        .containsExactlyInAnyOrder(
            "/no/such/file.yaml: cannot read the configuration: no such file",
            "env:CONIFG: environment variable CONIFG is not set (expected: a configuration in it);"
                + " did you mean \"CONFIG\"?",
            "s3:bucket: reading a configuration over the network is not built in yet (expected:"
                + " file:path, env:NAME or yaml:text)",
            "ftp:there: unknown scheme \"ftp\" (expected: file:path, a path, env:NAME or yaml:text)",
            "/: cannot read the configuration: is a directory (expected: a file)",
            "--set:1:1: \"novalue\" (expected: key.key=value)");
  }

  @Test
  void configurationInVariable_isRead() {
    LoadResult result =
        Configuration.load(
            List.of("env:CONFIG"), List.of(), Map.of("CONFIG", SMALL), Shop.FACTORIES);

    assertThat(result.problems()).isEmpty();
  }

  @Test
  void noConfiguration_isAProblem() {
    assertThat(
            Configuration.load(List.of(), List.of(), Map.of(), Shop.FACTORIES).problems().stream()
                .map(Problem::toString))
        .containsExactly(
            "--config: there is no configuration (expected: receivers, exporters and service)");
  }

  @Test
  void alias_findsTheSameFactory() {
    CollectorConfig config =
        sound(
            """
            receivers: {otlp: }
            exporters: {otlphttp: {endpoint: a, headers: {x: y}}}
            service: {pipelines: {traces: {receivers: [otlp], exporters: [otlphttp]}}}
            """);

    assertThat(config.component(ComponentId.of(Kind.EXPORTER, "otlphttp")).config())
        .isEqualTo(
            new Shop.Client(
                "a",
                Map.of("x", new Secret("y")),
                java.util.Optional.empty(),
                Duration.ofSeconds(30),
                1));
  }

  @Test
  void twoFactoriesOfOneType_areAProblemThatNamesBoth() {
    List<ComponentFactory<?>> factories = new ArrayList<>(Shop.FACTORIES);
    factories.add(
        new Shop.Exporters<>(Descriptor.of("otlphttp", Shop.None.class, Stability.ALPHA)));

    assertThat(
            Configuration.load(List.of("yaml:" + SMALL), List.of(), Map.of(), factories).problems())
        .singleElement()
        .extracting(Problem::toString)
        .asString()
        .startsWith("class path: two factories for exporter \"otlphttp\": ")
        .contains(Shop.Exporters.class.getName())
        .contains("test-classes");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static CollectorConfig sound(String yaml) {
    LoadResult result =
        Configuration.load(List.of("yaml:" + yaml), List.of(), Map.of(), Shop.FACTORIES);
    assertThat(result.problems()).isEmpty();
    assertThat(result.warnings()).isEmpty();
    return result.config().orElseThrow();
  }
}
