package io.raybridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Invalid;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {
  private static final List<String> UNITS = List.of("ns", "us", "µs", "μs", "ms", "s", "m", "h");

  /** A fraction of nothing makes the exact way read the same duration. */
  @Test
  void wholeNumbers_areReadAsDecimalOnesAre() {
    var random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      var whole = new StringBuilder(random.nextInt(10) == 0 ? "-" : "");
      var decimal = new StringBuilder(whole);
      for (int part = random.nextInt(4); part >= 0; part--) {
        var number = Long.toString(random.nextLong(10_000_000) >> random.nextInt(24));
        var unit = UNITS.get(random.nextInt(UNITS.size()));
        whole.append(number).append(unit);
        decimal.append(number).append(".0").append(unit);
      }

      assertThat(GoDuration.parse(whole.toString()))
          .as(whole.toString())
          .isEqualTo(GoDuration.parse(decimal.toString()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "5s", "1m30s", "1h1s", "-200ms", "1s500ms", "1ms1us1ns", "2h"})
  void durationInAMessage_isWrittenAsItIsRead(String text) {
    assertThat(Invalid.written(GoDuration.parse(text).orElseThrow())).isEqualTo(text);
  }

  @Test
  void durations_areThoseOfGo() {
    assertThat(GoDuration.parse("1m30s")).contains(Duration.ofSeconds(90));
    assertThat(GoDuration.parse("+200ms")).contains(Duration.ofMillis(200));
    assertThat(GoDuration.parse("-1.5h")).contains(Duration.ofMinutes(-90));
    assertThat(GoDuration.parse(".5µs3ns")).contains(Duration.ofNanos(503));
    assertThat(GoDuration.parse("0")).contains(Duration.ZERO);
    assertThat(GoDuration.parse("2562047h47m16.854775807s"))
        .contains(Duration.ofNanos(Long.MAX_VALUE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "1",
        "s",
        "1 s",
        "1s ",
        "1x",
        "1.s.",
        "1.2.3s",
        "5s3",
        "--1s",
        "1e3s",
        "١s",
        "2562047h47m16.854775808s",
        "999999h999999h999999h",
        "3000000h"
      })
  void otherTexts_areNoDurations(String text) {
    assertThat(GoDuration.parse(text)).isEmpty();
  }
}
