package io.raybridge.distribution;

import io.raybridge.data.Traces;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Sends batches over OTLP/HTTP, as they are. */
final class OtlpClient {
  private final HttpClient client = HttpClient.newHttpClient();
  private final URI uri;

  OtlpClient(int port) {
    uri = URI.create("http://127.0.0.1:" + port + "/v1/traces");
  }

  /**
   * The status of the answer.
   *
   * @param fields to send beside the batch, as name, value, name, value
   */
  int send(Traces batch, String... fields) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(uri);
    if (fields.length > 0) request.headers(fields);
    request
        .header("Content-Type", "application/x-protobuf")
        .POST(HttpRequest.BodyPublishers.ofByteArray(batch.toOtlp()));
    return client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }
}
