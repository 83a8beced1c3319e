package io.raybridge.testkit;

import io.raybridge.api.Telemetry;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Own metrics kept in memory, to be asked for by name and labels in any order. */
public final class RecordingTelemetry implements Telemetry {
  private final Map<Series, LongAdder> counters = new ConcurrentHashMap<>();
  private final Map<Series, LongSupplier> gauges = new ConcurrentHashMap<>();
  private final Map<Series, List<Double>> histograms = new ConcurrentHashMap<>();

  @Override
  public Counter counter(String name, String unit, String description, String... labels) {
    var adder = counters.computeIfAbsent(Series.of(name, labels), _ -> new LongAdder());
    return amount -> {
      if (amount < 0) throw new AssertionError(name + " went back by " + -amount);
      adder.add(amount);
    };
  }

  @Override
  public void gauge(
      String name, String unit, String description, LongSupplier value, String... labels) {
    gauges.put(Series.of(name, labels), value);
  }

  @Override
  public Histogram histogram(
      String name, String unit, String description, double[] bounds, String... labels) {
    return histograms.computeIfAbsent(
            Series.of(name, labels), _ -> new CopyOnWriteArrayList<Double>())
        ::add;
  }

  /** The counter's sum, 0 when nobody made it. */
  public long counter(String name, String... labels) {
    var adder = counters.get(Series.of(name, labels));
    return adder == null ? 0 : adder.sum();
  }

  /** The gauge's value now; an error when nobody made it. */
  public long gauge(String name, String... labels) {
    var value = gauges.get(Series.of(name, labels));
    if (value == null) {
      throw new AssertionError(
          "no gauge " + Series.of(name, labels) + " (there are: " + gauges.keySet() + ")");
    }
    return value.getAsLong();
  }

  /** What was recorded, in order. */
  public List<Double> histogram(String name, String... labels) {
    return List.copyOf(histograms.getOrDefault(Series.of(name, labels), List.of()));
  }

  private record Series(String name, Map<String, String> labels) {
    static Series of(String name, String... labels) {
      if (labels.length % 2 != 0) {
        throw new AssertionError(
            Arrays.toString(labels) + " of " + name + " (expected: key, value, ...)");
      }
      var map = new TreeMap<String, String>();
      for (int i = 0; i < labels.length; i += 2) map.put(labels[i], labels[i + 1]);
      return new Series(name, map);
    }
  }
}
