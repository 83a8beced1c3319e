package io.raybridge.exporters.debug;

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
import io.raybridge.data.Metrics;
import io.raybridge.data.NumberPoint;
import io.raybridge.data.Scope;
import io.raybridge.data.Span;
import io.raybridge.data.Sum;
import io.raybridge.data.Summary;
import io.raybridge.data.SummaryPoint;
import io.raybridge.data.Traces;
import java.util.List;

/** All there is, a line per field, in the form of the Go exporter's {@code verbosity: detailed}. */
final class DetailedText {
  private static final String[] KINDS = {
    "Unspecified", "Internal", "Server", "Client", "Producer", "Consumer"
  };
  private static final String[] STATUSES = {"Unset", "Ok", "Error"};
  private static final String[] TEMPORALITIES = {"Unspecified", "Delta", "Cumulative"};
  private static final String[] SEVERITIES = {"Trace", "Debug", "Info", "Warn", "Error", "Fatal"};

  private final StringBuilder out = new StringBuilder(4096);

  private DetailedText() {}

  static String of(Traces batch) {
    var text = new DetailedText();
    int r = 0;
    for (var resource : batch.resourceSpans()) {
      text.resource("ResourceSpans", r++, resource.schemaUrl(), resource.resource().attributes());
      int s = 0;
      for (var scope : resource.scopeSpans()) {
        text.scope("ScopeSpans", s++, scope.scope(), scope.schemaUrl());
        int i = 0;
        for (var span : scope.spans()) text.span(i++, span);
      }
    }
    return text.text();
  }

  static String of(Metrics batch) {
    var text = new DetailedText();
    int r = 0;
    for (var resource : batch.resourceMetrics()) {
      text.resource("ResourceMetrics", r++, resource.schemaUrl(), resource.resource().attributes());
      int s = 0;
      for (var scope : resource.scopeMetrics()) {
        text.scope("ScopeMetrics", s++, scope.scope(), scope.schemaUrl());
        int i = 0;
        for (var metric : scope.metrics()) text.metric(i++, metric);
      }
    }
    return text.text();
  }

  static String of(Logs batch) {
    var text = new DetailedText();
    int r = 0;
    for (var resource : batch.resourceLogs()) {
      text.resource("ResourceLog", r++, resource.schemaUrl(), resource.resource().attributes());
      int s = 0;
      for (var scope : resource.scopeLogs()) {
        text.scope("ScopeLogs", s++, scope.scope(), scope.schemaUrl());
        int i = 0;
        for (var entry : scope.logRecords()) text.logRecord(i++, entry);
      }
    }
    return text.text();
  }

  private void span(int index, Span span) {
    line("Span #", index);
    field("Trace ID", span.traceId());
    field("Parent ID", GoText.id(span.parentSpanId()));
    field("ID", GoText.id(span.spanId()));
    field("Name", span.name());
    field("Kind", word(KINDS, span.kind()));
    if (!span.traceState().isEmpty()) field("TraceState", span.traceState());
    field("Start time", GoText.time(span.startTimeUnixNano()));
    field("End time", GoText.time(span.endTimeUnixNano()));
    field("Status code", word(STATUSES, span.statusCode()));
    field("Status message", span.statusMessage());
    field("DroppedAttributesCount", Integer.toUnsignedString(span.droppedAttributesCount()));
    field("DroppedEventsCount", Integer.toUnsignedString(span.droppedEventsCount()));
    field("DroppedLinksCount", Integer.toUnsignedString(span.droppedLinksCount()));
    attributes("Attributes", span.attributes());
    if (span.eventCount() > 0) line("Events:");
    for (int i = 0; i < span.eventCount(); i++) event(i, span.events().get(i));
    if (span.linkCount() > 0) line("Links:");
    for (int i = 0; i < span.linkCount(); i++) link(i, span.links().get(i));
  }

  private void event(int index, Event event) {
    line("SpanEvent #", index);
    line("     -> Name: ", event.name());
    line("     -> Timestamp: ", GoText.time(event.timeUnixNano()));
    line(
        "     -> DroppedAttributesCount: ",
        Integer.toUnsignedString(event.droppedAttributesCount()));
    indented("     -> Attributes:", event.attributes());
  }

  private void link(int index, Link link) {
    line("SpanLink #", index);
    line("     -> Trace ID: ", link.traceId());
    line("     -> ID: ", GoText.id(link.spanId()));
    line("     -> TraceState: ", link.traceState());
    line(
        "     -> DroppedAttributesCount: ",
        Integer.toUnsignedString(link.droppedAttributesCount()));
    indented("     -> Attributes:", link.attributes());
  }

  private void logRecord(int index, LogRecord entry) {
    line("LogRecord #", index);
    line("ObservedTimestamp: ", GoText.time(entry.observedTimeUnixNano()));
    line("Timestamp: ", GoText.time(entry.timeUnixNano()));
    line("SeverityText: ", entry.severityText());
    int severity = entry.severityNumber();
    line("SeverityNumber: ", severity(severity) + "(" + severity + ")");
    if (!entry.eventName().isEmpty()) line("EventName: ", entry.eventName());
    line("Body: ", GoText.typed(entry.body()));
    attributes("Attributes", entry.attributes());
    line("Trace ID: ", entry.traceId());
    line("Span ID: ", GoText.id(entry.spanId()));
    line("Flags: ", Integer.toUnsignedString(entry.flags()));
  }

  private void metric(int index, Metric metric) {
    line("Metric #", index);
    line("Descriptor:");
    line("     -> Name: ", metric.name());
    line("     -> Description: ", metric.description());
    line("     -> Unit: ", metric.unit());
    var type =
        switch (metric.data()) {
          case Gauge _ -> "Gauge";
          case Sum _ -> "Sum";
          case Histogram _ -> "Histogram";
          case ExponentialHistogram _ -> "ExponentialHistogram";
          case Summary _ -> "Summary";
          case null -> "Empty";
        };
    line("     -> DataType: ", type);
    indented("     -> Metadata", metric.metadata());
    switch (metric.data()) {
      case Gauge gauge -> numbers(gauge.points());
      case Sum sum -> {
        line("     -> IsMonotonic: ", Boolean.toString(sum.monotonic()));
        temporality(sum.temporality());
        numbers(sum.points());
      }
      case Histogram histogram -> {
        temporality(histogram.temporality());
        int i = 0;
        for (var point : histogram.points()) histogram(i++, point);
      }
      case ExponentialHistogram histogram -> {
        temporality(histogram.temporality());
        int i = 0;
        for (var point : histogram.points()) histogram(i++, point);
      }
      case Summary summary -> {
        int i = 0;
        for (var point : summary.points()) summary(i++, point);
      }
      case null -> {}
    }
  }

  private void numbers(List<NumberPoint> points) {
    int i = 0;
    for (var point : points) {
      line("NumberDataPoints #", i++);
      point(point.attributes(), point.startTimeUnixNano(), point.timeUnixNano());
      if (point.hasValue())
        line("Value: ", number(point.isInt(), point.asLong(), point.asDouble()));
      exemplars(point.exemplars());
    }
  }

  private void histogram(int index, HistogramPoint point) {
    line("HistogramDataPoints #", index);
    point(point.attributes(), point.startTimeUnixNano(), point.timeUnixNano());
    line("Count: ", Long.toUnsignedString(point.count()));
    if (point.hasSum()) line("Sum: ", GoText.fixed(point.sum()));
    if (point.hasMin()) line("Min: ", GoText.fixed(point.min()));
    if (point.hasMax()) line("Max: ", GoText.fixed(point.max()));
    int i = 0;
    for (double bound : point.explicitBounds()) {
      line("ExplicitBounds #" + i++ + ": ", GoText.fixed(bound));
    }
    i = 0;
    for (long count : point.bucketCounts()) {
      line("Buckets #" + i++ + ", Count: ", Long.toUnsignedString(count));
    }
    exemplars(point.exemplars());
  }

  private void histogram(int index, ExponentialHistogramPoint point) {
    line("ExponentialHistogramDataPoints #", index);
    point(point.attributes(), point.startTimeUnixNano(), point.timeUnixNano());
    line("Count: ", Long.toUnsignedString(point.count()));
    if (point.hasSum()) line("Sum: ", GoText.fixed(point.sum()));
    if (point.hasMin()) line("Min: ", GoText.fixed(point.min()));
    if (point.hasMax()) line("Max: ", GoText.fixed(point.max()));
    double factor = Math.scalb(Math.log(2), -point.scale());
    var negative = point.negative();
    for (int i = negative.bucketCounts().length - 1; i >= 0; i--) {
      double at = negative.offset() + (double) i;
      bucket(
          '[',
          -Math.exp((at + 1) * factor),
          -Math.exp(at * factor),
          ')',
          negative.bucketCounts()[i]);
    }
    if (point.zeroCount() != 0) {
      line("Bucket [0, 0], Count: ", Long.toUnsignedString(point.zeroCount()));
    }
    var positive = point.positive();
    for (int i = 0; i < positive.bucketCounts().length; i++) {
      double at = positive.offset() + (double) i;
      bucket(
          '(', Math.exp(at * factor), Math.exp((at + 1) * factor), ']', positive.bucketCounts()[i]);
    }
    exemplars(point.exemplars());
  }

  private void bucket(char open, double lower, double upper, char close, long count) {
    out.append("Bucket ").append(open).append(GoText.fixed(lower)).append(", ");
    out.append(GoText.fixed(upper)).append(close).append(", Count: ");
    out.append(Long.toUnsignedString(count)).append('\n');
  }

  private void summary(int index, SummaryPoint point) {
    line("SummaryDataPoints #", index);
    point(point.attributes(), point.startTimeUnixNano(), point.timeUnixNano());
    line("Count: ", Long.toUnsignedString(point.count()));
    line("Sum: ", GoText.fixed(point.sum()));
    int i = 0;
    for (var quantile : point.quantiles()) {
      out.append("QuantileValue #").append(i++).append(": Quantile ");
      out.append(GoText.fixed(quantile.quantile())).append(", Value ");
      out.append(GoText.fixed(quantile.value())).append('\n');
    }
  }

  private void point(Attributes attributes, long start, long time) {
    attributes("Data point attributes", attributes);
    line("StartTimestamp: ", GoText.time(start));
    line("Timestamp: ", GoText.time(time));
  }

  private void exemplars(List<Exemplar> exemplars) {
    if (!exemplars.isEmpty()) line("Exemplars:");
    int i = 0;
    for (var exemplar : exemplars) {
      line("Exemplar #", i++);
      line("     -> Trace ID: ", exemplar.traceId());
      line("     -> Span ID: ", GoText.id(exemplar.spanId()));
      line("     -> Timestamp: ", GoText.time(exemplar.timeUnixNano()));
      if (exemplar.hasValue()) {
        line("     -> Value: ", number(exemplar.isInt(), exemplar.asLong(), exemplar.asDouble()));
      }
      indented("     -> FilteredAttributes", exemplar.filteredAttributes());
    }
  }

  private void temporality(int temporality) {
    line("     -> AggregationTemporality: ", word(TEMPORALITIES, temporality));
  }

  private static String number(boolean whole, long asLong, double asDouble) {
    return whole ? Long.toString(asLong) : GoText.fixed(asDouble);
  }

  private void resource(String what, int index, String schemaUrl, Attributes attributes) {
    line(what + " #", index);
    line("Resource SchemaURL: ", schemaUrl);
    attributes("Resource attributes", attributes);
  }

  private void scope(String what, int index, Scope scope, String schemaUrl) {
    line(what + " #", index);
    line(what + " SchemaURL: ", schemaUrl);
    line("InstrumentationScope ", scope.name() + " " + scope.version());
    attributes("InstrumentationScope attributes", scope.attributes());
  }

  private void attributes(String heading, Attributes attributes) {
    entries(heading, "     -> ", attributes);
  }

  private void indented(String heading, Attributes attributes) {
    entries(heading, "          -> ", attributes);
  }

  private void entries(String heading, String indent, Attributes attributes) {
    if (attributes.isEmpty()) return;
    line(heading, ":");
    for (int i = 0; i < attributes.size(); i++) {
      out.append(indent).append(attributes.keyAt(i)).append(": ");
      out.append(GoText.typed(attributes.valueAt(i))).append('\n');
    }
  }

  /** The names line up, as long as they are not longer than those first thought of. */
  private void field(String name, String value) {
    out.append("    ").append(name);
    for (int i = name.length(); i < 15; i++) out.append(' ');
    out.append(": ").append(value).append('\n');
  }

  private void line(String text) {
    out.append(text).append('\n');
  }

  private void line(String label, String value) {
    out.append(label).append(value).append('\n');
  }

  private void line(String label, int index) {
    out.append(label).append(index).append('\n');
  }

  private static String word(String[] words, int number) {
    return number >= 0 && number < words.length ? words[number] : "";
  }

  /** Four numbers share a word: Info, Info2, Info3, Info4. */
  private static String severity(int number) {
    if (number < 1 || number > 24) return number == 0 ? "Unspecified" : "";
    int grade = (number - 1) % 4 + 1;
    return SEVERITIES[(number - 1) / 4] + (grade == 1 ? "" : grade);
  }

  private String text() {
    return out.toString();
  }
}
