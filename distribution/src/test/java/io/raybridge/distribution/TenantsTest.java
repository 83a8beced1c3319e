package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.raybridge.api.Clock;
import io.raybridge.api.Deadline;
import io.raybridge.api.Kind;
import io.raybridge.config.Binder;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Traces;
import io.raybridge.testkit.Numbered;
import io.raybridge.testkit.TestContext;
import io.raybridge.transport.GrpcClient;
import io.raybridge.transport.GrpcClientConfig;
import io.raybridge.transport.GrpcMethod;
import io.raybridge.transport.GrpcServer;
import io.raybridge.transport.GrpcServerConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
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

  private static final String OWNER = "X-Scope-OrgID";
  private static final String EXPORT = "opentelemetry.proto.collector.trace.v1.TraceService/Export";

  /** Which tenant a span is of can be told by its number. */
  private static final long APART = 1_000_000;

  @TempDir Path dir;
  private final List<List<Long>> arrived = new CopyOnWriteArrayList<>();
  private final Map<Long, String> owners = new ConcurrentHashMap<>();
  private volatile int status = 200;
  private HttpServer upstream;
  private GrpcServer upstreamOverGrpc;

  @BeforeEach
  void open() throws IOException {
    upstream = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    upstream.createContext(
        "/v1/traces",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          int answer = status;
          if (answer == 200 && !isTaken(body, exchange.getRequestHeaders().getFirst(OWNER))) {
            answer = 400;
          }
          exchange.sendResponseHeaders(answer, -1);
          exchange.close();
        });
    upstream.start();
    upstreamOverGrpc =
        GrpcServer.start(
            TestContext.of(Kind.EXTENSION, "upstream").context(),
            "grpc",
            "127.0.0.1:0",
            GrpcServerConfig.DEFAULT,
            Map.of(EXPORT, new Upstream()));
  }

  @AfterEach
  void close() {
    upstream.stop(0);
    upstreamOverGrpc.stop(Deadline.in(Duration.ZERO, Clock.SYSTEM));
  }

  private final class Upstream implements GrpcMethod {
    @Override
    public Reply call(byte[] message, Caller caller) {
      if (status != 200) return new Failure(14, "not now", null);
      var owner = caller.metadata().get(OWNER);
      boolean taken = isTaken(message, owner.isEmpty() ? null : owner.getFirst());
      return taken ? new Message(new byte[0]) : new Failure(3, "not OTLP", null);
    }

    @Override
    public Failure overloaded(String message) {
      return new Failure(8, message, null);
    }
  }

  private boolean isTaken(byte[] otlp, String owner) {
    try {
      var numbers = Numbered.numbers(Traces.ofOtlp(otlp));
      arrived.add(numbers);
      if (owner != null) for (var number : numbers) owners.put(number, owner);
      return true;
    } catch (MalformedBatchException e) {
      return false;
    }
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
    sendThroughKill(yaml, http, grpc);

    assertApart();
  }

  /** What a killed collector could not send, the next one does. */
  private void sendThroughKill(String yaml, int http, int grpc) throws Exception {
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
  }

  @ParameterizedTest
  @ValueSource(strings = {"otlphttp", "otlp"})
  void backend_isToldWhoseSpansTheyAreAfterKillToo(String exporter) throws Exception {
    int http = CollectorProcess.freePort();
    int grpc = CollectorProcess.freePort();
    String yaml =
        config(
                http,
                grpc,
                "processors: []",
                "storage: file_storage, batch: {flush_timeout: 1s}",
                "file_storage: {directory: \""
                    + dir.resolve("queue")
                    + "\", create_directory: true}")
            .replace(
                "compression: none",
                "compression: none\n    auth: {authenticator: headers_setter}");
    if (exporter.equals("otlp")) {
      yaml =
          yaml.replace("otlphttp", "otlp")
              .replaceFirst(
                  "endpoint: \"http://127.0.0.1:\\d+\"",
                  "endpoint: \"127.0.0.1:"
                      + upstreamOverGrpc.port()
                      + "\"\n    tls: {insecure: true}");
    }
    sendThroughKill(yaml, http, grpc);

    assertApart();
    assertOwners();
  }

  @Test
  void replay_tellsWhoseSpansTheyAreToo() throws Exception {
    int http = CollectorProcess.freePort();
    int grpc = CollectorProcess.freePort();
    String yaml =
        config(http, grpc, "processors: []", "batch: {flush_timeout: 1s}", "")
            .replace(
                "compression: none",
                "compression: none\n    auth: {authenticator: headers_setter}");
    status = 403;
    try (var collector = CollectorProcess.start(dir, yaml)) {
      sendAll(http, grpc);
      assertThat(collector.terminate()).as(collector.toString()).isZero();
    }
    assertThat(arrived).isEmpty();
    List<String> words = new ArrayList<>(List.of("replay", "--config"));
    words.add(dir.resolve("collector.yaml").toString());
    try (var days = Files.list(dir.resolve("data/dead-letters"))) {
      days.forEach(day -> words.add(day.toString()));
    }

    // Refused once more, and in all parts of which each may come back.
    status = 400;
    try (var replay = CollectorProcess.command(dir, Map.of(), words.toArray(String[]::new))) {
      assertThat(replay.exitCode()).as(replay.toString()).isEqualTo(1);
      assertThat(replay.toString()).contains(": 0 sent, ");
    }
    status = 200;
    try (var replay = CollectorProcess.command(dir, Map.of(), words.toArray(String[]::new))) {
      assertThat(replay.exitCode()).as(replay.toString()).isZero();
    }

    assertApart();
    assertOwners();
  }

  private void assertOwners() {
    assertThat(owners).hasSize(TENANTS * REQUESTS * SPANS);
    owners.forEach((number, owner) -> assertThat(owner).isEqualTo("tenant-" + number / APART));
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
                  : () -> isSent(overGrpc, batch, name));
        }
      }
      for (var sent : clients.invokeAll(sends)) assertThat(sent.get()).isTrue();
    }
  }

  private static boolean isSent(GrpcClient client, Traces batch, String tenant)
      throws InterruptedException {
    var answer =
        client.call(EXPORT, batch.otlpChunks(), Duration.ofSeconds(30), Map.of("x-tenant", tenant));
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
    extensions:
      headers_setter:
        headers: [{key: X-Scope-OrgID, from_context: x-tenant, default_value: nobody}]
      %s
    service:
      extensions: [headers_setter%s]
      telemetry: {metrics: {level: none}}
      pipelines: {traces: {receivers: [otlp], %s, exporters: [otlphttp]}}
    """
        .formatted(
            http,
            grpc,
            upstream.getAddress().getPort(),
            queue,
            extension,
            extension.isEmpty() ? "" : ", file_storage",
            processors);
  }
}
