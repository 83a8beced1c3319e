package io.raybridge.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorsTest {
  private static final String SOME =
      """
      cors:
        allowed_origins: [https://app.example.com, 'https://*.shop.example']
        allowed_headers: [X-Tenant]
        exposed_headers: [X-Request-Id, Retry-After]
        max_age: 600
      """;

  @Test
  void preflight_isAnsweredWithoutTheHandler() throws Exception {
    try (var serving = Serving.with(SOME);
        var client = serving.raw()) {
      String answer =
          preflight(client, "https://app.example.com", "POST", "content-type, x-tenant");

      assertThat(answer)
          .startsWith("HTTP/1.1 204")
          .contains("Access-Control-Allow-Origin: https://app.example.com\r\n")
          .contains("Access-Control-Allow-Credentials: true\r\n")
          .contains("Access-Control-Allow-Methods: POST\r\n")
          .contains("Access-Control-Allow-Headers: content-type, x-tenant\r\n")
          .contains("Access-Control-Max-Age: 600\r\n")
          .contains("Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
      assertThat(serving.requests).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://evil.example, POST, content-type",
    "https://shop.example, POST, content-type",
    "https://app.example.com, DELETE, content-type",
    "https://app.example.com, POST, x-other",
  })
  void preflightThatAsksTooMuch_isGrantedNothing(String origin, String method, String headers)
      throws Exception {
    try (var serving = Serving.with(SOME);
        var client = serving.raw()) {
      assertThat(preflight(client, origin, method, headers))
          .startsWith("HTTP/1.1 204")
          .doesNotContain("Access-Control-Allow");
    }
  }

  @Test
  void requestFromAnAllowedOrigin_mayBeRead() throws Exception {
    try (var serving = Serving.with(SOME);
        var client = serving.raw()) {
      assertThat(get(client, "https://eu.shop.example"))
          .startsWith("HTTP/1.1 200")
          .contains("Access-Control-Allow-Origin: https://eu.shop.example\r\n")
          .contains("Access-Control-Expose-Headers: X-Request-Id, Retry-After\r\n")
          .contains("Vary: Origin\r\n");
    }
  }

  @Test
  void requestFromAnotherOrigin_isServedButMayNotBeRead() throws Exception {
    try (var serving = Serving.with(SOME);
        var client = serving.raw()) {
      assertThat(get(client, "https://evil.example"))
          .startsWith("HTTP/1.1 200")
          .doesNotContain("Access-Control-Allow");
    }
  }

  @Test
  void refusal_mayBeReadToo() throws Exception {
    try (var serving = Serving.with(SOME + "max_request_body_size: 1\n");
        var client = serving.raw()) {
      client.send(
          "POST / HTTP/1.1\r\nHost: h\r\nOrigin: https://app.example.com\r\n"
              + "Content-Length: 5\r\n\r\nhello");
      assertThat(client.response())
          .startsWith("HTTP/1.1 413")
          .contains("Access-Control-Allow-Origin: https://app.example.com\r\n");
    }
  }

  @Test
  void star_allowsEveryOriginAndHeader() throws Exception {
    try (var serving = Serving.with("cors: {allowed_origins: ['*'], allowed_headers: ['*']}");
        var client = serving.raw()) {
      assertThat(preflight(client, "https://any.example", "POST", "x-any, y-any"))
          .contains("Access-Control-Allow-Origin: *\r\n")
          .contains("Access-Control-Allow-Headers: x-any, y-any\r\n");
    }
  }

  @Test
  void noHeadersListed_allowsXRequestedWith() throws Exception {
    try (var serving = Serving.with("cors: {allowed_origins: ['*']}");
        var client = serving.raw()) {
      assertThat(preflight(client, "https://a.example", "POST", "x-requested-with, content-type"))
          .contains("Access-Control-Allow-Headers");
    }
  }

  @Test
  void withoutCors_preflightIsAnOrdinaryRequest() throws Exception {
    List<String> methods = new ArrayList<>();
    try (var serving =
            Serving.with(
                "{}",
                request -> {
                  methods.add(request.method());
                  return Response.empty(405);
                });
        var client = serving.raw()) {
      assertThat(preflight(client, "https://a.example", "POST", "content-type"))
          .startsWith("HTTP/1.1 405")
          .doesNotContain("Access-Control");
      assertThat(methods).containsExactly("OPTIONS");
    }
  }

  private static String preflight(RawClient client, String origin, String method, String headers)
      throws Exception {
    client.send(
        "OPTIONS /v1/traces HTTP/1.1\r\nHost: h\r\nOrigin: "
            + origin
            + "\r\nAccess-Control-Request-Method: "
            + method
            + "\r\nAccess-Control-Request-Headers: "
            + headers
            + "\r\n\r\n");
    return client.response();
  }

  private static String get(RawClient client, String origin) throws Exception {
    client.send("GET / HTTP/1.1\r\nHost: h\r\nOrigin: " + origin + "\r\n\r\n");
    return client.response();
  }
}
