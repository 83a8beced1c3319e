package io.raybridge.xray;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Wherever a URL or a connection string can stand, its password stays behind. */
class SecretsTest {
  private static final String URL = "amqp://app:hunter2/hunter2@broker:5672/orders";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "db.connection_string",
        "messaging.url",
        "url.full",
        "url.original",
        "http.url",
        "http.target"
      })
  void password_neverLeavesInAnyPartOfASpan(String key) {
    Otlp otlp =
        Otlp.server()
            .with(key, URL)
            .resource(key, URL)
            .event("retry", Map.of(key, URL))
            .link(Otlp.TRACE, Otlp.SPAN, Map.of(key, URL));
    otlp.request
        .getResourceSpansBuilder(0)
        .getScopeSpansBuilder(0)
        .getScopeBuilder()
        .setName("scope")
        .addAttributes(Otlp.keyValue(key, URL));

    for (Otlp configured :
        List.of(otlp, otlp.indexed(key, "otel.resource." + key), otlp.indexAll())) {
      JsonNode document = configured.document();

      assertThat(document.toString()).doesNotContain("hunter2").contains("amqp://broker:5672");
      assertThat(document.at("/links/0/attributes").path(key).asString())
          .isEqualTo("amqp://broker:5672/orders");
    }
  }
}
