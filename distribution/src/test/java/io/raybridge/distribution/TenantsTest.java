package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.raybridge.config.Binder;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Traces;
import io.raybridge.testkit.Numbered;
import io.raybridge.transport.GrpcClient;
import io.raybridge.transport.GrpcClientConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tenants that say who they are in a header field, through a whole collector: their spans are
 * batched, and never with each other's.
 */
@Timeout(180)
class TenantsTest {
  private static final int TENANTS = 3;
  private static final int REQUESTS = 20;
  private static final int SPANS = 5;

  /** Which tenant a span is of can be told by its number. */
  private static final long APART = 1_000_000;

  @TempDir Path dir;
  private final List<List<Long>> arrived = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private HttpServer upstream;

  @BeforeEach
  void open() throws IOException {
    upstream = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    upstream.createContext(
        "/v1/traces",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          int answer = status;
          try {
            if (answer == 200) arrived.add(Numbered.numbers(Traces.ofOtlp(body)));
          } catch (MalformedBatchException e) {
            answer = 400;
          }
          exchange.sendResponseHeaders(answer, -1);
          exchange.close();
        });
    upstream.start();
  }

  @AfterEach
  void close() {
    upstream.stop(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // The queue's own key.
        "processors: []|partition: {metadata_keys: [X-Tenant]}",
        // Those of batch, which the queue carries out.
        "processors: [batch]|",
        // And where batch works itself, in front of a queue that keeps apart what comes.
        "processors: [batch, attributes]|partition: {metadata_keys: [x-tenant]}",
      })
  void tenants_areBatchedApart(String how) throws Exception {
    int http = CollectorProcess.freePort();
    int grpc = CollectorProcess.freePort();
    var parts = how.split("\\|", -1);
    String batch = parts[1].isEmpty() ? "" : "batch: {flush_timeout: 1s, " + parts[1] + "}";
    String yaml = config(http, grpc, parts[0], batch, "");
    try (var collector = CollectorProcess.start(dir, yaml)) {
      sendAll(http, grpc);
      assertThat(collector.terminate()).as(collector.toString()).isZero();
    }

    assertApart();
    // Each tenant's spans together, and not one request each.
    assertThat(arrived).hasSizeLessThan(TENANTS * REQUESTS / 2);
  }

  @Test
  void tenantsOnDisk_areApartAfterKillToo() throws Exception {
    int http = CollectorProcess.freePort();
    int grpc = CollectorProcess.freePort();
    String yaml =
        config(
            http,
            grpc,
            "processors: []",
            "storage: file_storage, batch: {flush_timeout: 1s, partition: {metadata_keys: [x-tenant]}}",
            "file_storage: {directory: \"" + dir.resolve("queue") + "\", create_directory: true}");
    status = 503;
    try (var collector = CollectorProcess.start(dir, yaml)) {
      sendAll(http, grpc);
      collector.signal("KILL");
      assertThat(collector.exitCode()).isNotZero();
    }
    status = 200;
    try (var collector = CollectorProcess.start(dir, yaml)) {
      assertThat(collector.terminate()).as(collector.toString()).isZero();
    }

    assertApart();
  }

  /** From all tenants at the same time, over both protocols. */
  private static void sendAll(int http, int grpc) throws Exception {
    var overHttp = new OtlpClient(http);
    var target =
        Binder.bind(
                GrpcClientConfig.class, "endpoint: 127.0.0.1:" + grpc + "\ntls: {insecure: true}")
            .orThrow();
    List<Callable<Boolean>> sends = new ArrayList<>();
    try (var overGrpc = new GrpcClient(target);
        var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < REQUESTS; i++) {
        for (int tenant = 0; tenant < TENANTS; tenant++) {
          var batch = Numbered.traces(tenant * APART + (long) i * SPANS, SPANS);
          String name = "tenant-" + tenant;
          sends.add(
              i % 2 == 0
                  ? () -> overHttp.send(batch, "X-Tenant", name) == 200
                  : () -> isTaken(overGrpc, batch, name));
        }
      }
      for (var sent : clients.invokeAll(sends)) assertThat(sent.get()).isTrue();
    }
  }

  private static boolean isTaken(GrpcClient client, Traces batch, String tenant)
      throws InterruptedException {
    var answer =
        client.call(
            "opentelemetry.proto.collector.trace.v1.TraceService/Export",
            batch.otlpChunks(),
            Duration.ofSeconds(30),
            Map.of("x-tenant", tenant));
    return answer instanceof GrpcClient.Answer.Message;
  }

  private void assertApart() {
    var all = new ArrayList<Long>();
    for (var request : arrived) {
      assertThat(request.stream().map(number -> number / APART).distinct()).hasSize(1);
      all.addAll(request);
    }
    var expected =
        LongStream.range(0, TENANTS)
            .boxed()
            .flatMap(tenant ->
                LongStream.range(0, (long) REQUESTS * SPANS).mapToObj(n -> tenant * APART + n))
            .toList();
    assertThat(all).containsExactlyInAnyOrderElementsOf(expected);
  }

  private String config(int http, int grpc, String processors, String queue, String extension) {
    return """
    receivers:
      otlp:
        protocols:
          http: {endpoint: "127.0.0.1:%d", include_metadata: true}
          grpc: {endpoint: "127.0.0.1:%d", include_metadata: true}
    processors:
      batch: {timeout: 1s, metadata_keys: [x-tenant]}
      attributes: {actions: [{key: seen, value: "yes", action: insert}]}
    exporters:
      otlphttp:
        endpoint: "http://127.0.0.1:%d"
        compression: none
        sending_queue: {%s}
    extensions: {%s}
    service:
      extensions: [%s]
      telemetry: {metrics: {level: none}}
      pipelines: {traces: {receivers: [otlp], %s, exporters: [otlphttp]}}
    """
        .formatted(
            http,
            grpc,
            upstream.getAddress().getPort(),
            queue,
            extension,
            extension.isEmpty() ? "" : "file_storage",
            processors);
  }
}
