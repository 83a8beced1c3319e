package io.raybridge.extensions.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.Deadline;
import io.raybridge.api.ExtensionFactory;
import io.raybridge.api.Kind;
import io.raybridge.config.Binder;
import io.raybridge.testkit.ExtensionContract;
import io.raybridge.testkit.ManualClock;
import io.raybridge.testkit.TestContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthCheckTest implements ExtensionContract<HealthCheckConfig> {
  private final ManualClock clock = new ManualClock();
  private final TestContext context = TestContext.of(Kind.EXTENSION, "health_check", clock);
  private HealthCheck extension;

  @Override
  public ExtensionFactory<HealthCheckConfig> factory() {
    return new HealthCheckFactory();
  }

  @Override
  public String yaml() {
    return "endpoint: localhost:0\n";
  }

  @AfterEach
  void stop() {
    if (extension != null) {
      extension.stop(Deadline.in(Duration.ofSeconds(5), clock));
    }
  }

  @Test
  void beforeReadyAndAfterNotReady_gets503() throws Exception {
    start(yaml());

    assertThat(get("/").statusCode()).isEqualTo(503);
    assertThat(get("/").body())
        .isEqualTo(
            "{\"status\":\"Server not available\",\"upSince\":\"0001-01-01T00:00:00Z\",\"uptime\":\"\"}");
    extension.ready();
    assertThat(get("/").statusCode()).isEqualTo(200);
    extension.notReady();
    assertThat(get("/").statusCode()).isEqualTo(503);
  }

  @Test
  void ready_tellsSinceWhen() throws Exception {
    start(yaml());
    extension.ready();
    String since = clock.now().toString();
    clock.advance(Duration.ofMillis(63_500));

    var response = get("/anything");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(response.body())
        .isEqualTo(
            "{\"status\":\"Server available\",\"upSince\":\""
                + since
                + "\",\"uptime\":\"1m3.5s\"}");
  }

  @Test
  void responseBody_replacesTheJson() throws Exception {
    start(yaml() + "response_body: {healthy: fine, unhealthy: not yet}\n");

    assertThat(get("/").body()).isEqualTo("not yet");
    extension.ready();
    assertThat(get("/").body()).isEqualTo("fine");
  }

  @ParameterizedTest
  @CsvSource({
    "/health, /health, 503",
    "/health, /health/more, 404",
    "/health, /, 404",
    "/health/, /health/more, 503",
  })
  void path_isTheOnlyOneAnswered(String path, String asked, int status) throws Exception {
    start(yaml() + "path: " + path + "\n");

    assertThat(get(asked).statusCode()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0s",
    "1000000000, 1s",
    "90000000000, 1m30s",
    "3600000000000, 1h0m0s",
    "3723000000001, 1h2m3.000000001s",
    "600000000000, 10m0s",
    "7, 7ns",
    "1500, 1.5µs",
    "1500000, 1.5ms"
  })
  void durations_areSpelledAsInGo(long nanos, String text) {
    assertThat(HealthCheck.goDuration(Duration.ofNanos(nanos))).isEqualTo(text);
  }

  @Test
  void portInUse_isNamed() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
      assertThatThrownBy(() -> start("endpoint: localhost:" + taken.getLocalPort()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("port " + taken.getLocalPort() + " is in use");
    }
  }

  @Test
  void keysWithoutEffect_areWarnedOf() {
    var binding =
        Binder.bind(
            HealthCheckConfig.class, "check_collector_pipeline: {enabled: true, interval: 5m}");

    assertThat(binding.problems()).isEmpty();
    assertThat(binding.warnings()).hasSize(1);
  }

  @Test
  void wrongPath_isRefused() {
    assertThat(Binder.bind(HealthCheckConfig.class, "path: health").problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains("begins with /"));
  }

  private void start(String yaml) throws IOException {
    var config = Binder.bind(HealthCheckConfig.class, yaml).orThrow();
    extension = (HealthCheck) factory().create(config, context.context());
    extension.start();
  }

  private HttpResponse<String> get(String path) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://localhost:" + extension.port() + path))
              .timeout(Duration.ofSeconds(30))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
