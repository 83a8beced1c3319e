package io.raybridge.processors.xraysampling;

import io.raybridge.api.Telemetry;
import io.raybridge.sampling.Verdict;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts traces by what decided of them, for the collector's metrics and for the line a minute. */
final class Metrics {
  private static final String PREFIX = "otelcol_processor_xray_sampling_";

  private final Telemetry telemetry;
  private final Map<Key, Cell> cells = new ConcurrentHashMap<>();
  final Telemetry.Counter spansKept;
  final Telemetry.Counter spansDropped;
  final Telemetry.Counter late;
  final Telemetry.Counter early;

  Metrics(Telemetry telemetry) {
    this.telemetry = telemetry;
    spansKept = spans("true");
    spansDropped = spans("false");
    late =
        telemetry.counter(
            PREFIX + "late_spans",
            "{spans}",
            "Spans that came after their trace was decided, and follow its decision.");
    early =
        telemetry.counter(
            PREFIX + "early_decisions",
            "{traces}",
            "Traces decided before their time because the waiting spans took all of their memory.");
  }

  private Telemetry.Counter spans(String sampled) {
    return telemetry.counter(
        PREFIX + "spans", "{spans}", "Spans that were kept or dropped.", "sampled", sampled);
  }

  private record Key(String rule, Verdict.By by, boolean kept) {}

  private record Cell(Telemetry.Counter counter, LongAdder sum) {}

  /** Counts a trace. */
  void decided(String rule, Verdict verdict) {
    var cell =
        cells.computeIfAbsent(
            new Key(rule, verdict.by(), verdict.kept()),
            key ->
                new Cell(
                    telemetry.counter(
                        PREFIX + "traces",
                        "{traces}",
                        "Traces decided, by rule and by what of it decided.",
                        "rule",
                        key.rule(),
                        "by",
                        key.by().name().toLowerCase(Locale.ROOT),
                        "sampled",
                        Boolean.toString(key.kept())),
                    new LongAdder()));
    cell.counter().add(1);
    cell.sum().increment();
  }

  /** Traces of one rule. */
  record Sum(long kept, long dropped) {
    long all() {
      return kept + dropped;
    }

    Sum minus(Sum other) {
      return new Sum(kept - other.kept, dropped - other.dropped);
    }

    Sum plus(Sum other) {
      return new Sum(kept + other.kept, dropped + other.dropped);
    }
  }

  static final Sum NOTHING = new Sum(0, 0);

  /** All so far, by rule. */
  Map<String, Sum> sums() {
    var sums = new TreeMap<String, Sum>();
    cells.forEach((key, cell) -> {
      long count = cell.sum().sum();
      sums.merge(key.rule(), key.kept() ? new Sum(count, 0) : new Sum(0, count), Sum::plus);
    });
    return sums;
  }
}
