package io.raybridge.xray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class HttpBlockTest {
  private static final Map<String, Object> OLD_SERVER =
      Map.of(
          "http.method", "POST",
          "http.scheme", "https",
          "http.host", "shop.example.com",
          "http.target", "/cart/7?full=1",
          "http.status_code", 201,
          "http.client_ip", "203.0.113.9",
          "net.peer.ip", "10.0.0.1",
          "http.user_agent", "curl/8",
          "http.response_content_length", 512);
  private static final Map<String, Object> STABLE_SERVER =
      Map.of(
          "http.request.method", "POST",
          "url.scheme", "https",
          "server.address", "shop.example.com",
          "url.path", "/cart/7",
          "url.query", "full=1",
          "http.response.status_code", 201,
          "client.address", "203.0.113.9",
          "network.peer.address", "10.0.0.1",
          "user_agent.original", "curl/8",
          "http.response.body.size", 512);

  static Stream<Arguments> generations() {
    var both = new HashMap<String, Object>(OLD_SERVER);
    both.putAll(STABLE_SERVER);
    return Stream.of(
        argumentSet("old", OLD_SERVER),
        argumentSet("stable", STABLE_SERVER),
        argumentSet("both", both));
  }

  @ParameterizedTest
  @MethodSource("generations")
  void serverSpanOfEachGeneration_givesTheSameBlock(Map<String, ?> attributes) {
    assertThat(Otlp.server().withAll(attributes).document().path("http"))
        .isEqualTo(
            Otlp.parse(
                """
                {"request": {"method": "POST", "url": "https://shop.example.com/cart/7?full=1",
                  "user_agent": "curl/8", "client_ip": "203.0.113.9", "x_forwarded_for": true},
                 "response": {"status": 201, "content_length": 512}}\
                """));
  }

  @ParameterizedTest
  @MethodSource("generations")
  void attributesOfTheBlock_areNotInMetadataToo(Map<String, ?> attributes) {
    JsonNode metadata = Otlp.server().withAll(attributes).document().at("/metadata/default");

    assertThat(metadata.propertyNames())
        .doesNotContain("http.method", "http.request.method", "url.path", "http.target");
  }

  static Stream<Arguments> serverUrls() {
    return Stream.of(
        argumentSet("url", "https://a.b/c?d=e", Map.of("http.url", "https://a.b/c?d=e")),
        argumentSet("full", "https://a.b/c?d=e", Map.of("url.full", "https://a.b/c?d=e")),
        argumentSet(
            "scheme, host, target",
            "https://a.b:8443/c?d",
            Map.of("http.scheme", "https", "http.host", "a.b:8443", "http.target", "/c?d")),
        argumentSet(
            "scheme, server name, port, target",
            "https://a.b:8443/c",
            Map.of(
                "http.scheme", "https",
                "http.server_name", "a.b",
                "net.host.port", 8443,
                "http.target", "/c")),
        argumentSet(
            "scheme, net host name, port, target",
            "http://a.b:8080/c",
            Map.of(
                "http.scheme", "http",
                "net.host.name", "a.b",
                "net.host.port", 8080,
                "http.target", "/c")),
        argumentSet(
            "default port of https",
            "https://a.b/c",
            Map.of(
                "url.scheme", "https",
                "server.address", "a.b",
                "server.port", 443,
                "url.path", "/c")),
        argumentSet(
            "default port of http",
            "http://a.b/c",
            Map.of("server.address", "a.b", "server.port", 80, "url.path", "/c")),
        argumentSet(
            "port as text",
            "http://a.b:81/c",
            Map.of("server.address", "a.b", "server.port", "81", "url.path", "/c")),
        argumentSet(
            "query with its mark",
            "http://a.b/c?d",
            Map.of("server.address", "a.b", "url.path", "/c", "url.query", "?d")),
        argumentSet(
            "host without path",
            "http://a.b/",
            Map.of("http.method", "GET", "server.address", "a.b")),
        argumentSet(
            "route for want of a path",
            "http://a.b/cart/x",
            Map.of("http.method", "GET", "server.address", "a.b", "http.route", "/cart/x")),
        argumentSet("path without host", "/c", Map.of("url.path", "/c")),
        argumentSet(
            "path without slash", "http://a.b/c", Map.of("server.address", "a.b", "url.path", "c")),
        argumentSet(
            "absolute target",
            "http://proxy.test/c",
            Map.of("http.host", "a.b", "http.target", "http://proxy.test/c")),
        argumentSet(
            "IPv6",
            "http://[::1]:8080/c",
            Map.of("server.address", "::1", "server.port", 8080, "url.path", "/c")),
        argumentSet(
            "Python's port in the address, too",
            "http://a.b:8080/c",
            Map.of("server.address", "a.b:8080", "server.port", 8080, "url.path", "/c")),
        argumentSet(
            "Go's queue for an address",
            "/c",
            Map.of("server.address", "http://sqs/1/orders", "url.path", "/c")));
  }

  @ParameterizedTest
  @MethodSource("serverUrls")
  void partsOfAServersUrl_makeAUrl(String url, Map<String, ?> attributes) {
    JsonNode document = Otlp.server().withAll(attributes).document();

    assertThat(document.at("/http/request/url").asString()).isEqualTo(url);
    assertThat(URI.create(url)).isNotNull();
  }

  static Stream<Arguments> clientUrls() {
    return Stream.of(
        argumentSet("url", "http://a.b/c", Map.of("http.url", "http://a.b/c")),
        argumentSet("full", "http://a.b/c", Map.of("url.full", "http://a.b/c")),
        argumentSet(
            "scheme, host, target",
            "https://a.b/c",
            Map.of("http.scheme", "https", "http.host", "a.b", "http.target", "/c")),
        argumentSet(
            "scheme, peer name, peer port, target",
            "https://a.b:8443/c",
            Map.of(
                "http.scheme", "https",
                "net.peer.name", "a.b",
                "net.peer.port", 8443,
                "http.target", "/c")),
        argumentSet(
            "scheme, peer ip, peer port, target",
            "http://10.0.0.9:8080/c",
            Map.of(
                "http.scheme", "http",
                "net.peer.ip", "10.0.0.9",
                "net.peer.port", 8080,
                "http.target", "/c")),
        argumentSet(
            "port of https, no scheme",
            "https://sqs.test/",
            Map.of("http.status_code", 200, "server.address", "sqs.test", "server.port", 443)),
        argumentSet(
            "server address, port, path",
            "http://a.b:8080/c",
            Map.of("server.address", "a.b", "server.port", 8080, "url.path", "/c")));
  }

  @ParameterizedTest
  @MethodSource("clientUrls")
  void partsOfAClientsUrl_makeAUrl(String url, Map<String, ?> attributes) {
    assertThat(Otlp.client().withAll(attributes).document().at("/http/request/url").asString())
        .isEqualTo(url);
  }

  static Stream<Arguments> clients() {
    return Stream.of(
        argumentSet("old header", "1.1.1.1", true, Map.of("http.client_ip", "1.1.1.1")),
        argumentSet(
            "old header and peer",
            "1.1.1.1",
            true,
            Map.of("http.client_ip", "1.1.1.1", "net.peer.ip", "2.2.2.2")),
        argumentSet("old peer alone", "2.2.2.2", false, Map.of("net.peer.ip", "2.2.2.2")),
        argumentSet("stable, peer unknown", "1.1.1.1", false, Map.of("client.address", "1.1.1.1")),
        argumentSet(
            "stable, peer another",
            "1.1.1.1",
            true,
            Map.of("client.address", "1.1.1.1", "network.peer.address", "2.2.2.2")),
        argumentSet(
            "stable, peer the same",
            "1.1.1.1",
            false,
            Map.of("client.address", "1.1.1.1", "network.peer.address", "1.1.1.1")));
  }

  @ParameterizedTest
  @MethodSource("clients")
  void clientsAddress_isForwardedOnlyWhenAHeaderSaidSo(
      String address, boolean forwarded, Map<String, ?> attributes) {
    JsonNode request =
        Otlp.server()
            .with("http.request.method", "GET")
            .withAll(attributes)
            .document()
            .at("/http/request");

    assertThat(request.path("client_ip").asString()).isEqualTo(address);
    assertThat(request.path("x_forwarded_for").asBoolean(false)).isEqualTo(forwarded);
  }

  @ParameterizedTest
  @ValueSource(strings = {"client.example", "/run/app.sock", "unix:", "dead.beef"})
  void whatIsNoIpAddress_isNoClientIp(String name) {
    JsonNode document =
        Otlp.server()
            .with("http.request.method", "GET")
            .with("client.address", name)
            .with("network.peer.address", name)
            .document();

    assertThat(document.at("/http/request")).isEqualTo(Otlp.parse("{\"method\": \"GET\"}"));
    assertThat(document.at("/metadata/default/client.address").asString()).isEqualTo(name);
    assertThat(document.at("/metadata/default/network.peer.address").asString()).isEqualTo(name);
  }

  @Test
  void nameBesideAnAddress_isNotForwarded() {
    JsonNode request =
        Otlp.server()
            .with("http.request.method", "GET")
            .with("client.address", "client.example")
            .with("network.peer.address", "::1")
            .document()
            .at("/http/request");

    assertThat(request).isEqualTo(Otlp.parse("{\"method\": \"GET\", \"client_ip\": \"::1\"}"));
  }

  @Test
  void unknownLength_isLeftOut() {
    JsonNode response =
        Otlp.server().with("http.response.status_code", 200).document().at("/http/response");

    assertThat(response).isEqualTo(Otlp.parse("{\"status\": 200}"));
  }

  @Test
  void lengthFromHeaderOrMessageEvent_isTaken() {
    assertThat(
            Otlp.server()
                .with("http.method", "GET")
                .with("http.response.header.content-length", List.of("77"))
                .document()
                .at("/http/response/content_length")
                .asInt())
        .isEqualTo(77);
    assertThat(
            Otlp.client()
                .with("http.method", "GET")
                .event(
                    "message",
                    Map.of("message.type", "RECEIVED", "messaging.message_payload_size_bytes", 78))
                .document()
                .at("/http/response/content_length")
                .asInt())
        .isEqualTo(78);
    assertThat(
            Otlp.client()
                .with("http.method", "GET")
                .with("message.type", "RECEIVED")
                .with("messaging.message_payload_size_bytes", 79)
                .document()
                .at("/http/response/content_length")
                .asInt())
        .isEqualTo(79);
  }

  @Test
  void statusAsText_isANumber() {
    // telemetrygen sends it so
    JsonNode document =
        Otlp.server().with("http.method", "GET").with("http.status_code", "404").document();

    assertThat(document.at("/http/response/status").isInt()).isTrue();
    assertThat(document.path("error").asBoolean()).isTrue();
  }

  @Test
  void spanWithoutHttpAttributes_hasNoBlock() {
    JsonNode document =
        Otlp.server()
            .with("net.host.name", "a.b")
            .with("net.host.port", 50051)
            .with("rpc.system", "grpc")
            .document();

    assertThat(document.has("http")).isFalse();
    assertThat(document.at("/metadata/default/net.host.name").asString()).isEqualTo("a.b");
  }

  @Test
  void passwordInUrl_neverLeaves() {
    String text =
        Otlp.client()
            .with(
                "url.full",
                "https://user:hunter2@a.b/c?password=hunter2&x=1&token=hunter2&api_key=hunter2"
                    + "&apikey=hunter2&next_token=y#hunter")
            .with("http.url", "https://user:hunter2@a.b/c?x=1")
            .indexed("url.full", "http.*")
            .document()
            .toString();

    assertThat(text)
        .doesNotContain("hunter2")
        .contains("https://a.b/c?password=***&x=1&token=***&api_key=***&apikey=***&next_token=y");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://user:hunter2/hunter2@a.b/c  | https://a.b/c",
        "https://user:/hunter2@a.b:8443/c    | https://a.b:8443/c",
        "https://user:hunter2?hunter2@a.b/c  | https://a.b/c",
        "https://user:hunter2@a.b/@scope/pkg | https://a.b/@scope/pkg",
        "https://a.b:8443/@scope/pkg?to=x@y  | https://a.b:8443/@scope/pkg?to=x@y",
        "https://a.b/users/ann@example.com   | https://a.b/users/ann@example.com",
        "https://[::1]:8443/ann@example.com  | https://[::1]:8443/ann@example.com"
      })
  void passwordWithUnencodedDelimiters_neverLeavesAndAddressesStay(String url, String cleaned) {
    JsonNode document = Otlp.client().with("url.full", url).document();

    assertThat(document.at("/http/request/url").asString()).isEqualTo(cleaned);
    assertThat(document.at("/name").asString()).doesNotContain("user", "hunter2");
  }

  @Test
  void otherValueUnderASecondName_staysInMetadata() {
    JsonNode document =
        Otlp.client()
            .with("http.request.method", "GET")
            .with("http.method", "HEAD")
            .with("url.full", "http://a.b/c?x=1")
            .with("http.target", "/c?x=1")
            .with("url.path", "/other")
            .with("http.response.status_code", 200)
            .with("http.status_code", "200")
            .document();

    assertThat(document.at("/metadata/default/http.method").asString()).isEqualTo("HEAD");
    assertThat(document.at("/metadata/default/url.path").asString()).isEqualTo("/other");
    assertThat(document.at("/metadata/default").propertyNames()).hasSize(2);
  }
}
