package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.delivery.DeadLetter;
import io.raybridge.testkit.AwsAnswer;
import io.raybridge.testkit.AwsCall;
import io.raybridge.testkit.Numbered;
import io.raybridge.testkit.ScriptedAws;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A collector in a process of its own, clients that send spans with unique ids, and an AWS that
 * does at random all that an AWS and the way to it can do. In the end every acknowledged span has
 * arrived or is named in the dead letters, twice only where nobody could have known, and the ledger
 * said the truth at every moment.
 *
 * <p>{@code -Dchaos.seconds=180} makes it long, {@code -Dchaos.seed=7} another one.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class AwsChaosTest {
  private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("chaos.seconds", 6));
  private static final long SEED = Long.getLong("chaos.seed", 1);
  private static final int CLIENTS = 4;

  @TempDir Path dir;

  private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicBoolean over = new AtomicBoolean();
  private long scrapes;

  @Test
  void everyAcknowledgedSpan_arrivesOrIsNamed() throws Exception {
    int http = CollectorProcess.freePort();
    int pages = CollectorProcess.freePort();
    try (var aws = new ScriptedAws().withoutCalls();
        var collector = CollectorProcess.start(dir, config(aws, http, pages))) {
      aws.always(AwsAnswer.sometimes(SEED, 0.4, faults(), AwsChaosTest::behave));

      sendWhileAwsMisbehaves(aws, http, pages);
      aws.light().always(AwsChaosTest::behave);
      var last =
          Drops.await(
              pages, drops -> drops.queued() == 0 && drops.accepted() == acknowledged.size());
      assertThat(collector.terminate()).as(collector.toString()).isZero();

      assertThat(acknowledged).hasSizeGreaterThan(100);
      assertThat(last.delivered() + last.dropped()).isEqualTo(last.accepted());
      var letters = letters();
      assertThat(letters).as("dead letters").hasSize((int) last.dropped());
      assertThat(last.delivered()).isPositive();
      assertArrival(aws, letters);
      System.out.printf(
          "chaos %d for %d s: %d spans acknowledged, %d delivered, %d in dead letters, %d documents"
              + " taken, %d scrapes%n",
          SEED,
          LENGTH.toSeconds(),
          last.accepted(),
          last.delivered(),
          last.dropped(),
          aws.documentCount(),
          scrapes);
    }
  }

  private void assertArrival(ScriptedAws aws, Map<Long, DeadLetter> letters) {
    var times = new HashMap<Long, Integer>();
    for (var id : aws.documentIds()) times.merge(Long.parseLong(id, 16), 1, Integer::sum);
    var missing = new TreeSet<>(acknowledged);
    missing.removeAll(times.keySet());
    missing.removeAll(letters.keySet());
    assertThat(missing).as("acknowledged, and neither delivered nor named").isEmpty();
    times.forEach((id, count) ->
        assertThat(count)
            .as("times that %016x came, where it was left unsaid", id)
            .isLessThanOrEqualTo(1 + aws.unsaid("%016x".formatted(id))));
    assertThat(letters.keySet()).allMatch(acknowledged::contains);
    for (long id : acknowledged) {
      if (isPoison(id) || isInvalid(id)) assertThat(letters).containsKey(id);
    }
    assertThat(letters.values()).extracting(DeadLetter::code).contains("InvalidSegment");
  }

  private void sendWhileAwsMisbehaves(ScriptedAws aws, int http, int pages) throws Exception {
    long end = System.nanoTime() + LENGTH.toNanos();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> clients = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        var random = new SplittableRandom(SEED * 100 + client);
        clients.add(threads.submit(client(http, end, random)));
      }
      var scraper = threads.submit(scraper(aws, pages));
      var random = new SplittableRandom(SEED);
      while (System.nanoTime() - end < 0) {
        Thread.sleep(random.nextInt(1_000, 2_000));
        aws.blackHole();
        Thread.sleep(random.nextInt(100, 800));
        aws.light();
      }
      for (var each : clients) each.get();
      over.set(true);
      scraper.get();
    }
  }

  /** Sends until the time is up; what is refused for now comes again, as an SDK does it. */
  private Callable<Void> client(int http, long end, SplittableRandom random) {
    var client = new OtlpClient(http);
    return () -> {
      while (System.nanoTime() - end < 0) {
        int spans = random.nextInt(1, 120);
        long first = numbers.getAndAdd(spans);
        int status = client.send(Numbered.traces(first, spans));
        while (status == 429 || status == 503) {
          Thread.sleep(50);
          status = client.send(Numbered.traces(first, spans));
        }
        assertThat(status).isEqualTo(200);
        for (long n = first; n < first + spans; n++) acknowledged.add(n + 1);
        Thread.sleep(random.nextInt(100, 300));
      }
      return null;
    };
  }

  private Callable<Void> scraper(ScriptedAws aws, int pages) {
    return () -> {
      long accepted = 0;
      while (!over.get()) {
        long told = acknowledged.size();
        var drops = Drops.read(pages);
        long offered = numbers.get();
        assertThat(drops.accepted())
            .isEqualTo(drops.delivered() + drops.queued() + drops.dropped())
            .isBetween(Math.max(accepted, told), offered);
        assertThat(drops.queued()).isNotNegative();
        assertThat(drops.delivered()).isLessThanOrEqualTo(aws.documentCount());
        accepted = drops.accepted();
        scrapes++;
      }
      return null;
    };
  }

  private static List<AwsAnswer> faults() {
    return List.of(
        AwsAnswer.error(429, "ThrottledException"),
        AwsAnswer.error(400, "ThrottlingException"),
        AwsAnswer.retryAfter(503, "ServiceUnavailable", 1),
        AwsAnswer.error(500, "InternalFailure"),
        AwsAnswer.error(403, "ExpiredTokenException"),
        AwsAnswer.plain(302, "Location: /login\r\n", ""),
        AwsAnswer.reset(),
        AwsAnswer.resetInBody(),
        AwsAnswer.garbage(),
        AwsAnswer.wrongLength(),
        AwsAnswer.excess(),
        AwsAnswer.okWithoutJson(),
        AwsAnswer.hang(),
        AwsAnswer.after(Duration.ofMillis(200), AwsChaosTest::behave),
        AwsChaosTest::takePart,
        AwsChaosTest::takePart,
        AwsChaosTest::takeAndSayNothing);
  }

  /** Takes what is sound. */
  private static void behave(AwsCall call, ScriptedAws.Wire wire)
      throws IOException, InterruptedException {
    if (!refusedForPoison(call, wire)) wire.accept(call, AwsChaosTest::finalRefusal);
  }

  private static void takePart(AwsCall call, ScriptedAws.Wire wire)
      throws IOException, InterruptedException {
    if (refusedForPoison(call, wire)) return;
    var random = new SplittableRandom(call.nanoTime());
    wire.accept(
        call,
        document -> {
          var refusal = finalRefusal(document);
          return refusal.isEmpty() && random.nextInt(3) == 0 ? "ThrottledException" : refusal;
        });
  }

  private static void takeAndSayNothing(AwsCall call, ScriptedAws.Wire wire)
      throws IOException, InterruptedException {
    if (refusedForPoison(call, wire)) return;
    var _ = wire.record(call, AwsChaosTest::finalRefusal);
    wire.reset();
  }

  private static boolean refusedForPoison(AwsCall call, ScriptedAws.Wire wire)
      throws IOException, InterruptedException {
    if (call.documents().stream().noneMatch(document -> isPoison(id(document)))) return false;
    AwsAnswer.error(400, "InvalidRequestException").give(call, wire);
    return true;
  }

  private static String finalRefusal(String document) {
    return isInvalid(id(document)) ? "InvalidSegment" : "";
  }

  private static boolean isInvalid(long id) {
    return id % 97 == 0;
  }

  private static boolean isPoison(long id) {
    return id % 211 == 0;
  }

  private static long id(String document) {
    return Long.parseLong(AwsCall.idOf(document), 16);
  }

  private Map<Long, DeadLetter> letters() throws Exception {
    var letters = new HashMap<Long, DeadLetter>();
    try (var days = Files.list(dir.resolve("data/dead-letters"))) {
      for (var day : days.toList()) {
        for (var line : Files.readAllLines(day)) {
          var letter = DeadLetter.parse(line.getBytes(StandardCharsets.UTF_8));
          letters.put(Long.parseLong(String.valueOf(letter.document().id()), 16), letter);
        }
      }
    }
    return letters;
  }

  private static String config(ScriptedAws aws, int http, int pages) {
    return """
    receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:%d"}}}}
    processors: {batch: {timeout: 50ms, send_batch_size: 300}}
    exporters:
      awsxray:
        endpoint: %s
        region: eu-west-1
        request_timeout_seconds: 3
        retry_on_failure: {initial_interval: 20ms, max_interval: 200ms, max_elapsed_time: 5s}
    extensions: {zpages: {endpoint: "127.0.0.1:%d"}}
    service:
      extensions: [zpages]
      telemetry: {metrics: {level: none}}
      pipelines: {traces: {receivers: [otlp], processors: [batch], exporters: [awsxray]}}
    """
        .formatted(http, aws.url(), pages);
  }
}
