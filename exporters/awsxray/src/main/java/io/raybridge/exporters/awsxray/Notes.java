package io.raybridge.exporters.awsxray;

import io.raybridge.api.Context;
import io.raybridge.api.Telemetry;
import io.raybridge.api.Telemetry.Counter;
import io.raybridge.api.ThrottledLog;
import io.raybridge.xray.TraceBudget;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what the translation left out or changed of spans that were sent all the same, and warns
 * of what its user may want to change.
 */
final class Notes {
  private final Telemetry telemetry;
  private final ThrottledLog log;
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();

  Notes(Context context) {
    telemetry = context.telemetry();
    log = new ThrottledLog(context.log(), context.clock());
  }

  void add(String what, int count, long traceHigh, long traceLow) {
    counters.computeIfAbsent(what, this::counter).add(count);
    String warning = warning(what);
    if (warning.isEmpty()) return;
    log.log(
        System.Logger.Level.WARNING,
        what,
        () -> "trace " + SegmentPayloads.traceId(traceHigh, traceLow) + ": " + warning);
  }

  private static String warning(String what) {
    return switch (what) {
      case "trace_over_budget" ->
          "more than "
              + TraceBudget.WARNING / 1024
              + " KB of documents have gone out; X-Ray refuses what comes after 500 KB of a trace";
      case "trace_epoch" ->
          "the id's first eight digits are no time of the last 28 days; sent all the same"
              + " (trace_id_epoch_check: off is silent, drop drops)";
      default -> "";
    };
  }

  private Counter counter(String what) {
    return telemetry.counter(
        "raybridge_awsxray_translation_notes",
        "{note}",
        "What the translation to segments left out or changed of spans that were sent",
        "what",
        what);
  }
}
