package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code GET /drops} says of a collector with one exporter for traces. */
record Drops(JsonNode json) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long PATIENCE = 120_000_000_000L;

  static Drops read(int port) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var uri = URI.create("http://127.0.0.1:" + port + "/drops");
      var response =
          client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(200);
      return new Drops(JSON.readTree(response.body()));
    }
  }

  /** Reads until something holds. */
  static Drops await(int port, Predicate<Drops> condition) throws Exception {
    long end = System.nanoTime() + PATIENCE;
    while (true) {
      var drops = read(port);
      if (condition.test(drops)) return drops;
      if (System.nanoTime() - end > 0) throw new AssertionError("not in time: " + drops.json);
    }
  }

  long accepted() {
    return line().path("accepted").asLong(0);
  }

  long delivered() {
    return line().path("delivered").asLong(0);
  }

  long queued() {
    return line().path("queued").asLong(0);
  }

  long dropped() {
    long sum = 0;
    for (var items : line().path("dropped")) sum += items.asLong();
    return sum;
  }

  JsonNode losses() {
    return json.path("drops");
  }

  private JsonNode line() {
    return json.at("/ledger/0");
  }
}
