package io.raybridge.exporters.debug;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Consumer;
import io.raybridge.api.Kind;
import io.raybridge.api.Outcome;
import io.raybridge.config.Binder;
import io.raybridge.config.Problem;
import io.raybridge.data.Traces;
import io.raybridge.testkit.ExporterContract;
import io.raybridge.testkit.ManualClock;
import io.raybridge.testkit.Numbered;
import io.raybridge.testkit.TestContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebugExporterTest implements ExporterContract<DebugExporterConfig> {
  private final ManualClock clock = new ManualClock();
  private final TestContext context = TestContext.of(Kind.EXPORTER, "debug", clock);

  @Override
  public DebugExporterFactory factory() {
    return new DebugExporterFactory();
  }

  @Override
  public String yaml() {
    return "verbosity: detailed";
  }

  @Test
  void basic_countsABatchInOneLine() {
    accept(exporter("verbosity: basic").traces(), Numbered.traces(0, 3));

    assertThat(context.log().lines()).containsExactly("INFO Traces resource spans=1 spans=3");
  }

  @Test
  void normal_addsALinePerSpan() {
    accept(exporter("verbosity: normal").traces(), Numbered.traces(0, 1));

    assertThat(context.log().lines())
        .last()
        .isEqualTo(
            """
            INFO ResourceTraces #0 service.name=shop
            ScopeTraces #0 testkit@1
            GET /item 6922d1c000000000ffffffffffffffff 0000000000000001 test.item=0 http.request.method=GET
            """);
  }

  @Test
  void sampling_printsTheFirstOfASecondAndThenEverySoMany() throws Exception {
    var traces = exporter("sampling_initial: 1\nsampling_thereafter: 3").traces();

    for (int i = 0; i < 7; i++) accept(traces, Numbered.traces(0, 1));
    assertThat(context.log().lines()).hasSize(3);

    clock.advance(Duration.ofSeconds(1));
    accept(traces, Numbered.traces(0, 1));
    assertThat(context.log().lines()).hasSize(4);
  }

  @Test
  void samplingThereafterZero_printsNoMore() {
    var traces = exporter("sampling_initial: 1\nsampling_thereafter: 0").traces();

    for (int i = 0; i < 7; i++) accept(traces, Numbered.traces(0, 1));

    assertThat(context.log().lines()).hasSize(1);
  }

  @Test
  void outputPath_getsTheTextWithoutTimeAndLevel(@TempDir Path dir) throws Exception {
    var file = dir.resolve("out.txt");
    var exporter = exporter("use_internal_logger: false\noutput_paths: [" + file + "]");
    exporter.start();

    accept(exporter.traces(), Numbered.traces(0, 2));
    exporter.stop(generously());

    assertThat(file).hasContent("Traces\t{\"resource spans\": 1, \"spans\": 2}");
    assertThat(context.log().lines()).isEmpty();
    assertThat(Files.exists(file)).isTrue();
  }

  @Test
  void outputPathsWithInternalLogger_areRefused() {
    var binding = Binder.bind(DebugExporterConfig.class, "output_paths: [stderr]");

    assertThat(binding.problems())
        .extracting(Problem::message)
        .containsExactly("[stderr] (expected: only together with use_internal_logger: false)");
  }

  @Test
  void emptyOutputPaths_areRefused() {
    var binding =
        Binder.bind(DebugExporterConfig.class, "use_internal_logger: false\noutput_paths: []");

    assertThat(binding.problems()).hasSize(1);
    assertThat(binding.problems().getFirst().path()).isEqualTo("output_paths");
  }

  private DebugExporter exporter(String yaml) {
    var config = Binder.bind(DebugExporterConfig.class, yaml).orThrow();
    return new DebugExporter(config, context.context());
  }

  private static void accept(Consumer<Traces> traces, Traces batch) {
    assertThat(traces.consume(batch)).isEqualTo(Outcome.ACCEPTED);
  }
}
