package io.raybridge.processors.xraysampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Clock;
import io.raybridge.api.Consumer;
import io.raybridge.api.Deadline;
import io.raybridge.api.Kind;
import io.raybridge.api.Outcome;
import io.raybridge.config.Binder;
import io.raybridge.data.Span;
import io.raybridge.data.Traces;
import io.raybridge.testkit.ManualClock;
import io.raybridge.testkit.Otlp;
import io.raybridge.testkit.RecordingConsumer;
import io.raybridge.testkit.TestContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What ADOT's SDKs do by {@code AWS_XRAY_ADAPTIVE_SAMPLING_CONFIG}, without rules that sample. */
@Timeout(120)
class AdaptiveSamplingTest {
  private static final String NOTHING = "default: {reservoir: 0, rate: 0}\n";

  private final ManualClock clock = new ManualClock();
  private final TestContext context = TestContext.of(Kind.PROCESSOR, "xray_sampling", clock);
  private final RecordingConsumer<Traces> next = new RecordingConsumer<>();
  private final Traffic traffic = new Traffic(clock, 17);
  private final List<XraySampling> started = new ArrayList<>();
  private @TempDir Path dir;

  @AfterEach
  void stopAll() throws Exception {
    for (var processor : started) processor.stop(Deadline.in(Duration.ofSeconds(20), Clock.SYSTEM));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "{}~500~true",
        "{}~404~false",
        "{anomalyConditions: []}~500~false",
        "{anomalyConditions: [{errorCodeRegex: '^(500|501)$'}]}~501~true",
        "{anomalyConditions: [{errorCodeRegex: '^(500|501)$'}]}~503~false",
        "{anomalyConditions: [{errorCodeRegex: '4'}]}~404~false",
        "{anomalyConditions: [{errorCodeRegex: '4..'}]}~404~true",
        "{anomalyConditions: [{highLatencyMs: 20}]}~200~true",
        "{anomalyConditions: [{highLatencyMs: 21}]}~200~false",
        "{anomalyConditions: [{errorCodeRegex: '5..', highLatencyMs: 21}]}~500~false",
        "{anomalyConditions: [{errorCodeRegex: '5..', highLatencyMs: 20}]}~500~true",
        "{anomalyConditions: [{errorCodeRegex: '5..'}, {highLatencyMs: 20}]}~200~true",
        "{anomalyConditions: [{usage: both}]}~500~false",
        "{anomalyConditions: [{errorCodeRegex: '5..', usage: sampling-boost}]}~500~false",
        "{anomalyConditions: [{errorCodeRegex: '5..', usage: neither}]}~500~false",
        "{anomalyConditions: [{errorCodeRegex: '5..', usage: anomaly-trace-capture}]}~500~true",
        "{anomalyConditions: [{errorCodeRegex: '5..', operations: [GET /orders]}]}~500~true",
        "{anomalyConditions: [{errorCodeRegex: '5..', operations: [GET /carts, POST /orders]}]}~500~false",
        "{anomalyCaptureLimit: {anomalyTracesPerSecond: 0}}~500~false",
        "{version: 1.0, anomalyConditions: [{errorCodeRegex: '^5\\d\\d$', usage: both}], anomalyCaptureLimit: {anomalyTracesPerSecond: 1}}~503~true"
      })
  void condition_tellsWhatIsCaptured(String adaptive, int status, boolean captured)
      throws Exception {
    var sampler = start(NOTHING + "adaptive: " + adaptive + "\n", Map.of());
    var root = traffic.root();
    root.attributes().put("http.response.status_code", status);

    send(sampler, Traffic.of(root));

    assertThat(next.items()).isEqualTo(captured ? 1 : 0);
  }

  @ParameterizedTest
  @CsvSource({"/orders/7, GET /orders", "/, GET /", "'', UnknownOperation"})
  void operation_isMethodAndFirstPartOfThePath(String path, String operation) throws Exception {
    var sampler = start(onlyOperation(operation), Map.of());
    var root = traffic.root();
    root.attributes().put("url.path", path);

    send(sampler, Traffic.of(root));

    assertThat(next.items()).isEqualTo(1);
  }

  @Test
  void operation_isWhatTheSdkSaysFirst() throws Exception {
    var sampler = start(onlyOperation("checkout"), Map.of());
    var root = traffic.root();
    root.attributes().put("aws.local.operation", "checkout");

    send(sampler, Traffic.of(root, traffic.root()));

    assertThat(next.items()).isEqualTo(1);
  }

  private static String onlyOperation(String operation) {
    return NOTHING
        + "adaptive: {anomalyConditions: [{highLatencyMs: 1, operations: ['"
        + operation
        + "']}]}\n";
  }

  @Test
  void captures_areLimitedInEachSecond() throws Exception {
    var sampler =
        start(NOTHING + "adaptive: {anomalyCaptureLimit: {anomalyTracesPerSecond: 2}}\n", Map.of());
    for (int second = 0; second < 3; second++) {
      for (int i = 0; i < 5; i++) send(sampler, Traffic.of(fault()));
      assertThat(next.items()).isEqualTo(2L * (second + 1));
      clock.advance(Duration.ofSeconds(1));
    }

    assertThat(decided("anomaly_capture", "capture", true)).isEqualTo(6);
    assertThat(decided("Default", "rate", false)).isEqualTo(15);
  }

  @Test
  void traceThatARuleSampled_takesNothingOfTheLimit() throws Exception {
    var sampler = start("default: {reservoir: 1, rate: 0}\nadaptive: {}\n", Map.of());

    for (int i = 0; i < 3; i++) send(sampler, Traffic.of(fault()));

    assertThat(next.items()).as("one of the reservoir, one captured").isEqualTo(2);
  }

  @Test
  void anomalyOfAnySpan_captures() throws Exception {
    var sampler = start(NOTHING + "adaptive: {}\n", Map.of());
    var root = traffic.root();

    send(sampler, Traffic.of(root, traffic.child(root).statusCode(Span.STATUS_ERROR)));

    assertThat(next.items()).isEqualTo(2);
  }

  @Test
  void lateAnomaly_capturesWhatFollows() throws Exception {
    var sampler = start(NOTHING + "adaptive: {}\n", Map.of());
    var root = traffic.root();
    send(sampler, Traffic.of(root));
    send(sampler, Traffic.of(traffic.child(root)));
    assertThat(next.items()).isZero();
    var failed = traffic.child(root).statusCode(Span.STATUS_ERROR);

    send(sampler, Traffic.of("db", List.of(failed)));
    send(sampler, Traffic.of(traffic.child(root)));

    assertThat(next.items()).isEqualTo(2);
    assertThat(Otlp.spans(next.batches().getFirst()).getFirst().spanId())
        .isEqualTo(failed.spanId());
    assertThat(decided("anomaly_capture", "capture", true)).isEqualTo(1);
  }

  @Test
  void droppedHealthCheck_isNotCapturedLaterEither() throws Exception {
    var sampler = start(NOTHING + "adaptive: {}\ndrop: [health_checks]\n", Map.of());
    var probe = fault();
    probe.attributes().put("url.path", "/healthz");
    send(sampler, Traffic.of(probe));

    send(sampler, Traffic.of(traffic.child(probe).statusCode(Span.STATUS_ERROR)));

    assertThat(next.items()).isZero();
  }

  @Test
  void spansWithoutTraceId_goOn() throws Exception {
    var sampler = start(NOTHING + "adaptive: {}\n", Map.of());

    send(sampler, Traffic.of(fault().traceIdHi(0).traceIdLo(0)));

    assertThat(next.items()).isEqualTo(1);
    assertThat(decided("anomaly_capture", "capture", true)).isZero();
  }

  @Test
  void withoutConfiguration_nothingIsCaptured() throws Exception {
    var sampler = start(NOTHING, Map.of());

    send(sampler, Traffic.of(fault()));

    assertThat(next.items()).isZero();
  }

  @Test
  void variable_isWhatTheKeyIs() throws Exception {
    var variable =
        "{version: 1.0, anomalyConditions: [{errorCodeRegex: \"^(500|501)$\", usage: \"both\"},"
            + " {highLatencyMs: 100, usage: \"sampling-boost\"}],"
            + " anomalyCaptureLimit: {anomalyTracesPerSecond: 1}}";
    var sampler = start(NOTHING, Map.of(AdaptiveConfig.VARIABLE, variable));

    send(sampler, Traffic.of(fault(), fault()));

    assertThat(next.items()).isEqualTo(1);
  }

  @Test
  void variable_mayNameAFile() throws Exception {
    var file = Files.writeString(dir.resolve("adaptive.yaml"), "version: 1\n");
    var sampler = start(NOTHING, Map.of(AdaptiveConfig.VARIABLE, file.toString()));

    send(sampler, Traffic.of(fault()));

    assertThat(next.items()).isEqualTo(1);
  }

  @Test
  void key_winsOverTheVariable() throws Exception {
    var sampler =
        start(
            NOTHING + "adaptive: {anomalyConditions: []}\n",
            Map.of(AdaptiveConfig.VARIABLE, "version: 1"));

    send(sampler, Traffic.of(fault()));

    assertThat(next.items()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{version: 2}|version: 2.0 (expected: less than 2)",
        "{version: 1, anomalyConditons: []}|did you mean \"anomalyConditions\"?",
        "{version: 1, anomalyConditions: [{usage: sometimes}]}|sometimes",
        "/no/such/file.yaml|expected"
      })
  void wrongVariable_isSaidAndHasNoEffect(String variable, String message) throws Exception {
    var sampler = start(NOTHING, Map.of(AdaptiveConfig.VARIABLE, variable));

    send(sampler, Traffic.of(fault()));

    assertThat(next.items()).isZero();
    assertThat(context.log().lines(System.Logger.Level.ERROR))
        .singleElement()
        .asString()
        .contains("AWS_XRAY_ADAPTIVE_SAMPLING_CONFIG has no effect", message);
  }

  @Test
  void file_isReadInPlaceOfKeys() throws Exception {
    var file =
        Files.writeString(
            dir.resolve("adaptive.yaml"), "anomalyConditions: [{errorCodeRegex: 5..}]\n");

    var config = bind("adaptive: {file: " + file + "}").orThrow();

    assertThat(config.adaptive().orElseThrow().anomalyConditions().orElseThrow()).hasSize(1);
  }

  @Test
  void problemOfAFile_isNamedWithIt() throws Exception {
    var file = Files.writeString(dir.resolve("adaptive.yaml"), "anomalyConditions: 7\n");

    var problems = bind("adaptive: {file: " + file + "}").problems();

    assertThat(problems)
        .singleElement()
        .asString()
        .contains("adaptive.file", "adaptive.yaml", "anomalyConditions", "a list");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{version: 2.5}|adaptive.version|2.5 (expected: less than 2)",
        "{anomalyConditions: [{errorCodeRegex: '('}]}|errorCodeRegex|is no regular expression",
        "{anomalyConditions: [{highLatencyMs: -1}]}|highLatencyMs|-1",
        "{file: /no/such/file, version: 1}|adaptive.file|with other keys beside it",
        "{file: /no/such/file}|adaptive.file|cannot be read: no such file"
      })
  void whatIsWrong_isNamed(String adaptive, String key, String message) {
    assertThat(bind("adaptive: " + adaptive).problems())
        .singleElement()
        .asString()
        .contains(key, message);
  }

  /** A file that carries a boost is honoured without X-Ray, by arithmetic of ours. */
  @Test
  void ruleOfAFile_isBoostedByItsOwnAnomalies() throws Exception {
    var file =
        Files.writeString(
            dir.resolve("rules.json"),
            """
            {"RuleName": "api", "Priority": 1, "FixedRate": 0, "ReservoirSize": 0,
             "SamplingRateBoost": {"MaxRate": 1, "CooldownWindowMinutes": 10}}
            """);
    var sampler = start("rules: {files: [" + file + "]}\n", Map.of());
    send(sampler, Traffic.of(traffic.root(), traffic.root()));
    assertThat(next.items()).isZero();
    send(sampler, Traffic.of(fault()));
    assertThat(next.items()).as("it is the first to be seen").isZero();

    for (int i = 0; i < 200; i++) send(sampler, Traffic.of(traffic.root()));

    // One anomaly in the minute: 95 %, so that the next is sampled with as much certainty.
    assertThat(next.items()).isBetween(180L, 199L);
  }

  private Span fault() {
    var root = traffic.root();
    root.attributes().put("http.response.status_code", 500);
    return root;
  }

  private static io.raybridge.config.Binding<XraySamplingConfig> bind(String yaml) {
    return Binder.bind(XraySamplingConfig.class, yaml);
  }

  private Consumer<Traces> start(String yaml, Map<String, String> variables) throws Exception {
    var processor = new XraySampling(bind(yaml).orThrow(), context.context(), variables::get);
    var consumer = processor.traces(next);
    processor.start();
    started.add(processor);
    return consumer;
  }

  private static void send(Consumer<Traces> sampler, Traces batch) {
    assertThat(sampler.consume(batch)).isEqualTo(Outcome.ACCEPTED);
  }

  private long decided(String rule, String by, boolean sampled) {
    String[] labels = {"rule", rule, "by", by, "sampled", Boolean.toString(sampled)};
    return context.telemetry().counter("otelcol_processor_xray_sampling_traces", labels);
  }
}
