package io.raybridge.exporters.awsxray;

import io.raybridge.api.Telemetry;
import io.raybridge.api.Telemetry.Counter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what the translation left out or changed of spans that were sent all the same. */
final class Notes {
  private final Telemetry telemetry;
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();

  Notes(Telemetry telemetry) {
    this.telemetry = telemetry;
  }

  void add(String what, int count) {
    counters.computeIfAbsent(what, this::counter).add(count);
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
