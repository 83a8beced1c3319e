package io.raybridge.receivers.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.raybridge.api.Outcome;
import io.raybridge.config.Binder;
import io.raybridge.testkit.Otlp;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtlpReceiverTest {
  @Test
  void bytesThatAreNotOtlp_getInvalidArgument() throws Exception {
    try (var receiving = Receiving.with(Receiving.BOTH);
        var client = new GrpcSender(receiving.receiver.grpcPort())) {
      var anyBytes =
          TraceServiceGrpc.getExportMethod().toBuilder(Raw.INSTANCE, Raw.INSTANCE).build();

      assertThatThrownBy(() -> call(client, anyBytes, "nonsense".getBytes()))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> {
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
                assertThat(e.getStatus().getDescription())
                    .startsWith("not an OTLP traces request: ");
              });
      assertThat(call(client, anyBytes, new byte[0])).isEmpty();
      assertThat(receiving.traces.batches()).isEmpty();
    }
  }

  @Test
  void signalThatNoPipelineTakes_getsUnimplemented() throws Exception {
    try (var receiving = Receiving.onlyTraces();
        var client = new GrpcSender(receiving.receiver.grpcPort())) {
      var logs = LogsServiceGrpc.getExportMethod().toBuilder(Raw.INSTANCE, Raw.INSTANCE).build();

      assertThatThrownBy(() -> call(client, logs, new byte[0]))
          .hasMessageStartingWith("UNIMPLEMENTED");
      assertThat(client.send(Otlp.traces(1))).isEqualTo(Outcome.ACCEPTED);
    }
  }

  @Test
  void longReason_isCutToWhatAHeaderBears() throws Exception {
    try (var receiving = Receiving.with(Receiving.BOTH);
        var client = new GrpcSender(receiving.receiver.grpcPort())) {
      receiving.traces.answering(Outcome.invalid("x".repeat(100_000)));

      assertThat(client.send(Otlp.traces(1)))
          .isInstanceOfSatisfying(
              Outcome.Rejected.class, rejected -> assertThat(rejected.reason()).hasSize(1000));
    }
  }

  @Test
  void overloadWithoutATime_stillSaysToComeAgain() throws Exception {
    try (var receiving = Receiving.with(Receiving.BOTH);
        var client = new GrpcSender(receiving.receiver.grpcPort())) {
      receiving.traces.answering(new Outcome.Retry(Outcome.Cause.OVERLOADED, "full", null));

      assertThat(((Outcome.Retry) client.send(Otlp.traces(1))).after()).isPositive();
    }
  }

  @ParameterizedTest
  @CsvSource({"grpc, http", "http, grpc"})
  void portInUse_isNamedAndTheOtherPortIsGivenBack(String broken, String sound) throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"));
        var free = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
      int soundPort = free.getLocalPort();
      free.close();
      String yaml =
          "protocols: {%s: {endpoint: 'localhost:%d'}, %s: {endpoint: 'localhost:%d'}}"
              .formatted(broken, taken.getLocalPort(), sound, soundPort);

      assertThatThrownBy(() -> Receiving.with(yaml))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(broken + " endpoint localhost:" + taken.getLocalPort())
          .hasMessageContaining("in use by another process");
      new ServerSocket(soundPort, 1, InetAddress.getByName("localhost")).close();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "protocols: {http: {traces_url_path: /a, logs_url_path: a}} | two signals have the same path",
        "protocols: {grpc: {endpoint: 4317}} | expected: host:port",
        "protocols: {grpc: {endpoint: 'localhost:99999'}} | expected: host:port",
        "protocols: {grpc: {transport: unix}} | expected: tcp",
        "protocols: {grpc: {auth: {authenticator: a}}} | auth",
        "protocols: {grpc: {max_recv_msg_size_mib: -1}} | max_recv_msg_size_mib",
        "protocols: {http: {compression_algorithms: [lz4]}} | lz4",
        "protocols: {http: {tls: {}}} | cert_file",
        "protocols: {thrift: {}} | thrift",
        "protocols: {} | names no protocol",
      })
  void wrongConfiguration_isRefused(String yaml, String message) {
    assertThat(Binder.bind(OtlpReceiverConfig.class, yaml).problems().toString()).contains(message);
  }

  @Test
  void keysOfTheGoReceiver_areAllKnown() {
    String yaml =
        """
        protocols:
          grpc:
            endpoint: localhost:0
            transport: tcp
            dialer: {timeout: 1s}
            tls: {cert_file: a, key_file: b, client_ca_file: c, client_ca_file_reload: true}
            max_recv_msg_size_mib: 8
            max_concurrent_streams: 16
            read_buffer_size: 524288
            write_buffer_size: 1024
            keepalive:
              server_parameters:
                max_connection_idle: 11s
                max_connection_age: 12s
                max_connection_age_grace: 13s
                time: 30s
                timeout: 5s
              enforcement_policy: {min_time: 10s, permit_without_stream: true}
            include_metadata: true
          http:
            endpoint: localhost:0
            tls: {cert_file: a, key_file: b}
            cors: {allowed_origins: ['*'], allowed_headers: [x], exposed_headers: [y], max_age: 7200}
            max_request_body_size: 1000
            include_metadata: true
            response_headers: {X-A: b}
            compression_algorithms: ['', gzip]
            read_timeout: 1s
            read_header_timeout: 1s
            write_timeout: 1s
            idle_timeout: 1s
            keep_alives_enabled: false
            traces_url_path: /t
            metrics_url_path: /m
            logs_url_path: /l
        """;

    assertThat(Binder.bind(OtlpReceiverConfig.class, yaml).problems()).isEmpty();
  }

  private static byte[] call(
      GrpcSender client, MethodDescriptor<byte[], byte[]> method, byte[] message) {
    var options = CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS);
    return ClientCalls.blockingUnaryCall(client.channel(), method, options, message);
  }

  private enum Raw implements MethodDescriptor.Marshaller<byte[]> {
    INSTANCE;

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
