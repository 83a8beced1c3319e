package io.raybridge.interop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** X-Ray's sampling rules in an account where one rule asks for every trace. */
final class SamplingRules implements AutoCloseable {
  static final String RULE = "everything";

  private final HttpServer server;
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();

  SamplingRules() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(requests);
    answer(
        "/GetSamplingRules",
        """
        {"SamplingRuleRecords":[{"CreatedAt":1.7E9,"ModifiedAt":1.7E9,"SamplingRule":{"RuleName":"%s",
        "RuleARN":"arn:aws:xray:us-east-1:123456789012:sampling-rule/everything","ResourceARN":"*",
        "Priority":1,"FixedRate":1.0,"ReservoirSize":0,"ServiceName":"*","ServiceType":"*","Host":"*",
        "HTTPMethod":"*","URLPath":"*","Version":1,"Attributes":{}}}]}
        """
            .formatted(RULE));
    answer(
        "/SamplingTargets",
        """
        {"SamplingTargetDocuments":[],"LastRuleModification":1.7E9,"UnprocessedStatistics":[]}
        """);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(String path, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    server.createContext(path, exchange -> answer(exchange, body));
  }

  private static void answer(HttpExchange exchange, byte[] body) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    requests.close();
  }
}
