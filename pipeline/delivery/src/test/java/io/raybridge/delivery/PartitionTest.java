package io.raybridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.BatchRequest;
import io.raybridge.api.MetadataKeys;
import io.raybridge.api.Outcome;
import io.raybridge.config.Binder;
import io.raybridge.data.ClientMetadata;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import io.raybridge.testkit.Otlp;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code batch.partition}: what clients sent beside their batches keeps these apart. */
@Timeout(60)
class PartitionTest {
  private static final Failure DOWN = Failure.unavailable("503", "down");

  @TempDir Path dir;
  private final Rig rig = new Rig();
  private final Map<Long, String> tenants = new HashMap<>();

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  @Test
  void batchesOfOneTenant_goTogetherAndNoOthers() throws Exception {
    rig.config = partitioned(20, "X-Tenant");
    rig.start();

    for (int i = 0; i < 5; i++) {
      offer(rig, 4, "a");
      offer(rig, 4, "b");
    }
    rig.awaitSettled();

    assertThat(sentTenants(rig)).containsExactlyInAnyOrder(Set.of("a"), Set.of("b"));
    assertThat(rig.sent()).containsExactly(20, 20);
    rig.assertLedger(40, 40, 0);
  }

  @Test
  void eachTenantsBatch_leavesWhenItsOwnTimeHasCome() throws Exception {
    rig.config = partitioned(1000, "x-tenant");
    rig.start();

    offer(rig, 1, "a");
    rig.clock.awaitWaiting(1);
    rig.clock.advance(Duration.ofMillis(400));
    offer(rig, 2, "b");
    offer(rig, 3, null);
    rig.clock.advance(Duration.ofMillis(600));
    assertThat(rig.sender.awaitAttempts(1)).hasSize(1);
    assertThat(rig.sent()).containsExactly(1);
    rig.clock.awaitWaiting(1);
    rig.clock.advance(Duration.ofMillis(400));
    rig.awaitSettled();

    assertThat(rig.sent()).containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void emptyFieldAndNone_areApart() throws Exception {
    rig.config = partitioned(2, "x-tenant");
    rig.start();

    for (var tenant : new String[] {"", null, "", null}) offer(rig, 1, tenant);
    rig.awaitSettled();

    assertThat(rig.sent()).containsExactly(2, 2);
    assertThat(sentTenants(rig)).containsExactlyInAnyOrder(Set.of(""), Set.of("null"));
  }

  @Test
  void fieldsThatAreNotNamed_doNotKeepApart() throws Exception {
    rig.config = partitioned(3, "x-tenant");
    rig.start();

    for (int i = 0; i < 3; i++) {
      var batch = Otlp.traces(1);
      batch.client(client(Map.of("x-tenant", List.of("a"), "x-request", List.of("r" + i))));
      assertThat(rig.offer(batch)).isEqualTo(Outcome.ACCEPTED);
    }
    rig.awaitSettled();

    assertThat(rig.sent()).containsExactly(3);
  }

  @Test
  void withoutPartition_metadataKeepsNothingApart() throws Exception {
    rig.config = Rig.batching(Duration.ofSeconds(1), 4, 0, Sizer.ITEMS);
    rig.start();

    offer(rig, 2, "a");
    offer(rig, 2, "b");
    rig.awaitSettled();

    assertThat(rig.sent()).containsExactly(4);
  }

  @Test
  void batchProcessorsKeys_areCarriedOutAndCountAsOneForEachTenant() throws Exception {
    var open = new CountDownLatch(1);
    rig.config = Rig.queue(Sizer.REQUESTS, 3, false, false);
    rig.make();
    rig.queue.batch(
        new BatchRequest(6, 0, Duration.ofSeconds(1), new MetadataKeys(List.of("x-tenant")), 1000));
    rig.sender.always(payload -> {
      open.await();
      return SendResult.delivered(payload);
    });
    rig.start();

    offer(rig, 2, "a");
    offer(rig, 2, "b");
    offer(rig, 2, "a");
    offer(rig, 2, "b");
    assertThat(rig.gauge("queue_size")).isEqualTo(2);
    offer(rig, 2, "c");
    assertThat(rig.gauge("queue_size")).isEqualTo(3);
    var fourth = Otlp.traces(2);
    fourth.client(client(Map.of("x-tenant", List.of("d"))));
    assertThat(rig.offer(fourth)).isInstanceOf(Outcome.Retry.class);
    open.countDown();
    offer(rig, 2, "a");
    offer(rig, 2, "b");

    assertThat(rig.sender.awaitAttempts(2))
        .extracting(attempt -> attempt.payload().items())
        .containsExactly(6, 6);
  }

  @Test
  void moreTenantsThanTheLimit_letTheOldestLeaveEarlyAndLoseNothing() throws Exception {
    rig.make();
    rig.queue.batch(
        new BatchRequest(1000, 0, Duration.ofHours(1), new MetadataKeys(List.of("x-tenant")), 2));
    rig.start();

    for (int i = 0; i < 5; i++) offer(rig, i + 1, "tenant " + i);

    assertThat(rig.sender.awaitAttempts(3))
        .extracting(attempt -> attempt.payload().items())
        .containsExactlyInAnyOrder(1, 2, 3);
    rig.queue.stop(rig.context.deadline(Duration.ofSeconds(30)));
    rig.assertLedger(15, 15, 0);
  }

  @Test
  void tenantsOnDisk_areApartAfterAKillToo() throws Exception {
    rig.config = partitioned(1000, "x-tenant");
    rig.storage(dir);
    rig.sender.always(payload -> SendResult.failed(payload, DOWN));
    rig.start();
    for (int i = 0; i < 6; i++) {
      offer(rig, 3, "a");
      offer(rig, 3, "b");
      offer(rig, 3, null);
    }
    // As much time as a stop has that kills what is not done.
    rig.queue.stop(rig.context.deadline(Duration.ZERO));

    var next = new Rig();
    next.config = partitioned(18, "x-tenant");
    try (next) {
      next.storage(dir).start();
      next.awaitSettled();

      assertThat(next.sent()).containsExactly(18, 18, 18);
      assertThat(sentTenants(next))
          .containsExactlyInAnyOrder(Set.of("a"), Set.of("b"), Set.of("null"));
      next.assertLedger(54, 54, 0);
    }
  }

  @Test
  void onDisk_liesWhatKeepsApartAndNoOtherField() throws Exception {
    rig.config = partitioned(1000, "x-tenant");
    rig.storage(dir);
    rig.sender.always(payload -> SendResult.failed(payload, DOWN));
    rig.start();
    var batch = Otlp.traces(1);
    batch.client(
        client(Map.of("x-tenant", List.of("the-tenant"), "authorization", List.of("s3cret"))));
    assertThat(rig.offer(batch)).isEqualTo(Outcome.ACCEPTED);
    rig.queue.stop(rig.context.deadline(Duration.ZERO));

    var all = new StringBuilder();
    try (var files = Files.walk(dir)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    assertThat(all.toString()).contains("the-tenant").doesNotContain("s3cret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "0000000004", "00ffffffff00", "000000000100", "000000000400000009"})
  void recordWithBrokenMetadata_isDamagedAndNothingElse(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);

    assertThatThrownBy(() -> OtlpBytes.batch(Signal.TRACES, bytes))
        .isInstanceOf(MalformedBatchException.class);
  }

  @Test
  void whatAClientMakesUp_isNotTakenForMetadata() {
    byte[] forged = {0, 0, 0, 0, 4, 0, 0, 0, 0};

    assertThatThrownBy(() -> Traces.ofOtlp(forged)).isInstanceOf(MalformedBatchException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "metadata_keys: [a, A] | a stands there twice",
        "keys: [a] | keys",
      })
  void wrongKeys_areRefused(String yaml, String message) {
    var problems =
        Binder.bind(SendingQueueConfig.class, "batch: {partition: {" + yaml + "}}").problems();

    assertThat(problems.toString()).contains("partition").contains(message);
  }

  private void offer(Rig to, int spans, String tenant) {
    var batch = Otlp.traces(spans);
    for (var id : SpansEncoder.ids(batch)) tenants.put(id, String.valueOf(tenant));
    if (tenant != null) batch.client(client(Map.of("x-tenant", List.of(tenant))));
    assertThat(to.offer(batch)).isEqualTo(Outcome.ACCEPTED);
  }

  private List<Set<String>> sentTenants(Rig of) throws InterruptedException {
    var sent = new ArrayList<Set<String>>();
    for (var attempt : of.sender.awaitAttempts(0)) {
      var some = new HashSet<String>();
      for (var id : attempt.payload().ids()) some.add(tenants.get(id));
      sent.add(some);
    }
    return sent;
  }

  private static ClientMetadata client(Map<String, List<String>> fields) {
    return ClientMetadata.of(fields.keySet(), fields::get);
  }

  private static SendingQueueConfig partitioned(long minSize, String... keys) {
    var batch =
        new BatchConfig(
            Duration.ofSeconds(1),
            Optional.of(Sizer.ITEMS),
            minSize,
            0,
            new BatchConfig.Partition(List.of(keys)));
    return new SendingQueueConfig(
        true, 2, Sizer.REQUESTS, 1000, 0, false, false, Optional.empty(), Optional.of(batch));
  }
}
