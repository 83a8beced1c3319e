package io.raybridge.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.interop.Comparison.Difference;
import io.raybridge.interop.Comparison.Sent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The same OTLP goes through the Go collector's {@code awsxray} exporter and through ours, and
 * every difference between their documents is one that docs/xray-translation.md lists.
 */
@Timeout(600)
class GoExporterInteropTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Path PEER = Path.of("../benchmarks/target/peer/otelcol-peer");

  /** The exporter's settings that matter for documents, by the name that the exporter gets. */
  private static final Map<String, String> EXPORTERS =
      Map.of(
          "plain",
          "",
          "listed",
          "indexed_attributes: [app.tenant, a-b, a_b, 'app.x.*', http.route, otel.resource.deployment.environment],"
              + " aws_log_groups: [/app/one, /app/two],",
          "all",
          "index_all_attributes: true,");

  @TempDir Path directory;
  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void everyDifferenceFromTheGoExporter_isListed() throws Exception {
    List<String> requests = requests();
    List<Sent> sent = sent(requests);
    sent.addAll(sent(List.of(GeneratedSpans.thatGoPanicsAt())));
    var comparison = new Comparison();
    try (var go = new Sinks();
        var ours = new Sinks()) {
      run("go", go, requests);
      run("ours", ours, requests);
      for (String exporter : EXPORTERS.keySet()) {
        comparison.add(exporter, sent, go.documents(exporter), ours.documents(exporter));
      }
    }

    var known = new KnownDifferences();
    var unlisted = new ArrayList<Difference>();
    var found = new TreeSet<String>();
    for (Difference difference : comparison.differences()) {
      String rule = known.rule(difference);
      if (rule == null) unlisted.add(difference);
      else found.add(rule);
    }
    assertThat(unlisted).isEmpty();
    assertThat(found).isEqualTo(new TreeSet<>(known.names())).isEqualTo(rows());
  }

  /** The names of the rows in the page's table of differences. */
  private static Set<String> rows() throws IOException {
    String page = Files.readString(Path.of("../docs/xray-translation.md"));
    String table =
        page.substring(page.indexOf("<!-- differences -->"), page.indexOf("<!-- /differences -->"));
    return Pattern.compile("^\\| `([^`]+)`", Pattern.MULTILINE)
        .matcher(table)
        .results()
        .map(row -> row.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private List<String> requests() throws Exception {
    var requests = new ArrayList<String>();
    List<SpanJson> generated = GeneratedSpans.all();
    assertThat(generated.size()).isGreaterThan(350);
    for (int from = 0; from < generated.size(); from += 50) {
      requests.add(
          SpanJson.request(generated.subList(from, Math.min(from + 50, generated.size()))));
    }
    try (var captured = Files.walk(Path.of("shop/captured"))) {
      for (Path file : captured.filter(path -> path.toString().endsWith(".json")).toList()) {
        requests.add(Files.readString(file));
      }
    }
    requests.addAll(fromTelemetrygen());
    return requests;
  }

  /** What telemetrygen sends, taken down as OTLP/JSON by our own file exporter. */
  private List<String> fromTelemetrygen() throws Exception {
    int port = Collector.freePort();
    Path taken = directory.resolve("telemetrygen.json");
    String config =
        """
        receivers: {otlp: {protocols: {grpc: {endpoint: "127.0.0.1:%d"}}}}
        exporters: {file: {path: "%s"}}
        service:
          telemetry: {metrics: {level: none}}
          pipelines: {traces: {receivers: [otlp], exporters: [file]}}
        """
            .formatted(port, taken);
    Path file = Files.writeString(directory.resolve("telemetrygen.yaml"), config);
    try (Collector collector = raybridge(directory.resolve("telemetrygen.log"), file)) {
      Program.run(
          "target/go/telemetrygen-v0.161.0",
          "traces",
          "--otlp-endpoint=127.0.0.1:" + port,
          "--otlp-insecure",
          "--rate=0",
          "--traces=10",
          "--child-spans=2",
          "--status-code=Error",
          "--telemetry-attributes=http.response.status_code=\"404\"");
      assertThat(collector.stop()).as(collector.log()).isZero();
    }
    List<String> requests = Files.readAllLines(taken);
    assertThat(sent(requests)).hasSize(30);
    return requests;
  }

  private static List<Sent> sent(List<String> requests) {
    var sent = new ArrayList<Sent>();
    for (String request : requests) {
      for (JsonNode resourceSpans : JSON.readTree(request).path("resourceSpans")) {
        for (JsonNode scopeSpans : resourceSpans.path("scopeSpans")) {
          for (JsonNode span : scopeSpans.path("spans")) {
            sent.add(new Sent(resourceSpans.path("resource"), scopeSpans.path("scope"), span));
          }
        }
      }
    }
    return sent;
  }

  private void run(String who, Sinks sinks, List<String> requests) throws Exception {
    boolean isGo = who.equals("go");
    var ports = new HashMap<String, Integer>();
    EXPORTERS.keySet().forEach(exporter -> ports.put(exporter, Collector.freePort()));
    Path config = Files.writeString(directory.resolve(who + ".yaml"), config(sinks, ports, isGo));
    Path log = directory.resolve(who + ".log");
    try (var _ = isGo ? go(log, config) : raybridge(log, config)) {
      for (int port : ports.values()) {
        for (String request : requests) assertThat(send(port, request)).isEqualTo(200);
        if (isGo) assertThatThrownBy(() -> send(port, GeneratedSpans.thatGoPanicsAt()));
        else assertThat(send(port, GeneratedSpans.thatGoPanicsAt())).isEqualTo(200);
      }
    }
  }

  private static Collector go(Path log, Path config) throws Exception {
    var environment =
        Map.of(
            "AWS_ACCESS_KEY_ID", "interop",
            "AWS_SECRET_ACCESS_KEY", "interop",
            "AWS_EC2_METADATA_DISABLED", "true");
    return new Collector(
        log, "Everything is ready", environment, PEER.toString(), "--config", config.toString());
  }

  private Collector raybridge(Path log, Path config) throws Exception {
    var environment = Map.of("RAYBRIDGE_DATA_DIR", directory.resolve("data").toString());
    return new Collector(
        log,
        Raybridge.READY,
        environment,
        Raybridge.LAUNCHER,
        "run",
        "--config",
        config.toString());
  }

  /**
   * A pipeline for each exporter: Go's panics where two have to share a span that is in progress.
   * Both answer a request only after they have sent its spans on.
   */
  private static String config(Sinks sinks, Map<String, Integer> ports, boolean isGo) {
    var receivers = new StringBuilder("receivers:\n");
    var exporters = new StringBuilder("exporters:\n");
    var pipelines =
        new StringBuilder("service:\n  telemetry: {metrics: {level: none}}\n  pipelines:\n");
    String wait = isGo ? "" : "sending_queue: {wait_for_result: true},";
    EXPORTERS.forEach((name, keys) -> {
      receivers.append(
          "  otlp/%s: {protocols: {http: {endpoint: \"127.0.0.1:%d\"}}}\n"
              .formatted(name, ports.get(name)));
      exporters.append(
          "  awsxray/%s: {region: us-east-1, local_mode: true, %s %s endpoint: \"%s\"}\n"
              .formatted(name, keys, wait, sinks.of(name).endpoint()));
      pipelines.append(
          "    traces/%s: {receivers: [otlp/%s], exporters: [awsxray/%s]}\n"
              .formatted(name, name, name));
    });
    return receivers.append(exporters).append(pipelines).toString();
  }

  private int send(int port, String request) throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/traces"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(request))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  /** A stand-in for X-Ray behind each exporter. */
  private static final class Sinks implements AutoCloseable {
    private final Map<String, XraySink> byExporter = new LinkedHashMap<>();

    Sinks() throws IOException {
      for (String name : EXPORTERS.keySet()) byExporter.put(name, new XraySink());
    }

    XraySink of(String exporter) {
      return byExporter.get(exporter);
    }

    List<JsonNode> documents(String exporter) {
      return of(exporter).documents();
    }

    @Override
    public void close() {
      byExporter.values().forEach(XraySink::close);
    }
  }
}
