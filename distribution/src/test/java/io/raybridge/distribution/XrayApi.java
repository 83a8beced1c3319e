package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * X-Ray's API as it is on the wire. That AWS's own clients read it too is tested in {@code local}
 * and {@code interop}.
 */
final class XrayApi {
  private final int port;

  XrayApi(int port) {
    this.port = port;
  }

  /** The trace's summary, as soon as the exporter's queue has delivered it. */
  JsonNode awaitSummary(String traceId) throws IOException, InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (System.nanoTime() < end) {
      long now = Instant.now().getEpochSecond();
      JsonNode page =
          post(
              "/TraceSummaries", "{\"StartTime\":%d,\"EndTime\":%d}".formatted(now - 60, now + 60));
      for (JsonNode summary : page.path("TraceSummaries")) {
        if (summary.path("Id").asString().equals(traceId)) return summary;
      }
    }
    throw new AssertionError("no trace " + traceId);
  }

  JsonNode trace(String traceId) throws IOException, InterruptedException {
    return post("/Traces", "{\"TraceIds\":[\"%s\"]}".formatted(traceId)).at("/Traces/0");
  }

  private JsonNode post(String path, String body) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var response =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      return JsonMapper.shared().readTree(response.body());
    }
  }
}
