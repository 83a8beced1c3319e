package io.raybridge.testkit;

import io.raybridge.data.Gauge;
import io.raybridge.data.LogRecord;
import io.raybridge.data.Logs;
import io.raybridge.data.Metric;
import io.raybridge.data.Metrics;
import io.raybridge.data.NumberPoint;
import io.raybridge.data.ResourceLogs;
import io.raybridge.data.ResourceMetrics;
import io.raybridge.data.ResourceSpans;
import io.raybridge.data.ScopeLogs;
import io.raybridge.data.ScopeMetrics;
import io.raybridge.data.ScopeSpans;
import io.raybridge.data.Span;
import io.raybridge.data.Traces;
import io.raybridge.data.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Small batches for tests, held as OTLP bytes as if they had just come in. Every span, data point
 * and log record carries an id that no other one of this JVM has.
 */
public final class Otlp {
  /** When everything happens: 2026-01-01T00:00:00Z. */
  public static final long EPOCH_NANOS = 1_767_225_600_000_000_000L;

  private static final AtomicLong IDS = new AtomicLong(1);

  private Otlp() {}

  /** One resource, one scope and so many spans of one trace. */
  public static Traces traces(int spans) {
    long trace = IDS.getAndIncrement();
    return traces(
        IntStream.range(0, spans).mapToObj(_ -> span().traceIdLo(trace)).toArray(Span[]::new));
  }

  /** One resource, one scope and these spans. */
  public static Traces traces(Span... spans) {
    var scope = new ScopeSpans();
    scope.scope().name("testkit");
    scope.spans().addAll(List.of(spans));
    var resource = new ResourceSpans();
    resource.resource().attributes().put("service.name", "shop");
    resource.scopeSpans().add(scope);
    var batch = Traces.of(new ArrayList<>(List.of(resource)));
    batch.pack();
    return batch;
  }

  /** A server span of 25 ms, the root of a trace of its own, the trace id in X-Ray's form. */
  public static Span span() {
    long id = IDS.getAndIncrement();
    var span =
        new Span()
            .traceIdHi((EPOCH_NANOS / 1_000_000_000) << 32)
            .traceIdLo(id)
            .spanId(id)
            .name("GET /items")
            .kind(Span.KIND_SERVER)
            .startTimeUnixNano(EPOCH_NANOS)
            .endTimeUnixNano(EPOCH_NANOS + 25_000_000);
    span.attributes()
        .put("http.request.method", "GET")
        .put("http.response.status_code", 200)
        .put("url.path", "/items");
    return span;
  }

  /** One resource, one scope and one gauge of so many points, told apart by {@code point.id}. */
  public static Metrics metrics(int points) {
    var gauge = new Gauge();
    for (int i = 0; i < points; i++) gauge.points().add(point());
    return metrics(new Metric().name("queue.size").unit("1").data(gauge));
  }

  /** One resource, one scope and these metrics. */
  public static Metrics metrics(Metric... metrics) {
    var scope = new ScopeMetrics();
    scope.scope().name("testkit");
    scope.metrics().addAll(List.of(metrics));
    var resource = new ResourceMetrics();
    resource.resource().attributes().put("service.name", "shop");
    resource.scopeMetrics().add(scope);
    var batch = Metrics.of(new ArrayList<>(List.of(resource)));
    batch.pack();
    return batch;
  }

  /** The value 1 with an attribute {@code point.id} of its own. */
  public static NumberPoint point() {
    var point = new NumberPoint().timeUnixNano(EPOCH_NANOS).value(1L);
    point.attributes().put("point.id", IDS.getAndIncrement());
    return point;
  }

  /** One resource, one scope and so many log records. */
  public static Logs logs(int records) {
    return logs(IntStream.range(0, records).mapToObj(_ -> logRecord()).toArray(LogRecord[]::new));
  }

  /** One resource, one scope and these log records. */
  public static Logs logs(LogRecord... records) {
    var scope = new ScopeLogs();
    scope.scope().name("testkit");
    scope.logRecords().addAll(List.of(records));
    var resource = new ResourceLogs();
    resource.resource().attributes().put("service.name", "shop");
    resource.scopeLogs().add(scope);
    var batch = Logs.of(new ArrayList<>(List.of(resource)));
    batch.pack();
    return batch;
  }

  /** An informational record with an attribute {@code record.id} of its own. */
  public static LogRecord logRecord() {
    var record =
        new LogRecord()
            .timeUnixNano(EPOCH_NANOS)
            .observedTimeUnixNano(EPOCH_NANOS)
            .severityNumber(9)
            .severityText("INFO")
            .body(Value.of("order placed"));
    record.attributes().put("record.id", IDS.getAndIncrement());
    return record;
  }

  /** All spans of a batch, as copies: the batch stays as it is. */
  public static List<Span> spans(Traces batch) {
    var spans = new ArrayList<Span>();
    batch.copy().forEachSpan(spans::add);
    return spans;
  }

  /** All metrics of a batch, as copies: the batch stays as it is. */
  public static List<Metric> metrics(Metrics batch) {
    var metrics = new ArrayList<Metric>();
    batch.copy().forEachMetric(metrics::add);
    return metrics;
  }

  /** All log records of a batch, as copies: the batch stays as it is. */
  public static List<LogRecord> logRecords(Logs batch) {
    var records = new ArrayList<LogRecord>();
    batch.copy().forEachLogRecord(records::add);
    return records;
  }
}
