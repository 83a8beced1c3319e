package io.raybridge.transport;

import io.raybridge.api.Clock;
import io.raybridge.api.Deadline;
import io.raybridge.api.Kind;
import io.raybridge.config.Binder;
import io.raybridge.testkit.TestContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP server under test, made from YAML, that keeps what its handler was given. */
final class Serving implements AutoCloseable {
  final List<Request> requests = new CopyOnWriteArrayList<>();
  final TestContext context = TestContext.of(Kind.RECEIVER, "test");
  final MemoryBudget budget;
  final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  private Serving(String yaml, HttpTimeouts timeouts, MemoryBudget budget, Handler handler)
      throws IOException {
    this.budget = budget;
    var config = Binder.bind(HttpServerConfig.class, yaml).orThrow();
    server =
        HttpServer.start(
            context.context(),
            "http",
            "localhost:0",
            config,
            timeouts,
            Integer.MAX_VALUE,
            new Recording(handler),
            budget);
  }

  private final class Recording implements Handler {
    private final Handler handler;

    Recording(Handler handler) {
      this.handler = handler;
    }

    @Override
    public Response handle(Request request) {
      requests.add(request);
      return handler.handle(request);
    }

    @Override
    public Step begin(Request request) {
      requests.add(request);
      return handler.begin(request);
    }
  }

  /** Answers 200 with the length of the body. */
  static Serving with(String yaml) throws IOException {
    return with(yaml, Serving::length);
  }

  static Serving with(String yaml, Handler handler) throws IOException {
    return new Serving(yaml, HttpTimeouts.DEFAULT, new MemoryBudget(64 << 20), handler);
  }

  static Serving with(HttpTimeouts timeouts) throws IOException {
    return with(timeouts, Serving::length);
  }

  static Serving with(HttpTimeouts timeouts, Handler handler) throws IOException {
    return new Serving("{}", timeouts, new MemoryBudget(64 << 20), handler);
  }

  static Serving with(MemoryBudget budget, Handler handler) throws IOException {
    return new Serving("{}", HttpTimeouts.DEFAULT, budget, handler);
  }

  private static Response length(Request request) {
    return Response.text(200, Integer.toString(request.body().length));
  }

  URI uri(String path) {
    return URI.create("http://localhost:" + server.port() + path);
  }

  HttpResponse<String> post(byte[] body, String... headers) throws Exception {
    var request =
        HttpRequest.newBuilder(uri("/")).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(
        request.timeout(Duration.ofSeconds(30)).build(),
        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  RawClient raw() throws IOException {
    return new RawClient(server.port());
  }

  @Override
  public void close() {
    server.stop(Deadline.in(Duration.ofSeconds(5), Clock.SYSTEM));
    client.close();
  }
}
