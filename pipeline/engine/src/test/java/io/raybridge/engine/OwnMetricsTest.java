package io.raybridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Clock;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Kind;
import io.raybridge.api.Ledger;
import io.raybridge.data.Signal;
import io.raybridge.testkit.RecordingLog;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OwnMetricsTest {
  private final OwnMetricsReader reader = new OwnMetricsReader(Map.of("service.name", "raybridge"));
  private final OwnMetrics metrics = new OwnMetrics(reader.meter());

  @AfterEach
  void stop() {
    reader.close();
  }

  @Test
  void counter_isPrintedUnderItsGoName() {
    var counter =
        Names.receiver(
            metrics.with("receiver", "otlp"), Signal.TRACES, "accepted", "", "transport", "grpc");
    counter.add(3);
    counter.add(4);

    assertThat(scrape())
        .contains("otelcol_receiver_accepted_spans{receiver=\"otlp\",transport=\"grpc\"} 7\n")
        .contains("# TYPE otelcol_receiver_accepted_spans counter\n");
  }

  @Test
  void equalNameAndLabels_areOneInstrument() {
    metrics.with("exporter", "debug").counter("otelcol_x", "{item}", "").add(1);
    metrics.with("exporter", "debug").counter("otelcol_x", "{item}", "").add(1);
    metrics.with("exporter", "other").counter("otelcol_x", "{item}", "").add(1);

    assertThat(scrape())
        .contains("otelcol_x{exporter=\"debug\"} 2\n")
        .contains("otelcol_x{exporter=\"other\"} 1\n");
  }

  @Test
  void gaugeAndHistogram_arePrinted() {
    var telemetry = metrics.with("exporter", "debug");
    telemetry.gauge("otelcol_exporter_queue_size", "{batch}", "", () -> 5, "data_type", "traces");
    telemetry.histogram("otelcol_sizes", "{unit}", "", new double[] {10, 100}).record(50);

    assertThat(scrape())
        .contains("otelcol_exporter_queue_size{data_type=\"traces\",exporter=\"debug\"} 5\n")
        .contains("otelcol_sizes_bucket{exporter=\"debug\",le=\"10\"} 0\n")
        .contains("otelcol_sizes_bucket{exporter=\"debug\",le=\"100\"} 1\n");
  }

  @Test
  void process_isDescribed() {
    ProcessMetrics.register(reader.meter(), Clock.SYSTEM);

    assertThat(scrape())
        .contains("\notelcol_process_uptime ")
        .contains("\notelcol_process_cpu_seconds ")
        .contains("\notelcol_process_runtime_heap_alloc_bytes ")
        .contains("\notelcol_process_runtime_total_alloc_bytes ")
        .contains("\notelcol_process_runtime_total_sys_memory_bytes ")
        .contains("\ntarget_info{service_name=\"raybridge\"} 1\n");
  }

  @Test
  void drop_isCountedByReasonAndRemembered() {
    var log = new RecordingLog();
    var ledger = new LossLedger(metrics, _ -> log, Clock.SYSTEM);
    var account = ledger.of(ComponentId.of(Kind.EXPORTER, "awsxray"));

    account.accepted(Signal.TRACES, 10);
    account.delivered(Signal.TRACES, 6);
    account.dropped(new Ledger.Drop(Signal.TRACES, 3, "throttled", "1-ab", "HTTP 429"));
    account.dropped(new Ledger.Drop(Signal.TRACES, 1, "throttled", null, "HTTP 429"));

    assertThat(scrape())
        .contains("otelcol_exporter_sent_spans{exporter=\"awsxray\"} 6\n")
        .contains("otelcol_exporter_send_failed_spans{exporter=\"awsxray\"} 4\n")
        .contains(
            "otelcol_raybridge_dropped_items{kind=\"exporter\",reason=\"throttled\","
                + "signal=\"traces\",stage=\"awsxray\"} 4\n");
    assertThat(scrape())
        .contains(
            "otelcol_raybridge_accepted_items{kind=\"exporter\",signal=\"traces\",stage=\"awsxray\"} 10\n")
        .contains(
            "otelcol_raybridge_delivered_items{kind=\"exporter\",signal=\"traces\",stage=\"awsxray\"} 6\n")
        .contains(
            "otelcol_raybridge_queued_items{kind=\"exporter\",signal=\"traces\",stage=\"awsxray\"} 0\n");
    assertThat(account.balance(Signal.TRACES).queued()).isZero();
    assertThat(ledger.recent()).extracting(loss -> loss.drop().items()).containsExactly(1L, 3L);
    assertThat(account.report(Signal.TRACES))
        .hasValue("4 spans were not delivered by exporter awsxray: 4 throttled");
    assertThat(log.lines())
        .containsExactly("WARNING dropped 3 spans: throttled: HTTP 429 (first trace 1-ab)");
  }

  @Test
  void drops_areRememberedUpToABound() {
    var ledger = new LossLedger(metrics, _ -> new RecordingLog(), Clock.SYSTEM);
    var account = ledger.of(ComponentId.of(Kind.EXPORTER, "awsxray"));
    for (int i = 0; i < 1500; i++) {
      account.dropped(new Ledger.Drop(Signal.LOGS, i, "rejected", null, ""));
    }

    assertThat(ledger.recent()).hasSize(1000);
    assertThat(ledger.recent().getFirst().drop().items()).isEqualTo(1499);
  }

  @Test
  void suffixes_areWrittenWhenAskedFor() {
    metrics.with().counter("otelcol_process_cpu", "s", "").add(2);

    assertThat(reader.text(new PrometheusText.Style(true, true, true)))
        .contains("otelcol_process_cpu_seconds_total{otel_scope_name=\"io.raybridge\"} 2\n");
  }

  @Test
  void labelsAndDescriptions_areEscaped() {
    metrics.with("reason", "a \"b\"\n\\").counter("otelcol_x", "", "one\ntwo").add(1);

    assertThat(scrape())
        .contains("# HELP otelcol_x one\\ntwo\n")
        .contains("otelcol_x{reason=\"a \\\"b\\\"\\n\\\\\"} 1\n");
  }

  private String scrape() {
    return reader.text(PrometheusText.Style.PLAIN);
  }
}
