package io.raybridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.ComponentId;
import io.raybridge.api.Kind;
import io.raybridge.engine.LogLines.Encoding;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogLinesTest {
  private static final Instant TIME = Instant.parse("2026-11-23T09:05:00.123Z");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void consoleLine_hasTabsAndFieldsAsJson() {
    lines(Encoding.CONSOLE, Map.of())
        .write(TIME, System.Logger.Level.WARNING, "low", Map.of("port", 4317), null);

    assertThat(written()).endsWith("\twarn\tlow\t{\"port\": 4317}\n");
    assertThat(written()).matches("(?s)2026-11-23T\\d\\d:\\d\\d:00\\.123(Z|[+-]\\d{4})\t.*");
  }

  @Test
  void lineWithoutFields_endsWithTheMessage() {
    lines(Encoding.CONSOLE, Map.of())
        .write(TIME, System.Logger.Level.INFO, "ready", Map.of(), null);

    assertThat(written()).endsWith("\tinfo\tready\n");
  }

  @Test
  void jsonLine_escapesWhatJsonForbids() {
    lines(Encoding.JSON, Map.of("zone", "a"))
        .write(TIME, System.Logger.Level.ERROR, "a \"b\"\n\t\\\u0001", Map.of("n", 1), null);

    assertThat(written())
        .startsWith("{\"level\":\"error\",\"ts\":\"2026-")
        .endsWith("\"msg\":\"a \\\"b\\\"\\n\\t\\\\\\u0001\",\"zone\":\"a\",\"n\":1}\n");
  }

  @Test
  void thrown_isAFieldAndItsStackFollows() {
    lines(Encoding.CONSOLE, Map.of())
        .write(TIME, System.Logger.Level.ERROR, "bug", Map.of(), new IllegalStateException("why"));

    assertThat(written())
        .contains("\tbug\t{\"error\": \"java.lang.IllegalStateException: why\"}\n")
        .contains("\tat io.raybridge.engine.LogLinesTest.");
  }

  @Test
  void levelBelowThreshold_isNotWritten() {
    var log = logging(System.Logger.Level.WARNING).of(ComponentId.of(Kind.EXPORTER, "debug/1"));

    log.log(System.Logger.Level.INFO, "quiet");
    log.log(System.Logger.Level.WARNING, "loud");

    assertThat(written()).doesNotContain("quiet").contains("loud");
  }

  @Test
  void componentLine_namesTheComponentAndTakesEntriesAsFields() {
    var log = logging(System.Logger.Level.INFO).of(ComponentId.of(Kind.EXPORTER, "debug/1"));

    log.log(System.Logger.Level.INFO, "Traces", Map.entry("spans", 2));
    log.log(System.Logger.Level.INFO, "{0} left", 3);

    assertThat(written())
        .contains(
            "\tTraces\t{\"otelcol.component.id\": \"debug/1\", \"otelcol.component.kind\":"
                + " \"exporter\", \"spans\": 2}\n")
        .contains("\t3 left\t{");
  }

  private LogLines lines(Encoding encoding, Map<String, ?> initial) {
    return new LogLines(encoding, List.of(out), true, initial);
  }

  private Logging logging(System.Logger.Level threshold) {
    return new Logging(lines(Encoding.CONSOLE, Map.of()), threshold);
  }

  private String written() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
