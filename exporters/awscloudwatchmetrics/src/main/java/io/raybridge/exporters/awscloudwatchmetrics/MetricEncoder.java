package io.raybridge.exporters.awscloudwatchmetrics;

import io.raybridge.api.Clock;
import io.raybridge.api.Context;
import io.raybridge.api.Telemetry.Counter;
import io.raybridge.data.Attributes;
import io.raybridge.data.ExponentialHistogram;
import io.raybridge.data.ExponentialHistogramPoint;
import io.raybridge.data.Gauge;
import io.raybridge.data.Histogram;
import io.raybridge.data.HistogramPoint;
import io.raybridge.data.Metric;
import io.raybridge.data.Metrics;
import io.raybridge.data.NumberPoint;
import io.raybridge.data.Sum;
import io.raybridge.data.Summary;
import io.raybridge.data.SummaryPoint;
import io.raybridge.data.Temporality;
import io.raybridge.delivery.Encoder;
import io.raybridge.delivery.PayloadSink;
import io.raybridge.exporters.awscloudwatchmetrics.Aggregate.Samples;
import io.raybridge.exporters.awscloudwatchmetrics.Aggregate.Statistics;
import io.raybridge.exporters.awscloudwatchmetrics.Aggregate.Total;
import io.raybridge.exporters.awscloudwatchmetrics.Deltas.CountAndSum;

/** Puts the data points of a flush together by series and minute and makes calls of them. */
final class MetricEncoder implements Encoder<Metrics, MetricPayload> {
  private static final int NO_RECORDED_VALUE = 1;

  private final AwsCloudWatchMetricsExporterConfig config;
  private final Deltas deltas;
  private final Clock clock;
  private final Dimensions dimensions;
  private final Counter cut;

  MetricEncoder(AwsCloudWatchMetricsExporterConfig config, Deltas deltas, Context context) {
    this.config = config;
    this.deltas = deltas;
    this.clock = context.clock();
    this.dimensions = new Dimensions(config.dimensions());
    this.cut =
        context
            .telemetry()
            .counter(
                "raybridge_awscloudwatchmetrics_dimensions_cut",
                "{dimension}",
                "Dimensions left out because CloudWatch takes 30");
  }

  @Override
  public void encode(Metrics batch, PayloadSink<MetricPayload> out) throws InterruptedException {
    var flush = new Flush(out, clock.now());
    for (var resource : batch.resourceMetrics()) {
      var attributes = resource.resource().attributes();
      var series = new Series(namespace(attributes), attributes, dimensions);
      for (var scope : resource.scopeMetrics()) {
        for (var metric : scope.metrics()) {
          series.metric(scope.scope().name(), metric);
          points(metric, series, flush);
        }
      }
    }
    cut.add(dimensions.takeCut());
    flush.end();
  }

  private String namespace(Attributes resource) {
    if (config.namespace().isPresent()) return config.namespace().get();
    var service = resource.getString("service.name");
    return Names.namespace(service == null ? "" : service);
  }

  private void points(Metric metric, Series series, Flush flush) {
    switch (metric.data()) {
      case Gauge gauge -> {
        for (var point : gauge.points()) gauge(point, series, flush);
      }
      case Sum sum -> {
        boolean cumulative = sum.temporality() == Temporality.CUMULATIVE;
        for (var point : sum.points()) {
          // What goes up and down and is told as a whole is a level, as a gauge's.
          if (cumulative && !sum.monotonic()) gauge(point, series, flush);
          else sum(point, cumulative, series, flush);
        }
      }
      case Histogram histogram -> {
        boolean cumulative = histogram.temporality() == Temporality.CUMULATIVE;
        for (var point : histogram.points()) histogram(point, cumulative, series, flush);
      }
      case ExponentialHistogram histogram -> {
        boolean cumulative = histogram.temporality() == Temporality.CUMULATIVE;
        for (var point : histogram.points()) exponential(point, cumulative, series, flush);
      }
      case Summary summary -> {
        for (var point : summary.points()) summary(point, series, flush);
      }
      case null -> {}
    }
  }

  private void gauge(NumberPoint point, Series series, Flush flush) {
    series.point(point.attributes());
    if (absent(point.flags()) || !point.hasValue()) {
      flush.withoutData();
      return;
    }
    var samples =
        flush.of(series, point.timeUnixNano(), Samples.class, Samples::new, point.asDouble());
    if (samples != null) samples.add(point.asDouble(), 1);
  }

  private void sum(NumberPoint point, boolean cumulative, Series series, Flush flush) {
    series.point(point.attributes());
    if (absent(point.flags()) || !point.hasValue()) {
      flush.withoutData();
      return;
    }
    Double grown = point.asDouble();
    if (cumulative && Double.isFinite(grown)) {
      long start = point.startTimeUnixNano();
      grown = deltas.sum(series.identity(), start, point.timeUnixNano(), grown);
    }
    if (grown == null) {
      flush.withoutData();
      return;
    }
    var total = flush.of(series, point.timeUnixNano(), Total.class, Total::new, grown);
    if (total != null) total.value += grown;
  }

  private void histogram(HistogramPoint point, boolean cumulative, Series series, Flush flush) {
    series.point(point.attributes());
    var grown = point;
    if (cumulative && !absent(point.flags())) grown = deltas.histogram(series.identity(), point);
    if (grown == null || absent(point.flags()) || grown.count() == 0) {
      flush.withoutData();
      return;
    }
    var all = new Statistics();
    Distributions.add(grown, all);
    statistics(all, series, point.timeUnixNano(), flush);
  }

  private void exponential(
      ExponentialHistogramPoint point, boolean cumulative, Series series, Flush flush) {
    series.point(point.attributes());
    var grown = point;
    if (cumulative && !absent(point.flags())) grown = deltas.exponential(series.identity(), point);
    if (grown == null || absent(point.flags()) || grown.count() == 0) {
      flush.withoutData();
      return;
    }
    var values = new Samples();
    Distributions.add(grown, values);
    var bounds = new double[values.counts.size()];
    int filled = 0;
    for (double value : values.counts.keySet()) bounds[filled++] = value;
    var samples = flush.of(series, point.timeUnixNano(), Samples.class, Samples::new, bounds);
    if (samples != null) values.counts.forEach(samples::add);
  }

  private void summary(SummaryPoint point, Series series, Flush flush) {
    series.point(point.attributes());
    CountAndSum grown = new CountAndSum(point.count(), point.sum());
    if (!absent(point.flags())) {
      grown =
          deltas.summary(series.identity(), point.startTimeUnixNano(), point.timeUnixNano(), grown);
    }
    if (grown == null || absent(point.flags()) || grown.count() == 0) {
      flush.withoutData();
      return;
    }
    double mean = grown.sum() / grown.count();
    double min = mean;
    double max = mean;
    for (var quantile : point.quantiles()) {
      if (!Double.isFinite(quantile.value())) continue;
      min = Math.min(min, quantile.value());
      max = Math.max(max, quantile.value());
    }
    var all = new Statistics();
    all.add((double) grown.count(), grown.sum(), min, max);
    statistics(all, series, point.timeUnixNano(), flush);
  }

  private static void statistics(Statistics all, Series series, long time, Flush flush) {
    var set =
        flush.of(
            series, time, Statistics.class, Statistics::new, all.count, all.sum, all.min, all.max);
    if (set != null) set.add(all.count, all.sum, all.min, all.max);
  }

  private static boolean absent(int flags) {
    return (flags & NO_RECORDED_VALUE) != 0;
  }
}
