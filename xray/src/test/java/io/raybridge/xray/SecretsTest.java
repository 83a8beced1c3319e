package io.raybridge.xray;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cannot reach postgresql://app:hunter2@db:5432/shop, giving up",
        "cannot reach jdbc:mysql://db/shop?user=app&password=hunter2 (timeout)",
        "amqp://app:hunter2/hunter2@broker:5672/orders is closed",
        "ORA-01017 jdbc:oracle:thin:scott/hunter2@//db:1521/x",
        "open \"app:hunter2@tcp(db:3306)/shop\": refused",
        "connection string 'Server=db;User Id=app;Password=hunter2;' is bad",
        "host=db user=app password='hunter2 hunter2' dbname=shop",
        "java -Dspring.datasource.password=hunter2 -jar shop.jar",
        "shop --db-password hunter2 --port 80",
        "AWS_SECRET_ACCESS_KEY=a DB_PASSWORD=hunter2 PGPASSWORD=hunter2 shop",
        "GET https://a.b/c?X-Amz-Signature=hunter2&x=1 gave 403"
      })
  void password_neverLeavesInAMessage(String message) {
    Otlp otlp =
        Otlp.server()
            .error(message)
            .exception("E", message, "E: " + message + "\n\tat a.B.c(D.java:1)\n")
            .event(
                "exception", Map.of("exception.message", message, "exception.stacktrace", message))
            .event("log", Map.of("exception.message", message))
            .with("spring.datasource.url", message)
            .resource("process.command_line", message);

    JsonNode document = otlp.document();

    assertThat(document.toString()).doesNotContain("hunter2");
    assertThat(document.at("/metadata/otel/status_message").asString()).isNotEmpty();
    assertThat(Otlp.server().error(message).document().at("/cause/exceptions/0/message").asString())
        .isNotEmpty()
        .doesNotContain("hunter2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no user ann@example.com in https://medium.example/@ann/story",
        "index = 7, pass = 3, compass=north, bypass=true",
        "a::b: c:d@e 12:30 http://a:80/b@c",
        "--verbose --password-file /etc/x",
        "",
        ":",
        "://",
        "@tcp(",
        "password"
      })
  void messageWithoutAPassword_staysAsItIs(String message) {
    Otlp otlp = Otlp.server().exception("E", message, "").with("my.url", message);

    JsonNode document = otlp.document();

    assertThat(document.at("/cause/exceptions/0/message").asString("")).isEqualTo(message);
    assertThat(document.at("/metadata/default/my.url").asString()).isEqualTo(message);
  }

  /** Each was looked through again from each of its signs: minutes for a text of 60 KB. */
  @ParameterizedTest
  @ValueSource(strings = {"=", "a=", "://", "://@", "@tcp(", ":a@", "--password ", "password="})
  @Timeout(60)
  void textOfNothingButSigns_isReadOnce(String sign) {
    String text = sign.repeat(2_000_000 / sign.length());
    for (String key :
        List.of("url.full", "db.connection_string", "http.host", "http.status_text")) {
      Otlp otlp = Otlp.client().with("http.method", "GET").with(key, text).exception("E", text, "");

      assertThat(otlp.documents()).as(key).hasSize(1);
    }
  }

  @Test
  void passwordAmongArguments_neverLeaves() {
    JsonNode document =
        Otlp.server()
            .resource(
                "process.command_args",
                List.of("shop", "--password", "hunter2", "-Dpassword=hunter2", "--port", "80", 7))
            .document();

    assertThat(document.at("/metadata/default/otel.resource.process.command_args"))
        .isEqualTo(
            Otlp.parse(
                """
                ["shop", "--password", "***", "-Dpassword=***", "--port", "80", 7]\
                """));
  }
}
