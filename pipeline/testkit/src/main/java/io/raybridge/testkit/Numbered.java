package io.raybridge.testkit;

import io.raybridge.data.Attributes;
import io.raybridge.data.Batch;
import io.raybridge.data.Gauge;
import io.raybridge.data.LogRecord;
import io.raybridge.data.Logs;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Metric;
import io.raybridge.data.Metrics;
import io.raybridge.data.NumberPoint;
import io.raybridge.data.ResourceLogs;
import io.raybridge.data.ResourceMetrics;
import io.raybridge.data.ResourceSpans;
import io.raybridge.data.ScopeLogs;
import io.raybridge.data.ScopeMetrics;
import io.raybridge.data.ScopeSpans;
import io.raybridge.data.Signal;
import io.raybridge.data.Span;
import io.raybridge.data.Traces;
import io.raybridge.data.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Batches of items that carry a number each, so that a test can say which of them arrived and how
 * often. They are OTLP bytes, as batches from outside are.
 */
public final class Numbered {
  /** The attribute that holds an item's number. */
  public static final String KEY = "test.item";

  private static final long NOW = 1_795_424_700_000_000_000L;

  private Numbered() {}

  /** A batch of a signal with the items {@code first} to {@code first + count - 1}. */
  public static Batch batch(Signal signal, long first, int count) {
    return switch (signal) {
      case TRACES -> traces(first, count);
      case METRICS -> metrics(first, count);
      case LOGS -> logs(first, count);
    };
  }

  /** Spans. */
  public static Traces traces(long first, int count) {
    var resource = new ResourceSpans();
    resource.resource().attributes().put("service.name", "shop");
    var scope = new ScopeSpans();
    scope.scope().name("testkit").version("1");
    for (long n = first; n < first + count; n++) {
      var span =
          new Span()
              .traceIdHi(0x6922d1c0_00000000L | (n & 0xffff_ffffL))
              .traceIdLo(~n)
              .spanId(n + 1)
              .name("GET /item")
              .kind(Span.KIND_SERVER)
              .startTimeUnixNano(NOW + n)
              .endTimeUnixNano(NOW + n + 1_000_000);
      span.attributes().put(KEY, n).put("http.request.method", "GET");
      scope.spans().add(span);
    }
    resource.scopeSpans().add(scope);
    return reread(Traces.of(new ArrayList<>(List.of(resource))));
  }

  /** Data points of one gauge. */
  public static Metrics metrics(long first, int count) {
    var resource = new ResourceMetrics();
    resource.resource().attributes().put("service.name", "shop");
    var scope = new ScopeMetrics();
    scope.scope().name("testkit").version("1");
    var gauge = new Gauge();
    for (long n = first; n < first + count; n++) {
      var point = new NumberPoint().timeUnixNano(NOW + n).value(n);
      point.attributes().put(KEY, n);
      gauge.points().add(point);
    }
    scope.metrics().add(new Metric().name("stock").unit("{item}").data(gauge));
    resource.scopeMetrics().add(scope);
    return reread(Metrics.of(new ArrayList<>(List.of(resource))));
  }

  /** Log records. */
  public static Logs logs(long first, int count) {
    var resource = new ResourceLogs();
    resource.resource().attributes().put("service.name", "shop");
    var scope = new ScopeLogs();
    scope.scope().name("testkit").version("1");
    for (long n = first; n < first + count; n++) {
      var entry =
          new LogRecord().timeUnixNano(NOW + n).severityNumber(9).body(Value.of("item sold"));
      entry.attributes().put(KEY, n);
      scope.logRecords().add(entry);
    }
    resource.scopeLogs().add(scope);
    return reread(Logs.of(new ArrayList<>(List.of(resource))));
  }

  /** The numbers of all items in a batch, in order; the batch stays as it is. */
  public static List<Long> numbers(Batch batch) {
    List<Long> numbers = new ArrayList<>();
    switch (batch.copy()) {
      case Traces traces -> traces.forEachSpan(span -> add(span.attributes(), numbers));
      case Logs logs -> logs.forEachLogRecord(entry -> add(entry.attributes(), numbers));
      case Metrics metrics ->
          metrics.forEachMetric(metric -> {
            if (metric.data() instanceof Gauge gauge) {
              for (var point : gauge.points()) add(point.attributes(), numbers);
            }
          });
    }
    return numbers;
  }

  /** The bytes that a batch would be sent as. */
  public static byte[] bytes(Batch batch) {
    return switch (batch) {
      case Traces traces -> traces.toOtlp();
      case Metrics metrics -> metrics.toOtlp();
      case Logs logs -> logs.toOtlp();
    };
  }

  private static void add(Attributes attributes, List<Long> numbers) {
    long number = attributes.getLong(KEY, -1);
    if (number < 0) throw new AssertionError("an item without its number came: " + attributes);
    numbers.add(number);
  }

  private static Traces reread(Traces batch) {
    try {
      return Traces.ofOtlp(batch.toOtlp());
    } catch (MalformedBatchException e) {
      throw new AssertionError(e);
    }
  }

  private static Metrics reread(Metrics batch) {
    try {
      return Metrics.ofOtlp(batch.toOtlp());
    } catch (MalformedBatchException e) {
      throw new AssertionError(e);
    }
  }

  private static Logs reread(Logs batch) {
    try {
      return Logs.ofOtlp(batch.toOtlp());
    } catch (MalformedBatchException e) {
      throw new AssertionError(e);
    }
  }
}
