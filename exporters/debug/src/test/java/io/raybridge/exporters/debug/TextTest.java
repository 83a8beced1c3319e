package io.raybridge.exporters.debug;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.data.Attributes;
import io.raybridge.data.Event;
import io.raybridge.data.Exemplar;
import io.raybridge.data.ExponentialHistogram;
import io.raybridge.data.ExponentialHistogramPoint;
import io.raybridge.data.Gauge;
import io.raybridge.data.Histogram;
import io.raybridge.data.HistogramPoint;
import io.raybridge.data.Link;
import io.raybridge.data.LogRecord;
import io.raybridge.data.Logs;
import io.raybridge.data.Metric;
import io.raybridge.data.MetricData;
import io.raybridge.data.Metrics;
import io.raybridge.data.NumberPoint;
import io.raybridge.data.Quantile;
import io.raybridge.data.ResourceLogs;
import io.raybridge.data.ResourceMetrics;
import io.raybridge.data.ResourceSpans;
import io.raybridge.data.ScopeLogs;
import io.raybridge.data.ScopeMetrics;
import io.raybridge.data.ScopeSpans;
import io.raybridge.data.Span;
import io.raybridge.data.Sum;
import io.raybridge.data.Summary;
import io.raybridge.data.SummaryPoint;
import io.raybridge.data.Temporality;
import io.raybridge.data.Traces;
import io.raybridge.data.Value;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The wording is the Go exporter's, as its golden files have it. */
class TextTest {
  private static final long TIME = 1_744_879_244_555_461_596L;

  @Test
  void detailedSpan_showsEveryField() {
    var span =
        new Span()
            .traceIdHi(0xfafdac970271dd2cL)
            .traceIdLo(0xe89de2442c0518c7L)
            .spanId(0x3875f436d989d0e5L)
            .parentSpanId(0xd98de4cb8e2a0ad6L)
            .name("okey-dokey-0")
            .kind(Span.KIND_SERVER)
            .traceState("a=b")
            .startTimeUnixNano(TIME)
            .endTimeUnixNano(TIME + 123_000)
            .statusCode(Span.STATUS_ERROR)
            .statusMessage("boom")
            .droppedLinksCount(3);
    span.attributes().put("peer.service", "client").put("n", 2).put("ok", true).put("d", 0.5);
    var event = new Event().name("exception").timeUnixNano(TIME);
    event.attributes().put("exception.type", "E");
    span.events().add(event);
    span.links().add(new Link().traceIdHi(1).traceIdLo(2).spanId(3));

    assertThat(DetailedText.of(traces(span)))
        .isEqualTo(
            """
            ResourceSpans #0
            Resource SchemaURL: https://opentelemetry.io/schemas/1.25.0
            Resource attributes:
                 -> service.name: Str(telemetrygen)
            ScopeSpans #0
            ScopeSpans SchemaURL:\s
            InstrumentationScope telemetrygen\s
            Span #0
                Trace ID       : fafdac970271dd2ce89de2442c0518c7
                Parent ID      : d98de4cb8e2a0ad6
                ID             : 3875f436d989d0e5
                Name           : okey-dokey-0
                Kind           : Server
                TraceState     : a=b
                Start time     : 2025-04-17 08:40:44.555461596 +0000 UTC
                End time       : 2025-04-17 08:40:44.555584596 +0000 UTC
                Status code    : Error
                Status message : boom
                DroppedAttributesCount: 0
                DroppedEventsCount: 0
                DroppedLinksCount: 3
            Attributes:
                 -> peer.service: Str(client)
                 -> n: Int(2)
                 -> ok: Bool(true)
                 -> d: Double(0.5)
            Events:
            SpanEvent #0
                 -> Name: exception
                 -> Timestamp: 2025-04-17 08:40:44.555461596 +0000 UTC
                 -> DroppedAttributesCount: 0
                 -> Attributes::
                      -> exception.type: Str(E)
            Links:
            SpanLink #0
                 -> Trace ID: 00000000000000010000000000000002
                 -> ID: 0000000000000003
                 -> TraceState:\s
                 -> DroppedAttributesCount: 0
            """);
  }

  @Test
  void detailedLogRecord_showsEveryField() {
    var entry =
        new LogRecord()
            .timeUnixNano(TIME)
            .severityNumber(10)
            .severityText("INFO2")
            .eventName("sold")
            .body(Value.of(new Attributes().put("b", 1).put("a", "x\"y")))
            .flags(1);

    assertThat(DetailedText.of(logs(entry)))
        .endsWith(
            """
            LogRecord #0
            ObservedTimestamp: 1970-01-01 00:00:00 +0000 UTC
            Timestamp: 2025-04-17 08:40:44.555461596 +0000 UTC
            SeverityText: INFO2
            SeverityNumber: Info2(10)
            EventName: sold
            Body: Map({"a":"x\\"y","b":1})
            Trace ID:\s
            Span ID:\s
            Flags: 1
            """);
  }

  @Test
  void detailedSum_showsPointsAndExemplars() {
    var point = new NumberPoint().timeUnixNano(TIME).value(1.5);
    point.attributes().put("k", "v");
    point.exemplars().add(new Exemplar().value(7L).traceIdLo(1).spanId(2));
    var sum = new Sum().monotonic(true).temporality(Temporality.CUMULATIVE);
    sum.points().add(point);

    assertThat(DetailedText.of(metrics(sum)))
        .endsWith(
            """
            Metric #0
            Descriptor:
                 -> Name: m
                 -> Description:\s
                 -> Unit: 1
                 -> DataType: Sum
                 -> IsMonotonic: true
                 -> AggregationTemporality: Cumulative
            NumberDataPoints #0
            Data point attributes:
                 -> k: Str(v)
            StartTimestamp: 1970-01-01 00:00:00 +0000 UTC
            Timestamp: 2025-04-17 08:40:44.555461596 +0000 UTC
            Value: 1.500000
            Exemplars:
            Exemplar #0
                 -> Trace ID: 00000000000000000000000000000001
                 -> Span ID: 0000000000000002
                 -> Timestamp: 1970-01-01 00:00:00 +0000 UTC
                 -> Value: 7
            """);
  }

  @Test
  void detailedHistogram_showsBoundsAndBuckets() {
    var histogram = new Histogram().temporality(Temporality.DELTA);
    histogram
        .points()
        .add(
            new HistogramPoint()
                .count(3)
                .sum(6)
                .min(1)
                .max(3)
                .explicitBounds(2)
                .bucketCounts(1, 2));

    assertThat(DetailedText.of(metrics(histogram)))
        .endsWith(
            """
            Count: 3
            Sum: 6.000000
            Min: 1.000000
            Max: 3.000000
            ExplicitBounds #0: 2.000000
            Buckets #0, Count: 1
            Buckets #1, Count: 2
            """);
  }

  @Test
  void detailedExponentialHistogram_showsBoundsOfItsBuckets() {
    var point = new ExponentialHistogramPoint().count(4).scale(0).zeroCount(1);
    point.positive().offset(1).bucketCounts(1, 1);
    point.negative().bucketCounts(1);
    var histogram = new ExponentialHistogram();
    histogram.points().add(point);

    assertThat(DetailedText.of(metrics(histogram)))
        .endsWith(
            """
            Count: 4
            Bucket [-2.000000, -1.000000), Count: 1
            Bucket [0, 0], Count: 1
            Bucket (2.000000, 4.000000], Count: 1
            Bucket (4.000000, 8.000000], Count: 1
            """);
  }

  @Test
  void detailedSummary_showsQuantiles() {
    var point = new SummaryPoint().count(2).sum(3);
    point.quantiles().add(new Quantile().quantile(0.5).value(1));
    var summary = new Summary();
    summary.points().add(point);

    assertThat(DetailedText.of(metrics(summary)))
        .endsWith(
            """
            Count: 2
            Sum: 3.000000
            QuantileValue #0: Quantile 0.500000, Value 1.000000
            """);
  }

  @Test
  void normalMetrics_takeALinePerPoint() {
    var gauge = new Gauge();
    gauge.points().add(new NumberPoint().value(7L));
    var histogram = new Histogram();
    histogram
        .points()
        .add(new HistogramPoint().count(3).sum(6).explicitBounds(2.5).bucketCounts(1, 2));
    var summary = new Summary();
    var point = new SummaryPoint().count(2).sum(3);
    point.quantiles().add(new Quantile().quantile(0.5).value(1));
    summary.points().add(point);

    assertThat(NormalText.of(metrics(gauge))).endsWith("\nm{} 7\n");
    assertThat(NormalText.of(metrics(histogram))).endsWith("\nm{} count=3 sum=6 le2.5=1 2\n");
    assertThat(NormalText.of(metrics(summary))).endsWith("\nm{} count=2 sum=3.000000 q0.5=1\n");
  }

  @Test
  void normalExponentialHistogram_showsUpperBounds() {
    var point = new ExponentialHistogramPoint().count(4).scale(0).zeroCount(1);
    point.positive().offset(1).bucketCounts(1);
    point.negative().bucketCounts(1);
    var histogram = new ExponentialHistogram();
    histogram.points().add(point);

    assertThat(NormalText.of(metrics(histogram))).endsWith("\nm{} count=4 le-1=1 zero=1 le4=1\n");
  }

  @Test
  void normalLog_showsBodyAndAttributes() {
    var entry = new LogRecord().body(Value.of("sold"));
    entry.attributes().put("k", Value.of(new byte[] {1, 2}));

    assertThat(NormalText.of(logs(entry))).endsWith("\nsold k=AQI=\n");
  }

  @ParameterizedTest
  @CsvSource({
    "1,1",
    "0.5,0.5",
    "-2.25,-2.25",
    "1e6,1000000",
    "1e20,100000000000000000000",
    "1e21,1e+21",
    "1.5e-7,1.5e-07",
    "-0.0,-0",
    "NaN,NaN",
    "Infinity,Infinity"
  })
  void number_isInItsShortestForm(double value, String text) {
    assertThat(GoText.number(value)).isEqualTo(text);
  }

  private static Traces traces(Span span) {
    var resource = new ResourceSpans().schemaUrl("https://opentelemetry.io/schemas/1.25.0");
    resource.resource().attributes().put("service.name", "telemetrygen");
    var scope = new ScopeSpans();
    scope.scope().name("telemetrygen");
    scope.spans().add(span);
    resource.scopeSpans().add(scope);
    return Traces.of(List.of(resource));
  }

  private static Logs logs(LogRecord entry) {
    var resource = new ResourceLogs();
    var scope = new ScopeLogs();
    scope.logRecords().add(entry);
    resource.scopeLogs().add(scope);
    return Logs.of(List.of(resource));
  }

  private static Metrics metrics(MetricData data) {
    var resource = new ResourceMetrics();
    var scope = new ScopeMetrics();
    scope.metrics().add(new Metric().name("m").unit("1").data(data));
    resource.scopeMetrics().add(scope);
    return Metrics.of(List.of(resource));
  }
}
