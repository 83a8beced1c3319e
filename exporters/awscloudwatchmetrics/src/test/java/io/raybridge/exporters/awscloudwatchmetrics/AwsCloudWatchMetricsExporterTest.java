package io.raybridge.exporters.awscloudwatchmetrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.raybridge.api.Exporter;
import io.raybridge.api.Outcome;
import io.raybridge.config.Binder;
import io.raybridge.data.ExponentialHistogram;
import io.raybridge.data.ExponentialHistogramPoint;
import io.raybridge.data.Gauge;
import io.raybridge.data.Histogram;
import io.raybridge.data.HistogramPoint;
import io.raybridge.data.Metric;
import io.raybridge.data.MetricData;
import io.raybridge.data.Metrics;
import io.raybridge.data.NumberPoint;
import io.raybridge.data.Quantile;
import io.raybridge.data.ResourceMetrics;
import io.raybridge.data.ScopeMetrics;
import io.raybridge.data.Signal;
import io.raybridge.data.Sum;
import io.raybridge.data.Summary;
import io.raybridge.data.SummaryPoint;
import io.raybridge.data.Temporality;
import io.raybridge.testkit.AwsAnswer;
import io.raybridge.testkit.AwsCall;
import io.raybridge.testkit.ExporterContract;
import io.raybridge.testkit.Numbered;
import io.raybridge.testkit.ScriptedAws;
import io.raybridge.testkit.TestContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(120)
class AwsCloudWatchMetricsExporterTest
    implements ExporterContract<AwsCloudWatchMetricsExporterConfig> {
  /** The middle of a minute, so that points some seconds apart share it. */
  private static final long NOW = (Instant.now().getEpochSecond() / 60 * 60 + 20) * 1_000_000_000L;

  private static final long SECOND = 1_000_000_000L;
  private static final long HOUR = 3600 * SECOND;
  private final ScriptedAws aws = new ScriptedAws();
  private final TestContext test = context();
  private @Nullable Exporter exporter;

  @AfterEach
  void close() throws Exception {
    if (exporter != null) exporter.stop(generously());
    aws.close();
  }

  @Override
  public AwsCloudWatchMetricsExporterFactory factory() {
    return new AwsCloudWatchMetricsExporterFactory();
  }

  @Override
  public String yaml() {
    return """
    endpoint: %s
    region: eu-west-1
    retry_on_failure:
      initial_interval: 1ms
      max_interval: 10ms
    """
        .formatted(aws.url());
  }

  @Test
  void call_isAwsJson() throws Exception {
    start("");
    consume(metric("m", new Gauge(), 5));
    stop();

    var call = aws.calls().getFirst();
    assertThat(call.path()).isEqualTo("/");
    assertThat(call.operation()).isEqualTo("PutMetricData");
    assertThat(call.headers())
        .containsEntry("content-type", "application/x-amz-json-1.0")
        .containsEntry("x-amz-target", "GraniteServiceVersion20100801.PutMetricData");
    assertThat(call.json().path("Namespace").asString()).isEqualTo("shop");
    var datum = call.json().path("MetricData").get(0);
    assertThat(datum.path("MetricName").asString()).isEqualTo("m");
    assertThat(datum.path("Timestamp").asLong()).isEqualTo(NOW / SECOND / 60 * 60);
    assertThat(datum.path("Value").asDouble()).isEqualTo(5);
  }

  @Test
  void gaugeValuesOfAMinute_goAsOftenAsTheyCame() throws Exception {
    start("");
    consume(metric("m", new Gauge(), 5, 7.5, 5, -1));
    stop();

    var datum = datum();
    assertThat(numbers(datum.path("Values"))).containsExactly(-1.0, 5.0, 7.5);
    assertThat(numbers(datum.path("Counts"))).containsExactly(1.0, 2.0, 1.0);
  }

  @Test
  void moreThan150DifferentValues_takeSeveralData() throws Exception {
    start("");
    var values = new double[400];
    for (int i = 0; i < values.length; i++) values[i] = i;
    consume(metric("m", new Gauge(), values));
    stop();

    assertThat(data()).extracting(d -> d.path("Values").size()).containsExactly(150, 150, 100);
    assertThat(test.ledger().delivered(Signal.METRICS)).isEqualTo(400);
  }

  @Test
  void deltaSums_areAdded() throws Exception {
    start("");
    consume(metric("m", new Sum().monotonic(true).temporality(Temporality.DELTA), 3, 4));
    consume(metric("m", new Sum().monotonic(true).temporality(Temporality.DELTA), 5));
    stop();

    assertThat(datum().path("Value").asDouble()).isEqualTo(12);
  }

  @Test
  void cumulativeSum_goesAsWhatItGrewBy() throws Exception {
    start("");
    // Counting began before the exporter did: the first value is where the next is counted from.
    consume(cumulative(NOW - HOUR, 100, 104, 109));
    stop();

    assertThat(datum().path("Value").asDouble()).isEqualTo(9);
    assertThat(test.ledger().delivered(Signal.METRICS)).isEqualTo(3);
    assertThat(test.ledger().drops()).isEmpty();
  }

  @Test
  void counterYoungerThanTheExporter_goesWhole() throws Exception {
    start("");
    consume(cumulative(NOW + HOUR, 100, 104));
    stop();

    assertThat(datum().path("Value").asDouble()).isEqualTo(104);
  }

  @Test
  void counterThatBeganAnew_standsForItself() throws Exception {
    start("");
    consume(cumulative(NOW - HOUR, 100, 104, 3, 5));
    stop();

    assertThat(datum().path("Value").asDouble()).isEqualTo(4 + 3 + 2);
  }

  @Test
  void countersOfTwoProcesses_areNotMixedUp() throws Exception {
    start("");
    for (int round = 0; round < 3; round++) {
      var both = new ArrayList<ResourceMetrics>();
      for (int process = 0; process < 2; process++) {
        var sum = new Sum().monotonic(true).temporality(Temporality.CUMULATIVE);
        sum.points()
            .add(
                new NumberPoint()
                    .startTimeUnixNano(NOW - HOUR)
                    .timeUnixNano(NOW + round * SECOND)
                    .value(process * 1000.0 + round));
        var resource = resource(new Metric().name("m").data(sum));
        resource.resource().attributes().put("service.instance.id", process);
        both.add(resource);
      }
      consume(Metrics.of(both));
    }
    stop();

    assertThat(datum().path("Value").asDouble()).isEqualTo(4);
  }

  @Test
  void upDownCounter_isALevel() throws Exception {
    start("");
    var sum = new Sum().monotonic(false).temporality(Temporality.CUMULATIVE);
    consume(metric("m", sum, 10, 8));
    stop();

    assertThat(numbers(datum().path("Values"))).containsExactly(8.0, 10.0);
  }

  @Test
  void histogram_isAStatisticSet() throws Exception {
    start("");
    var histogram = new Histogram().temporality(Temporality.DELTA);
    histogram.points().add(histogramPoint(NOW, 10, 55, 0, 4, 6, 0));
    histogram.points().add(histogramPoint(NOW, 2, 21, 0, 0, 2, 0).min(10.2).max(10.8));
    consume(metrics(new Metric().name("m").unit("ms").data(histogram)));
    stop();

    var datum = datum();
    var set = datum.path("StatisticValues");
    assertThat(datum.path("Unit").asString()).isEqualTo("Milliseconds");
    assertThat(set.path("SampleCount").asDouble()).isEqualTo(12);
    assertThat(set.path("Sum").asDouble()).isEqualTo(76);
    assertThat(set.path("Minimum").asDouble()).isEqualTo(1);
    assertThat(set.path("Maximum").asDouble()).isEqualTo(20);
  }

  @Test
  void cumulativeHistogram_goesAsWhatItGrewBy() throws Exception {
    start("");
    var histogram = new Histogram().temporality(Temporality.CUMULATIVE);
    histogram.points().add(histogramPoint(NOW, 10, 55, 0, 4, 6, 0).min(1).max(19));
    histogram.points().add(histogramPoint(NOW + SECOND, 13, 70, 0, 7, 6, 0).min(1).max(19));
    consume(metrics(new Metric().name("m").data(histogram)));
    stop();

    var set = datum().path("StatisticValues");
    assertThat(set.path("SampleCount").asDouble()).isEqualTo(3);
    assertThat(set.path("Sum").asDouble()).isEqualTo(15);
    assertThat(set.path("Maximum").asDouble()).as("the bound, since 19 may be old").isEqualTo(10);
  }

  @Test
  void exponentialHistogram_goesAsTheMiddlesOfItsBuckets() throws Exception {
    start("");
    var histogram = new ExponentialHistogram().temporality(Temporality.DELTA);
    var point = new ExponentialHistogramPoint().timeUnixNano(NOW).count(10).scale(0).zeroCount(2);
    point.positive().offset(1).bucketCounts(3, 0, 4); // (2,4] and (8,16]
    point.negative().offset(0).bucketCounts(1); // [-2,-1)
    histogram.points().add(point);
    consume(metrics(new Metric().name("m").data(histogram)));
    stop();

    assertThat(numbers(datum().path("Values"))).containsExactly(-1.5, 0.0, 3.0, 12.0);
    assertThat(numbers(datum().path("Counts"))).containsExactly(1.0, 2.0, 3.0, 4.0);
  }

  @Test
  void cumulativeExponentialHistogram_growsEvenWhereItGetsCoarser() throws Exception {
    start("");
    var histogram = new ExponentialHistogram().temporality(Temporality.CUMULATIVE);
    var fine = new ExponentialHistogramPoint().timeUnixNano(NOW).count(6).scale(1);
    fine.positive().offset(2).bucketCounts(1, 2, 3); // at scale 0: bucket 1 has 3, bucket 2 has 3
    var coarse = new ExponentialHistogramPoint().timeUnixNano(NOW + SECOND).count(11).scale(0);
    coarse.positive().offset(0).bucketCounts(1, 4, 6);
    histogram.points().addAll(List.of(fine, coarse));
    consume(metrics(new Metric().name("m").data(histogram)));
    stop();

    assertThat(numbers(datum().path("Values"))).containsExactly(1.5, 3.0, 6.0);
    assertThat(numbers(datum().path("Counts"))).containsExactly(1.0, 1.0, 3.0);
  }

  @Test
  void summary_isAStatisticSetOfWhatItGrewBy() throws Exception {
    start("");
    var summary = new Summary();
    for (int i = 0; i < 2; i++) {
      var point = new SummaryPoint().timeUnixNano(NOW + i).count(10 + i * 5).sum(100 + i * 60);
      point.quantiles().add(new Quantile().quantile(0).value(2));
      point.quantiles().add(new Quantile().quantile(1).value(40));
      summary.points().add(point);
    }
    consume(metrics(new Metric().name("m").data(summary)));
    stop();

    var set = datum().path("StatisticValues");
    assertThat(set.path("SampleCount").asDouble()).isEqualTo(5);
    assertThat(set.path("Sum").asDouble()).isCloseTo(60, within(1e-9));
    assertThat(set.path("Minimum").asDouble()).isEqualTo(2);
    assertThat(set.path("Maximum").asDouble()).isEqualTo(40);
  }

  @Test
  void valuesThatCloudWatchRefuses_areCountedAndTheOthersGo() throws Exception {
    start("");
    consume(metric("m", new Gauge(), Double.NaN, 1, Double.POSITIVE_INFINITY, 1e200, -1e-200));
    stop();

    assertThat(test.ledger().dropped(Signal.METRICS)).isEqualTo(3);
    assertThat(test.ledger().delivered(Signal.METRICS)).isEqualTo(2);
    assertThat(test.ledger().drops())
        .allMatch(drop -> (drop.reason() + drop.detail()).contains("2^360"));
  }

  @Test
  void timesThatCloudWatchRefuses_areCounted() throws Exception {
    start("");
    var gauge = new Gauge();
    gauge.points().add(new NumberPoint().timeUnixNano(NOW - 15 * 24 * HOUR).value(1.0));
    gauge.points().add(new NumberPoint().timeUnixNano(NOW + 3 * HOUR).value(1.0));
    gauge.points().add(new NumberPoint().timeUnixNano(0).value(1.0));
    consume(metrics(new Metric().name("m").data(gauge)));
    stop();

    assertThat(test.ledger().dropped(Signal.METRICS)).isEqualTo(2);
    assertThat(datum().path("Value").asDouble()).isEqualTo(1);
  }

  @Test
  void moreThanThirtyDimensions_areCutByNameAndCounted() throws Exception {
    start("");
    var gauge = new Gauge();
    var point = new NumberPoint().timeUnixNano(NOW).value(1.0);
    for (int i = 39; i >= 0; i--) point.attributes().put("d%02d".formatted(i), i);
    gauge.points().add(point);
    consume(metrics(new Metric().name("m").data(gauge)));
    stop();

    var dimensions = datum().path("Dimensions");
    assertThat(dimensions).hasSize(30);
    assertThat(dimensions.get(29).path("Name").asString()).isEqualTo("d29");
    assertThat(test.telemetry().counter("raybridge_awscloudwatchmetrics_dimensions_cut"))
        .isEqualTo(10);
  }

  @Test
  void chosenDimensions_mayComeFromTheResource() throws Exception {
    start("dimensions: [route, service.name, none]\n");
    var gauge = new Gauge();
    var point = new NumberPoint().timeUnixNano(NOW).value(1.0);
    point.attributes().put("route", "/a\u00e4\"b").put("other", "x");
    gauge.points().add(point);
    consume(metrics(new Metric().name("m").data(gauge)));
    stop();

    assertThat(datum().path("Dimensions"))
        .extracting(d -> d.path("Name").asString() + "=" + d.path("Value").asString())
        .containsExactly("route=/a_\"b", "service.name=shop");
  }

  @Test
  void namespace_isTheConfigurationsBeforeTheServices() throws Exception {
    start("namespace: Shop/Checkout\n");
    consume(metric("m", new Gauge(), 1));
    stop();

    assertThat(aws.calls().getFirst().json().path("Namespace").asString())
        .isEqualTo("Shop/Checkout");
  }

  @Test
  void largeFlush_isCutIntoCallsAndCompressed() throws Exception {
    start("");
    consume(fresh(Numbered.metrics(0, 2500)));
    stop();

    assertThat(aws.calls()).extracting(call -> data(call).size()).allMatch(n -> n <= 1000);
    assertThat(data()).hasSize(2500);
    assertThat(test.ledger().delivered(Signal.METRICS)).isEqualTo(2500);
    assertThat(aws.calls()).allMatch(call -> "gzip".equals(call.headers().get("content-encoding")));
  }

  @Test
  void throttledCalls_areSentAgain() throws Exception {
    aws.times(3, AwsAnswer.error(400, "Throttling"));
    start("flush_interval: 10ms\n");
    consume(fresh(Numbered.metrics(0, 100)));
    aws.awaitCalls(4);
    stop();

    assertThat(test.ledger().delivered(Signal.METRICS)).isEqualTo(100);
    assertThat(aws.calls()).hasSize(4);
  }

  @Test
  void oneBadDatum_doesNotTakeTheOthersAlong() throws Exception {
    aws.always((call, wire) -> {
      boolean bad = new String(call.content()).contains("\"Value\":\"77\"");
      var answer = bad ? AwsAnswer.error(400, "InvalidParameterValue") : AwsAnswer.ok();
      answer.give(call, wire);
    });
    start("");
    consume(fresh(Numbered.metrics(0, 100)));
    stop();

    assertThat(test.ledger().delivered(Signal.METRICS)).isEqualTo(99);
    assertThat(test.ledger().dropped(Signal.METRICS)).isEqualTo(1);
    assertThat(test.ledger().drops().getFirst().detail()).contains("InvalidParameterValue");
  }

  @Test
  void flushInterval_sendsWithoutAStop() throws Exception {
    start("flush_interval: 10ms\n");
    consume(metric("m", new Gauge(), 1));

    aws.awaitCalls(1);

    assertThat(datum().path("Value").asDouble()).isEqualTo(1);
  }

  private void start(String more) throws Exception {
    var config = Binder.bind(AwsCloudWatchMetricsExporterConfig.class, yaml() + more).orThrow();
    exporter = factory().create(config, test.context());
    exporter.start();
  }

  private void stop() throws Exception {
    exporter.stop(generously());
    assertThat(test.ledger().queued(Signal.METRICS)).isZero();
  }

  private void consume(Metrics metrics) throws Exception {
    assertThat(exporter.metrics().consume(Metrics.ofOtlp(metrics.toOtlp())))
        .isEqualTo(Outcome.ACCEPTED);
  }

  /** Moves points to a time that CloudWatch takes. */
  private static Metrics fresh(Metrics metrics) {
    metrics.forEachMetric(
        metric -> ((Gauge) metric.data()).points().forEach(point -> point.timeUnixNano(NOW)));
    return metrics;
  }

  private static Metrics cumulative(long start, double... values) {
    var sum = new Sum().monotonic(true).temporality(Temporality.CUMULATIVE);
    for (int i = 0; i < values.length; i++) {
      sum.points()
          .add(
              new NumberPoint()
                  .startTimeUnixNano(start)
                  .timeUnixNano(NOW + i * SECOND)
                  .value(values[i]));
    }
    return metrics(new Metric().name("m").data(sum));
  }

  private static HistogramPoint histogramPoint(
      long time, long count, double sum, long... bucketCounts) {
    return new HistogramPoint()
        .timeUnixNano(time)
        .count(count)
        .sum(sum)
        .bucketCounts(bucketCounts)
        .explicitBounds(1, 10, 20);
  }

  private static Metrics metric(String name, MetricData data, double... values) {
    var points =
        switch (data) {
          case Gauge gauge -> gauge.points();
          case Sum sum -> sum.points();
          default -> throw new AssertionError(data);
        };
    for (int i = 0; i < values.length; i++) {
      points.add(new NumberPoint().timeUnixNano(NOW + i).value(values[i]));
    }
    return metrics(new Metric().name(name).data(data));
  }

  private static Metrics metrics(Metric metric) {
    return Metrics.of(new ArrayList<>(List.of(resource(metric))));
  }

  private static ResourceMetrics resource(Metric metric) {
    var resource = new ResourceMetrics();
    resource.resource().attributes().put("service.name", "shop");
    var scope = new ScopeMetrics();
    scope.metrics().add(metric);
    resource.scopeMetrics().add(scope);
    return resource;
  }

  private JsonNode datum() {
    assertThat(data()).hasSize(1);
    return data().getFirst();
  }

  private List<JsonNode> data() {
    var all = new ArrayList<JsonNode>();
    for (var call : aws.calls()) all.addAll(data(call));
    return all;
  }

  private static List<JsonNode> data(AwsCall call) {
    var list = new ArrayList<JsonNode>();
    call.json().path("MetricData").forEach(list::add);
    return list;
  }

  private static List<Double> numbers(JsonNode array) {
    var list = new ArrayList<Double>();
    array.forEach(node -> list.add(node.asDouble()));
    return list;
  }
}
