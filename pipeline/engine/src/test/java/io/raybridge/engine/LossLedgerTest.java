package io.raybridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.ComponentId;
import io.raybridge.api.Kind;
import io.raybridge.api.Ledger;
import io.raybridge.data.Signal;
import io.raybridge.testkit.ManualClock;
import io.raybridge.testkit.RecordingLog;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LossLedgerTest {
  private static final Pattern LINE =
      Pattern.compile("(?m)^otelcol_raybridge_(\\w+)_items\\{.*stage=\"awsxray\".*} (\\d+)$");

  private final OwnMetricsReader reader = new OwnMetricsReader(Map.of());
  private final RecordingLog log = new RecordingLog();
  private final ManualClock clock = new ManualClock();
  private final LossLedger ledger = new LossLedger(new OwnMetrics(reader.meter()), _ -> log, clock);
  private final LossLedger.Account account = ledger.of(ComponentId.of(Kind.EXPORTER, "awsxray"));

  @AfterEach
  void stop() {
    reader.close();
  }

  @Test
  void everyScrapeAddsUp_whateverGoesOnMeanwhile() throws Exception {
    int rounds = 20_000;
    try (var threads = Executors.newFixedThreadPool(2)) {
      for (int thread = 0; thread < 2; thread++) {
        threads.execute(() -> {
          for (int i = 0; i < rounds; i++) {
            account.accepted(Signal.TRACES, 50);
            account.delivered(Signal.TRACES, 47);
            account.dropped(drop(2, "rejected", null));
            account.dropped(drop(1, "throttled", null));
          }
        });
      }
      threads.shutdown();
      while (!threads.isTerminated()) {
        assertThat(scraped()).isZero();
        var page = page("/drops", null).at("/ledger/0");
        assertThat(page.at("/accepted").asLong())
            .isEqualTo(
                page.at("/delivered").asLong()
                    + page.at("/queued").asLong()
                    + page.at("/dropped/rejected").asLong()
                    + page.at("/dropped/throttled").asLong());
        assertThat(page.at("/queued").asLong()).isBetween(0L, 100L);
      }
    }
    assertThat(account.balance(Signal.TRACES).queued()).isZero();
    assertThat(account.balance(Signal.TRACES).delivered()).isEqualTo(2L * 47 * rounds);
  }

  @Test
  void spooled_isQueuedStillButNotReportedAsLost() {
    account.accepted(Signal.TRACES, 10);
    account.delivered(Signal.TRACES, 4);
    account.spooled(Signal.TRACES, 6);

    assertThat(account.balance(Signal.TRACES).queued()).isEqualTo(6);
    assertThat(account.report(Signal.TRACES)).isEmpty();
  }

  @Test
  void whatAReloadedQueueFindsOfItsOwn_isNotAcceptedTwice() {
    account.accepted(Signal.TRACES, 10);
    account.delivered(Signal.TRACES, 4);
    account.spooled(Signal.TRACES, 6);

    // The batch of which 4 had arrived is found whole.
    account.found(Signal.TRACES, 10);
    account.delivered(Signal.TRACES, 10);

    var balance = account.balance(Signal.TRACES);
    assertThat(balance.accepted()).isEqualTo(14);
    assertThat(balance.queued()).isZero();
  }

  @Test
  void drops_areListedNewestFirstAndByTrace() throws Exception {
    account.accepted(Signal.TRACES, 5);
    account.dropped(drop(2, "rejected", "aa"));
    clock.advance(Duration.ofSeconds(1));
    account.dropped(drop(1, "throttled", "bb"));

    var drops = page("/drops", null).path("drops");
    assertThat(drops).hasSize(2);
    assertThat(drops.get(0).toString())
        .isEqualTo(
            "{\"time\":\"2026-01-02T12:00:01Z\",\"kind\":\"exporter\",\"component\":\"awsxray\","
                + "\"signal\":\"traces\",\"items\":1,\"reason\":\"throttled\",\"code\":\"Code\","
                + "\"trace_id\":\"bb\",\"detail\":\"Code: words\"}");
    assertThat(page("/drops", "aa").path("drops")).hasSize(1);
    assertThat(page("/drops", "cc").path("drops")).isEmpty();
    assertThat(new DropsPage(ledger).page("/other", _ -> null)).isEmpty();
  }

  @Test
  void eachReason_getsOneLineAMinuteWithItsFirstTrace() throws Exception {
    account.dropped(drop(1, "rejected", "aa"));
    account.dropped(drop(1, "rejected", "bb"));
    account.dropped(drop(3, "throttled", "cc"));
    clock.advance(Duration.ofMinutes(1));
    account.dropped(drop(1, "rejected", "dd"));

    assertThat(log.lines())
        .containsExactly(
            "WARNING dropped 1 spans: rejected: Code: words (first trace aa)",
            "WARNING dropped 3 spans: throttled: Code: words (first trace cc)",
            "WARNING dropped 1 spans: rejected: Code: words (first trace dd) (and 1 like it since"
                + " the last such line)");
  }

  private static Ledger.Drop drop(int items, String reason, String traceId) {
    return new Ledger.Drop(Signal.TRACES, items, reason, traceId, "Code", "Code: words");
  }

  /** Accepted less all else, as one scrape has it. */
  private long scraped() {
    long sum = 0;
    var lines = LINE.matcher(reader.text(PrometheusText.Style.PLAIN));
    while (lines.find()) {
      sum += (lines.group(1).equals("accepted") ? 1 : -1) * Long.parseLong(lines.group(2));
    }
    return sum;
  }

  private JsonNode page(String path, String traceId) {
    var page = new DropsPage(ledger).page(path, name -> name.equals("trace_id") ? traceId : null);
    return new JsonMapper().readTree(page.orElseThrow().text());
  }
}
