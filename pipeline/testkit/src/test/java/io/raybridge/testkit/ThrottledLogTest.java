package io.raybridge.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.ThrottledLog;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Stands here because {@code api} cannot use the manual clock. */
class ThrottledLogTest {
  private final ManualClock clock = new ManualClock();
  private final RecordingLog log = new RecordingLog();
  private final ThrottledLog throttled = new ThrottledLog(log, clock);

  @Test
  void reason_hasOneLineAMinuteThatCountsTheOthers() throws Exception {
    for (int i = 0; i < 4; i++) warn("full");
    assertThat(log.lines()).containsExactly("WARNING full!");

    clock.advance(Duration.ofMinutes(1));
    warn("full");
    assertThat(log.lines())
        .containsExactly("WARNING full!", "WARNING full! (and 3 like it since the last such line)");
  }

  @Test
  void reasons_areThrottledEachForItself() {
    warn("full");
    warn("down");

    assertThat(log.lines()).containsExactly("WARNING full!", "WARNING down!");
  }

  @Test
  void endlessReasons_shareALine() {
    for (int i = 0; i < 1000; i++) warn("reason " + i);

    assertThat(log.lines()).hasSize(201);
  }

  @Test
  void thrown_isPassedOn() {
    throttled.log(
        System.Logger.Level.ERROR, "bug", () -> "a bug", new IllegalStateException("why"));

    assertThat(log.lines()).containsExactly("ERROR a bug: java.lang.IllegalStateException: why");
  }

  private void warn(String reason) {
    throttled.log(System.Logger.Level.WARNING, reason, () -> reason + "!");
  }
}
