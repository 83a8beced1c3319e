package io.raybridge.aws;

import io.raybridge.transport.client.Headers;
import io.raybridge.transport.client.HttpClient;
import io.raybridge.transport.client.HttpClientSettings;
import io.raybridge.transport.client.HttpRequest;
import io.raybridge.transport.client.Origin;
import io.raybridge.transport.client.Slice;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Lets the AWS SDK's clients send as all else here does, by the same proxies and authorities: the
 * SDK's own client asks HTTP_PROXY for https too, and knows no certificate_file_path. Meant for a
 * call an hour, so that it keeps no connection.
 */
record SdkHttp(HttpClientSettings settings, Duration timeout) implements SdkHttpClient {
  @Override
  public String clientName() {
    return "raybridge";
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new Call(request);
  }

  @Override
  public void close() {
    // Nothing is kept.
  }

  private final class Call implements ExecutableHttpRequest {
    private final HttpExecuteRequest request;

    Call(HttpExecuteRequest request) {
      this.request = request;
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
      try (var http = new HttpClient(settings)) {
        var response = http.send(translated());
        var answer = SdkHttpResponse.builder().statusCode(response.status());
        response.headers().forEach(answer::appendHeader);
        var body = AbortableInputStream.create(new ByteArrayInputStream(response.body()));
        return HttpExecuteResponse.builder().response(answer.build()).responseBody(body).build();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        var interrupted = new InterruptedIOException("interrupted");
        interrupted.initCause(e);
        throw interrupted;
      }
    }

    private HttpRequest translated() throws IOException {
      var from = request.httpRequest();
      var headers = new Headers();
      from.forEachHeader((name, values) -> {
        // Both are the client's to write.
        if (name.equalsIgnoreCase("host") || name.equalsIgnoreCase("content-length")) return;
        for (var value : values) headers.add(name, value);
      });
      var path = from.encodedPath().isEmpty() ? "/" : from.encodedPath();
      var query = from.encodedQueryParameters().map(text -> "?" + text).orElse("");
      return new HttpRequest(
          from.method().name(), Origin.of(from.getUri()), path + query, headers, body(), timeout);
    }

    private List<Slice> body() throws IOException {
      if (request.contentStreamProvider().isEmpty()) return List.of();
      try (InputStream in = request.contentStreamProvider().get().newStream()) {
        return List.of(Slice.of(in.readAllBytes()));
      }
    }

    @Override
    public void abort() {
      // The request's own time-out ends it.
    }
  }
}
