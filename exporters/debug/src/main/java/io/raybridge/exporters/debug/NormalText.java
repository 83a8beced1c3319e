package io.raybridge.exporters.debug;

import io.raybridge.data.Attributes;
import io.raybridge.data.Buckets;
import io.raybridge.data.ExponentialHistogram;
import io.raybridge.data.ExponentialHistogramPoint;
import io.raybridge.data.Gauge;
import io.raybridge.data.Histogram;
import io.raybridge.data.HistogramPoint;
import io.raybridge.data.Logs;
import io.raybridge.data.Metric;
import io.raybridge.data.Metrics;
import io.raybridge.data.NumberPoint;
import io.raybridge.data.Scope;
import io.raybridge.data.Sum;
import io.raybridge.data.Summary;
import io.raybridge.data.SummaryPoint;
import io.raybridge.data.Traces;
import java.util.List;

/** About one line per item, in the form of the Go exporter's {@code verbosity: normal}. */
final class NormalText {
  private final StringBuilder out = new StringBuilder(1024);

  private NormalText() {}

  static String of(Traces batch) {
    var text = new NormalText();
    int r = 0;
    for (var resource : batch.resourceSpans()) {
      text.resource("ResourceTraces", r++, resource.schemaUrl(), resource.resource().attributes());
      int s = 0;
      for (var scope : resource.scopeSpans()) {
        text.scope("ScopeTraces", s++, scope.scope(), scope.schemaUrl());
        for (var span : scope.spans()) {
          text.out.append(span.name()).append(' ').append(span.traceId()).append(' ');
          text.out.append(GoText.id(span.spanId()));
          text.attributes(span.attributes()).append('\n');
        }
      }
    }
    return text.out.toString();
  }

  static String of(Logs batch) {
    var text = new NormalText();
    int r = 0;
    for (var resource : batch.resourceLogs()) {
      text.resource("ResourceLog", r++, resource.schemaUrl(), resource.resource().attributes());
      int s = 0;
      for (var scope : resource.scopeLogs()) {
        text.scope("ScopeLog", s++, scope.scope(), scope.schemaUrl());
        for (var entry : scope.logRecords()) {
          text.out.append(GoText.plain(entry.body()));
          if (entry.attributes().isEmpty()) text.out.append(' ');
          text.attributes(entry.attributes()).append('\n');
        }
      }
    }
    return text.out.toString();
  }

  static String of(Metrics batch) {
    var text = new NormalText();
    int r = 0;
    for (var resource : batch.resourceMetrics()) {
      text.resource("ResourceMetrics", r++, resource.schemaUrl(), resource.resource().attributes());
      int s = 0;
      for (var scope : resource.scopeMetrics()) {
        text.scope("ScopeMetrics", s++, scope.scope(), scope.schemaUrl());
        for (var metric : scope.metrics()) text.metric(metric);
      }
    }
    return text.out.toString();
  }

  private void metric(Metric metric) {
    switch (metric.data()) {
      case Gauge gauge -> numbers(metric, gauge.points());
      case Sum sum -> numbers(metric, sum.points());
      case Histogram histogram -> {
        for (var point : histogram.points()) histogram(metric, point);
      }
      case ExponentialHistogram histogram -> {
        for (var point : histogram.points()) histogram(metric, point);
      }
      case Summary summary -> {
        for (var point : summary.points()) summary(metric, point);
      }
      case null -> {}
    }
  }

  private void numbers(Metric metric, List<NumberPoint> points) {
    for (var point : points) {
      series(metric, point.attributes());
      if (point.hasValue()) {
        if (point.isInt()) {
          out.append(point.asLong());
        } else {
          out.append(GoText.number(point.asDouble()));
        }
      }
      out.append('\n');
    }
  }

  private void histogram(Metric metric, HistogramPoint point) {
    series(metric, point.attributes()).append("count=").append(point.count());
    if (point.hasSum()) value(" sum=", point.sum());
    if (point.hasMin()) value(" min=", point.min());
    if (point.hasMax()) value(" max=", point.max());
    long[] counts = point.bucketCounts();
    for (int i = 0; i < counts.length; i++) {
      out.append(' ');
      if (i < point.explicitBounds().length) value("le", point.explicitBounds()[i]).append('=');
      out.append(counts[i]);
    }
    out.append('\n');
  }

  private void histogram(Metric metric, ExponentialHistogramPoint point) {
    series(metric, point.attributes()).append("count=").append(point.count());
    if (point.hasSum()) value(" sum=", point.sum());
    if (point.hasMin()) value(" min=", point.min());
    if (point.hasMax()) value(" max=", point.max());
    double factor = Math.scalb(Math.log(2), -point.scale());
    var negative = point.negative();
    for (int i = count(negative) - 1; i >= 0; i--) {
      value(" le", -Math.exp((negative.offset() + (double) i) * factor));
      out.append('=').append(negative.bucketCounts()[i]);
    }
    if (point.zeroCount() != 0) out.append(" zero=").append(point.zeroCount());
    var positive = point.positive();
    for (int i = 0; i < count(positive); i++) {
      value(" le", Math.exp((positive.offset() + i + 1.0) * factor));
      out.append('=').append(positive.bucketCounts()[i]);
    }
    out.append('\n');
  }

  private void summary(Metric metric, SummaryPoint point) {
    series(metric, point.attributes()).append("count=").append(point.count());
    out.append(" sum=").append(GoText.fixed(point.sum()));
    for (var quantile : point.quantiles()) {
      value(" q", quantile.quantile());
      value("=", quantile.value());
    }
    out.append('\n');
  }

  private static int count(Buckets buckets) {
    return buckets.bucketCounts().length;
  }

  private StringBuilder series(Metric metric, Attributes attributes) {
    out.append(metric.name()).append('{');
    for (int i = 0; i < attributes.size(); i++) {
      if (i > 0) out.append(',');
      out.append(attributes.keyAt(i)).append('=').append(GoText.plain(attributes.valueAt(i)));
    }
    return out.append("} ");
  }

  private StringBuilder value(String label, double value) {
    return out.append(label).append(GoText.number(value));
  }

  private void resource(String what, int index, String schemaUrl, Attributes attributes) {
    out.append(what).append(" #").append(index);
    if (!schemaUrl.isEmpty()) out.append(" [").append(schemaUrl).append(']');
    attributes(attributes).append('\n');
  }

  private void scope(String what, int index, Scope scope, String schemaUrl) {
    out.append(what).append(" #").append(index);
    boolean named = !scope.name().isEmpty() || !scope.version().isEmpty();
    if (named) out.append(' ').append(scope.name());
    if (!scope.version().isEmpty()) out.append('@').append(scope.version());
    if (!schemaUrl.isEmpty()) out.append(" [").append(schemaUrl).append(']');
    attributes(scope.attributes()).append('\n');
  }

  private StringBuilder attributes(Attributes attributes) {
    for (int i = 0; i < attributes.size(); i++) {
      out.append(' ').append(attributes.keyAt(i)).append('=');
      out.append(GoText.plain(attributes.valueAt(i)));
    }
    return out;
  }
}
