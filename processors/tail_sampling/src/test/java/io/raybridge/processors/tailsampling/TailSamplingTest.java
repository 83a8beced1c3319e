package io.raybridge.processors.tailsampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Clock;
import io.raybridge.api.Consumer;
import io.raybridge.api.Deadline;
import io.raybridge.api.Kind;
import io.raybridge.api.Outcome;
import io.raybridge.api.Processor;
import io.raybridge.config.Binder;
import io.raybridge.data.Signal;
import io.raybridge.data.Span;
import io.raybridge.data.Traces;
import io.raybridge.testkit.ManualClock;
import io.raybridge.testkit.Otlp;
import io.raybridge.testkit.ProcessorContract;
import io.raybridge.testkit.RecordingConsumer;
import io.raybridge.testkit.TestContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class TailSamplingTest implements ProcessorContract<TailSamplingConfig> {
  private static final String METRIC = "otelcol_processor_tail_sampling_";
  private static final String ALL = "policies: [{name: all, type: always_sample}]\n";
  private static final String INGEST = "sampling_strategy: span-ingest\n";
  private static final String ERRORS =
      "policies: [{name: e, type: status_code, status_code: {status_codes: [ERROR]}}]\n";

  private final ManualClock clock = new ManualClock();
  private final TestContext context = TestContext.of(Kind.PROCESSOR, "tail_sampling", clock);
  private final RecordingConsumer<Traces> next = new RecordingConsumer<>();
  private final List<Processor> started = new ArrayList<>();

  @Override
  public TailSamplingFactory factory() {
    return new TailSamplingFactory();
  }

  @Override
  public String yaml() {
    return "policies:\n  - name: all\n    type: always_sample\n";
  }

  /** It does, but later than it answers. */
  @Override
  public boolean letsAllThrough() {
    return false;
  }

  @AfterEach
  void stopAll() throws Exception {
    for (var processor : started) processor.stop(Deadline.in(Duration.ofSeconds(20), Clock.SYSTEM));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "type: always_sample|true",
        "type: latency, latency: {threshold_ms: 24}|true",
        "type: latency, latency: {threshold_ms: 25}|false",
        "type: latency, latency: {threshold_ms: 24, upper_threshold_ms: 25}|true",
        "type: latency, latency: {threshold_ms: 25, upper_threshold_ms: 30}|false",
        "type: numeric_attribute, numeric_attribute: {key: count, min_value: 7, max_value: 7}|true",
        "type: numeric_attribute, numeric_attribute: {key: count, min_value: 8}|false",
        "type: numeric_attribute, numeric_attribute: {key: count, max_value: 6}|false",
        "type: numeric_attribute, numeric_attribute: {key: ratio, min_value: 0, max_value: 1}|true",
        "type: numeric_attribute, numeric_attribute: {key: none, invert_match: true}|true",
        "type: numeric_attribute, numeric_attribute: {key: count, invert_match: true}|false",
        "type: string_attribute, string_attribute: {key: user, values: [bob, ann]}|true",
        "type: string_attribute, string_attribute: {key: user, values: [an]}|false",
        "type: string_attribute, string_attribute: {key: service.name, values: [shop]}|true",
        "type: string_attribute, string_attribute: {key: user, values: [an], invert_match: true}|true",
        "type: string_attribute, string_attribute: {key: user, values: [ann], invert_match: true}|false",
        "type: string_attribute, string_attribute: {key: user, values: ['^a'], enabled_regex_matching: true}|true",
        "type: string_attribute, string_attribute: {key: user, values: ['^b'], enabled_regex_matching: true}|false",
        "type: boolean_attribute, boolean_attribute: {key: ok, value: true}|true",
        "type: boolean_attribute, boolean_attribute: {key: ok, value: false}|false",
        "type: boolean_attribute, boolean_attribute: {key: none, value: false}|false",
        "type: status_code, status_code: {status_codes: [ERROR]}|true",
        "type: status_code, status_code: {status_codes: [UNSET]}|true",
        "type: status_code, status_code: {status_codes: [OK]}|false",
        "type: probabilistic, probabilistic: {sampling_percentage: 100}|true",
        "type: probabilistic, probabilistic: {sampling_percentage: 0}|false",
        "type: rate_limiting, rate_limiting: {spans_per_second: 1}|true",
        "type: rate_limiting, rate_limiting: {spans_per_second: 0}|false",
        "type: rate_limiting, rate_limiting: {spans_per_second: 100, burst_capacity: 1}|false",
        "type: rate_limiting, rate_limiting: {spans_per_second: 1, burst_capacity: 2}|true",
        "type: bytes_limiting, bytes_limiting: {bytes_per_second: 100000}|true",
        "type: bytes_limiting, bytes_limiting: {bytes_per_second: 10}|false",
        "type: span_count, span_count: {min_spans: 2}|true",
        "type: span_count, span_count: {min_spans: 3}|false",
        "type: span_count, span_count: {min_spans: 1, max_spans: 1}|false",
        "type: trace_state, trace_state: {key: vendor, values: [x, y]}|true",
        "type: trace_state, trace_state: {key: vendor, values: [z]}|false",
        "type: trace_flags|false",
        "type: ottl_condition, ottl_condition: {span: ['status.code == STATUS_CODE_ERROR']}|true",
        "type: ottl_condition, ottl_condition: {error_mode: ignore, span: ['name == \"x\"', 'attributes[\"user\"] == \"ann\"']}|true",
        "type: ottl_condition, ottl_condition: {span: ['name == \"x\"', 'attributes[\"user\"] == \"bob\"']}|false",
        "type: and, and: {and_sub_policy: [{name: a, type: always_sample}, {name: b, type: span_count, span_count: {min_spans: 2}}]}|true",
        "type: and, and: {and_sub_policy: [{name: a, type: always_sample}, {name: b, type: span_count, span_count: {min_spans: 3}}]}|false",
        "type: not, not: {not_sub_policy: {name: a, type: always_sample}}|false",
        "type: not, not: {not_sub_policy: {name: a, type: span_count, span_count: {min_spans: 3}}}|true",
        "type: composite, composite: {max_total_spans_per_second: 4, policy_order: [b, a], composite_sub_policy: [{name: a, type: always_sample}, {name: b, type: trace_flags}], rate_allocation: [{policy: a, percent: 50}]}|true",
        "type: composite, composite: {max_total_spans_per_second: 4, policy_order: [b, a], composite_sub_policy: [{name: a, type: always_sample}, {name: b, type: trace_flags}], rate_allocation: [{policy: a, percent: 25}]}|false",
        "type: composite, composite: {max_total_spans_per_second: 4, composite_sub_policy: [{name: a, type: always_sample}]}|true",
        "type: composite, composite: {max_total_spans_per_second: 4, policy_order: [b], composite_sub_policy: [{name: a, type: always_sample}, {name: b, type: trace_flags}]}|true"
      })
  void policy_decides(String policy, boolean sampled) throws Exception {
    var sampler = start("policies: [{name: p, " + policy + "}]\ndecision_wait: 1s\n");

    send(sampler, trace());
    decideAll();

    assertThat(next.items()).isEqualTo(sampled ? 2 : 0);
    assertThat(
            count("count_traces_sampled", "policy", "p", "sampled", "true", "decision", "sampled"))
        .isEqualTo(sampled ? 1 : 0);
    assertThat(count("global_count_traces_sampled", "sampled", "false", "decision", "not_sampled"))
        .isEqualTo(sampled ? 0 : 1);
  }

  @Test
  void policy_isMeasured() throws Exception {
    var sampler =
        start("policies: [{name: all, type: always_sample}, {name: f, type: trace_flags}]\n");
    for (int i = 0; i < 16; i++) send(sampler, trace());
    decideAll();

    String[] sampled = {"policy", "all", "sampled", "true", "decision", "sampled"};
    assertThat(count("count_traces_sampled", sampled)).isEqualTo(16);
    assertThat(count("count_spans_sampled", sampled)).isEqualTo(32);
    assertThat(count("count_bytes_sampled", sampled)).isBetween(16L * 2 * 80, 16L * 2 * 1000);
    String[] not = {"policy", "f", "sampled", "false", "decision", "not_sampled"};
    assertThat(count("count_spans_sampled", not)).isEqualTo(32);
    assertThat(count("sampling_policy_execution_count", "policy", "all")).isEqualTo(16);
    assertThat(count("sampling_policy_execution_count", "policy", "f")).isEqualTo(16);
    assertThat(count("sampling_policy_execution_time_sum", "policy", "f")).isPositive();
    assertThat(count("sampling_policy_evaluation_error")).isZero();
  }

  @Test
  void namedProcessor_isInItsPoliciesNames() throws Exception {
    var named = TestContext.of(Kind.PROCESSOR, "tail_sampling/second", clock);
    var config = Binder.bind(TailSamplingConfig.class, ALL).orThrow();
    var processor = factory().create(config, named.context());
    var sampler = processor.traces(next);
    processor.start();
    send(sampler, trace());

    processor.stop(Deadline.in(Duration.ofSeconds(20), Clock.SYSTEM));

    String[] labels = {"policy", "second.all", "sampled", "true", "decision", "sampled"};
    assertThat(named.telemetry().counter(METRIC + "count_traces_sampled", labels)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void drop_winsOverSampling(boolean onFirstMatch) throws Exception {
    var sampler =
        start(
            "sample_on_first_match: "
                + onFirstMatch
                + """

                policies:
                  - {name: all, type: always_sample}
                  - name: none
                    type: drop
                    drop:
                      drop_sub_policy: [{name: x, type: string_attribute, string_attribute: {key: user, values: [ann]}}]
                """);
    var other = Otlp.span();

    send(sampler, trace());
    send(sampler, Otlp.traces(other));
    decideAll();

    assertThat(next.items()).isEqualTo(1);
    assertThat(count("global_count_traces_sampled", "sampled", "false", "decision", "dropped"))
        .isEqualTo(1);
  }

  @Test
  void spansOfSeveralBatches_areDecidedTogetherAtTheirTime() throws Exception {
    var sampler =
        start(
            "policies: [{name: e, type: status_code, status_code: {status_codes: [ERROR]}}]\n"
                + "decision_wait: 10s\n");
    var good = Otlp.span();
    var bad = Otlp.span();
    send(sampler, Otlp.traces(good, bad));
    clock.awaitWaiting(1);
    clock.advance(Duration.ofSeconds(9));
    send(sampler, Otlp.traces(child(good), child(bad).statusCode(Span.STATUS_ERROR)));
    assertThat(next.batches()).isEmpty();
    assertThat(context.telemetry().gauge(METRIC + "sampling_traces_on_memory")).isEqualTo(2);

    clock.advance(Duration.ofSeconds(1));
    next.awaitItems(2);
    awaitNoneHeld();

    assertThat(traceIds()).containsOnly(bad.traceIdLo());
    assertThat(count("new_trace_id_received")).isEqualTo(2);
    assertThat(context.telemetry().histogram(METRIC + "sampling_trace_removal_age"))
        .containsExactly(10.0, 10.0);
  }

  @Test
  void traceWhoseRootCame_waitsNoLongerThanAllowed() throws Exception {
    var sampler = start(ALL + "decision_wait: 10s\ndecision_wait_after_root_received: 2s\n");
    var first = Otlp.span();
    var second = Otlp.span();
    send(sampler, Otlp.traces(child(first), child(second)));
    clock.awaitWaiting(1);
    clock.advance(Duration.ofSeconds(3));
    send(sampler, Otlp.traces(second));
    clock.awaitWaiting(1);
    clock.advance(Duration.ofMillis(1999));
    assertThat(context.telemetry().gauge(METRIC + "sampling_traces_on_memory")).isEqualTo(2);

    clock.advance(Duration.ofMillis(1));
    next.awaitItems(2);
    assertThat(traceIds()).containsOnly(second.traceIdLo());
    clock.awaitWaiting(1);
    send(sampler, Otlp.traces(first));
    clock.advance(Duration.ofSeconds(2));
    next.awaitItems(4);
    assertThat(context.telemetry().histogram(METRIC + "sampling_trace_removal_age"))
        .containsExactly(5.0, 7.0);
    clock.awaitWaiting(1);
    assertThat(context.telemetry().gauge(METRIC + "held_bytes")).isZero();
  }

  @Test
  void rootThatComesLate_changesNothing() throws Exception {
    var sampler = start(ALL + "decision_wait: 3s\ndecision_wait_after_root_received: 2s\n");
    var root = Otlp.span();
    send(sampler, Otlp.traces(child(root)));
    clock.awaitWaiting(1);
    clock.advance(Duration.ofSeconds(2));
    send(sampler, Otlp.traces(root));
    clock.advance(Duration.ofSeconds(1));

    next.awaitItems(2);
  }

  @Test
  void decision_isTimed() throws Exception {
    var sampler = start(ALL);
    send(sampler, trace());
    decideAll();

    assertThat(context.telemetry().histogram(METRIC + "sampling_decision_timer_latency"))
        .singleElement()
        .satisfies(millis -> assertThat(millis).isPositive());
  }

  @Test
  void lateSpans_followTheDecision() throws Exception {
    var sampler =
        start("policies: [{name: e, type: status_code, status_code: {status_codes: [ERROR]}}]\n");
    var good = Otlp.span();
    var bad = Otlp.span().statusCode(Span.STATUS_ERROR);
    send(sampler, Otlp.traces(good, bad));
    decideAll();
    clock.advance(Duration.ofMinutes(50));

    send(sampler, Otlp.traces(child(good).statusCode(Span.STATUS_ERROR), child(bad)));

    assertThat(next.items()).isEqualTo(2);
    assertThat(traceIds()).containsOnly(bad.traceIdLo());
    assertThat(count("early_releases_from_cache_decision", "sampled", "true")).isEqualTo(1);
    assertThat(count("early_releases_from_cache_decision", "sampled", "false")).isEqualTo(1);
    assertThat(context.telemetry().histogram(METRIC + "sampling_late_span_age"))
        .containsExactly(3000.0, 3000.0);
  }

  @Test
  void ingest_decidesAsSoonAsABatchSuffices() throws Exception {
    var sampler = start(INGEST + ERRORS);
    var bad = Otlp.span();
    var good = Otlp.span();
    send(sampler, Otlp.traces(bad, good));
    assertThat(next.batches()).isEmpty();

    send(sampler, Otlp.traces(child(bad).statusCode(Span.STATUS_ERROR)));
    next.awaitItems(2);
    clock.awaitWaiting(1);
    clock.advance(Duration.ofSeconds(7));
    send(sampler, Otlp.traces(child(bad)));

    assertThat(next.items()).isEqualTo(3);
    assertThat(traceIds()).containsOnly(bad.traceIdLo());
    assertThat(context.telemetry().histogram(METRIC + "sampling_late_span_age"))
        .containsExactly(7.0);
    assertThat(count("new_trace_id_received")).isEqualTo(2);
    assertThat(count("global_count_traces_sampled", "sampled", "true", "decision", "sampled"))
        .isEqualTo(1);
  }

  @Test
  void ingest_decidesOfWholeBatchesWithoutHoldingThem() throws Exception {
    var sampler = start(INGEST + ERRORS);
    send(sampler, trace());

    assertThat(next.items()).isEqualTo(2);
    assertThat(context.telemetry().gauge(METRIC + "held_bytes")).isZero();
    assertThat(count("new_trace_id_received")).isEqualTo(1);
  }

  @Test
  void ingest_doesNotSampleWhatNoBatchSufficedFor() throws Exception {
    var sampler = start(INGEST + ERRORS);
    var good = Otlp.span();
    send(sampler, Otlp.traces(good));
    decideAll();
    send(sampler, Otlp.traces(child(good).statusCode(Span.STATUS_ERROR)));

    assertThat(next.items()).as("the decision stands").isZero();
    assertThat(count("global_count_traces_sampled", "sampled", "false", "decision", "not_sampled"))
        .isEqualTo(1);
    assertThat(count("sampling_policy_execution_count", "policy", "e")).isEqualTo(1);
  }

  @Test
  void ingest_countsSpansOverBatches() throws Exception {
    var sampler =
        start(INGEST + "policies: [{name: c, type: span_count, span_count: {min_spans: 3}}]\n");
    var root = Otlp.span();
    send(sampler, Otlp.traces(root, child(root)));
    assertThat(next.batches()).isEmpty();

    send(sampler, Otlp.traces(child(root)));

    next.awaitItems(3);
  }

  @Test
  void ingest_waitsWithWhatMayStillBeDropped() throws Exception {
    var sampler =
        start(
            INGEST
                + """
                policies:
                  - {name: all, type: always_sample}
                  - name: not-ann
                    type: drop
                    drop:
                      drop_sub_policy: [{name: x, type: string_attribute, string_attribute: {key: user, values: [ann]}}]
                """);
    var kept = Otlp.span();
    var dropped = Otlp.span();
    send(sampler, Otlp.traces(kept, dropped));
    assertThat(next.batches()).isEmpty();
    var ofAnn = child(dropped);
    ofAnn.attributes().put("user", "ann");
    send(sampler, Otlp.traces(ofAnn, child(kept)));
    assertThat(count("global_count_traces_sampled", "sampled", "false", "decision", "dropped"))
        .isEqualTo(1);

    decideAll();

    assertThat(traceIds()).containsExactly(kept.traceIdLo(), kept.traceIdLo());
  }

  @Test
  void ingest_finishesSoonerWhereTheRootCame() throws Exception {
    var sampler = start(INGEST + ERRORS + "decision_wait_after_root_received: 2s\n");
    send(sampler, Otlp.traces(Otlp.span()));
    clock.awaitWaiting(1);
    clock.advance(Duration.ofSeconds(2));
    awaitNoneHeld();

    assertThat(next.items()).isZero();
  }

  @Test
  void ingest_decidesEarlyByWhatCameWhenThereIsNoRoom() throws Exception {
    var sampler = start(INGEST + ERRORS + "num_traces: 1\n");
    send(sampler, Otlp.traces(Otlp.span()));
    send(sampler, Otlp.traces(Otlp.span()));

    assertThat(count("sampling_trace_dropped_too_early")).isEqualTo(1);
    assertThat(count("global_count_traces_sampled", "sampled", "false", "decision", "not_sampled"))
        .isEqualTo(1);
  }

  /** Bit for bit the hash of the Go Collector: FNV-1a's published vectors, and the rate. */
  @Test
  void hash_isFnv1a() {
    assertThat(HashedId.hash(0xcbf29ce484222325L, 0, 0)).isEqualTo(fnv(new byte[16]));
    long kept = 0;
    var judge = new HashedId(new Policy.Probabilistic("", 10));
    for (long i = 0; i < 100_000; i++) {
      // X-Ray's ids: a clock, then what is random.
      long hi = 0x6922d1c0_00000000L | (i * 0x9E3779B9L & 0xffffffffL);
      var whole = new Judge.Whole(hi, i * 0x9E37_79B9_7F4A_7C15L, 1, 1);
      if (judge.end(whole) == Judge.Judgement.SAMPLED) kept++;
    }
    assertThat(kept).isBetween(9_600L, 10_400L);
  }

  private static long fnv(byte[] bytes) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : bytes) {
      hash ^= b & 0xff;
      hash *= 0x100000001b3L;
    }
    return hash;
  }

  /** A bucket of twice the rate, which is full at first. */
  @Test
  void rates_areOfABucket() throws Exception {
    var sampler =
        start(
            "policies: [{name: r, type: rate_limiting, rate_limiting: {spans_per_second: 11}}]\n"
                + "decision_wait: 1s\n");
    int[] kept = {22, 22 + 10, 22 + 10 + 12};
    for (int second = 0; second < 3; second++) {
      for (int i = 0; i < 20; i++) send(sampler, trace());
      clock.awaitWaiting(1);
      clock.advance(Duration.ofSeconds(1));
      awaitNoneHeld();
      next.awaitItems(kept[second]);
    }
    assertThat(next.items()).isEqualTo(44);
  }

  @Test
  void moreTracesThanAllowed_areDecidedEarly() throws Exception {
    var sampler = start(ALL + "num_traces: 10\n");
    for (int i = 0; i < 25; i++) send(sampler, trace());

    next.awaitItems(30);
    assertThat(count("sampling_trace_dropped_too_early")).isEqualTo(15);
    stopAll();

    assertThat(next.items()).as("none was lost").isEqualTo(50);
  }

  @Test
  void moreBytesThanAllowed_areDecidedEarly() throws Exception {
    var sampler = start(ALL + "max_held_mib: 1\n");
    int traces = 20_000;
    for (int i = 0; i < traces; i++) {
      send(sampler, trace());
      assertThat(context.telemetry().gauge(METRIC + "held_bytes")).isLessThanOrEqualTo(1 << 20);
      next.awaitItems(2 * count("sampling_trace_dropped_too_early"));
    }
    stopAll();

    assertThat(next.items()).isEqualTo(2L * traces);
  }

  @Test
  void blockOnOverflow_tellsClientsToWait() throws Exception {
    var sampler = start(ALL + "num_traces: 2\nblock_on_overflow: true\ndecision_wait: 5s\n");
    send(sampler, trace());
    send(sampler, trace());

    assertThat(sampler.consume(trace()))
        .isInstanceOfSatisfying(
            Outcome.Retry.class,
            retry -> assertThat(retry.cause()).isEqualTo(Outcome.Cause.OVERLOADED));
    decideAll();
    send(sampler, trace());
  }

  @Test
  void tooLargeTrace_isDroppedAtOnceAndSaid() throws Exception {
    var sampler = start(ALL + "maximum_trace_size_bytes: 2000\n");
    var span = Otlp.span();
    span.attributes().put("big", "x".repeat(3000));

    send(sampler, Otlp.traces(span));
    send(sampler, Otlp.traces(child(span)));
    stopAll();

    assertThat(next.items()).isZero();
    assertThat(context.ledger().dropped(Signal.TRACES, "trace_too_large")).isEqualTo(1);
    assertThat(count("traces_dropped_too_large")).isEqualTo(1);
  }

  @Test
  void stop_decidesOfWhatWaits() throws Exception {
    var sampler = start(ALL);
    send(sampler, trace());

    stopAll();

    assertThat(next.items()).isEqualTo(2);
  }

  @Test
  void stop_dropsWhatWaitsOnRequest() throws Exception {
    var sampler = start(ALL + "drop_pending_traces_on_shutdown: true\n");
    send(sampler, trace());

    stopAll();

    assertThat(next.items()).isZero();
    assertThat(context.ledger().dropped(Signal.TRACES, "stopped")).isEqualTo(2);
  }

  @Test
  void spansThatAreNotTaken_areSentAgain() throws Exception {
    var sampler = start(ALL + "decision_wait: 1s\n");
    next.answering(Outcome.unavailable("down"));
    send(sampler, trace());
    clock.awaitWaiting(1);
    clock.advance(Duration.ofSeconds(1));
    next.awaitBatches(1);
    clock.awaitWaiting(1);
    clock.advance(Duration.ofSeconds(1));

    next.awaitBatches(2);
    assertThat(context.ledger().drops()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "policies: []|policies|missing required key",
        "policies: [{name: a, type: latency}]|type|latency without its keys",
        "policies: [{name: a, type: and, and: {and_sub_policy: []}}]|type|and without its keys",
        "policies: [{name: a, type: status_code, status_code: {status_codes: [BAD]}}]|status_codes|BAD (expected",
        "policies: [{name: a, type: string_attribute, string_attribute: {key: k, values: ['('], enabled_regex_matching: true}}]|values|is no regular expression",
        "policies: [{name: a, type: always_sample}, {name: a, type: always_sample}]|policies|two policies named",
        "policies: [{name: a, type: ottl_condition}]|type|ottl_condition without its keys",
        "policies: [{name: a, type: ottl_condition, ottl_condition: {error_mode: ignore}}]|span|no condition",
        "{policies: [{name: a, type: rate_limiting, rate_limiting: {spans_per_second: 9}}], sampling_strategy: span-ingest}|sampling_strategy|span-ingest with policy \"a\"",
        "{policies: [{name: a, type: latency, latency: {upper_threshold_ms: 9}}], sampling_strategy: span-ingest}|sampling_strategy|span-ingest with policy \"a\"",
        "{policies: [{name: a, type: not, not: {not_sub_policy: {name: b, type: span_count, span_count: {max_spans: 9}}}}], sampling_strategy: span-ingest}|sampling_strategy|span-ingest with policy \"a\"",
        "{policies: [{name: a, type: drop, drop: {drop_sub_policy: [{name: b, type: bytes_limiting, bytes_limiting: {bytes_per_second: 9}}]}}], sampling_strategy: span-ingest}|sampling_strategy|span-ingest with policy \"a\""
      })
  void whatIsWrong_isNamed(String yaml, String key, String message) {
    var problems = Binder.bind(TailSamplingConfig.class, yaml).problems();

    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst().toString()).contains(key, message);
  }

  /** Two spans, of which one failed. */
  private static Traces trace() {
    var root = Otlp.span().traceState("vendor=x,other=1");
    root.attributes().put("user", "ann").put("count", 7).put("ratio", 0.5).put("ok", true);
    return Otlp.traces(root, child(root).statusCode(Span.STATUS_ERROR));
  }

  private static Span child(Span parent) {
    return Otlp.span()
        .traceIdHi(parent.traceIdHi())
        .traceIdLo(parent.traceIdLo())
        .parentSpanId(parent.spanId());
  }

  private Consumer<Traces> start(String yaml) throws Exception {
    var config = Binder.bind(TailSamplingConfig.class, yaml).orThrow();
    var processor = factory().create(config, context.context());
    var consumer = processor.traces(next);
    processor.start();
    started.add(processor);
    return consumer;
  }

  private static void send(Consumer<Traces> sampler, Traces batch) {
    assertThat(sampler.consume(batch)).isEqualTo(Outcome.ACCEPTED);
  }

  /** Turns the clock to where all that waits is due, and waits until nothing is to be sent. */
  private void decideAll() throws InterruptedException {
    clock.awaitWaiting(1);
    clock.advance(Duration.ofSeconds(30));
    awaitNoneHeld();
    while (context.telemetry().gauge(METRIC + "held_bytes") > 0) LockSupport.parkNanos(1_000_000);
  }

  private void awaitNoneHeld() {
    while (context.telemetry().gauge(METRIC + "sampling_traces_on_memory") > 0) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private long count(String name, String... labels) {
    return context.telemetry().counter(METRIC + name, labels);
  }

  private List<Long> traceIds() {
    var ids = new ArrayList<Long>();
    for (var batch : next.batches()) {
      for (var span : Otlp.spans(batch)) ids.add(span.traceIdLo());
    }
    return ids;
  }
}
