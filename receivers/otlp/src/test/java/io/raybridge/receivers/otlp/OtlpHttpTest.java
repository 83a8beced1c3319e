package io.raybridge.receivers.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Status;
import io.raybridge.data.RpcStatus;
import io.raybridge.testkit.Otlp;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpHttpTest {
  private static final String PROTOBUF = "application/x-protobuf";
  private static final String JSON = "application/json";

  private final HttpClient client = HttpClient.newHttpClient();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/x-protobuf",
        "Application/X-Protobuf",
        "application/x-protobuf; charset=utf-8"
      })
  void contentType_isReadAsAMediaType(String type) throws Exception {
    try (var receiving = Receiving.with(Receiving.BOTH)) {
      var response = post(receiving, "/v1/traces", type, Otlp.traces(2).toOtlp());

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEmpty();
      assertThat(response.headers().firstValue("content-type")).hasValue(PROTOBUF);
      assertThat(receiving.traces.items()).isEqualTo(2);
    }
  }

  @Test
  void json_isAnsweredInJson() throws Exception {
    try (var receiving = Receiving.with(Receiving.BOTH)) {
      var response = post(receiving, "/v1/logs", JSON, Otlp.logs(2).toOtlpJson());

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(new String(response.body(), UTF_8)).isEqualTo("{}");
      assertThat(receiving.logs.items()).isEqualTo(2);
    }
  }

  @Test
  void bytesThatAreNotOtlp_get400WithAStatus() throws Exception {
    try (var receiving = Receiving.with(Receiving.BOTH)) {
      var protobuf = post(receiving, "/v1/traces", PROTOBUF, "nonsense".getBytes(UTF_8));
      var json = post(receiving, "/v1/traces", JSON, "{\"resourceSpans\":[1".getBytes(UTF_8));

      assertThat(protobuf.statusCode()).isEqualTo(400);
      assertThat(Status.parseFrom(protobuf.body()).getCode()).isEqualTo(3);
      assertThat(Status.parseFrom(protobuf.body()).getMessage())
          .startsWith("not an OTLP traces request: ")
          .contains("at byte ");
      assertThat(json.statusCode()).isEqualTo(400);
      assertThat(RpcStatus.ofJson(json.body()).code()).isEqualTo(3);
      assertThat(receiving.traces.batches()).isEmpty();
    }
  }

  @Test
  void emptyRequest_isAcceptedAndGoesNoFurther() throws Exception {
    try (var receiving = Receiving.with(Receiving.BOTH)) {
      assertThat(post(receiving, "/v1/traces", PROTOBUF, new byte[0]).statusCode()).isEqualTo(200);
      assertThat(post(receiving, "/v1/traces", JSON, "{}".getBytes(UTF_8)).statusCode())
          .isEqualTo(200);
      assertThat(receiving.traces.batches()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/grpc", "x", "application/x-protobuf2"})
  void anotherContentType_gets415(String type) throws Exception {
    try (var receiving = Receiving.with(Receiving.BOTH)) {
      var response = post(receiving, "/v1/traces", type, Otlp.traces(1).toOtlp());

      assertThat(response.statusCode()).isEqualTo(415);
      assertThat(new String(response.body(), UTF_8)).contains(PROTOBUF, JSON);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE", "OPTIONS"})
  void anotherMethod_gets405AndTheRightOne(String method) throws Exception {
    try (var receiving = Receiving.with(Receiving.BOTH)) {
      var response =
          send(
              HttpRequest.newBuilder(receiving.http("/v1/traces"))
                  .method(method, HttpRequest.BodyPublishers.noBody()));

      assertThat(response.statusCode()).isEqualTo(405);
      assertThat(response.headers().firstValue("allow")).hasValue("POST");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/v1/trace", "/v1/traces/", "/v2/traces"})
  void unknownPath_gets404AndTheKnownOnes(String path) throws Exception {
    try (var receiving = Receiving.with(Receiving.BOTH)) {
      var response = post(receiving, path, PROTOBUF, Otlp.traces(1).toOtlp());

      assertThat(response.statusCode()).isEqualTo(404);
      assertThat(Status.parseFrom(response.body()).getMessage()).contains("/v1/traces");
    }
  }

  @Test
  void signalThatNoPipelineTakes_gets404() throws Exception {
    try (var receiving = Receiving.onlyTraces()) {
      assertThat(post(receiving, "/v1/logs", PROTOBUF, Otlp.logs(1).toOtlp()).statusCode())
          .isEqualTo(404);
      assertThat(post(receiving, "/v1/traces", PROTOBUF, Otlp.traces(1).toOtlp()).statusCode())
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({"application/x-protobuf", "application/json"})
  void tooLarge_gets413WithAStatus(String type) throws Exception {
    String yaml = "protocols: {http: {endpoint: 'localhost:0', max_request_body_size: 100}}";
    try (var receiving = Receiving.with(yaml)) {
      var plain = post(receiving, "/v1/traces", type, new byte[101]);
      var packed =
          send(
              HttpRequest.newBuilder(receiving.http("/v1/traces"))
                  .header("Content-Type", type)
                  .header("Content-Encoding", "gzip")
                  .POST(HttpRequest.BodyPublishers.ofByteArray(gzip(new byte[10_000]))));

      for (var response : java.util.List.of(plain, packed)) {
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.headers().firstValue("content-type")).hasValue(type);
        var message =
            type.equals(JSON)
                ? RpcStatus.ofJson(response.body()).message()
                : Status.parseFrom(response.body()).getMessage();
        assertThat(message).contains("max_request_body_size, 100 bytes");
      }
    }
  }

  @Test
  void otherPaths_areServedInsteadOfTheUsualOnes() throws Exception {
    String yaml = "protocols: {http: {endpoint: 'localhost:0', traces_url_path: in/spans}}";
    try (var receiving = Receiving.with(yaml)) {
      assertThat(post(receiving, "/in/spans", PROTOBUF, Otlp.traces(1).toOtlp()).statusCode())
          .isEqualTo(200);
      assertThat(post(receiving, "/v1/traces", PROTOBUF, Otlp.traces(1).toOtlp()).statusCode())
          .isEqualTo(404);
    }
  }

  @Test
  void page_mayAskWhetherItMaySend() throws Exception {
    String yaml =
        "protocols: {http: {endpoint: 'localhost:0', cors: {allowed_origins: ['https://*.shop.example']}}}";
    try (var receiving = Receiving.with(yaml)) {
      // The JDK's client does not let a program set Origin, so this goes by socket.
      try (var socket = new java.net.Socket("localhost", receiving.receiver.httpPort())) {
        socket
            .getOutputStream()
            .write(
                ("OPTIONS /v1/traces HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
                        + "Origin: https://eu.shop.example\r\n"
                        + "Access-Control-Request-Method: POST\r\n"
                        + "Access-Control-Request-Headers: content-type\r\n\r\n")
                    .getBytes(UTF_8));
        assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
            .startsWith("HTTP/1.1 204")
            .contains("Access-Control-Allow-Origin: https://eu.shop.example");
      }
    }
  }

  private HttpResponse<byte[]> post(Receiving receiving, String path, String type, byte[] body)
      throws Exception {
    return send(
        HttpRequest.newBuilder(receiving.http(path))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return client.send(
        request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static byte[] gzip(byte[] plain) throws Exception {
    var packed = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(packed)) {
      out.write(plain);
    }
    return packed.toByteArray();
  }
}
