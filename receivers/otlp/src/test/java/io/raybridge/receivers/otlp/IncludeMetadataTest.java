package io.raybridge.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.raybridge.data.Batch;
import io.raybridge.testkit.Otlp;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code include_metadata}: what clients send beside their batches, over both protocols. */
class IncludeMetadataTest {
  private static final String KEPT =
      "protocols: {grpc: {endpoint: 'localhost:0', include_metadata: true},"
          + " http: {endpoint: 'localhost:0', include_metadata: true}}";

  @Test
  void fieldsOfGrpc_comeAlong() throws Exception {
    try (var receiving = Receiving.with(KEPT)) {
      overGrpc(receiving);

      var client = receiving.metrics.only().client();
      assertThat(client.get("X-Tenant")).containsExactly("shop", "second");
      assertThat(client.get("content-type")).containsExactly("application/grpc");
      assertThat(client.get("x-raw-bin")).containsExactly("AQI");
      assertThat(client.get("host")).containsExactly("localhost:" + receiving.receiver.grpcPort());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fieldsOfHttp_comeAlong(boolean json) throws Exception {
    try (var receiving = Receiving.with(KEPT)) {
      overHttp(receiving, json);

      var client = receiving.metrics.only().client();
      assertThat(client.get("x-tenant")).containsExactly("shop", "second");
      assertThat(client.get("Content-Type"))
          .containsExactly(json ? "application/json" : "application/x-protobuf");
      assertThat(client.get("host")).containsExactly("localhost:" + receiving.receiver.httpPort());
    }
  }

  @Test
  void withoutIt_nothingIsKept() throws Exception {
    try (var receiving = Receiving.with(Receiving.BOTH)) {
      overGrpc(receiving);
      overHttp(receiving, false);
      overHttp(receiving, true);

      assertThat(receiving.metrics.batches())
          .hasSize(3)
          .extracting(Batch::client)
          .containsOnlyNulls();
    }
  }

  private static void overGrpc(Receiving receiving) throws Exception {
    try (var sender = new GrpcSender(receiving.receiver.grpcPort())) {
      var fields = new Metadata();
      var tenant = Metadata.Key.of("x-tenant", Metadata.ASCII_STRING_MARSHALLER);
      fields.put(tenant, "shop");
      fields.put(tenant, "second");
      fields.put(Metadata.Key.of("x-raw-bin", Metadata.BINARY_BYTE_MARSHALLER), new byte[] {1, 2});
      var answer =
          MetricsServiceGrpc.newBlockingStub(sender.channel())
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(fields))
              .export(ExportMetricsServiceRequest.parseFrom(Otlp.metrics(1).toOtlp()));
      assertThat(answer.hasPartialSuccess()).isFalse();
    }
  }

  private static void overHttp(Receiving receiving, boolean json) throws Exception {
    var batch = Otlp.metrics(1);
    var request =
        HttpRequest.newBuilder(receiving.http("/v1/metrics"))
            .header("Content-Type", json ? "application/json" : "application/x-protobuf")
            .header("X-Tenant", "shop")
            .header("x-tenant", "second")
            .POST(
                HttpRequest.BodyPublishers.ofByteArray(json ? batch.toOtlpJson() : batch.toOtlp()));
    try (var client = HttpClient.newHttpClient()) {
      assertThat(client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(200);
    }
  }
}
