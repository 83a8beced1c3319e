package io.raybridge.processors.xraysampling;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class XraySamplingTest implements ProcessorContract<XraySamplingConfig> {
  private static final String METRIC = "otelcol_processor_xray_sampling_";
  private static final String ARTICLE =
      "rules: {files: [src/test/resources/api-sampling.json,"
          + " src/test/resources/error-sampling.json]}\n";

  private final ManualClock clock = new ManualClock();
  private final TestContext context = TestContext.of(Kind.PROCESSOR, "xray_sampling", clock);
  private final RecordingConsumer<Traces> next = new RecordingConsumer<>();
  private final Traffic traffic = new Traffic(clock, 17);
  private final List<Processor> started = new ArrayList<>();

  @TempDir Path dir;

  @Override
  public XraySamplingFactory factory() {
    return new XraySamplingFactory();
  }

  @Override
  public String yaml() {
    return "default:\n  rate: 1\n";
  }

  @AfterEach
  void stopAll() throws Exception {
    for (var processor : started) processor.stop(Deadline.in(Duration.ofSeconds(20), Clock.SYSTEM));
  }

  @Test
  void articlesErrorRule_keepsEveryFault() throws Exception {
    var sampler = start(ARTICLE);
    int sent = 0;
    for (int second = 0; second < 20; second++) {
      for (int i = 0; i < 150; i++) {
        var root = traffic.root();
        if (i % 2 == 0) root.attributes().put("http.response.status_code", 500 + i % 4);
        else root.attributes().put("http.status_code", 503);
        assertThat(sampler.consume(Traffic.of(root))).isEqualTo(Outcome.ACCEPTED);
        sent++;
      }
      clock.advance(Duration.ofSeconds(1));
    }

    assertThat(next.items()).isEqualTo(sent);
    assertThat(decided("error-sampling", "reservoir", true)).isEqualTo(20 * 100);
    assertThat(decided("error-sampling", "rate", true)).isEqualTo(20 * 50);
  }

  @Test
  void articlesApiRule_keepsFiveASecondAndFivePercentOfTheOthers() throws Exception {
    var sampler = start(ARTICLE);
    for (int second = 0; second < 50; second++) {
      for (int i = 0; i < 405; i++) {
        assertThat(sampler.consume(Traffic.of(traffic.root()))).isEqualTo(Outcome.ACCEPTED);
      }
      clock.advance(Duration.ofSeconds(1));
      assertThat(decided("api-sampling", "reservoir", true)).isEqualTo(5L * (second + 1));
    }

    // 20,000 at 5 %: 1,000, and four deviations of 31.
    assertThat(decided("api-sampling", "rate", true)).isBetween(876L, 1124L);
    assertThat(next.items())
        .isEqualTo(50 * 5 + decided("api-sampling", "rate", true))
        .isLessThan(50 * 405);
  }

  @Test
  void articlesRules_areForTheirServiceOnly() throws Exception {
    var sampler = start(ARTICLE + "default: {reservoir: 0, rate: 0}\n");

    send(sampler, Traffic.of("other", List.of(traffic.root())));

    assertThat(next.batches()).isEmpty();
    assertThat(decided("Default", "rate", false)).isEqualTo(1);
  }

  /** The file of config-examples, as it is. */
  @Test
  void recipe_keepsWhatItPromises() throws Exception {
    var example = Files.readString(Path.of("../../config-examples/sampling.yaml"));
    var config = Binder.bindAll(factory(), example, Map.of()).values().iterator().next().orThrow();
    var sampler = start(config);
    int normal = 0;
    int keptOfNormal = 0;
    for (int second = 0; second < 100; second++) {
      for (int i = 0; i < 200; i++) {
        var root = traffic.root();
        boolean mustStay = true;
        boolean mustGo = false;
        switch (i) {
          case 0 -> root.attributes().put("http.response.status_code", 502);
          case 1 ->
              root.statusCode(Span.STATUS_ERROR).attributes().remove("http.response.status_code");
          case 2 -> root.endTimeUnixNano(root.startTimeUnixNano() + 5_000_000_001L);
          case 3 -> root.attributes().put("order_id", "12345");
          case 4 -> root.attributes().put("order_id", 12345);
          case 5 -> {
            root.attributes().put("url.path", "/healthz");
            mustGo = true;
          }
          default -> mustStay = false;
        }
        int before = next.batches().size();
        send(sampler, Traffic.of("checkout", List.of(root)));
        boolean kept = next.batches().size() > before;
        if (mustGo) {
          assertThat(kept).isFalse();
        } else if (mustStay) {
          assertThat(kept).as("request %d", i).isTrue();
        } else {
          normal++;
          if (kept) keptOfNormal++;
        }
      }
      clock.advance(Duration.ofSeconds(1));
    }

    int byRate = keptOfNormal - 5 * 100;
    double share = (double) byRate / (normal - 500);
    assertThat(share).isBetween(0.044, 0.056);
  }

  @Test
  void childBeforeItsRoot_waitsAndFollowsIt() throws Exception {
    var sampler = start("default: {reservoir: 1, rate: 0}\n");
    var first = traffic.root();
    var second = traffic.root();
    send(sampler, Traffic.of(traffic.child(first), traffic.child(second)));
    assertThat(next.batches()).isEmpty();
    assertThat(gauge("held_traces")).isEqualTo(2);

    send(sampler, Traffic.of(first, second));

    next.awaitItems(2);
    assertThat(tracesOf(next.batches())).containsExactly(first.traceIdLo());
    assertThat(gauge("held_traces")).isZero();
    assertThat(spans(true)).isEqualTo(2);
    assertThat(spans(false)).isEqualTo(2);
  }

  @Test
  void lateSpans_followTheDecision() throws Exception {
    var sampler = start("default: {reservoir: 1, rate: 0}\n");
    var kept = traffic.root();
    var dropped = traffic.root();
    send(sampler, Traffic.of(kept, dropped));
    clock.advance(Duration.ofMinutes(4));

    send(sampler, Traffic.of(traffic.child(dropped), traffic.child(kept), traffic.remote(kept)));

    assertThat(tracesOf(next.batches())).containsOnly(kept.traceIdLo());
    assertThat(next.items()).isEqualTo(3);
    assertThat(context.telemetry().counter(METRIC + "late_spans")).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"rules, 1", "keep, 2", "drop, 0"})
  void tracesWithoutRoot_areDecidedByPolicyInTime(String policy, int kept) throws Exception {
    var sampler =
        start(
            "default: {reservoir: 1, rate: 0}\ndecision_wait: 3s\nwithout_root: " + policy + "\n");
    send(sampler, Traffic.of(traffic.child(traffic.root()), traffic.child(traffic.root())));
    clock.awaitWaiting(2);
    clock.advance(Duration.ofMillis(2999));
    assertThat(gauge("held_traces")).isEqualTo(2);

    clock.advance(Duration.ofMillis(1));

    awaitNoneHeld();
    next.awaitItems(kept);
    assertThat(spans(true)).isEqualTo(kept);
    assertThat(spans(false)).isEqualTo(2 - kept);
  }

  @Test
  void firstSpanOfAService_decidesAtOnceUnlessTheRootIsAskedFor() throws Exception {
    var local = start("default: {reservoir: 100, rate: 0}\n");
    send(local, Traffic.of(traffic.remote(traffic.root())));
    assertThat(next.items()).isEqualTo(1);

    var whole =
        start(
            "rules: {inline: [{name: a, priority: 1, fixed_rate: 0, service_name: inner}]}\n"
                + "default: {reservoir: 100, rate: 0}\ndecide_on: root\n");
    var root = traffic.root();
    send(whole, Traffic.of("inner", List.of(traffic.remote(root))));
    assertThat(next.items()).isEqualTo(1);
    send(whole, Traffic.of("outer", List.of(root)));
    next.awaitItems(3);
  }

  @Test
  void waiting_seesWhatComesAfterTheRoot() throws Exception {
    var sampler =
        start(
            "default: {reservoir: 0, rate: 0}\nkeep: [{faults: true}]\ndecide_on: wait\n"
                + "decision_wait: 5s\n");
    var good = traffic.root();
    var bad = traffic.root();
    send(sampler, Traffic.of(good, bad));
    send(
        sampler, Traffic.of(traffic.child(good), traffic.child(bad).statusCode(Span.STATUS_ERROR)));
    clock.awaitWaiting(2);
    clock.advance(Duration.ofSeconds(5));

    next.awaitItems(2);
    awaitNoneHeld();
    assertThat(tracesOf(next.batches())).containsExactly(bad.traceIdLo());
  }

  @Test
  void keep_hasABudgetASecond() throws Exception {
    var sampler =
        start("default: {reservoir: 0, rate: 0}\nkeep: [{faults: true, per_second: 3}]\n");
    for (int second = 0; second < 5; second++) {
      for (int i = 0; i < 10; i++) {
        var root = traffic.root();
        root.attributes().put("http.response.status_code", 500);
        send(sampler, Traffic.of(root));
      }
      assertThat(next.items()).isEqualTo(3L * (second + 1));
      clock.advance(Duration.ofSeconds(1));
    }
    assertThat(decided("faults", "keep", true)).isEqualTo(15);
    assertThat(decided("Default", "rate", false)).isEqualTo(35);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "faults: true|http.response.status_code=500|true",
        "faults: true|http.status_code=503|true",
        "faults: true|http.response.status_code=404|false",
        "errors: true|http.response.status_code=404|true",
        "errors: true|http.response.status_code=500|false",
        "{faults: true, errors: true}|http.response.status_code=429|true",
        "attribute: user.id|user.id=ann|true",
        "attribute: user.id|enduser.id=ann|true",
        "{attribute: user.id, value: 'a*'}|user.id=Ann|true",
        "{attribute: user.id, value: bob}|user.id=ann|false",
        "attribute: tenant|user.id=ann|false"
      })
  void keep_looksForItsCondition(String keep, String attribute, boolean kept) throws Exception {
    var flow = keep.startsWith("{") ? keep : "{" + keep + "}";
    var sampler = start("default: {reservoir: 0, rate: 0}\nkeep: [" + flow + "]\n");
    var root = traffic.root();
    var parts = attribute.split("=", 2);
    root.attributes().remove("http.response.status_code");
    if (parts[1].matches("\\d+")) root.attributes().put(parts[0], Long.parseLong(parts[1]));
    else root.attributes().put(parts[0], parts[1]);

    send(sampler, Traffic.of(root));

    assertThat(next.items()).isEqualTo(kept ? 1 : 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "url.path|/healthz|true",
        "http.target|/health?full=1|true",
        "url.full|http://shop/readyz|true",
        "user_agent.original|ELB-HealthChecker/2.0|true",
        "http.user_agent|kube-probe/1.33|true",
        "rpc.service|grpc.health.v1.Health|true",
        "url.path|/health/insurance|false",
        "url.path|/internal/x|true",
        "url.path|/orders/7|false"
      })
  void drop_isForHealthChecksAndPaths(String key, String value, boolean dropped) throws Exception {
    var sampler = start("default: {rate: 1}\ndrop: [health_checks, /internal/*]\n");
    var root = traffic.root();
    if (!key.startsWith("url.path")) root.attributes().remove("url.path");
    root.attributes().put(key, value);

    send(sampler, Traffic.of(root));

    assertThat(next.items()).isEqualTo(dropped ? 0 : 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "service_name: my-*|true",
        "service_name: MY-API|true",
        "service_name: other|false",
        "service_type: AWS::Lambda::Function|true",
        "service_type: AWS::EC2::Instance|false",
        "host: '*.example.com'|true",
        "host: example.com|false",
        "http_method: get|true",
        "http_method: P*|false",
        "url_path: /orders/*|true",
        "url_path: /orders/?|true",
        "url_path: /orders|false",
        "resource_arn: 'arn:aws:lambda:*:function:my-api'|true",
        "resource_arn: 'arn:aws:ecs:*'|false",
        "attributes: {http.method: GET}|true",
        "attributes: {http.request.method: 'G?T'}|true",
        "attributes: {http.status_code: '2??'}|true",
        "attributes: {http.response.status_code: '200', http.method: GET}|true",
        "attributes: {http.status_code: '2??', tier: gold}|false",
        "attributes: {cloud.platform: aws_lambda}|true",
        "attributes: {sampled: 'true'}|true",
        "attributes: {ratio: '0.5'}|true"
      })
  void rule_matchesAsXraysDo(String condition, boolean matches) throws Exception {
    var sampler =
        start(
            "rules:\n  inline:\n    - name: a\n      priority: 1\n      fixed_rate: 1\n      "
                + condition
                + "\ndefault: {reservoir: 0, rate: 0}\n");
    var root = traffic.root();
    root.attributes()
        .put("aws.lambda.invoked_arn", "arn:aws:lambda:eu-west-1:123456789012:function:my-api")
        .put("sampled", true)
        .put("ratio", 0.5);

    send(sampler, Traffic.of(root));

    assertThat(next.items()).isEqualTo(matches ? 1 : 0);
  }

  @Test
  void rules_areAskedByPriorityAndThenByName() throws Exception {
    var sampler =
        start(
            """
            rules:
              inline:
                - {name: z, priority: 1, fixed_rate: 1}
                - {name: b, priority: 1, fixed_rate: 1}
                - {name: a, priority: 2, fixed_rate: 1}
            """);

    send(sampler, Traffic.of(traffic.root()));

    assertThat(decided("b", "rate", true)).isEqualTo(1);
  }

  @Test
  void sampledSpans_sayWithWhichThreshold() throws Exception {
    var sampler = start("default: {reservoir: 0, rate: 0.5}\n");
    var root = traffic.root().traceIdLo(0xf0_0000_0000_0000L);
    var child = traffic.child(root).traceState("vendor=x,ot=rv:f0000000000000;th:4");
    var harder = traffic.child(root).traceState("ot=th:c");

    send(sampler, Traffic.of(root, child, harder));

    assertThat(Otlp.spans(next.only()))
        .extracting(Span::traceState)
        .containsExactly("ot=th:8", "ot=rv:f0000000000000;th:8,vendor=x", "ot=th:c");
  }

  @Test
  void reservoirAndKeep_leaveTheTracestateAlone() throws Exception {
    var sampler = start("default: {reservoir: 1, rate: 0}\n");
    var root = traffic.root().traceIdLo(0xf0_0000_0000_0000L).traceState("ot=th:8");

    send(sampler, Traffic.of(root));

    assertThat(Otlp.spans(next.only())).extracting(Span::traceState).containsExactly("ot=th:8");
  }

  @Test
  void heldSpansOfASampledTrace_sayItToo() throws Exception {
    var sampler = start("default: {reservoir: 0, rate: 0.5}\n");
    var root = traffic.root().traceIdLo(0xf0_0000_0000_0000L);
    send(sampler, Traffic.of(traffic.child(root)));

    send(sampler, Traffic.of(root));

    for (var batch : next.awaitItems(2)) {
      assertThat(Otlp.spans(batch)).extracting(Span::traceState).containsExactly("ot=th:8");
    }
  }

  @Test
  void randomnessOfTheTracestate_winsOverTheId() throws Exception {
    var sampler = start("default: {reservoir: 0, rate: 0.5}\n");

    send(sampler, Traffic.of(traffic.root().traceIdLo(1).traceState("ot=rv:ffffffffffffff")));
    send(sampler, Traffic.of(traffic.root().traceIdLo(-1).traceState("ot=rv:00000000000000")));

    assertThat(tracesOf(next.batches())).containsExactly(1L);
  }

  @Test
  void wholeBatchThatIsKept_leavesAsItCame() throws Exception {
    var sampler = start("default: {reservoir: 100, rate: 0}\n");
    var batch = Traffic.of(traffic.root(), traffic.root());
    var bytes = batch.otlpChunks().getFirst();

    send(sampler, batch);

    assertThat(next.only().otlpChunks().getFirst()).isSameAs(bytes);
  }

  @Test
  void spanWithoutTraceId_isLeftToTheExporter() throws Exception {
    var sampler = start("default: {reservoir: 0, rate: 0}\n");

    send(sampler, Traffic.of(traffic.root().traceIdHi(0).traceIdLo(0)));

    assertThat(next.items()).isEqualTo(1);
  }

  /** Many more open traces than there is room for: none is lost without being decided. */
  @Test
  void openTraces_takeNoMoreThanTheirRoom() throws Exception {
    var sampler = start("default: {reservoir: 0, rate: 0.5}\nmax_held_mib: 1\n");
    int traces = 100_000;
    long most = 0;
    for (int i = 0; i < traces; i += 50) {
      var spans = new ArrayList<Span>();
      for (int j = 0; j < 50; j++) spans.add(traffic.child(traffic.root()));
      assertThat(sampler.consume(Traffic.of("my-api", spans))).isEqualTo(Outcome.ACCEPTED);
      most = Math.max(most, gauge("held_bytes"));
      // Who keeps the pace of the one who sends on; else the answer would be to come again.
      next.awaitItems(spans(true));
    }
    assertThat(most).isBetween(700_000L, 1L << 20);
    assertThat(context.telemetry().counter(METRIC + "early_decisions")).isGreaterThan(95_000);

    stopAll();

    long kept = spans(true);
    long dropped = spans(false);
    assertThat(kept + dropped).isEqualTo(traces);
    assertThat((double) kept / traces).isBetween(0.49, 0.51);
    assertThat(next.items()).isEqualTo(kept);
    assertThat(context.ledger().drops()).isEmpty();
  }

  @Test
  void refusedBatch_isNotHeldSoThatItMayComeAgain() throws Exception {
    var sampler = start("default: {reservoir: 100, rate: 0}\n");
    var open = traffic.root();
    var batch = Traffic.of(traffic.root(), traffic.child(open));
    next.answering(Outcome.unavailable("down"));

    assertThat(sampler.consume(batch.copy())).isEqualTo(Outcome.unavailable("down"));
    assertThat(gauge("held_traces")).isZero();
    assertThat(gauge("held_bytes")).isZero();
    send(sampler, batch);
    send(sampler, Traffic.of(open));

    next.awaitItems(4);
    assertThat(decided("Default", "reservoir", true)).isEqualTo(2);
  }

  @Test
  void heldSpans_areSentAgainUntilTheyAreTaken() throws Exception {
    var sampler = start("decision_wait: 1s\nwithout_root: keep\n");
    send(sampler, Traffic.of(traffic.child(traffic.root())));
    next.answering(Outcome.unavailable("down"), Outcome.overloaded("busy", Duration.ofSeconds(7)));
    clock.awaitWaiting(2);
    clock.advance(Duration.ofSeconds(1));
    next.awaitBatches(1);
    clock.awaitWaiting(2);
    clock.advance(Duration.ofSeconds(1));
    next.awaitBatches(2);
    clock.awaitWaiting(2);
    clock.advance(Duration.ofMillis(6999));
    assertThat(next.batches()).hasSize(2);
    clock.advance(Duration.ofMillis(1));

    next.awaitBatches(3);
    clock.awaitWaiting(2);
    assertThat(gauge("held_bytes")).isZero();
    assertThat(context.ledger().drops()).isEmpty();
  }

  @Test
  void heldSpansThatAreRejected_areSaidToTheLedger() throws Exception {
    var sampler = start("decision_wait: 1s\nwithout_root: keep\n");
    next.alwaysAnswering(Outcome.failed("no"));
    send(sampler, Traffic.of(traffic.child(traffic.root()), traffic.child(traffic.root())));

    stopAll();

    assertThat(context.ledger().dropped(Signal.TRACES, "rejected")).isEqualTo(2);
  }

  @Test
  void whenNothingIsTaken_clientsAreToldToWait() throws Exception {
    var sampler = start("without_root: keep\nmax_held_mib: 1\n");
    next.alwaysAnswering(Outcome.unavailable("down"));
    Outcome answer = Outcome.ACCEPTED;
    int accepted = 0;
    for (int i = 0; i < 10_000 && answer.equals(Outcome.ACCEPTED); i++) {
      answer = sampler.consume(Traffic.of(traffic.child(traffic.root())));
      if (answer.equals(Outcome.ACCEPTED)) accepted++;
    }
    assertThat(answer)
        .isInstanceOfSatisfying(
            Outcome.Retry.class,
            retry -> assertThat(retry.cause()).isEqualTo(Outcome.Cause.OVERLOADED));
    assertThat(gauge("held_bytes")).isLessThanOrEqualTo(1 << 20);

    next.alwaysAnswering(Outcome.ACCEPTED);
    stopAll();

    assertThat(Set.copyOf(tracesOf(next.batches()))).hasSize(accepted);
  }

  @Test
  void timeToStopThatIsOver_isSaidToTheLedger() throws Exception {
    var sampler = start("without_root: keep\n");
    next.alwaysAnswering(Outcome.unavailable("down"));
    send(sampler, Traffic.of(traffic.child(traffic.root())));

    started.getFirst().stop(Deadline.in(Duration.ZERO, clock));
    stopAll();

    assertThat(context.ledger().dropped(Signal.TRACES, "stopped")).isEqualTo(1);
  }

  @Test
  void rulesFile_isReadAgainWhenItChanges() throws Exception {
    var file = dir.resolve("rules.json");
    var rule = Files.readString(Path.of("src/test/resources/error-sampling.json"));
    Files.writeString(file, rule.replace("\"5??\"", "\"*\""));
    var sampler = start("rules: {files: [" + file + "]}\ndefault: {reservoir: 0, rate: 0}\n");
    send(sampler, Traffic.of(traffic.root()));
    assertThat(next.items()).isEqualTo(1);

    Files.writeString(file, rule.replace("\"my-api\"", "\"other\""));
    Files.setLastModifiedTime(file, FileTime.from(clock.now()));
    tick();
    send(sampler, Traffic.of(traffic.root()));
    assertThat(next.items()).isEqualTo(1);

    Files.writeString(file, "[{]");
    tick();
    assertThat(context.log().lines(System.Logger.Level.ERROR))
        .singleElement()
        .asString()
        .contains("the rules before stay in force", "rules.json", "line 1");
    send(sampler, Traffic.of("other", List.of(traffic.root())));
    assertThat(decided("error-sampling", "reservoir", true)).isEqualTo(1);
  }

  @Test
  void onceAMinute_theCostIsSaid() throws Exception {
    var sampler = start("default: {reservoir: 2, rate: 0}\ndrop: [/x]\n");
    for (int second = 0; second < 60; second++) {
      for (int i = 0; i < 10; i++) send(sampler, Traffic.of(traffic.root()));
      clock.awaitWaiting(2);
      clock.advance(Duration.ofSeconds(1));
    }
    clock.awaitWaiting(2);

    assertThat(context.log().lines())
        .singleElement()
        .isEqualTo(
            "INFO in 60 s recorded 120 of 600 traces (Default 120 of 600); a month of this records"
                + " 5,256,000 traces and costs $25.78");
    assertThat(gauge("projected_traces")).isEqualTo(5_256_000);
    assertThat(gauge("projected_cost_cents")).isEqualTo(2578);

    for (int i = 0; i < 6; i++) tick();
    assertThat(context.log().lines()).as("nothing came, nothing is said").hasSize(1);
    assertThat(gauge("projected_traces")).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rules: {files: [no.json]}|rules.files|no.json cannot be read: no such file",
        "rules: {inline: [{name: a, priority: 1, fixed_rate: 2}]}|fixed_rate|2.0 (expected: 0 to 1)",
        "keep: [{per_second: 1}]|faults|nothing to keep",
        "keep: [{faults: true, slower_than: 1s}]|faults|several conditions",
        "keep: [{value: x, faults: true}]|value|x without attribute",
        "keep: [{faults: true}, {faults: true}]|keep|two entries named \"faults\"",
        "drop: [healthchecks]|drop|\"healthchecks\" (expected: health_checks",
        "default: {rate: 5}|rate|5.0 (expected: 0 to 1)",
        "{decide_on: wait, decision_wait: 0s}|decision_wait|0s (expected: more",
        "{decision_ttl: 1s}|decision_ttl|1s (expected: at least decision_wait)"
      })
  void whatIsWrong_isNamed(String yaml, String key, String message) {
    var problems = Binder.bind(XraySamplingConfig.class, yaml).problems();

    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst().toString()).contains(key, message);
  }

  private Consumer<Traces> start(String yaml) throws Exception {
    return start(Binder.bind(XraySamplingConfig.class, yaml).orThrow());
  }

  private Consumer<Traces> start(XraySamplingConfig config) throws Exception {
    var processor = factory().create(config, context.context());
    var consumer = processor.traces(next);
    processor.start();
    started.add(processor);
    return consumer;
  }

  private static void send(Consumer<Traces> sampler, Traces batch) {
    assertThat(sampler.consume(batch)).isEqualTo(Outcome.ACCEPTED);
  }

  private void tick() throws InterruptedException {
    clock.awaitWaiting(2);
    clock.advance(Duration.ofSeconds(10));
    clock.awaitWaiting(2);
  }

  /** A test that waits in vain for this ends by its timeout. */
  private void awaitNoneHeld() {
    while (gauge("held_traces") > 0) LockSupport.parkNanos(1_000_000);
  }

  private long decided(String rule, String by, boolean sampled) {
    String[] labels = {"rule", rule, "by", by, "sampled", Boolean.toString(sampled)};
    return context.telemetry().counter(METRIC + "traces", labels);
  }

  private long spans(boolean sampled) {
    String[] labels = {"sampled", Boolean.toString(sampled)};
    return context.telemetry().counter(METRIC + "spans", labels);
  }

  private long gauge(String name) {
    return context.telemetry().gauge(METRIC + name);
  }

  private static List<Long> tracesOf(List<Traces> batches) {
    var ids = new HashSet<Long>();
    for (var batch : batches) {
      for (var span : Otlp.spans(batch)) ids.add(span.traceIdLo());
    }
    return List.copyOf(ids);
  }
}
