package io.raybridge.interop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes PutTraceSegments as X-Ray does and keeps the documents, or answers as X-Ray does when it is
 * down.
 */
final class XraySink implements AutoCloseable {
  private static final byte[] ACCEPTED =
      "{\"UnprocessedTraceSegments\":[]}".getBytes(StandardCharsets.UTF_8);

  private final HttpServer server;
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
  private final List<JsonNode> documents = new ArrayList<>();
  private final Set<String> signers = ConcurrentHashMap.newKeySet();
  private volatile boolean down;

  XraySink() throws IOException {
    this(InetAddress.getLoopbackAddress());
  }

  XraySink(InetAddress address) throws IOException {
    server = HttpServer.create(new InetSocketAddress(address, 0), 0);
    server.setExecutor(requests);
    server.createContext("/TraceSegments", this::take);
    server.start();
  }

  String endpoint() {
    return "http://"
        + server.getAddress().getAddress().getHostAddress()
        + ":"
        + server.getAddress().getPort();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (down) {
        exchange.sendResponseHeaders(503, -1);
        return;
      }
      signers.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      var body = exchange.getRequestBody();
      if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
        body = new GZIPInputStream(body);
      }
      JsonNode call = JsonMapper.shared().readTree(body.readAllBytes());
      synchronized (documents) {
        for (JsonNode document : call.path("TraceSegmentDocuments")) {
          documents.add(JsonMapper.shared().readTree(document.asString()));
        }
      }
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, ACCEPTED.length);
      exchange.getResponseBody().write(ACCEPTED);
    }
  }

  /** The headers by which calls were signed. */
  Set<String> signers() {
    return signers;
  }

  void down(boolean now) {
    down = now;
  }

  /** All documents so far, in the order they came. */
  List<JsonNode> documents() {
    synchronized (documents) {
      return List.copyOf(documents);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    requests.close();
  }
}
