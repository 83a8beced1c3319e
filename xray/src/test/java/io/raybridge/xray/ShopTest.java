package io.raybridge.xray;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Traces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * A shop of five services, bought from under the published instrumentation of four languages
 * (interop/shop): whoever sent the spans, the map is the one that its README draws, and nothing of
 * what was sent is lost.
 */
class ShopTest {
  private static final Pattern BOUGHT = Pattern.compile("/buy/([a-z]+)");
  private static final Path SHOP = folder();

  static Stream<String> captures() throws IOException {
    try (var list = Files.list(SHOP.resolve("captured"))) {
      return list.map(path -> path.getFileName().toString()).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("captures")
  void serviceMap_isTheServicesAndWhatTheyCall(String capture) throws Exception {
    Map<String, TreeSet<String>> expected = ShopMap.read(SHOP.resolve("README.md")).of(capture);
    List<JsonNode> documents = documents(capture);
    Map<String, String> scenarios = scenarios(documents);
    var drawn = new TreeMap<String, List<JsonNode>>();
    for (JsonNode document : documents) {
      String scenario =
          scenarios.getOrDefault(document.path("trace_id").asString(), ShopMap.BETWEEN);
      drawn.computeIfAbsent(scenario, any -> new ArrayList<>()).add(document);
    }

    assertThat(drawn.keySet()).isEqualTo(expected.keySet());
    var wrong = new TreeSet<String>();
    drawn.forEach((scenario, of) -> {
      var lines = ServiceMap.of(of);
      for (String line : lines) {
        if (!expected.get(scenario).contains(line)) wrong.add(scenario + ": drawn " + line);
      }
      for (String line : expected.get(scenario)) {
        if (!lines.contains(line)) wrong.add(scenario + ": not drawn " + line);
      }
    });
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyDifferenceInTheReadme_isSeenInACapture() throws Exception {
    ShopMap map = ShopMap.read(SHOP.resolve("README.md"));

    assertThat(captures()).hasSize(11).allSatisfy(map::of);

    assertThat(map.unused()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("captures")
  void everythingThatWasSent_isInTheDocuments(String capture) throws Exception {
    var found = new Findings(documents(capture));

    for (Path file : files(capture)) found.check(Otlp.parse(Files.readString(file)));

    assertThat(found.lost()).isEmpty();
  }

  private static List<JsonNode> documents(String capture)
      throws IOException, MalformedBatchException {
    var documents = new ArrayList<JsonNode>();
    for (Path file : files(capture)) {
      var otlp = new Otlp();
      documents.addAll(otlp.documents(Traces.ofOtlpJson(Files.readAllBytes(file)).toOtlp()));
      assertThat(otlp.dropped).isEmpty();
      assertThat(otlp.noted).isEmpty();
    }
    return documents;
  }

  private static List<Path> files(String capture) throws IOException {
    try (var list = Files.list(SHOP.resolve("captured").resolve(capture))) {
      return list.sorted().toList();
    }
  }

  /** What was bought in each trace. */
  private static Map<String, String> scenarios(List<JsonNode> documents) {
    var scenarios = new HashMap<String, String>();
    for (JsonNode document : documents) {
      var url = BOUGHT.matcher(document.at("/http/request/url").asString(""));
      if (url.find()) scenarios.put(document.path("trace_id").asString(), url.group(1));
    }
    return scenarios;
  }

  private static Path folder() {
    Path folder = Path.of("../interop/shop");
    return Files.exists(folder) ? folder : Path.of("interop/shop");
  }
}
