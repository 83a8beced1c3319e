package io.raybridge.processors.attributes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.Invalid;
import io.raybridge.api.Outcome;
import io.raybridge.config.Binder;
import io.raybridge.data.Attributes;
import io.raybridge.data.ClientMetadata;
import io.raybridge.data.ExponentialHistogram;
import io.raybridge.data.ExponentialHistogramPoint;
import io.raybridge.data.Gauge;
import io.raybridge.data.Histogram;
import io.raybridge.data.HistogramPoint;
import io.raybridge.data.LogRecord;
import io.raybridge.data.Logs;
import io.raybridge.data.Metric;
import io.raybridge.data.Metrics;
import io.raybridge.data.NumberPoint;
import io.raybridge.data.Span;
import io.raybridge.data.Sum;
import io.raybridge.data.Summary;
import io.raybridge.data.SummaryPoint;
import io.raybridge.data.Traces;
import io.raybridge.data.Value;
import io.raybridge.testkit.Otlp;
import io.raybridge.testkit.ProcessorContract;
import io.raybridge.testkit.RecordingConsumer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class AttributesProcessorTest implements ProcessorContract<AttributesProcessorConfig> {
  private static final String MARK = "\nactions: [{key: mark, value: true, action: upsert}]";

  @Override
  public AttributesProcessorFactory factory() {
    return new AttributesProcessorFactory();
  }

  @Override
  public String yaml() {
    return "actions:\n  - key: region\n    value: eu\n    action: upsert\n";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "span_names: [GET /a] | true",
        "span_names: [GET /b] | false",
        "span_names: [GET] | false",
        "span_names: [POST, GET /a] | true",
        "span_kinds: [SPAN_KIND_SERVER] | true",
        "span_kinds: [SPAN_KIND_CLIENT] | false",
        "services: [shop] | true",
        "services: [bank] | false",
        "attributes: [{key: user}] | true",
        "attributes: [{key: nobody}] | false",
        "attributes: [{key: user, value: ann}] | true",
        "attributes: [{key: user, value: bob}] | false",
        "attributes: [{key: user, value: ann}, {key: count, value: 7}] | true",
        "attributes: [{key: user, value: ann}, {key: count, value: 8}] | false",
        "attributes: [{key: count, value: '7'}] | false",
        "attributes: [{key: ok, value: true}] | true",
        "attributes: [{key: ratio, value: 0.5}] | true",
        "resources: [{key: service.name, value: shop}] | true",
        "resources: [{key: host.name}] | false",
        "libraries: [{name: testkit}] | true",
        "libraries: [{name: other}, {name: testkit}] | true",
        "libraries: [{name: testkit, version: '2'}] | false",
        "libraries: [{name: testkit, version: ''}] | true",
        "span_names: [GET /a], services: [bank] | false"
      })
  void strictConditions_chooseSpans(String conditions, boolean chosen) {
    assertThat(isIncluded("{match_type: strict, " + conditions + "}")).isEqualTo(chosen);
    assertThat(isExcluded("{match_type: strict, " + conditions + "}")).isEqualTo(chosen);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "span_names: ['^GET'] | true",
        "span_names: ['/a$', '^x'] | true",
        "span_names: ['^a'] | false",
        "span_kinds: [SERVER] | true",
        "services: ['sh.p'] | true",
        "attributes: [{key: user, value: 'a..'}] | true",
        "attributes: [{key: count, value: '^7$'}] | true",
        "attributes: [{key: ok, value: tru} ] | true",
        "attributes: [{key: list, value: '.*'}] | false",
        "libraries: [{name: '^test'}] | true"
      })
  void patterns_chooseSpans(String conditions, boolean chosen) {
    assertThat(isIncluded("{match_type: regexp, " + conditions + "}")).isEqualTo(chosen);
  }

  @Test
  void include_isAskedBeforeExclude() {
    var yaml =
        "include: {match_type: strict, span_names: [a, b]}\n"
            + "exclude: {match_type: strict, span_names: [b, c]}"
            + MARK;

    assertThat(markedSpans(yaml, "a", "b", "c", "d")).containsExactly("a");
  }

  @Test
  void headerFieldsOfTheClient_reachEverySignal() {
    var yaml = "actions: [{key: tenant, from_context: metadata.x-tenant, action: insert}]";
    var client = ClientMetadata.of(List.of("x-tenant"), _ -> List.of("acme"));
    var traces = Otlp.traces(Otlp.span());
    traces.client(client);
    var logs = Otlp.logs(Otlp.logRecord());
    logs.client(client);
    var next = new RecordingConsumer<Logs>();

    assertThat(factory().create(bind(yaml), context().context()).logs(next).consume(logs))
        .isEqualTo(Outcome.ACCEPTED);

    assertThat(Otlp.logRecords(next.only()).getFirst().attributes().getString("tenant"))
        .isEqualTo("acme");
    assertThat(Otlp.spans(through(traces, yaml)).getFirst().attributes().getString("tenant"))
        .isEqualTo("acme");
  }

  @ParameterizedTest
  @CsvSource({"2, false", "'', true"})
  void emptyVersionOfALibrary_isMeantAsSuch(String version, boolean matches) {
    var batch = Otlp.traces(Otlp.span());
    batch.resourceSpans().getFirst().scopeSpans().getFirst().scope().version(version);

    assertThat(
            isMarked(
                batch, "include: {match_type: strict, libraries: [{name: testkit, version: ''}]}"))
        .isEqualTo(matches);
  }

  @Test
  void resourceWithoutService_hasGosNameForIt() {
    var batch = Otlp.traces(Otlp.span());
    batch.resourceSpans().getFirst().resource().attributes().clear();

    assertThat(isMarked(batch, "include: {match_type: strict, services: [<nil-service-name>]}"))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "log_bodies: [order placed] | true",
        "log_bodies: [order] | false",
        "log_severity_texts: [INFO] | true",
        "log_severity_texts: [WARN] | false",
        "log_severity_number: {min: 9} | true",
        "log_severity_number: {min: 10} | false",
        "attributes: [{key: record.id}] | true",
        "resources: [{key: service.name, value: shop}] | true",
        "libraries: [{name: testkit}] | true",
        "libraries: [{name: other}] | false"
      })
  void conditions_chooseLogRecords(String conditions, boolean chosen) {
    var yaml = "include: {match_type: strict, " + conditions + "}" + MARK;

    assertThat(isMarked(Otlp.logRecord(), yaml)).isEqualTo(chosen);
  }

  @Test
  void undefinedSeverity_matchesOnlyOnRequest() {
    var yaml = "include: {match_type: strict, log_severity_number: {min: 1%s}}" + MARK;

    assertThat(isMarked(Otlp.logRecord().severityNumber(0), yaml.formatted(""))).isFalse();
    assertThat(
            isMarked(Otlp.logRecord().severityNumber(0), yaml.formatted(", match_undefined: true")))
        .isTrue();
  }

  @Test
  void metrics_areChosenByNameAndResourceAndAllKindsOfPointsChange() {
    var yaml =
        "include: {match_type: regexp, metric_names: ['^queue'], resources: [{key: service.name}]}"
            + MARK;
    var gauge = new Gauge();
    gauge.points().add(new NumberPoint().value(1));
    var sum = new Sum();
    sum.points().add(new NumberPoint().value(1));
    var histogram = new Histogram();
    histogram.points().add(new HistogramPoint());
    var exponential = new ExponentialHistogram();
    exponential.points().add(new ExponentialHistogramPoint());
    var summary = new Summary();
    summary.points().add(new SummaryPoint());
    var other = new Gauge();
    other.points().add(new NumberPoint().value(1));

    var passed =
        Otlp.metrics(
            through(
                Otlp.metrics(
                    new Metric().name("queue.a").data(gauge),
                    new Metric().name("queue.b").data(sum),
                    new Metric().name("queue.c").data(histogram),
                    new Metric().name("queue.d").data(exponential),
                    new Metric().name("queue.e").data(summary),
                    new Metric().name("other").data(other),
                    new Metric().name("queue.empty")),
                yaml));

    var marked = new ArrayList<Boolean>();
    for (var metric : passed) {
      for (var attributes : points(metric)) marked.add(attributes.getBoolean("mark", false));
    }
    assertThat(marked).containsExactly(true, true, true, true, true, false);
  }

  @ParameterizedTest
  @CsvSource({
    "log_bodies: [a], include.log_bodies is not for traces",
    "log_severity_texts: [a], include.log_severity_texts is not for traces",
    "log_severity_number: {min: 1}, include.log_severity_number is not for traces",
    "metric_names: [a], include.metric_names is not for traces"
  })
  void conditionOfAnotherSignal_isAnErrorAtTheStart(String condition, String message) {
    var config = bind("include: {match_type: strict, " + condition + "}" + MARK);
    var processor = factory().create(config, context().context());

    assertThatThrownBy(() -> processor.traces(new RecordingConsumer<>()))
        .isInstanceOf(Invalid.class)
        .hasMessageContaining(message);
  }

  @Test
  void conditionsOfSpans_areErrorsForMetricsAndLogs() {
    var config =
        bind("exclude: {match_type: strict, services: [a], attributes: [{key: b}]}" + MARK);
    var processor = factory().create(config, context().context());

    assertThatThrownBy(() -> processor.logs(new RecordingConsumer<>()))
        .hasMessageContaining("exclude.services is not for logs");
    assertThatThrownBy(() -> processor.metrics(new RecordingConsumer<>()))
        .hasMessageContaining("exclude.services is not for metrics");
  }

  @Test
  void answer_isTheNextOnes() {
    var next = new RecordingConsumer<Traces>().answering(Outcome.unavailable("down"));
    var processor = factory().create(config(), context().context());

    assertThat(processor.traces(next).consume(Otlp.traces(1)))
        .isEqualTo(Outcome.unavailable("down"));
  }

  private boolean isIncluded(String conditions) {
    return isMarked(batch(), "include: " + conditions);
  }

  private boolean isExcluded(String conditions) {
    return !isMarked(batch(), "exclude: " + conditions);
  }

  private static Traces batch() {
    var span = Otlp.span().name("GET /a");
    span.attributes()
        .put("user", "ann")
        .put("count", 7)
        .put("ok", true)
        .put("ratio", 0.5)
        .put("list", Value.of(List.of(Value.of("x"))));
    return Otlp.traces(span);
  }

  private boolean isMarked(Traces batch, String conditions) {
    var passed = through(batch, conditions + MARK);
    return Otlp.spans(passed).getFirst().attributes().contains("mark");
  }

  private boolean isMarked(LogRecord log, String yaml) {
    var next = new RecordingConsumer<Logs>();
    var logs = factory().create(bind(yaml), context().context()).logs(next);
    assertThat(logs.consume(Otlp.logs(log))).isEqualTo(Outcome.ACCEPTED);
    return Otlp.logRecords(next.only()).getFirst().attributes().contains("mark");
  }

  private List<String> markedSpans(String yaml, String... names) {
    var spans = new ArrayList<Span>();
    for (String name : names) spans.add(Otlp.span().name(name));
    return Otlp.spans(through(Otlp.traces(spans.toArray(Span[]::new)), yaml)).stream()
        .filter(span -> span.attributes().contains("mark"))
        .map(Span::name)
        .toList();
  }

  private Traces through(Traces batch, String yaml) {
    var next = new RecordingConsumer<Traces>();
    var traces = factory().create(bind(yaml), context().context()).traces(next);
    assertThat(traces.consume(batch)).isEqualTo(Outcome.ACCEPTED);
    return next.only();
  }

  private Metrics through(Metrics batch, String yaml) {
    var next = new RecordingConsumer<Metrics>();
    var metrics = factory().create(bind(yaml), context().context()).metrics(next);
    assertThat(metrics.consume(batch)).isEqualTo(Outcome.ACCEPTED);
    return next.only();
  }

  private static List<Attributes> points(Metric metric) {
    return switch (metric.data()) {
      case Gauge gauge -> gauge.points().stream().map(NumberPoint::attributes).toList();
      case Sum sum -> sum.points().stream().map(NumberPoint::attributes).toList();
      case Histogram h -> h.points().stream().map(HistogramPoint::attributes).toList();
      case ExponentialHistogram h ->
          h.points().stream().map(ExponentialHistogramPoint::attributes).toList();
      case Summary summary -> summary.points().stream().map(SummaryPoint::attributes).toList();
      case null -> List.of();
    };
  }

  private static AttributesProcessorConfig bind(String yaml) {
    return Binder.bind(AttributesProcessorConfig.class, yaml).orThrow();
  }
}
