package io.raybridge.processors.xraysampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.raybridge.api.Clock;
import io.raybridge.api.Consumer;
import io.raybridge.api.Deadline;
import io.raybridge.api.Kind;
import io.raybridge.api.Outcome;
import io.raybridge.api.Processor;
import io.raybridge.config.Binder;
import io.raybridge.data.Span;
import io.raybridge.data.Traces;
import io.raybridge.testkit.AwsAnswer;
import io.raybridge.testkit.AwsCall;
import io.raybridge.testkit.ManualClock;
import io.raybridge.testkit.RecordingConsumer;
import io.raybridge.testkit.ScriptedAws;
import io.raybridge.testkit.TestContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** The processor with X-Ray's own rules, over a real connection. */
@Timeout(120)
class RulesOfXrayTest {
  private static final String METRIC = "otelcol_processor_xray_sampling_traces";
  private static final String BOOST =
      ",\"SamplingRateBoost\":{\"MaxRate\":1,\"CooldownWindowMinutes\":1}";

  private final ManualClock clock = new ManualClock();
  private final TestContext context = TestContext.of(Kind.PROCESSOR, "xray_sampling", clock);
  private final RecordingConsumer<Traces> next = new RecordingConsumer<>();
  private final Traffic traffic = new Traffic(clock, 17);
  private final ScriptedAws aws = new ScriptedAws();
  private final Processor processor;
  private final Consumer<Traces> sampler;
  private volatile String rules = rules(rule("api", 1, 0, 50, ""));
  private volatile String targets = targets("", 0);

  RulesOfXrayTest() {
    aws.always((call, wire) ->
        wire.send(
            200,
            "Content-Type: application/json\r\n",
            call.operation().equals("GetSamplingRules") ? rules : targets));
    var yaml = "rules: {aws: {region: us-east-1, endpoint: '" + aws.url() + "'}}\n";
    processor =
        new XraySamplingFactory()
            .create(Binder.bind(XraySamplingConfig.class, yaml).orThrow(), context.context());
    sampler = processor.traces(next);
  }

  @AfterEach
  void stop() throws Exception {
    processor.stop(Deadline.in(Duration.ofSeconds(20), Clock.SYSTEM));
    aws.close();
  }

  @Test
  void rule_borrowsAndThenTakesItsQuota() throws Exception {
    startWithRules();
    requests(3);
    assertThat(decided("api", "borrowed", true)).isEqualTo(1);
    assertThat(decided("api", "rate", false)).isEqualTo(2);
    targets =
        targets(
            "{\"RuleName\":\"api\",\"FixedRate\":0,\"ReservoirQuota\":2,\"ReservoirQuotaTTL\":"
                + (now() + 300)
                + ",\"Interval\":10}",
            0);

    var report = report(1);

    assertThat(report.path("RuleName").asString()).isEqualTo("api");
    assertThat(report.path("ClientID").asString()).matches("[0-9a-f]{24}");
    assertThat(report.path("Timestamp").asLong()).isEqualTo(now());
    assertThat(report.path("RequestCount").asLong()).isEqualTo(3);
    assertThat(report.path("SampledCount").asLong()).isZero();
    assertThat(report.path("BorrowCount").asLong()).isEqualTo(1);
    awaitIdle();
    requests(5);
    assertThat(decided("api", "reservoir", true)).isEqualTo(2);
    assertThat(report(2).path("SampledCount").asLong()).isEqualTo(2);
    clock.advance(Duration.ofSeconds(290));
    awaitIdle();
    requests(5);
    assertThat(decided("api", "borrowed", true)).as("the quota's time is over").isEqualTo(2);
  }

  @Test
  void ruleWithoutRequests_isNotReported() throws Exception {
    startWithRules();

    clock.advance(Duration.ofSeconds(30));
    awaitIdle();

    assertThat(calls("SamplingTargets")).isEmpty();
  }

  @Test
  void rules_areAskedForEveryFiveMinutes() throws Exception {
    startWithRules();
    rules = rules(rule("other", 1, 0, 0, ""));

    clock.advance(Duration.ofSeconds(299));
    awaitIdle();
    assertThat(calls("GetSamplingRules")).hasSize(1);
    clock.advance(Duration.ofSeconds(1));
    awaitLog("1 sampling rules: other");
    requests(1);

    assertThat(decided("other", "rate", false)).isEqualTo(1);
  }

  @Test
  void changedRules_areAskedForAtOnce() throws Exception {
    startWithRules();
    requests(1);
    clock.advance(Duration.ofSeconds(5));
    rules = rules(rule("other", 1, 0, 0, ""));
    targets = targets("", now());

    report(1);

    awaitLog("1 sampling rules: other");
  }

  @Test
  void xrayAway_leavesTheRulesAndReportsLater() throws Exception {
    startWithRules();
    aws.then(AwsAnswer.error(500, "InternalFailure"));
    requests(3);
    report(1);
    awaitIdle();
    assertThat(context.log().lines(System.Logger.Level.WARNING))
        .singleElement()
        .asString()
        .contains("GetSamplingTargets failed", "InternalFailure");
    requests(2);

    assertThat(report(2).path("RequestCount").asLong()).isEqualTo(5);
    assertThat(context.telemetry().counter(METRIC, labels("Default", "rate", true))).isZero();
  }

  @Test
  void untilXrayAnswers_theDefaultApplies() throws Exception {
    aws.times(2, AwsAnswer.error(400, "AccessDeniedException"));
    processor.start();
    aws.awaitCalls(1);
    awaitIdle();
    requests(1);
    assertThat(decided("Default", "reservoir", true)).isEqualTo(1);
    assertThat(context.log().lines(System.Logger.Level.WARNING))
        .singleElement()
        .asString()
        .contains("GetSamplingRules failed", "AccessDenied", "default applies");

    clock.advance(Duration.ofSeconds(10));
    awaitIdle();
    clock.advance(Duration.ofSeconds(20));

    awaitLog("1 sampling rules: api");
  }

  @Test
  void manyRules_areReportedInParts() throws Exception {
    var many = new ArrayList<String>();
    for (int i = 0; i < 30; i++) {
      many.add(rule("r" + i, i + 1, 0, 0, ",\"URLPath\":\"/" + i + "\""));
    }
    rules = rules(many.toArray(String[]::new));
    startWithRules();
    for (int i = 0; i < 30; i++) {
      var root = traffic.root();
      root.attributes().put("url.path", "/" + i);
      assertThat(sampler.consume(Traffic.of(root))).isEqualTo(Outcome.ACCEPTED);
    }
    awaitIdle();

    clock.advance(Duration.ofSeconds(10));
    awaitIdle();

    assertThat(calls("SamplingTargets"))
        .extracting(call -> call.json().path("SamplingStatisticsDocuments").size())
        .containsExactly(25, 5);
  }

  @Test
  void pages_areAllRead() throws Exception {
    aws.then(
        AwsAnswer.plain(
            200,
            "",
            rules(rule("first", 1, 0, 0, ""))
                .replace("\"NextToken\":null", "\"NextToken\":\"t\"")));

    processor.start();

    awaitLog("2 sampling rules: first, api");
    assertThat(calls("GetSamplingRules").getLast().json().path("NextToken").asString())
        .isEqualTo("t");
  }

  @Test
  void boostedRule_reportsAnomaliesAndIsBoosted() throws Exception {
    rules = rules(rule("api", 1, 0.0001, 0, BOOST));
    startWithRules();
    requests(8);
    for (int i = 0; i < 2; i++) {
      var root = traffic.root();
      root.attributes().put("http.response.status_code", 500);
      assertThat(sampler.consume(Traffic.of(root))).isEqualTo(Outcome.ACCEPTED);
    }
    targets =
        targets(
            "{\"RuleName\":\"api\",\"FixedRate\":0.0001,\"SamplingBoost\":{\"BoostRate\":1.0,"
                + "\"BoostRateTTL\":"
                + (now() + 60)
                + "}}",
            0);

    report(1);

    var boost =
        calls("SamplingTargets").getFirst().json().path("SamplingBoostStatisticsDocuments").get(0);
    assertThat(boost.path("RuleName").asString()).isEqualTo("api");
    assertThat(boost.path("ServiceName").asString()).isEqualTo("my-api");
    assertThat(boost.path("TotalCount").asLong()).isEqualTo(10);
    assertThat(boost.path("AnomalyCount").asLong()).isEqualTo(2);
    assertThat(boost.path("SampledAnomalyCount").asLong()).isZero();
    awaitIdle();
    requests(5);
    assertThat(decided("api", "rate", true)).isEqualTo(5);
    clock.advance(Duration.ofSeconds(61));
    awaitIdle();
    requests(5);
    assertThat(decided("api", "rate", true)).isEqualTo(5);
  }

  /** Also of spans that come after the decision, each trace once for each service. */
  @Test
  void anomalies_areCountedOnceForATraceAndService() throws Exception {
    rules = rules(rule("api", 1, 0, 0, BOOST));
    startWithRules();
    var root = traffic.root();
    assertThat(sampler.consume(Traffic.of(root))).isEqualTo(Outcome.ACCEPTED);
    for (int i = 0; i < 3; i++) {
      var failed = traffic.child(root).statusCode(Span.STATUS_ERROR);
      assertThat(sampler.consume(Traffic.of("db", List.of(failed)))).isEqualTo(Outcome.ACCEPTED);
    }

    report(1);

    assertThat(calls("SamplingTargets").getFirst().json().path("SamplingBoostStatisticsDocuments"))
        .extracting(
            boost -> boost.path("ServiceName").asString(),
            boost -> boost.path("TotalCount").asLong(),
            boost -> boost.path("AnomalyCount").asLong())
        .containsExactlyInAnyOrder(tuple("my-api", 1L, 0L), tuple("db", 1L, 1L));
  }

  @Test
  void disabledDefaultDetection_countsNoFaults() throws Exception {
    rules =
        rules(
            rule("api", 1, 0, 0, BOOST.replace("}", ",\"DisableDefaultAnomalyDetection\":true}")));
    startWithRules();
    var root = traffic.root();
    root.attributes().put("http.response.status_code", 500);
    assertThat(sampler.consume(Traffic.of(root))).isEqualTo(Outcome.ACCEPTED);

    report(1);

    var boost =
        calls("SamplingTargets").getFirst().json().path("SamplingBoostStatisticsDocuments").get(0);
    assertThat(boost.path("TotalCount").asLong()).isEqualTo(1);
    assertThat(boost.path("AnomalyCount").asLong()).isZero();
  }

  @Test
  void boost_endsWhenXrayAllotsNone() throws Exception {
    rules = rules(rule("api", 1, 0, 0, BOOST));
    startWithRules();
    requests(1);
    targets =
        targets(
            "{\"RuleName\":\"api\",\"FixedRate\":0,\"SamplingBoost\":{\"BoostRate\":1.0,"
                + "\"BoostRateTTL\":"
                + (now() + 600)
                + "}}",
            0);
    report(1);
    awaitIdle();
    requests(2);
    assertThat(decided("api", "rate", true)).isEqualTo(2);
    targets = targets("{\"RuleName\":\"api\",\"FixedRate\":0}", 0);
    report(2);
    awaitIdle();

    requests(2);

    assertThat(decided("api", "rate", true)).isEqualTo(2);
  }

  private void startWithRules() throws Exception {
    processor.start();
    awaitLog("sampling rules: ");
    awaitIdle();
  }

  private void requests(int count) {
    for (int i = 0; i < count; i++) {
      assertThat(sampler.consume(Traffic.of(traffic.root()))).isEqualTo(Outcome.ACCEPTED);
    }
  }

  /** The first statistics document of a report, which the clock is turned for. */
  private JsonNode report(int number) throws Exception {
    awaitIdle();
    while (calls("SamplingTargets").size() < number) {
      clock.advance(Duration.ofSeconds(10));
      awaitIdle();
    }
    return calls("SamplingTargets")
        .get(number - 1)
        .json()
        .path("SamplingStatisticsDocuments")
        .get(0);
  }

  private List<AwsCall> calls(String operation) {
    return aws.calls().stream().filter(call -> call.operation().equals(operation)).toList();
  }

  /** Deciding, the minute, and the rules: each of the threads waits for its time. */
  private void awaitIdle() throws InterruptedException {
    clock.awaitWaiting(3);
  }

  private void awaitLog(String part) {
    while (context.log().lines().stream().noneMatch(line -> line.contains(part))) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private long now() {
    return clock.now().getEpochSecond();
  }

  private long decided(String rule, String by, boolean sampled) {
    return context.telemetry().counter(METRIC, labels(rule, by, sampled));
  }

  private static String[] labels(String rule, String by, boolean sampled) {
    return new String[] {"rule", rule, "by", by, "sampled", Boolean.toString(sampled)};
  }

  private static String rules(String... rules) {
    return "{\"SamplingRuleRecords\":[" + String.join(",", rules) + "],\"NextToken\":null}";
  }

  private static String rule(String name, int priority, double rate, int reservoir, String more) {
    return "{\"CreatedAt\":0,\"ModifiedAt\":0,\"SamplingRule\":{\"RuleName\":\""
        + name
        + "\",\"Priority\":"
        + priority
        + ",\"FixedRate\":"
        + rate
        + ",\"ReservoirSize\":"
        + reservoir
        + ",\"Version\":1,\"Attributes\":{}"
        + more
        + "}}";
  }

  private static String targets(String target, long modified) {
    return "{\"SamplingTargetDocuments\":["
        + target
        + "],\"LastRuleModification\":"
        + modified
        + ",\"UnprocessedStatistics\":[]}";
  }
}
