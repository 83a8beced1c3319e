package io.raybridge.engine;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.Meter;
import io.raybridge.api.Telemetry;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * The collector's own metrics. A counter is a {@link LongAdder} that the OpenTelemetry SDK reads
 * when somebody looks, so that counting costs the same few nanoseconds whoever reads.
 */
final class OwnMetrics {
  private final Map<String, Map<Attributes, LongAdder>> counters = new ConcurrentHashMap<>();
  private final Map<String, Map<Attributes, LongSupplier>> gauges = new ConcurrentHashMap<>();
  private final Meter meter;

  OwnMetrics(Meter meter) {
    this.meter = meter;
  }

  /** For what must be read together with other things, in one callback. */
  Meter meter() {
    return meter;
  }

  /** Metrics that all carry these labels: key, value, key, value. */
  Telemetry with(String... labels) {
    var always = new Gauges();
    always.show();
    return with(always, labels);
  }

  /** The same, with gauges that show only while these show. */
  Telemetry with(Gauges gauges, String... labels) {
    return new Labelled(gauges, labels);
  }

  private LongAdder counter(String name, String unit, String description, Attributes labels) {
    return counters
        .computeIfAbsent(
            name,
            _ -> {
              var series = new ConcurrentHashMap<Attributes, LongAdder>();
              meter
                  .counterBuilder(name)
                  .setUnit(unit)
                  .setDescription(description)
                  .buildWithCallback(
                      reader -> series.forEach((of, sum) -> reader.record(sum.sum(), of)));
              return series;
            })
        .computeIfAbsent(labels, _ -> new LongAdder());
  }

  private Map<Attributes, LongSupplier> gauge(String name, String unit, String description) {
    return gauges.computeIfAbsent(
        name,
        _ -> {
          var series = new ConcurrentHashMap<Attributes, LongSupplier>();
          meter
              .gaugeBuilder(name)
              .ofLongs()
              .setUnit(unit)
              .setDescription(description)
              .buildWithCallback(
                  reader -> series.forEach((of, now) -> reader.record(now.getAsLong(), of)));
          return series;
        });
  }

  /** One series of a gauge, which may come and go. */
  private record Series(Map<Attributes, LongSupplier> all, Attributes labels, LongSupplier value)
      implements Gauges.Gauge {
    @Override
    public void show() {
      all.put(labels, value);
    }

    @Override
    public void hide() {
      all.remove(labels, value);
    }
  }

  private final class Labelled implements Telemetry {
    private final Gauges gauges;
    private final String[] own;

    private Labelled(Gauges gauges, String[] own) {
      this.gauges = gauges;
      this.own = own;
    }

    @Override
    public Counter counter(String name, String unit, String description, String... labels) {
      return OwnMetrics.this.counter(name, unit, description, attributes(name, labels))::add;
    }

    @Override
    public void gauge(
        String name, String unit, String description, LongSupplier value, String... labels) {
      var series = OwnMetrics.this.gauge(name, unit, description);
      gauges.add(new Series(series, attributes(name, labels), value));
    }

    @Override
    public Histogram histogram(
        String name, String unit, String description, double[] bounds, String... labels) {
      var attributes = attributes(name, labels);
      var histogram =
          meter
              .histogramBuilder(name)
              .setUnit(unit)
              .setDescription(description)
              .setExplicitBucketBoundariesAdvice(Arrays.stream(bounds).boxed().toList())
              .build();
      return value -> histogram.record(value, attributes);
    }

    private Attributes attributes(String name, String... labels) {
      if (labels.length % 2 != 0) {
        throw new IllegalArgumentException(
            Arrays.toString(labels) + " are no labels of " + name + " (expected: key, value, ...)");
      }
      var builder = Attributes.builder();
      put(builder, own);
      put(builder, labels);
      return builder.build();
    }

    private static void put(AttributesBuilder builder, String[] labels) {
      for (int i = 0; i < labels.length; i += 2) builder.put(labels[i], labels[i + 1]);
    }
  }
}
