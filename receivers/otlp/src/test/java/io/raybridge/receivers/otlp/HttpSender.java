package io.raybridge.receivers.otlp;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.raybridge.api.Outcome;
import io.raybridge.data.Batch;
import io.raybridge.data.ExportResponse;
import io.raybridge.data.Logs;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Metrics;
import io.raybridge.data.RpcStatus;
import io.raybridge.data.Traces;
import io.raybridge.testkit.ReceiverContract;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The JDK's HTTP client, reading answers as the OTLP specification says. */
final class HttpSender implements ReceiverContract.Client {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port;
  private final boolean json;

  HttpSender(int port, boolean json) {
    this.port = port;
    this.json = json;
  }

  @Override
  public Outcome send(Batch batch) throws IOException, InterruptedException {
    byte[] body =
        switch (batch) {
          case Traces traces -> json ? traces.toOtlpJson() : traces.toOtlp();
          case Metrics metrics -> json ? metrics.toOtlpJson() : metrics.toOtlp();
          case Logs logs -> json ? logs.toOtlpJson() : logs.toOtlp();
        };
    var response = post("/v1/" + batch.signal().key(), type(), body);
    if (response.statusCode() != 404
        && !response.headers().firstValue("content-type").orElse("").equals(type())) {
      throw new AssertionError("answered in " + response.headers().map());
    }
    try {
      return outcome(response);
    } catch (MalformedBatchException e) {
      throw new AssertionError(e);
    }
  }

  HttpResponse<byte[]> post(String path, String type, byte[] body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private String type() {
    return json ? "application/json" : "application/x-protobuf";
  }

  private Outcome outcome(HttpResponse<byte[]> response)
      throws IOException, MalformedBatchException {
    byte[] body = response.body();
    if (response.statusCode() == 200) {
      if (json) {
        var answer = ExportResponse.ofOtlpJson(body);
        return GrpcSender.outcome(answer.rejectedItems(), answer.message());
      }
      // The three responses differ in nothing but names.
      var partial = ExportTraceServiceResponse.parseFrom(body).getPartialSuccess();
      return GrpcSender.outcome(partial.getRejectedSpans(), partial.getErrorMessage());
    }
    var status = json ? RpcStatus.ofJson(body) : oracle(body);
    return switch (response.statusCode()) {
      case 429 ->
          new Outcome.Retry(Outcome.Cause.OVERLOADED, status.message(), delay(response, status));
      case 503 ->
          new Outcome.Retry(Outcome.Cause.UNAVAILABLE, status.message(), delay(response, status));
      case 400 -> Outcome.invalid(status.message());
      default -> Outcome.failed(response.statusCode() + " " + status.message());
    };
  }

  private static Duration delay(HttpResponse<byte[]> response, RpcStatus status) {
    var header =
        response.headers().firstValue("retry-after").map(Long::parseLong).map(Duration::ofSeconds);
    var exact = status.retryDelay();
    // The header knows whole seconds only: never sooner than what the body says.
    var expected =
        exact == null ? null : Duration.ofSeconds(exact.plusNanos(999_999_999).toSeconds());
    if (!header.equals(java.util.Optional.ofNullable(expected))) {
      throw new AssertionError("Retry-After " + header + ", RetryInfo " + exact);
    }
    return exact;
  }

  private static RpcStatus oracle(byte[] body) throws InvalidProtocolBufferException {
    var status = Status.parseFrom(body);
    if (status.getDetailsCount() == 0) {
      return new RpcStatus(status.getCode(), status.getMessage(), null);
    }
    var delay = status.getDetails(0).unpack(RetryInfo.class).getRetryDelay();
    return new RpcStatus(
        status.getCode(),
        status.getMessage(),
        Duration.ofSeconds(delay.getSeconds(), delay.getNanos()));
  }

  @Override
  public void close() {
    client.close();
  }
}
