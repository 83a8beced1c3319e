package io.raybridge.processors.probabilisticsampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.raybridge.api.Outcome;
import io.raybridge.config.Binder;
import io.raybridge.data.LogRecord;
import io.raybridge.data.Logs;
import io.raybridge.data.Span;
import io.raybridge.data.Traces;
import io.raybridge.data.Value;
import io.raybridge.testkit.Otlp;
import io.raybridge.testkit.ProcessorContract;
import io.raybridge.testkit.RecordingConsumer;
import io.raybridge.testkit.TestContext;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ProbabilisticSamplerTest implements ProcessorContract<ProbabilisticSamplerConfig> {
  private static final String HALF_ID = "fefefefefefefefefe80000000000000";

  private final TestContext context = context();

  @Override
  public ProbabilisticSamplerFactory factory() {
    return new ProbabilisticSamplerFactory();
  }

  @Override
  public String yaml() {
    return "sampling_percentage: 50";
  }

  @Override
  public boolean letsAllThrough() {
    return false;
  }

  // The cases are those of the Go processor's own tests.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "100 | 14 | | | ot=th:0 | ot=th:0",
        "200 | 14 | | | ot=th:0 | ot=th:0",
        "50 | 14 | | | ot=th:8 | ot=th:8",
        "49 | 14 | | | - | -",
        "25 | 14 | ddddddddddddddddddc0000000000000 | | ot=th:c | ot=th:c",
        "25 | 14 | ddddddddddddddddddb0000000000000 | | - | -",
        "1 | 14 | | ot=rv:FD70A3D70A3D71 | ot=rv:FD70A3D70A3D71;th:fd70a3d70a3d71"
            + " | ot=rv:FD70A3D70A3D71;th:fd70a3d70a3d71",
        "1 | 4 | | ot=rv:FD70A3D70A3D71 | ot=rv:FD70A3D70A3D71;th:fd70a"
            + " | ot=rv:FD70A3D70A3D71;th:fd70a",
        "1 | 3 | | ot=rv:FD70A3D70A3D71 | - | -",
        "1 | 14 | | ot=rv:FD70A3D70A3D70 | - | -",
        "1 | 4 | a0a0a0a0a0a0a0a0a0fe000000000000 | | ot=th:fd70a | ot=th:fd70a",
        "50 | 14 | | ot=rv:90000000000000;th:80000000000000 | - | ot=rv:90000000000000;th:8",
        "25 | 14 | | ot=th:8 | - | -",
        "25 | 14 | ffffffffffffffffffffffffffffffff | ot=th:8 | ot=th:e | ot=th:c",
        "50 | 14 | | ot=rv:c0000000000000;th:8 | ot=rv:c0000000000000;th:c"
            + " | ot=rv:c0000000000000;th:8",
        "40 | 3 | | ot=rv:a0000000000000 | ot=rv:a0000000000000;th:99a"
            + " | ot=rv:a0000000000000;th:99a",
        "40 | 6 | a0a0a0a0a0a0a0a0a0d0000000000000 | ot=th:8 | ot=th:cccccd | ot=th:99999a",
        "40 | 3 | a0a0a0a0a0a0a0a0a0b0000000000000 | ot=th:8 | - | ot=th:99a",
        "40 | 3 | a0a0a0a0a0a0a0a0a080000000000000 | ot=th:8 | - | -",
        "0.006103515625 | 14 | 111111111111111111ffffffffffffff | ot=th:fffc | ot=th:fffffff"
            + " | ot=th:fffc",
        "99.99992 | 10 | 111111111111111111ffffffffffffff | | ot=th:00000cccccccd"
            + " | ot=th:00000cccccccd",
        "0.0625 | 14 | 111111111111111111ffffffffffffff | ot=th:fffffffffffff8 | -"
            + " | ot=th:fffffffffffff8",
        "50 | 4 | | a=b , ot=x:y,c@d=e f | ot=th:8;x:y,a=b,c@d=e f | ot=th:8;x:y,a=b,c@d=e f"
      })
  void consistentModes_decideAndTellAsGo(
      double percentage,
      int precision,
      @Nullable String id,
      @Nullable String state,
      @Nullable String proportional,
      @Nullable String equalizing) {
    String common =
        "{sampling_percentage: " + percentage + ", sampling_precision: " + precision + ", mode: ";
    String traceId = id == null || id.isEmpty() ? HALF_ID : id;
    String before = state == null ? "" : state;

    assertThat(stateAfter(common + "proportional}", span(traceId, before))).isEqualTo(proportional);
    assertThat(stateAfter(common + "equalizing}", span(traceId, before))).isEqualTo(equalizing);
  }

  @ParameterizedTest
  @CsvSource({"100, 0", "75, 4", "50, 8", "25, c", "10, e668", "33.333333333, aaac"})
  void hashSeed_tellsItsFourteenBits(double percentage, String threshold) {
    var random = new SplittableRandom(1);
    String yaml = "{sampling_percentage: " + percentage + ", hash_seed: 4312}";
    int kept = 0;

    for (int i = 0; i < 500; i++) {
      var span = Otlp.span().traceIdHi(random.nextLong()).traceIdLo(random.nextLong());
      String state = stateAfter(yaml, span);
      if (state == null) continue;
      kept++;
      assertThat(state).matches("ot=rv:[0-9a-f]{14};th:" + threshold);
      // Any sampler of the specification would have decided the same.
      assertThat(stateAfter("{sampling_percentage: 100, mode: equalizing}", span.traceState(state)))
          .isEqualTo(state);
    }

    assertThat(kept / 500.0).isCloseTo(percentage / 100, within(0.08));
  }

  @Test
  void hash_isGosFnv1a() {
    // Of Go's tests: the empty text and 16 zero bytes with seed 0.
    assertThat(FnvHash.hash(0, new byte[0]) & 0x3fff).isEqualTo(0x3515);
    assertThat(FnvHash.hash(0, new byte[16]) & 0x3fff).isEqualTo(0x2455);
    assertThat(FnvHash.hash(0, 0L, 0L)).isEqualTo(FnvHash.hash(0, new byte[16]));
    var bytes = new byte[] {1, 2, 3, 4, 5, 6, 7, 8, -9, 10, 11, 12, 13, 14, 15, 16};
    assertThat(FnvHash.hash(0xfedcba98L, 0x0102030405060708L, 0xf70a0b0c0d0e0f10L))
        .isEqualTo(FnvHash.hash(0xfedcba98L, bytes));
  }

  @Test
  void hashSeed_keepsWhatGosFirstSamplerKept() {
    var random = new SplittableRandom(2);

    for (int i = 0; i < 1000; i++) {
      long hi = random.nextLong();
      long lo = random.nextLong();
      int rate = (int) (13.33f * (float) (0x4000 / 100.0));
      boolean first = (FnvHash.hash(99, hi, lo) & 0x3fff) < rate;

      var span = Otlp.span().traceIdHi(hi).traceIdLo(lo);
      String after = stateAfter("{sampling_percentage: 13.33, hash_seed: 99}", span);

      assertThat(after != null).isEqualTo(first);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hash_seed", "proportional", "equalizing"})
  void idsOfXray_areSampledFairlyInWholeTraces(String mode) {
    var random = new SplittableRandom(3);
    String yaml = "{sampling_percentage: 20, mode: " + mode + "}";
    int kept = 0;

    for (int i = 0; i < 2000; i++) {
      long hi = (1_795_424_700L + i / 100) << 32 | (random.nextLong() & 0xffff_ffffL);
      long lo = random.nextLong();
      var first = Otlp.span().traceIdHi(hi).traceIdLo(lo);
      var second = Otlp.span().traceIdHi(hi).traceIdLo(lo);
      boolean isKept = stateAfter(yaml, first) != null;
      assertThat(stateAfter(yaml, second) != null).isEqualTo(isKept);
      if (isKept) kept++;
    }

    assertThat(kept / 2000.0).isCloseTo(0.2, within(0.03));
  }

  @ParameterizedTest
  @CsvSource({
    "hash_seed, ot=th:8",
    "hash_seed, ot=rv:abababababababab",
    "hash_seed, ot=rv:ffffffffffffff",
    "proportional, ot=rv:abababababababab",
    "proportional, ot=th:abababababababab",
    "equalizing, ot=th:-1",
    "equalizing, ot=rv:40000000000000;th:8",
    "proportional, nonsense",
    "proportional, 'A=b'",
    "proportional, 'a='",
    "equalizing, 'ot=9:1'",
    "equalizing, ot=th:"
  })
  void whatCannotBeRight_isDroppedOrKeptAsConfigured(String mode, String state) {
    String yaml = "{sampling_percentage: 100, mode: " + mode + ", fail_closed: ";

    assertThat(stateAfter(yaml + "true}", span(HALF_ID, state))).isNull();
    assertThat(stateAfter(yaml + "false}", span(HALF_ID, state))).isNotNull();
  }

  @Test
  void thresholdThatWasNotPassed_isReplaced() {
    assertThat(
            stateAfter(
                "{sampling_percentage: 100, mode: proportional, fail_closed: false}",
                span(HALF_ID, "ot=rv:40000000000000;th:8")))
        .isEqualTo("ot=rv:40000000000000;th:0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hash_seed", "proportional", "equalizing"})
  void missingTraceId_isDroppedOrKeptAsConfigured(String mode) {
    var none = "0".repeat(32);
    String yaml = "{sampling_percentage: 62, mode: " + mode + ", fail_closed: ";

    assertThat(stateAfter(yaml + "true}", span(none, ""))).isNull();
    assertThat(stateAfter(yaml + "false}", span(none, ""))).isNotNull();
    assertThat(stateAfter("{mode: " + mode + ", fail_closed: false}", span(none, ""))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hash_seed", "proportional", "equalizing"})
  void priorityOfASpan_wins(String mode) {
    String none = "{sampling_percentage: 0, mode: " + mode + "}";
    String all = "{sampling_percentage: 100, mode: " + mode + "}";

    for (var more : new Value[] {Value.of(2L), Value.of(0.5), Value.of("1")}) {
      assertThat(stateAfter(none, prioritized(more))).isEqualTo("ot=th:0");
    }
    for (var zero : new Value[] {Value.of(0L), Value.of(0.0), Value.of("0.0")}) {
      assertThat(stateAfter(all, prioritized(zero))).isNull();
    }
    for (var nothing : new Value[] {Value.of(-1L), Value.of("NaN"), Value.of(true)}) {
      assertThat(stateAfter(none, prioritized(nothing))).isNull();
      assertThat(stateAfter(all, prioritized(nothing))).isNotNull();
    }
  }

  @Test
  void logRecords_areSampledByTraceIdAndToldInAttributes() {
    var record = Otlp.logRecord().traceIdHi(1).traceIdLo(0x00c0000000000000L);

    var kept = after("{sampling_percentage: 25, mode: proportional}", record);

    assertThat(kept.attributes().getString("sampling.threshold")).isEqualTo("c");
    assertThat(after("{sampling_percentage: 20, mode: proportional}", record.copy())).isNull();
  }

  @Test
  void logRecords_areSampledByAnAttribute() {
    String yaml =
        "{sampling_percentage: 50, attribute_source: record, from_attribute: host.name, hash_seed: 7}";
    int kept = 0;
    for (int host = 0; host < 1000; host++) {
      var first = Otlp.logRecord().traceIdLo(host + 1);
      var second = Otlp.logRecord().traceIdLo(-host - 1);
      first.attributes().put("host.name", "host" + host);
      second.attributes().put("host.name", "host" + host);
      boolean isKept = after(yaml, first) != null;
      assertThat(after(yaml, second) != null).isEqualTo(isKept);
      if (isKept) kept++;
    }

    // FNV-1a spreads names this short and alike unevenly; another implementation of it says the
    // same.
    assertThat(kept).isEqualTo(622);
  }

  @ParameterizedTest
  @CsvSource({"100, true", "50.0, true", "0, false"})
  void priorityOfALogRecord_isAPercentage(double priority, boolean kept) {
    var record = Otlp.logRecord().traceIdHi(1).traceIdLo(0x00c0000000000000L);
    record.attributes().put("priority", priority);

    String yaml = "{sampling_percentage: 10, mode: proportional, sampling_priority: priority}";

    assertThat(after(yaml, record) != null).isEqualTo(kept);
  }

  @Test
  void brokenThresholdOfALogRecord_isAFailure() {
    var record = Otlp.logRecord().traceIdLo(1);
    record.attributes().put("sampling.threshold", "xyz");

    assertThat(after("{sampling_percentage: 100, mode: equalizing}", record.copy())).isNull();
    assertThat(after("{sampling_percentage: 100, mode: equalizing, fail_closed: false}", record))
        .isNotNull();
  }

  @Test
  void decisions_areCountedByTheirGround() {
    var next = new RecordingConsumer<Traces>();
    var traces =
        factory().create(bind("{sampling_percentage: 100}"), context.context()).traces(next);

    assertThat(traces.consume(Otlp.traces(5))).isEqualTo(Outcome.ACCEPTED);
    assertThat(traces.consume(Otlp.traces(prioritized(Value.of(0L))))).isEqualTo(Outcome.ACCEPTED);

    String metric = "otelcol_processor_probabilistic_sampler_count_traces_sampled";
    assertThat(counted(metric, "trace_id_hash", "true")).isEqualTo(5);
    assertThat(counted(metric, "sampling_priority", "false")).isEqualTo(1);
    assertThat(next.only().items()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{sampling_percentage: -1}", "{sampling_percentage: .inf}", "{sampling_percentage: 1e-20}",
        "{sampling_precision: 0}", "{sampling_precision: 15}", "{mode: none}",
        "{hash_seed: 4294967296}", "{attribute_source: span}"
      })
  void wrongConfiguration_isRefused(String yaml) {
    assertThat(Binder.bind(ProbabilisticSamplerConfig.class, yaml).problems()).isNotEmpty();
  }

  private long counted(String metric, String policy, String sampled) {
    String[] labels = {"policy", policy, "sampled", sampled};
    return context.telemetry().counter(metric, labels);
  }

  private static Span span(String traceId, String state) {
    return Otlp.span()
        .traceIdHi(Long.parseUnsignedLong(traceId.substring(0, 16), 16))
        .traceIdLo(Long.parseUnsignedLong(traceId.substring(16), 16))
        .traceState(state);
  }

  private static Span prioritized(Value priority) {
    var span = span(HALF_ID, "");
    span.attributes().put("sampling.priority", priority);
    return span;
  }

  /** The tracestate of the span after sampling, or null when it was not kept. */
  private @Nullable String stateAfter(String yaml, Span span) {
    var next = new RecordingConsumer<Traces>();
    var traces = factory().create(bind(yaml), context.context()).traces(next);
    assertThat(traces.consume(Otlp.traces(span))).isEqualTo(Outcome.ACCEPTED);
    return next.batches().isEmpty() ? null : Otlp.spans(next.only()).getFirst().traceState();
  }

  private @Nullable LogRecord after(String yaml, LogRecord record) {
    var next = new RecordingConsumer<Logs>();
    var logs = factory().create(bind(yaml), context.context()).logs(next);
    assertThat(logs.consume(Otlp.logs(record))).isEqualTo(Outcome.ACCEPTED);
    return next.batches().isEmpty() ? null : Otlp.logRecords(next.only()).getFirst();
  }

  private static ProbabilisticSamplerConfig bind(String yaml) {
    return Binder.bind(ProbabilisticSamplerConfig.class, yaml).orThrow();
  }
}
