package io.raybridge.data;

import java.util.ArrayList;
import java.util.List;

/** Metrics between JSON and objects. */
final class MetricsJson {
  private static final String[] TEMPORALITIES = {
    "AGGREGATION_TEMPORALITY_UNSPECIFIED",
    "AGGREGATION_TEMPORALITY_DELTA",
    "AGGREGATION_TEMPORALITY_CUMULATIVE"
  };

  private MetricsJson() {}

  static List<ResourceMetrics> read(JsonReader in) throws MalformedBatchException {
    var all = new ArrayList<ResourceMetrics>();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "resourceMetrics", "resource_metrics" -> {
          in.array();
          while (in.element()) all.add(readResourceMetrics(in));
        }
        default -> in.skip();
      }
    }
    return all;
  }

  static void write(JsonWriter out, List<ResourceMetrics> all) {
    out.message();
    if (!all.isEmpty()) {
      out.array("resourceMetrics");
      for (var group : all) writeResourceMetrics(out, group);
      out.endArray();
    }
    out.endMessage();
  }

  private static ResourceMetrics readResourceMetrics(JsonReader in) throws MalformedBatchException {
    var group = new ResourceMetrics();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "resource" -> CommonJson.readResource(in, group.resource);
        case "scopeMetrics", "scope_metrics" -> {
          in.array();
          while (in.element()) group.scopeMetrics().add(readScopeMetrics(in));
        }
        case "schemaUrl", "schema_url" -> group.schemaUrl = in.string();
        default -> in.skip();
      }
    }
    return group;
  }

  private static void writeResourceMetrics(JsonWriter out, ResourceMetrics group) {
    out.message();
    CommonJson.writeResource(out, group.resource);
    if (group.scopeMetrics != null && !group.scopeMetrics.isEmpty()) {
      out.array("scopeMetrics");
      for (var scope : group.scopeMetrics) writeScopeMetrics(out, scope);
      out.endArray();
    }
    out.string("schemaUrl", group.schemaUrl);
    out.endMessage();
  }

  private static ScopeMetrics readScopeMetrics(JsonReader in) throws MalformedBatchException {
    var group = new ScopeMetrics();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "scope" -> CommonJson.readScope(in, group.scope);
        case "metrics" -> {
          in.array();
          while (in.element()) group.metrics().add(readMetric(in));
        }
        case "schemaUrl", "schema_url" -> group.schemaUrl = in.string();
        default -> in.skip();
      }
    }
    return group;
  }

  private static void writeScopeMetrics(JsonWriter out, ScopeMetrics group) {
    out.message();
    CommonJson.writeScope(out, group.scope);
    if (group.metrics != null && !group.metrics.isEmpty()) {
      out.array("metrics");
      for (var each : group.metrics) writeMetric(out, each);
      out.endArray();
    }
    out.string("schemaUrl", group.schemaUrl);
    out.endMessage();
  }

  private static Metric readMetric(JsonReader in) throws MalformedBatchException {
    var metric = new Metric();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "name" -> metric.name = in.string();
        case "description" -> metric.description = in.string();
        case "unit" -> metric.unit = in.string();
        case "gauge" -> metric.data = readGauge(in);
        case "sum" -> metric.data = readSum(in);
        case "histogram" -> metric.data = readHistogram(in);
        case "exponentialHistogram", "exponential_histogram" ->
            metric.data = readExponentialHistogram(in);
        case "summary" -> metric.data = readSummary(in);
        case "metadata" -> CommonJson.readAttributes(in, metric.metadata);
        default -> in.skip();
      }
    }
    return metric;
  }

  private static void writeMetric(JsonWriter out, Metric metric) {
    out.message();
    out.string("name", metric.name);
    out.string("description", metric.description);
    out.string("unit", metric.unit);
    if (metric.data != null) writeData(out, metric.data);
    CommonJson.writeAttributes(out, "metadata", metric.metadata);
    out.endMessage();
  }

  private static void writeData(JsonWriter out, MetricData data) {
    switch (data) {
      case Gauge gauge -> writeGauge(out, gauge);
      case Sum sum -> writeSum(out, sum);
      case Histogram histogram -> writeHistogram(out, histogram);
      case ExponentialHistogram histogram -> writeExponentialHistogram(out, histogram);
      case Summary summary -> writeSummary(out, summary);
    }
  }

  private static Gauge readGauge(JsonReader in) throws MalformedBatchException {
    var gauge = new Gauge();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "dataPoints", "data_points" -> {
          in.array();
          while (in.element()) gauge.points().add(readNumberPoint(in));
        }
        default -> in.skip();
      }
    }
    return gauge;
  }

  private static void writeGauge(JsonWriter out, Gauge gauge) {
    out.message("gauge");
    if (gauge.points != null && !gauge.points.isEmpty()) {
      out.array("dataPoints");
      for (var each : gauge.points) writeNumberPoint(out, each);
      out.endArray();
    }
    out.endMessage();
  }

  private static Sum readSum(JsonReader in) throws MalformedBatchException {
    var sum = new Sum();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "dataPoints", "data_points" -> {
          in.array();
          while (in.element()) sum.points().add(readNumberPoint(in));
        }
        case "aggregationTemporality", "aggregation_temporality" ->
            sum.temporality = in.enumeration(TEMPORALITIES);
        case "isMonotonic", "is_monotonic" -> sum.monotonic = in.bool();
        default -> in.skip();
      }
    }
    return sum;
  }

  private static void writeSum(JsonWriter out, Sum sum) {
    out.message("sum");
    if (sum.points != null && !sum.points.isEmpty()) {
      out.array("dataPoints");
      for (var each : sum.points) writeNumberPoint(out, each);
      out.endArray();
    }
    out.int32("aggregationTemporality", sum.temporality);
    out.bool("isMonotonic", sum.monotonic);
    out.endMessage();
  }

  private static Histogram readHistogram(JsonReader in) throws MalformedBatchException {
    var histogram = new Histogram();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "dataPoints", "data_points" -> {
          in.array();
          while (in.element()) histogram.points().add(readHistogramPoint(in));
        }
        case "aggregationTemporality", "aggregation_temporality" ->
            histogram.temporality = in.enumeration(TEMPORALITIES);
        default -> in.skip();
      }
    }
    return histogram;
  }

  private static void writeHistogram(JsonWriter out, Histogram histogram) {
    out.message("histogram");
    if (histogram.points != null && !histogram.points.isEmpty()) {
      out.array("dataPoints");
      for (var each : histogram.points) writeHistogramPoint(out, each);
      out.endArray();
    }
    out.int32("aggregationTemporality", histogram.temporality);
    out.endMessage();
  }

  private static ExponentialHistogram readExponentialHistogram(JsonReader in)
      throws MalformedBatchException {
    var histogram = new ExponentialHistogram();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "dataPoints", "data_points" -> {
          in.array();
          while (in.element()) histogram.points().add(readExponentialHistogramPoint(in));
        }
        case "aggregationTemporality", "aggregation_temporality" ->
            histogram.temporality = in.enumeration(TEMPORALITIES);
        default -> in.skip();
      }
    }
    return histogram;
  }

  private static void writeExponentialHistogram(JsonWriter out, ExponentialHistogram histogram) {
    out.message("exponentialHistogram");
    if (histogram.points != null && !histogram.points.isEmpty()) {
      out.array("dataPoints");
      for (var each : histogram.points) writeExponentialHistogramPoint(out, each);
      out.endArray();
    }
    out.int32("aggregationTemporality", histogram.temporality);
    out.endMessage();
  }

  private static Summary readSummary(JsonReader in) throws MalformedBatchException {
    var summary = new Summary();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "dataPoints", "data_points" -> {
          in.array();
          while (in.element()) summary.points().add(readSummaryPoint(in));
        }
        default -> in.skip();
      }
    }
    return summary;
  }

  private static void writeSummary(JsonWriter out, Summary summary) {
    out.message("summary");
    if (summary.points != null && !summary.points.isEmpty()) {
      out.array("dataPoints");
      for (var each : summary.points) writeSummaryPoint(out, each);
      out.endArray();
    }
    out.endMessage();
  }

  private static NumberPoint readNumberPoint(JsonReader in) throws MalformedBatchException {
    var point = new NumberPoint();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "attributes" -> CommonJson.readAttributes(in, point.attributes);
        case "startTimeUnixNano", "start_time_unix_nano" -> point.startTimeUnixNano = in.uint64();
        case "timeUnixNano", "time_unix_nano" -> point.timeUnixNano = in.uint64();
        case "asDouble", "as_double" -> point.value(in.number());
        case "asInt", "as_int" -> point.value(in.int64());
        case "exemplars" -> {
          in.array();
          while (in.element()) point.exemplars().add(readExemplar(in));
        }
        case "flags" -> point.flags = in.uint32();
        default -> in.skip();
      }
    }
    return point;
  }

  private static void writeNumberPoint(JsonWriter out, NumberPoint point) {
    out.message();
    CommonJson.writeAttributes(out, "attributes", point.attributes);
    out.uint64("startTimeUnixNano", point.startTimeUnixNano);
    out.uint64("timeUnixNano", point.timeUnixNano);
    if (point.type == NumberType.DOUBLE) out.numberAlways("asDouble", point.asDouble());
    if (point.type == NumberType.INT) out.int64Always("asInt", point.bits);
    if (point.exemplars != null && !point.exemplars.isEmpty()) {
      out.array("exemplars");
      for (var each : point.exemplars) writeExemplar(out, each);
      out.endArray();
    }
    out.uint32("flags", point.flags);
    out.endMessage();
  }

  private static HistogramPoint readHistogramPoint(JsonReader in) throws MalformedBatchException {
    var point = new HistogramPoint();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "attributes" -> CommonJson.readAttributes(in, point.attributes);
        case "startTimeUnixNano", "start_time_unix_nano" -> point.startTimeUnixNano = in.uint64();
        case "timeUnixNano", "time_unix_nano" -> point.timeUnixNano = in.uint64();
        case "count" -> point.count = in.uint64();
        case "sum" -> point.sum(in.number());
        case "bucketCounts", "bucket_counts" -> point.bucketCounts = readUint64s(in);
        case "explicitBounds", "explicit_bounds" -> point.explicitBounds = readNumbers(in);
        case "exemplars" -> {
          in.array();
          while (in.element()) point.exemplars().add(readExemplar(in));
        }
        case "flags" -> point.flags = in.uint32();
        case "min" -> point.min(in.number());
        case "max" -> point.max(in.number());
        default -> in.skip();
      }
    }
    return point;
  }

  private static void writeHistogramPoint(JsonWriter out, HistogramPoint point) {
    out.message();
    CommonJson.writeAttributes(out, "attributes", point.attributes);
    out.uint64("startTimeUnixNano", point.startTimeUnixNano);
    out.uint64("timeUnixNano", point.timeUnixNano);
    out.uint64("count", point.count);
    if (point.hasSum) out.numberAlways("sum", point.sum);
    out.uint64s("bucketCounts", point.bucketCounts);
    out.numbers("explicitBounds", point.explicitBounds);
    if (point.exemplars != null && !point.exemplars.isEmpty()) {
      out.array("exemplars");
      for (var each : point.exemplars) writeExemplar(out, each);
      out.endArray();
    }
    out.uint32("flags", point.flags);
    if (point.hasMin) out.numberAlways("min", point.min);
    if (point.hasMax) out.numberAlways("max", point.max);
    out.endMessage();
  }

  private static ExponentialHistogramPoint readExponentialHistogramPoint(JsonReader in)
      throws MalformedBatchException {
    var point = new ExponentialHistogramPoint();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "attributes" -> CommonJson.readAttributes(in, point.attributes);
        case "startTimeUnixNano", "start_time_unix_nano" -> point.startTimeUnixNano = in.uint64();
        case "timeUnixNano", "time_unix_nano" -> point.timeUnixNano = in.uint64();
        case "count" -> point.count = in.uint64();
        case "sum" -> point.sum(in.number());
        case "scale" -> point.scale = in.int32();
        case "zeroCount", "zero_count" -> point.zeroCount = in.uint64();
        case "positive" -> readBuckets(in, point.positive);
        case "negative" -> readBuckets(in, point.negative);
        case "flags" -> point.flags = in.uint32();
        case "exemplars" -> {
          in.array();
          while (in.element()) point.exemplars().add(readExemplar(in));
        }
        case "min" -> point.min(in.number());
        case "max" -> point.max(in.number());
        case "zeroThreshold", "zero_threshold" -> point.zeroThreshold = in.number();
        default -> in.skip();
      }
    }
    return point;
  }

  private static void writeExponentialHistogramPoint(
      JsonWriter out, ExponentialHistogramPoint point) {
    out.message();
    CommonJson.writeAttributes(out, "attributes", point.attributes);
    out.uint64("startTimeUnixNano", point.startTimeUnixNano);
    out.uint64("timeUnixNano", point.timeUnixNano);
    out.uint64("count", point.count);
    if (point.hasSum) out.numberAlways("sum", point.sum);
    out.int32("scale", point.scale);
    out.uint64("zeroCount", point.zeroCount);
    writeBuckets(out, "positive", point.positive);
    writeBuckets(out, "negative", point.negative);
    out.uint32("flags", point.flags);
    if (point.exemplars != null && !point.exemplars.isEmpty()) {
      out.array("exemplars");
      for (var each : point.exemplars) writeExemplar(out, each);
      out.endArray();
    }
    if (point.hasMin) out.numberAlways("min", point.min);
    if (point.hasMax) out.numberAlways("max", point.max);
    out.number("zeroThreshold", point.zeroThreshold);
    out.endMessage();
  }

  private static void readBuckets(JsonReader in, Buckets buckets) throws MalformedBatchException {
    buckets.present = true;
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "offset" -> buckets.offset = in.int32();
        case "bucketCounts", "bucket_counts" -> buckets.bucketCounts = readUint64s(in);
        default -> in.skip();
      }
    }
  }

  private static void writeBuckets(JsonWriter out, String name, Buckets buckets) {
    if (buckets.isAbsent()) return;
    out.message(name);
    out.int32("offset", buckets.offset);
    out.uint64s("bucketCounts", buckets.bucketCounts);
    out.endMessage();
  }

  private static SummaryPoint readSummaryPoint(JsonReader in) throws MalformedBatchException {
    var point = new SummaryPoint();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "attributes" -> CommonJson.readAttributes(in, point.attributes);
        case "startTimeUnixNano", "start_time_unix_nano" -> point.startTimeUnixNano = in.uint64();
        case "timeUnixNano", "time_unix_nano" -> point.timeUnixNano = in.uint64();
        case "count" -> point.count = in.uint64();
        case "sum" -> point.sum = in.number();
        case "quantileValues", "quantile_values" -> {
          in.array();
          while (in.element()) point.quantiles().add(readQuantile(in));
        }
        case "flags" -> point.flags = in.uint32();
        default -> in.skip();
      }
    }
    return point;
  }

  private static void writeSummaryPoint(JsonWriter out, SummaryPoint point) {
    out.message();
    CommonJson.writeAttributes(out, "attributes", point.attributes);
    out.uint64("startTimeUnixNano", point.startTimeUnixNano);
    out.uint64("timeUnixNano", point.timeUnixNano);
    out.uint64("count", point.count);
    out.number("sum", point.sum);
    if (point.quantiles != null && !point.quantiles.isEmpty()) {
      out.array("quantileValues");
      for (var each : point.quantiles) writeQuantile(out, each);
      out.endArray();
    }
    out.uint32("flags", point.flags);
    out.endMessage();
  }

  private static Quantile readQuantile(JsonReader in) throws MalformedBatchException {
    var quantile = new Quantile();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "quantile" -> quantile.quantile = in.number();
        case "value" -> quantile.value = in.number();
        default -> in.skip();
      }
    }
    return quantile;
  }

  private static void writeQuantile(JsonWriter out, Quantile quantile) {
    out.message();
    out.number("quantile", quantile.quantile);
    out.number("value", quantile.value);
    out.endMessage();
  }

  private static Exemplar readExemplar(JsonReader in) throws MalformedBatchException {
    var exemplar = new Exemplar();
    in.message();
    for (String field; (field = in.field()) != null; ) {
      switch (field) {
        case "filteredAttributes", "filtered_attributes" ->
            CommonJson.readAttributes(in, exemplar.filteredAttributes);
        case "timeUnixNano", "time_unix_nano" -> exemplar.timeUnixNano = in.uint64();
        case "asDouble", "as_double" -> exemplar.value(in.number());
        case "asInt", "as_int" -> exemplar.value(in.int64());
        case "spanId", "span_id" -> exemplar.spanId = in.spanId();
        case "traceId", "trace_id" -> {
          var hex = in.traceId();
          exemplar.traceIdHi = in.traceIdPart(hex, 0);
          exemplar.traceIdLo = in.traceIdPart(hex, 1);
        }
        default -> in.skip();
      }
    }
    return exemplar;
  }

  private static void writeExemplar(JsonWriter out, Exemplar exemplar) {
    out.message();
    CommonJson.writeAttributes(out, "filteredAttributes", exemplar.filteredAttributes);
    out.uint64("timeUnixNano", exemplar.timeUnixNano);
    if (exemplar.type == NumberType.DOUBLE) out.numberAlways("asDouble", exemplar.asDouble());
    if (exemplar.type == NumberType.INT) out.int64Always("asInt", exemplar.bits);
    out.string("spanId", Ids.hex(exemplar.spanId));
    out.string("traceId", exemplar.traceId());
    out.endMessage();
  }

  private static long[] readUint64s(JsonReader in) throws MalformedBatchException {
    Longs numbers = null;
    in.array();
    while (in.element()) numbers = Longs.add(numbers, in.uint64());
    return Longs.toArray(numbers);
  }

  private static double[] readNumbers(JsonReader in) throws MalformedBatchException {
    Longs numbers = null;
    in.array();
    while (in.element()) numbers = Longs.add(numbers, Double.doubleToRawLongBits(in.number()));
    return Longs.toDoubles(numbers);
  }
}
