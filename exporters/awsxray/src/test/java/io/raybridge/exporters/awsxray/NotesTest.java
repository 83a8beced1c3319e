package io.raybridge.exporters.awsxray;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Kind;
import io.raybridge.testkit.ManualClock;
import io.raybridge.testkit.TestContext;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NotesTest {
  private final ManualClock clock = new ManualClock();
  private final TestContext test = TestContext.of(Kind.EXPORTER, "awsxray", clock);
  private final Notes notes = new Notes(test.context());

  @Test
  void everyNote_isCounted() {
    notes.add("link_invalid", 3, 1, 2);
    notes.add("link_invalid", 1, 1, 2);

    assertThat(count("link_invalid")).isEqualTo(4);
    assertThat(test.log().lines()).isEmpty();
  }

  @Test
  void traceOverItsBudget_isWarnedOfOnceAMinute() throws Exception {
    notes.add("trace_over_budget", 1, 1, 2);
    notes.add("trace_over_budget", 1, 3, 4);
    clock.advance(Duration.ofMinutes(1));
    notes.add("trace_over_budget", 1, 5, 6);

    assertThat(count("trace_over_budget")).isEqualTo(3);
    assertThat(test.log().lines(System.Logger.Level.WARNING))
        .containsExactly(
            "WARNING trace 00000000000000010000000000000002: more than 400 KB of documents have gone"
                + " out; X-Ray refuses what comes after 500 KB of a trace",
            "WARNING trace 00000000000000050000000000000006: more than 400 KB of documents have gone"
                + " out; X-Ray refuses what comes after 500 KB of a trace"
                + " (and 1 like it since the last such line)");
  }

  @Test
  void idThatIsNoTime_isWarnedOfWithTheKeyThatDecides() {
    notes.add("trace_epoch", 1, 1, 2);

    assertThat(test.log().lines(System.Logger.Level.WARNING))
        .singleElement()
        .asString()
        .contains("trace_id_epoch_check");
  }

  private long count(String what) {
    return test.telemetry()
        .counter("raybridge_awsxray_translation_notes", new String[] {"what", what});
  }
}
