package io.raybridge.local.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Kind;
import io.raybridge.local.store.Document;
import io.raybridge.local.store.StoreSettings;
import io.raybridge.local.store.TraceStore;
import io.raybridge.testkit.ManualClock;
import io.raybridge.testkit.TestContext;
import io.raybridge.transport.Headers;
import io.raybridge.transport.Request;
import io.raybridge.transport.Response;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ConsoleTest {
  @TempDir Path directory;
  private final ManualClock clock = new ManualClock();
  private final TestContext context = TestContext.of(Kind.EXTENSION, "local_xray", clock);
  private TraceStore store;
  private LocalApi api;

  @BeforeEach
  void open() throws IOException {
    store = TraceStore.open(new StoreSettings(directory, 64 << 20, Duration.ofDays(7)), clock);
    api = new LocalApi(store, clock, "localhost", true, context.context().log());
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/console.css", "/console.js", "/timeline.js", "/icon.svg"})
  void page_loadsNothingFromElsewhereAndMakesNoMarkupOfText(String path) {
    var response = get(path, "");

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers().get("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self';", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(response.headers()).containsEntry("X-Content-Type-Options", "nosniff");
    assertThat(body(response).replace("http://www.w3.org/2000/svg", ""))
        .doesNotContainPattern("(src|href)=\"https?:|url\\(http|import .* from \"http")
        .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
  }

  @Test
  void telemetryThatLooksLikeMarkup_leavesAsJsonOnly() throws IOException {
    put(1, "<script>alert(1)</script>", "");

    for (String path : List.of("/api/traces", "/api/traces/" + traceId(1))) {
      var response = get(path, "");
      assertThat(response.headers())
          .containsEntry("Content-Type", "application/json")
          .containsEntry("X-Content-Type-Options", "nosniff");
    }
  }

  @Test
  void list_tellsWhatHappenedNewestFirst() throws IOException {
    put(
        1,
        "web",
        ",\"fault\":true,\"http\":{\"request\":{\"method\":\"GET\",\"url\":\"/a\"},\"response\":{\"status\":502}}"
            + ",\"subsegments\":[{\"id\":\"00000000000000ff\",\"name\":\"x\",\"start_time\":1,\"error\":true}]");
    put(2, "orders", "");

    JsonNode traces = json(get("/api/traces", "")).get("traces");

    assertThat(traces.get(0).get("service").stringValue()).isEqualTo("orders");
    assertThat(traces.get(0).get("partial").booleanValue()).isFalse();
    JsonNode web = traces.get(1);
    assertThat(web.get("method").stringValue() + web.get("url").stringValue()).isEqualTo("GET/a");
    assertThat(web.get("status").intValue()).isEqualTo(502);
    assertThat(web.get("fault").booleanValue()).isTrue();
    assertThat(web.get("inside").intValue()).isEqualTo(1);
    assertThat(web.get("partial").booleanValue()).isTrue();
    assertThat(web.get("segments").intValue()).isEqualTo(1);
    assertThat(web.get("subsegments").intValue()).isEqualTo(1);
  }

  @Test
  void changedTrace_isListedAnew() throws IOException {
    put(1, "web", "");
    assertThat(json(get("/api/traces", "")).get("traces").get(0).get("fault").booleanValue())
        .isFalse();

    put(1, "web", ",\"fault\":true");

    assertThat(json(get("/api/traces", "")).get("traces").get(0).get("fault").booleanValue())
        .isTrue();
  }

  @Test
  void olderTraces_comeByToken() throws IOException {
    for (int i = 0; i < 120; i++) put(i, "web", "");

    List<String> ids = new ArrayList<>();
    String query = "";
    int pages = 0;
    while (true) {
      JsonNode page = json(get("/api/traces", query));
      pages++;
      page.get("traces").forEach(trace -> ids.add(trace.get("id").stringValue()));
      if (!page.has("next")) break;
      query = "before=" + page.get("next").stringValue();
    }

    assertThat(pages).isEqualTo(3);
    assertThat(ids).hasSize(120).doesNotHaveDuplicates();
  }

  @Test
  void unknownTraceAndPage_are404() {
    assertThat(get("/api/traces/" + traceId(1), "").status()).isEqualTo(404);
    assertThat(get("/../secret", "").status()).isEqualTo(404);
    assertThat(get("/api/traces", "before=nonsense").status()).isEqualTo(400);
  }

  private void put(int i, String name, String more) throws IOException {
    long micros = clock.now().getEpochSecond() * 1_000_000 + i;
    String id = "%016x".formatted(i + 1);
    String start = clock.now().getEpochSecond() + ".0";
    String json =
        "{\"trace_id\":\"%s\",\"id\":\"%s\",\"name\":\"%s\",\"start_time\":%s,\"end_time\":%s%s}"
            .formatted(traceId(i), id, name, start, start, more);
    store.put(List.of(new Document(traceId(i), id, true, micros, micros, json)));
  }

  private static String traceId(int i) {
    return "1-0badcafe-%024x".formatted(i);
  }

  private Response get(String path, String query) {
    return api.handle(
        new Request(
            "GET", path, query, Headers.of(), new byte[0], new InetSocketAddress("127.0.0.1", 1)));
  }

  private static JsonNode json(Response response) {
    return Json.MAPPER.readTree(response.body());
  }

  private static String body(Response response) {
    return new String(response.body(), UTF_8);
  }
}
