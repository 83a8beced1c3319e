package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Clock;
import io.raybridge.api.Deadline;
import io.raybridge.api.Kind;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Traces;
import io.raybridge.testkit.Numbered;
import io.raybridge.testkit.TestContext;
import io.raybridge.transport.GrpcMethod;
import io.raybridge.transport.GrpcServer;
import io.raybridge.transport.GrpcServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Exporter {@code otlp} before several peers, of which one goes while spans are sent. */
@Timeout(180)
@EnabledOnOs(value = OS.LINUX, disabledReason = "needs 127.0.0.2")
class LostPeerTest {
  private static final int REQUESTS = 300;
  private static final int SPANS = 5;
  private static final Deadline AT_ONCE = Deadline.in(Duration.ZERO, Clock.SYSTEM);

  @TempDir Path dir;
  private final Set<Long> arrived = ConcurrentHashMap.newKeySet();
  private final List<GrpcServer> peers = new ArrayList<>();
  private final AtomicInteger[] calls = {
    new AtomicInteger(), new AtomicInteger(), new AtomicInteger()
  };

  @Test
  void whatAPeerThatGoesHadToGet_goesToTheOthers() throws Exception {
    int port = CollectorProcess.freePort();
    int http = CollectorProcess.freePort();
    var lines = new StringBuilder();
    for (int i = 0; i < calls.length; i++) {
      lines.append("127.0.0.").append(i + 1).append(" peers\n");
      peers.add(peer(i, port));
    }
    var hosts = Files.writeString(dir.resolve("hosts"), lines);
    String yaml =
        """
        receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:%d"}}}}
        exporters:
          otlp:
            endpoint: peers:%d
            tls: {insecure: true}
            compression: none
            retry_on_failure: {initial_interval: 10ms, max_interval: 100ms}
        service:
          telemetry: {metrics: {level: none}}
          pipelines: {traces: {receivers: [otlp], exporters: [otlp]}}
        """
            .formatted(http, port);
    try (var collector =
        CollectorProcess.launch(
            dir, yaml, Map.of("JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + hosts))) {
      collector.await("\tready");
      var client = new OtlpClient(http);
      for (int i = 0; i < REQUESTS; i++) {
        assertThat(client.send(Numbered.traces((long) i * SPANS, SPANS))).isEqualTo(200);
        if (i == REQUESTS / 3) peers.get(1).stop(AT_ONCE);
      }
      assertThat(collector.terminate()).as(collector.toString()).isZero();
    } finally {
      for (var peer : peers) peer.stop(AT_ONCE);
    }

    assertThat(calls).allMatch(count -> count.get() > 0);
    assertThat(arrived)
        .containsExactlyInAnyOrderElementsOf(
            LongStream.range(0, (long) REQUESTS * SPANS).boxed().toList());
  }

  private GrpcServer peer(int index, int port) throws IOException {
    var method =
        new GrpcMethod() {
          @Override
          public Reply call(byte[] message, Caller caller) {
            calls[index].incrementAndGet();
            try {
              arrived.addAll(Numbered.numbers(Traces.ofOtlp(message)));
              return new Message(new byte[0]);
            } catch (MalformedBatchException e) {
              return new Failure(3, String.valueOf(e.getMessage()), null);
            }
          }

          @Override
          public Failure overloaded(String message) {
            return new Failure(8, message, null);
          }
        };
    return GrpcServer.start(
        TestContext.of(Kind.EXTENSION, "peer").context(),
        "grpc",
        "127.0.0." + (index + 1) + ":" + port,
        GrpcServerConfig.DEFAULT,
        Map.of("opentelemetry.proto.collector.trace.v1.TraceService/Export", method));
  }
}
