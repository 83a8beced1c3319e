package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.data.Traces;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ExplainCommandTest {
  private static final String SPAN =
      """
      {"resourceSpans": [{
        "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]},
        "scopeSpans": [{"spans": [{
          "traceId": "5f2a9c1e0102030405060708090a0b0c", "spanId": "00000000000000a1",
          "name": "GET /x", "kind": 2,
          "startTimeUnixNano": "1700000000000000000", "endTimeUnixNano": "1700000001000000000",
          "attributes": [
            {"key": "http.request.method", "value": {"stringValue": "GET"}},
            {"key": "app.tenant", "value": {"stringValue": "blue\\u001b[31m"}}]
        }]}]
      }]}
      """;

  @TempDir Path dir;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void json_isReadFromStandardInputAndExplained() {
    assertThat(explain(SPAN.getBytes(StandardCharsets.UTF_8))).isZero();

    assertThat(out.toString())
        .contains("span 00000000000000a1 \"GET /x\" of trace 5f2a9c1e0102030405060708090a0b0c")
        .containsPattern("/name +\"shop\" +<- resource service.name")
        .containsPattern("http.request.method +/http/request/method")
        .containsPattern("app.tenant +/metadata/default/app.tenant")
        .doesNotContain("\u001b");
  }

  @Test
  void protobufFile_givesAnObjectForEachSpan() throws Exception {
    Path file = dir.resolve("request");
    Files.write(file, Traces.ofOtlpJson(SPAN.getBytes(StandardCharsets.UTF_8)).toOtlp());

    assertThat(explain(new byte[0], "--json", file.toString())).isZero();

    assertThat(out.toString().lines())
        .singleElement()
        .asString()
        .startsWith("{\"trace_id\":\"5f2a9c1e0102030405060708090a0b0c\"")
        .contains("{\"path\":\"/http/request/method\",\"from\":[\"http.request.method\"]");
  }

  @Test
  void requestsALine_areExplainedOneByOne() {
    String line = SPAN.replace("\n", " ");

    assertThat(explain((line + "\n" + line + "\n").getBytes(StandardCharsets.UTF_8))).isZero();

    assertThat(out.toString().lines().filter(text -> text.startsWith("span "))).hasSize(2);
  }

  @Test
  void exportersSettings_apply() {
    Path file = write("exporters: {awsxray/two: {indexed_attributes: [app.tenant]}, nop: {}}\n");

    assertThat(explain(bytes(), "--config", file.toString(), "--exporter", "awsxray/two"))
        .as(err.toString())
        .isZero();

    assertThat(out.toString()).containsPattern("app.tenant +/annotations/app.tenant");
  }

  @Test
  void exporterThatIsNoneOrAnother_isNamed() {
    Path file = write("exporters: {nop: {}}\n");

    assertThat(explain(bytes(), "--config", file.toString())).isOne();
    assertThat(explain(bytes(), "--config", file.toString(), "--exporter", "nop")).isOne();

    assertThat(err.toString())
        .contains("no exporter awsxray is configured")
        .contains("exporter nop does not translate spans for X-Ray (expected: one of awsxray)");
  }

  @Test
  void whatIsNoOtlp_isNamedWithItsPlace() {
    assertThat(explain("{\"resourceSpans\": 7}".getBytes(StandardCharsets.UTF_8))).isOne();
    assertThat(explain(new byte[] {10, 100, 1})).isOne();
    assertThat(explain(new byte[0])).isOne();
    assertThat(explain(new byte[0], dir.resolve("absent").toString())).isOne();

    assertThat(err.toString())
        .contains("standard input: ")
        .contains("(expected: OTLP in JSON)")
        .contains("(expected: OTLP in protobuf)")
        .contains("standard input: empty")
        .contains("cannot read " + dir.resolve("absent"));
    assertThat(out.toString()).isEmpty();
  }

  private static byte[] bytes() {
    return SPAN.getBytes(StandardCharsets.UTF_8);
  }

  private Path write(String exporters) {
    String service =
        """
        receivers: {otlp: {protocols: {http: {}}}}
        service: {pipelines: {traces: {receivers: [otlp], exporters: [nop]}}}
        """;
    try {
      return Files.writeString(dir.resolve("config.yaml"), exporters + service);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private int explain(byte[] input, String... args) {
    var surroundings =
        new Surroundings(
            Map.of(), BuiltIn::factories, new PrintWriter(out, true), new PrintWriter(err, true));
    return new CommandLine(new ExplainCommand(surroundings, new ByteArrayInputStream(input)))
        .execute(args);
  }
}
