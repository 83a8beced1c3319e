package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.data.Traces;
import io.raybridge.testkit.AwsAnswer;
import io.raybridge.testkit.Otlp;
import io.raybridge.testkit.ScriptedAws;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What was acknowledged with {@code storage} outlives the process, however that ends. {@code
 * -Dsurefire.args=-Dkill.rounds=100} kills it a hundred times; docs/reliability.md has the result.
 */
@Timeout(3600)
class DiskQueueTest {
  private static final int ROUNDS = Integer.getInteger("kill.rounds", 3);
  private static final int CLIENTS = 4;
  private static final int SPANS = 5;

  @TempDir Path dir;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final AtomicInteger acknowledgements = new AtomicInteger();

  @Test
  void killedAtRandomMoments_losesNothingThatItAcknowledged() throws Exception {
    killAgainAndAgain("in the queue", "batch: {send_batch_size: 50, timeout: 50ms}");
  }

  /** Where another processor follows it, batch holds spans that nothing else has yet. */
  @Test
  void killedWhileBatchHoldsSpans_losesNothingThatItAcknowledged() throws Exception {
    killAgainAndAgain(
        "in batch",
        """
        batch: {send_batch_size: 1000, timeout: 400ms, storage: file_storage}
          attributes: {actions: [{key: seen, value: yes, action: insert}]}\
        """);
  }

  @Test
  void killedWhileTracesWaitForTheirDecision_losesNothingThatItAcknowledged() throws Exception {
    killAgainAndAgain(
        "in tail_sampling",
        """
        tail_sampling:
            decision_wait: 500ms
            tail_storage: file_storage
            policies: [{name: all, type: always_sample}]
          batch: {send_batch_size: 50, timeout: 50ms}\
        """);
  }

  @Test
  void killedWhileTracesWaitForXraysRules_losesNothingThatItAcknowledged() throws Exception {
    killAgainAndAgain(
        "in xray_sampling",
        """
        xray_sampling:
            decide_on: wait
            decision_wait: 500ms
            storage: file_storage
            rules: {inline: [{name: all, priority: 1, fixed_rate: 1}]}
          batch: {send_batch_size: 50, timeout: 50ms}\
        """);
  }

  private void killAgainAndAgain(String where, String processors) throws Exception {
    int port = CollectorProcess.freePort();
    var random = new SplittableRandom(20260101);
    try (var aws = new ScriptedAws().limit(60);
        var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var config = config(port, aws.url(), processors);
      for (int i = 0; i < CLIENTS; i++) clients.execute(() -> sendUntilInterrupted(port));
      for (int round = 0; round < ROUNDS; round++) {
        try (var collector = CollectorProcess.launch(dir, config, credentials())) {
          collector.await("\tready");
          awaitAcknowledgements(acknowledgements.get() + random.nextInt(100));
          LockSupport.parkNanos(random.nextLong(20_000_000));
          collector.signal("KILL");
          assertThat(collector.exitCode()).as(collector.toString()).isEqualTo(137);
        }
      }
      clients.shutdownNow();

      try (var collector = CollectorProcess.launch(dir, config, credentials())) {
        collector.await("\tready");
        var arrived = awaitAll(aws, collector);
        System.out.printf(
            "%d x kill -9, spans wait %s: %d spans acknowledged, lost %d; %d documents arrived, %d of"
                + " them twice%n",
            ROUNDS,
            where,
            acknowledged.size(),
            acknowledged.stream().filter(id -> !arrived.contains(id)).count(),
            arrived.size(),
            aws.documents().size() - arrived.size());
        assertThat(arrived).containsAll(acknowledged);
        assertThat(acknowledged).hasSizeGreaterThan(ROUNDS);
        assertThat(collector.terminate()).as(collector.toString()).isZero();
      }
    }
  }

  @Test
  void terminatedWhileTheDestinationIsDown_saysWhatItLeavesAndSendsItLater() throws Exception {
    int port = CollectorProcess.freePort();
    try (var aws = new ScriptedAws().always(AwsAnswer.error(503, "ServiceUnavailable"))) {
      var config = config(port, aws.url());
      try (var collector = CollectorProcess.launch(dir, config, credentials())) {
        collector.await("\tready");
        for (int i = 0; i < 10; i++) assertThat(send(port, Otlp.traces(SPANS))).isTrue();
        assertThat(collector.terminate()).as(collector.toString()).isZero();

        assertThat(collector.toString())
            .contains("50 spans stay on disk and are sent after the next start")
            .doesNotContain("were not delivered");
      }
      aws.always(AwsAnswer.ok());
      try (var collector = CollectorProcess.launch(dir, config, credentials())) {
        collector.await("\tready");
        assertThat(awaitAll(aws, collector)).containsAll(acknowledged).hasSize(50);
        assertThat(collector.toString()).contains("50 items in 10 records are left in");
        assertThat(collector.terminate()).as(collector.toString()).isZero();
      }
    }
  }

  @Test
  void secondProcessOnTheSameDirectory_endsAtOnceAndSaysWhy() throws Exception {
    try (var aws = new ScriptedAws();
        var first =
            CollectorProcess.launch(
                dir, config(CollectorProcess.freePort(), aws.url()), credentials())) {
      first.await("\tready");
      try (var second =
          CollectorProcess.launch(
              dir, config(CollectorProcess.freePort(), aws.url()), credentials())) {
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.toString())
            .contains("cannot start exporter awsxray: ")
            .contains("file_storage/exporter_awsxray_traces is in use");
      }
    }
  }

  private void sendUntilInterrupted(int port) {
    while (!Thread.currentThread().isInterrupted()) {
      // Nobody listens between two rounds.
      if (!send(port, Otlp.traces(SPANS))) LockSupport.parkNanos(1_000_000);
    }
  }

  private boolean send(int port, Traces batch) {
    var ids = new ArrayList<String>();
    for (var span : Otlp.spans(batch)) ids.add(HexFormat.of().toHexDigits(span.spanId()));
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/traces"))
            .header("Content-Type", "application/x-protobuf")
            .timeout(Duration.ofSeconds(30))
            .POST(BodyPublishers.ofByteArray(batch.toOtlp()))
            .build();
    try {
      if (http.send(request, BodyHandlers.discarding()).statusCode() != 200) return false;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    acknowledged.addAll(ids);
    synchronized (acknowledgements) {
      acknowledgements.incrementAndGet();
      acknowledgements.notifyAll();
    }
    return true;
  }

  private void awaitAcknowledgements(int count) throws InterruptedException {
    synchronized (acknowledgements) {
      while (acknowledgements.get() < count) acknowledgements.wait();
    }
  }

  /** Waits until all that was acknowledged has arrived, as long as something still arrives. */
  private Set<String> awaitAll(ScriptedAws aws, CollectorProcess collector)
      throws InterruptedException {
    while (true) {
      // Both are looked at before the ids: what comes after that ends the wait at once. A call is
      // there before its documents are.
      int calls = aws.calls().size();
      int documents = aws.documentCount();
      Set<String> arrived = new HashSet<>(aws.documentIds());
      if (arrived.containsAll(acknowledged)) return arrived;
      try {
        aws.await(now -> now.calls().size() > calls || now.documentCount() > documents);
      } catch (AssertionError e) {
        var missing = new HashSet<>(acknowledged);
        missing.removeAll(arrived);
        throw new AssertionError(e.getMessage() + "; missing: " + missing + "\n" + collector, e);
      }
    }
  }

  private static String config(int port, URI aws) {
    return config(port, aws, "batch: {send_batch_size: 50, timeout: 50ms}");
  }

  private static String config(int port, URI aws, String processors) {
    var names =
        processors
            .lines()
            .map(String::stripTrailing)
            .filter(line -> line.matches("( {2})?\\w+:.*"))
            .map(line -> line.strip().replaceAll(":.*", ""))
            .toList();
    return """
    receivers:
      otlp: {protocols: {http: {endpoint: "127.0.0.1:%d"}}}
    processors:
      %s
    exporters:
      awsxray:
        region: us-east-1
        endpoint: %s
        retry_on_failure: {initial_interval: 50ms, max_interval: 500ms, max_elapsed_time: 0s}
        sending_queue: {storage: file_storage, queue_size: 100000}
    extensions:
      file_storage: {}
    service:
      extensions: [file_storage]
      telemetry: {metrics: {level: none}}
      pipelines:
        traces: {receivers: [otlp], processors: %s, exporters: [awsxray]}
    """
        .formatted(port, processors, aws, names);
  }

  private static Map<String, String> credentials() {
    return Map.of("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY", "secret");
  }
}
