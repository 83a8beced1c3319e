package io.raybridge.data;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Metrics between protobuf and objects: <a
 * href="https://github.com/open-telemetry/opentelemetry-proto/blob/v1.11.0/opentelemetry/proto/metrics/v1/metrics.proto">metrics.proto</a>.
 */
final class MetricsCodec implements Codec<ResourceMetrics> {
  private static final int POSITIVE = 66;
  private static final int NEGATIVE = 74;

  static final MetricsCodec INSTANCE = new MetricsCodec();

  @Override
  public Shape shape() {
    return Shape.METRICS;
  }

  @Override
  public ResourceMetrics read(ProtoReader in) {
    var group = new ResourceMetrics();
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 10 -> CommonCodec.readResource(in, group.resource);
        case 18 -> group.scopeMetrics().add(readScopeMetrics(in));
        case 26 -> group.schemaUrl = in.name();
        default -> group.unknown = in.keep(group.unknown, start, tag);
      }
    }
    return group;
  }

  @Override
  public void write(ProtoWriter out, ResourceMetrics group) {
    int mark = out.mark();
    out.unknown(group.unknown);
    out.string(26, group.schemaUrl);
    var scopes = group.scopeMetrics == null ? List.<ScopeMetrics>of() : group.scopeMetrics;
    for (int i = scopes.size(); i-- > 0; ) writeScopeMetrics(out, scopes.get(i));
    CommonCodec.writeResource(out, 10, group.resource);
    out.message(10, mark);
  }

  @Override
  public List<ResourceMetrics> readJson(JsonReader in) throws MalformedBatchException {
    return MetricsJson.read(in);
  }

  @Override
  public void writeJson(JsonWriter out, List<ResourceMetrics> groups) {
    MetricsJson.write(out, groups);
  }

  @Override
  public ResourceMetrics copy(ResourceMetrics group) {
    return group.copy();
  }

  @Override
  public int items(ResourceMetrics group) {
    if (group.scopeMetrics == null) return 0;
    int items = 0;
    for (var scope : group.scopeMetrics) items += points(scope);
    return items;
  }

  @Override
  public ResourceMetrics takeLast(ResourceMetrics group, int items) {
    var scopes = group.scopeMetrics();
    group.scopeMetrics = null;
    var last = group.copy();
    group.scopeMetrics = scopes;
    int whole = scopes.size();
    int left = items;
    while (left > 0 && points(scopes.get(whole - 1)) <= left) {
      whole--;
      left -= points(scopes.get(whole));
    }
    if (left > 0) last.scopeMetrics().add(takeLast(scopes.get(whole - 1), left));
    last.scopeMetrics().addAll(Lists.takeLast(scopes, scopes.size() - whole));
    return last;
  }

  private static ScopeMetrics takeLast(ScopeMetrics group, int items) {
    var metrics = group.metrics();
    group.metrics = null;
    var last = group.copy();
    group.metrics = metrics;
    int whole = metrics.size();
    int left = items;
    while (left > 0 && metrics.get(whole - 1).pointCount() <= left) {
      whole--;
      left -= metrics.get(whole).pointCount();
    }
    if (left > 0) last.metrics().add(takeLast(metrics.get(whole - 1), left));
    last.metrics().addAll(Lists.takeLast(metrics, metrics.size() - whole));
    return last;
  }

  private static Metric takeLast(Metric metric, int items) {
    var data = Objects.requireNonNull(metric.data);
    metric.data = null;
    var last = metric.copy();
    metric.data = data;
    last.data = takeLast(data, items);
    return last;
  }

  private static MetricData takeLast(MetricData data, int items) {
    return switch (data) {
      case Gauge gauge -> {
        var points = gauge.points();
        gauge.points = null;
        var last = gauge.copy();
        gauge.points = points;
        last.points = Lists.takeLast(points, items);
        yield last;
      }
      case Sum sum -> {
        var points = sum.points();
        sum.points = null;
        var last = sum.copy();
        sum.points = points;
        last.points = Lists.takeLast(points, items);
        yield last;
      }
      case Histogram histogram -> {
        var points = histogram.points();
        histogram.points = null;
        var last = histogram.copy();
        histogram.points = points;
        last.points = Lists.takeLast(points, items);
        yield last;
      }
      case ExponentialHistogram histogram -> {
        var points = histogram.points();
        histogram.points = null;
        var last = histogram.copy();
        histogram.points = points;
        last.points = Lists.takeLast(points, items);
        yield last;
      }
      case Summary summary -> {
        var points = summary.points();
        summary.points = null;
        var last = summary.copy();
        summary.points = points;
        last.points = Lists.takeLast(points, items);
        yield last;
      }
    };
  }

  private static int points(ScopeMetrics scope) {
    if (scope.metrics == null) return 0;
    int points = 0;
    for (var metric : scope.metrics) points += metric.pointCount();
    return points;
  }

  private static ScopeMetrics readScopeMetrics(ProtoReader in) {
    var group = new ScopeMetrics();
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 10 -> CommonCodec.readScope(in, group.scope);
        case 18 -> group.metrics().add(readMetric(in));
        case 26 -> group.schemaUrl = in.name();
        default -> group.unknown = in.keep(group.unknown, start, tag);
      }
    }
    return group;
  }

  private static void writeScopeMetrics(ProtoWriter out, ScopeMetrics group) {
    int mark = out.mark();
    out.unknown(group.unknown);
    out.string(26, group.schemaUrl);
    var metrics = group.metrics == null ? List.<Metric>of() : group.metrics;
    for (int i = metrics.size(); i-- > 0; ) writeMetric(out, metrics.get(i));
    CommonCodec.writeScope(out, 10, group.scope);
    out.message(18, mark);
  }

  private static Metric readMetric(ProtoReader in) {
    var metric = new Metric();
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 10 -> metric.name = in.name();
        case 18 -> metric.description = in.name();
        case 26 -> metric.unit = in.name();
        // what comes twice is merged, but only with its own kind
        case 42 -> metric.data = readGauge(in, metric.data instanceof Gauge g ? g : new Gauge());
        case 58 -> metric.data = readSum(in, metric.data instanceof Sum s ? s : new Sum());
        case 74 ->
            metric.data =
                readHistogram(in, metric.data instanceof Histogram h ? h : new Histogram());
        case 82 ->
            metric.data =
                readExponential(
                    in,
                    metric.data instanceof ExponentialHistogram h ? h : new ExponentialHistogram());
        case 90 ->
            metric.data = readSummary(in, metric.data instanceof Summary s ? s : new Summary());
        case 98 -> CommonCodec.readKeyValue(in, metric.metadata);
        default -> metric.unknown = in.keep(metric.unknown, start, tag);
      }
    }
    return metric;
  }

  private static void writeMetric(ProtoWriter out, Metric metric) {
    int mark = out.mark();
    out.unknown(metric.unknown);
    CommonCodec.writeAttributes(out, 98, metric.metadata);
    if (metric.data != null) writeData(out, metric.data);
    out.string(26, metric.unit);
    out.string(18, metric.description);
    out.string(10, metric.name);
    out.message(18, mark);
  }

  private static void writeData(ProtoWriter out, MetricData data) {
    int mark = out.mark();
    switch (data) {
      case Gauge gauge -> {
        out.unknown(gauge.unknown);
        for (int i = gauge.pointCount(); i-- > 0; ) writeNumberPoint(out, gauge.points().get(i));
        out.message(42, mark);
      }
      case Sum sum -> {
        out.unknown(sum.unknown);
        out.bool(24, sum.monotonic);
        out.int32(16, sum.temporality);
        for (int i = sum.pointCount(); i-- > 0; ) writeNumberPoint(out, sum.points().get(i));
        out.message(58, mark);
      }
      case Histogram histogram -> {
        out.unknown(histogram.unknown);
        out.int32(16, histogram.temporality);
        for (int i = histogram.pointCount(); i-- > 0; )
          writeHistogramPoint(out, histogram.points().get(i));
        out.message(74, mark);
      }
      case ExponentialHistogram histogram -> {
        out.unknown(histogram.unknown);
        out.int32(16, histogram.temporality);
        for (int i = histogram.pointCount(); i-- > 0; )
          writeExponentialPoint(out, histogram.points().get(i));
        out.message(82, mark);
      }
      case Summary summary -> {
        out.unknown(summary.unknown);
        for (int i = summary.pointCount(); i-- > 0; )
          writeSummaryPoint(out, summary.points().get(i));
        out.message(90, mark);
      }
    }
  }

  private static Gauge readGauge(ProtoReader in, Gauge gauge) {
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 10 -> gauge.points().add(readNumberPoint(in));
        default -> gauge.unknown = in.keep(gauge.unknown, start, tag);
      }
    }
    return gauge;
  }

  private static Sum readSum(ProtoReader in, Sum sum) {
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 10 -> sum.points().add(readNumberPoint(in));
        case 16 -> sum.temporality = in.varint();
        case 24 -> sum.monotonic = in.varlong() != 0;
        default -> sum.unknown = in.keep(sum.unknown, start, tag);
      }
    }
    return sum;
  }

  private static Histogram readHistogram(ProtoReader in, Histogram histogram) {
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 10 -> histogram.points().add(readHistogramPoint(in));
        case 16 -> histogram.temporality = in.varint();
        default -> histogram.unknown = in.keep(histogram.unknown, start, tag);
      }
    }
    return histogram;
  }

  private static ExponentialHistogram readExponential(
      ProtoReader in, ExponentialHistogram histogram) {
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 10 -> histogram.points().add(readExponentialPoint(in));
        case 16 -> histogram.temporality = in.varint();
        default -> histogram.unknown = in.keep(histogram.unknown, start, tag);
      }
    }
    return histogram;
  }

  private static Summary readSummary(ProtoReader in, Summary summary) {
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 10 -> summary.points().add(readSummaryPoint(in));
        default -> summary.unknown = in.keep(summary.unknown, start, tag);
      }
    }
    return summary;
  }

  private static NumberPoint readNumberPoint(ProtoReader in) {
    var point = new NumberPoint();
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 17 -> point.startTimeUnixNano = in.fixed64();
        case 25 -> point.timeUnixNano = in.fixed64();
        case 33 -> {
          point.type = NumberType.DOUBLE;
          point.bits = in.fixed64();
        }
        case 42 -> point.exemplars().add(readExemplar(in));
        case 49 -> {
          point.type = NumberType.INT;
          point.bits = in.fixed64();
        }
        case 58 -> CommonCodec.readKeyValue(in, point.attributes);
        case 64 -> point.flags = in.varint();
        default -> point.unknown = in.keep(point.unknown, start, tag);
      }
    }
    return point;
  }

  private static void writeNumberPoint(ProtoWriter out, NumberPoint point) {
    int mark = out.mark();
    out.unknown(point.unknown);
    out.uint32(64, point.flags);
    CommonCodec.writeAttributes(out, 58, point.attributes);
    if (point.type == NumberType.INT) out.fixed64Always(49, point.bits);
    writeExemplars(out, 42, point.exemplars);
    if (point.type == NumberType.DOUBLE) out.fixed64Always(33, point.bits);
    out.fixed64(25, point.timeUnixNano);
    out.fixed64(17, point.startTimeUnixNano);
    out.message(10, mark);
  }

  private static HistogramPoint readHistogramPoint(ProtoReader in) {
    var point = new HistogramPoint();
    Longs counts = null;
    Longs bounds = null;
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 17 -> point.startTimeUnixNano = in.fixed64();
        case 25 -> point.timeUnixNano = in.fixed64();
        case 33 -> point.count = in.fixed64();
        case 41 -> point.sum(in.fixedDouble());
        case 49 -> counts = Longs.add(counts, in.fixed64());
        case 50 -> counts = Longs.addPackedFixed64(counts, in);
        case 57 -> bounds = Longs.add(bounds, in.fixed64());
        case 58 -> bounds = Longs.addPackedFixed64(bounds, in);
        case 66 -> point.exemplars().add(readExemplar(in));
        case 74 -> CommonCodec.readKeyValue(in, point.attributes);
        case 80 -> point.flags = in.varint();
        case 89 -> point.min(in.fixedDouble());
        case 97 -> point.max(in.fixedDouble());
        default -> point.unknown = in.keep(point.unknown, start, tag);
      }
    }
    point.bucketCounts = Longs.toArray(counts);
    point.explicitBounds = Longs.toDoubles(bounds);
    return point;
  }

  private static void writeHistogramPoint(ProtoWriter out, HistogramPoint point) {
    int mark = out.mark();
    out.unknown(point.unknown);
    if (point.hasMax) out.fixedDoubleAlways(97, point.max);
    if (point.hasMin) out.fixedDoubleAlways(89, point.min);
    out.uint32(80, point.flags);
    CommonCodec.writeAttributes(out, 74, point.attributes);
    writeExemplars(out, 66, point.exemplars);
    out.packedDouble(58, point.explicitBounds);
    out.packedFixed64(50, point.bucketCounts);
    if (point.hasSum) out.fixedDoubleAlways(41, point.sum);
    out.fixed64(33, point.count);
    out.fixed64(25, point.timeUnixNano);
    out.fixed64(17, point.startTimeUnixNano);
    out.message(10, mark);
  }

  private static ExponentialHistogramPoint readExponentialPoint(ProtoReader in) {
    var point = new ExponentialHistogramPoint();
    boolean joinedPositive = false;
    boolean joinedNegative = false;
    int end = in.end();
    int from = in.at;
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 10 -> CommonCodec.readKeyValue(in, point.attributes);
        case 17 -> point.startTimeUnixNano = in.fixed64();
        case 25 -> point.timeUnixNano = in.fixed64();
        case 33 -> point.count = in.fixed64();
        case 41 -> point.sum(in.fixedDouble());
        case 48 -> point.scale = in.zigzag();
        case 57 -> point.zeroCount = in.fixed64();
        case POSITIVE, NEGATIVE -> {
          var buckets = tag == POSITIVE ? point.positive : point.negative;
          int content = in.end();
          if (!buckets.present) {
            readBuckets(in, content, buckets);
          } else if (tag == POSITIVE ? !joinedPositive : !joinedNegative) {
            if (tag == POSITIVE) joinedPositive = true;
            else joinedNegative = true;
            var all = in.joined(from, end, tag);
            buckets.offset = 0;
            buckets.unknown = null;
            readBuckets(new ProtoReader(all, 0), all.length, buckets);
          }
          in.at = content;
        }
        case 80 -> point.flags = in.varint();
        case 90 -> point.exemplars().add(readExemplar(in));
        case 97 -> point.min(in.fixedDouble());
        case 105 -> point.max(in.fixedDouble());
        case 113 -> point.zeroThreshold = in.fixedDouble();
        default -> point.unknown = in.keep(point.unknown, start, tag);
      }
    }
    return point;
  }

  private static void writeExponentialPoint(ProtoWriter out, ExponentialHistogramPoint point) {
    int mark = out.mark();
    out.unknown(point.unknown);
    out.fixedDouble(113, point.zeroThreshold);
    if (point.hasMax) out.fixedDoubleAlways(105, point.max);
    if (point.hasMin) out.fixedDoubleAlways(97, point.min);
    writeExemplars(out, 90, point.exemplars);
    out.uint32(80, point.flags);
    writeBuckets(out, NEGATIVE, point.negative);
    writeBuckets(out, POSITIVE, point.positive);
    out.fixed64(57, point.zeroCount);
    out.sint32(48, point.scale);
    if (point.hasSum) out.fixedDoubleAlways(41, point.sum);
    out.fixed64(33, point.count);
    out.fixed64(25, point.timeUnixNano);
    out.fixed64(17, point.startTimeUnixNano);
    CommonCodec.writeAttributes(out, 10, point.attributes);
    out.message(10, mark);
  }

  private static void readBuckets(ProtoReader in, int end, Buckets buckets) {
    buckets.present = true;
    Longs counts = null;
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 8 -> buckets.offset = in.zigzag();
        case 16 -> counts = Longs.add(counts, in.varlong());
        case 18 -> counts = Longs.addPackedVarint(counts, in);
        default -> buckets.unknown = in.keep(buckets.unknown, start, tag);
      }
    }
    buckets.bucketCounts = Longs.toArray(counts);
  }

  private static void writeBuckets(ProtoWriter out, int tag, Buckets buckets) {
    if (buckets.isAbsent()) return;
    int mark = out.mark();
    out.unknown(buckets.unknown);
    out.packedVarint(18, buckets.bucketCounts);
    out.sint32(8, buckets.offset);
    out.message(tag, mark);
  }

  private static SummaryPoint readSummaryPoint(ProtoReader in) {
    var point = new SummaryPoint();
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 17 -> point.startTimeUnixNano = in.fixed64();
        case 25 -> point.timeUnixNano = in.fixed64();
        case 33 -> point.count = in.fixed64();
        case 41 -> point.sum = in.fixedDouble();
        case 50 -> point.quantiles().add(readQuantile(in));
        case 58 -> CommonCodec.readKeyValue(in, point.attributes);
        case 64 -> point.flags = in.varint();
        default -> point.unknown = in.keep(point.unknown, start, tag);
      }
    }
    return point;
  }

  private static void writeSummaryPoint(ProtoWriter out, SummaryPoint point) {
    int mark = out.mark();
    out.unknown(point.unknown);
    out.uint32(64, point.flags);
    CommonCodec.writeAttributes(out, 58, point.attributes);
    var quantiles = point.quantiles == null ? List.<Quantile>of() : point.quantiles;
    for (int i = quantiles.size(); i-- > 0; ) writeQuantile(out, quantiles.get(i));
    out.fixedDouble(41, point.sum);
    out.fixed64(33, point.count);
    out.fixed64(25, point.timeUnixNano);
    out.fixed64(17, point.startTimeUnixNano);
    out.message(10, mark);
  }

  private static Quantile readQuantile(ProtoReader in) {
    var quantile = new Quantile();
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 9 -> quantile.quantile = in.fixedDouble();
        case 17 -> quantile.value = in.fixedDouble();
        default -> quantile.unknown = in.keep(quantile.unknown, start, tag);
      }
    }
    return quantile;
  }

  private static void writeQuantile(ProtoWriter out, Quantile quantile) {
    int mark = out.mark();
    out.unknown(quantile.unknown);
    out.fixedDouble(17, quantile.value);
    out.fixedDouble(9, quantile.quantile);
    out.message(50, mark);
  }

  private static Exemplar readExemplar(ProtoReader in) {
    var exemplar = new Exemplar();
    int end = in.end();
    while (in.at < end) {
      int start = in.at;
      int tag = in.varint();
      switch (tag) {
        case 17 -> exemplar.timeUnixNano = in.fixed64();
        case 25 -> {
          exemplar.type = NumberType.DOUBLE;
          exemplar.bits = in.fixed64();
        }
        case 34 -> exemplar.spanId = in.spanId();
        case 42 -> {
          boolean none = in.varint() == 0;
          exemplar.traceIdHi = none ? 0 : in.idPart();
          exemplar.traceIdLo = none ? 0 : in.idPart();
        }
        case 49 -> {
          exemplar.type = NumberType.INT;
          exemplar.bits = in.fixed64();
        }
        case 58 -> CommonCodec.readKeyValue(in, exemplar.filteredAttributes);
        default -> exemplar.unknown = in.keep(exemplar.unknown, start, tag);
      }
    }
    return exemplar;
  }

  private static void writeExemplars(ProtoWriter out, int tag, @Nullable List<Exemplar> exemplars) {
    if (exemplars == null) return;
    for (int i = exemplars.size(); i-- > 0; ) {
      var exemplar = exemplars.get(i);
      int mark = out.mark();
      out.unknown(exemplar.unknown);
      CommonCodec.writeAttributes(out, 58, exemplar.filteredAttributes);
      if (exemplar.type == NumberType.INT) out.fixed64Always(49, exemplar.bits);
      out.traceId(42, exemplar.traceIdHi, exemplar.traceIdLo);
      out.spanId(34, exemplar.spanId);
      if (exemplar.type == NumberType.DOUBLE) out.fixed64Always(25, exemplar.bits);
      out.fixed64(17, exemplar.timeUnixNano);
      out.message(tag, mark);
    }
  }
}
