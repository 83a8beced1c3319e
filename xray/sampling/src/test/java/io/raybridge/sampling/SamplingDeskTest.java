package io.raybridge.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.testkit.ManualClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class SamplingDeskTest {
  private static final JsonMapper JSON = new JsonMapper();

  private final ManualClock clock = new ManualClock();
  private final SamplingDesk desk =
      new SamplingDesk(List.of(SamplingRule.any("api", 5, 0.25, 10)), clock::now);

  @Test
  void rules_areServedAsClientsNeedThem() {
    var records = json(desk.answer(SamplingService.RULES, new byte[0])).path("SamplingRuleRecords");

    assertThat(records).hasSize(2);
    var rule = records.get(0).path("SamplingRule");
    assertThat(rule.path("RuleName").asString()).isEqualTo("api");
    assertThat(rule.path("Attributes").isObject()).as("OpenTelemetry's sampler needs it").isTrue();
    assertThat(rule.path("Version").asInt()).isEqualTo(1);
    assertThat(records.get(1).path("SamplingRule").path("RuleName").asString())
        .isEqualTo("Default");
    assertThat(records.get(1).path("SamplingRule").path("Priority").asInt()).isEqualTo(10_000);
  }

  @Test
  void servedRules_areReadAsTheyWere() throws Exception {
    var read = RuleReader.readAnswer(desk.answer(SamplingService.RULES, new byte[0]).body());

    assertThat(read).isEqualTo(desk.served());
  }

  @Test
  void onlyClient_getsTheWholeReservoir() {
    var answer = report("api", client(1), 100);

    var target = answer.path("SamplingTargetDocuments").get(0);
    assertThat(target.path("RuleName").asString()).isEqualTo("api");
    assertThat(target.path("FixedRate").asDouble()).isEqualTo(0.25);
    assertThat(target.path("ReservoirQuota").asInt()).isEqualTo(10);
    assertThat(target.path("ReservoirQuotaTTL").asLong())
        .isGreaterThan(clock.now().getEpochSecond());
    assertThat(target.path("Interval").asInt()).isEqualTo(10);
    assertThat(answer.path("LastRuleModification").isNumber()).isTrue();
    assertThat(answer.path("UnprocessedStatistics").isArray()).isTrue();
    assertThat(answer.path("UnprocessedBoostStatistics").isArray()).isTrue();
  }

  @Test
  void clients_shareByDemandAfterARound() {
    quota(client(1), 90);
    quota(client(2), 10);

    assertThat(quota(client(1), 90)).isEqualTo(8);
    assertThat(quota(client(2), 10)).isEqualTo(2);
  }

  /** Whoever comes and goes: what is in force never adds up to more than the reservoir. */
  @Test
  void quotasInForce_neverExceedTheReservoir() throws Exception {
    var random = new Random(8);
    var quotas = new HashMap<String, long[]>();
    int full = 0;
    for (int i = 0; i < 20_000; i++) {
      if (i % 10 == 0) clock.advance(Duration.ofSeconds(1 + random.nextInt(5)));
      var client = client(random.nextInt(15));
      var target =
          report("api", client, random.nextInt(1000)).path("SamplingTargetDocuments").get(0);
      quotas.put(
          client,
          new long[] {
            target.path("ReservoirQuota").asInt(), target.path("ReservoirQuotaTTL").asLong()
          });
      long now = clock.now().getEpochSecond();
      long sum = quotas.values().stream().filter(q -> q[1] >= now).mapToLong(q -> q[0]).sum();
      assertThat(sum).isLessThanOrEqualTo(10);
      assertThat(target.path("ReservoirQuota").asInt()).isNotNegative();
      if (sum >= 9) full++;
    }
    assertThat(full).as("and most of it is in use").isGreaterThan(10_000);
  }

  @Test
  void whatIsWrongInAReport_isNamedAndTheRestIsServed() {
    var body =
        "{\"SamplingStatisticsDocuments\":["
            + document("no-such", client(1), "1")
            + ","
            + document("api", "short", "1")
            + ","
            + document("api", client(1), "\"x\"")
            + ","
            + document("Default", client(1), "1")
            + "]}";

    var answer = json(desk.answer(SamplingService.TARGETS, utf8(body)));

    assertThat(answer.path("SamplingTargetDocuments")).hasSize(1);
    assertThat(answer.path("UnprocessedStatistics"))
        .extracting(each -> each.path("ErrorCode").asString())
        .containsExactly("RuleDoesNotExist", "InvalidClientId", "InvalidStatistics");
  }

  @Test
  void brokenReports_areRefused() {
    for (var body : List.of("", "{", "[]", "{}", "{\"SamplingStatisticsDocuments\":7}")) {
      var reply = desk.answer(SamplingService.TARGETS, utf8(body));

      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.error()).isEqualTo("InvalidRequestException");
      assertThat(json(reply).path("Message").asString()).isNotBlank();
    }
  }

  @Test
  void changedRules_areSaidToClients() throws Exception {
    double before = report("api", client(1), 1).path("LastRuleModification").asDouble();
    clock.advance(Duration.ofSeconds(5));

    desk.rules(List.of(SamplingRule.any("other", 5, 0.25, 10)));

    assertThat(report("other", client(1), 1).path("LastRuleModification").asDouble())
        .isEqualTo(before + 5);
  }

  private int quota(String client, int requests) {
    return report("api", client, requests)
        .path("SamplingTargetDocuments")
        .get(0)
        .path("ReservoirQuota")
        .asInt();
  }

  private JsonNode report(String rule, String client, int requests) {
    var body =
        "{\"SamplingStatisticsDocuments\":["
            + document(rule, client, Integer.toString(requests))
            + "]}";
    return json(desk.answer(SamplingService.TARGETS, utf8(body)));
  }

  private static String document(String rule, String client, String requests) {
    return "{\"RuleName\":\""
        + rule
        + "\",\"ClientID\":\""
        + client
        + "\",\"Timestamp\":1,\"RequestCount\":"
        + requests
        + ",\"SampledCount\":0,\"BorrowCount\":0}";
  }

  private static String client(int number) {
    return String.format("%024x", number);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static JsonNode json(SamplingService.Reply reply) {
    return JSON.readTree(reply.body());
  }
}
