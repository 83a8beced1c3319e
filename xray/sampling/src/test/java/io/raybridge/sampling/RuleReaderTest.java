package io.raybridge.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class RuleReaderTest {
  private static final String ONE =
      """
      {"RuleName": "error-sampling", "ResourceARN": "*", "Priority": 0, "FixedRate": 1.0,
       "ReservoirSize": 100, "ServiceName": "my-api", "ServiceType": "*", "Host": "*",
       "HTTPMethod": "*", "URLPath": "*", "Version": 1, "Attributes": {"http.status_code": "5??"}}
      """;

  @Test
  void oneRule_isReadAsPrinted() throws Exception {
    var rule = read(ONE).getFirst();

    assertThat(rule.name()).isEqualTo("error-sampling");
    assertThat(rule.priority()).isZero();
    assertThat(rule.fixedRate()).isEqualTo(1);
    assertThat(rule.reservoirSize()).isEqualTo(100);
    assertThat(rule.serviceName()).isEqualTo("my-api");
    assertThat(rule.attributes()).isEqualTo(Map.of("http.status_code", "5??"));
    assertThat(rule.boost()).isEmpty();
  }

  @Test
  void wrappersOfTheCommandLine_areTheSameRule() throws Exception {
    var one = read(ONE);

    assertThat(read("{\"SamplingRule\":" + ONE + "}")).isEqualTo(one);
    assertThat(read("[" + ONE + "]")).isEqualTo(one);
    assertThat(read("[{\"SamplingRule\":" + ONE + "}]")).isEqualTo(one);
  }

  @Test
  void answerOfGetSamplingRules_isRead() throws Exception {
    var rules =
        read(
            "{\"SamplingRuleRecords\":[{\"SamplingRule\":"
                + ONE
                + ",\"CreatedAt\":1600000000,\"ModifiedAt\":1600000001.5},{\"SamplingRule\":"
                + "{\"RuleName\":\"Default\",\"RuleARN\":\"arn:aws:xray:x:1:sampling-rule/Default\","
                + "\"Priority\":10000,\"FixedRate\":0.05,\"ReservoirSize\":1,\"Version\":1,"
                + "\"SomethingNew\":7,\"SamplingRateBoost\":{\"MaxRate\":0.5,"
                + "\"CooldownWindowMinutes\":10,\"DisableDefaultAnomalyDetection\":true}}}],\"NextToken\":null}");

    assertThat(rules).extracting(SamplingRule::name).containsExactly("error-sampling", "Default");
    assertThat(rules.getFirst().modifiedAt()).isEqualTo(1600000001.5);
    assertThat(rules.getLast().boost()).contains(new SamplingRule.Boost(0.5, 10, true));
    assertThat(rules.getLast().isDefault()).isTrue();
  }

  @Test
  void localRulesVersion2_keepTheirOrder() throws Exception {
    var rules =
        read(
            """
            {"version": 2,
             "rules": [
               {"description": "Player moves.", "host": "*", "http_method": "*",
                "url_path": "/api/move/*", "fixed_target": 0, "rate": 0.05},
               {"host": "admin.*", "http_method": "GET", "url_path": "*", "fixed_target": 3,
                "rate": 1}],
             "default": {"fixed_target": 1, "rate": 0.1}}
            """);

    assertThat(rules)
        .extracting(SamplingRule::name)
        .containsExactly("local-1 Player moves.", "local-2", "Default");
    assertThat(rules).extracting(SamplingRule::priority).containsExactly(1, 2, 10_000);
    assertThat(rules).extracting(SamplingRule::fixedRate).containsExactly(0.05, 1.0, 0.1);
    assertThat(rules).extracting(SamplingRule::reservoirSize).containsExactly(0, 3, 1);
    assertThat(rules.get(1).host()).isEqualTo("admin.*");
  }

  @Test
  void localRulesVersion1_nameTheHostService() throws Exception {
    var rules =
        read(
            """
            {"version": 1,
             "rules": [{"service_name": "shop.*", "http_method": "*", "url_path": "*",
                        "fixed_target": 0, "rate": 0.5}],
             "default": {"fixed_target": 1, "rate": 0.1}}
            """);

    assertThat(rules.getFirst().host()).isEqualTo("shop.*");
    assertThat(rules.getFirst().serviceName()).isEqualTo("*");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|is empty",
        "{|is no JSON",
        "7|is 7 (expected: an object)",
        "[7]|[0]: is 7 (expected: an object)",
        "{\"RuleName\":\"a\"}|Priority: is missing (expected: a whole number from 0 to 9999)",
        "{\"RuleName\":\"a\",\"Priority\":1,\"FixedRate\":1.5,\"ReservoirSize\":1}"
            + "|FixedRate: 1.5 (expected: a number from 0 to 1)",
        "{\"RuleName\":\"a\",\"Priority\":1,\"FixedRate\":\"x\",\"ReservoirSize\":1}"
            + "|FixedRate: \"x\" (expected: a number from 0 to 1)",
        "{\"RuleName\":\"a\",\"Priority\":1.5,\"FixedRate\":1,\"ReservoirSize\":1}"
            + "|Priority: 1.5 (expected: a whole number from 0 to 9999)",
        "{\"RuleName\":\"a\",\"Priority\":1,\"FixedRate\":1,\"ReservoirSize\":1,\"Version\":2}"
            + "|Version: 2 (expected: 1)",
        "{\"RuleName\":\"a\",\"Priority\":1,\"FixedRate\":1,\"ReservoirSize\":1,\"Hots\":\"x\"}"
            + "|Hots: unknown field",
        "{\"RuleName\":\"\",\"Priority\":1,\"FixedRate\":1,\"ReservoirSize\":1}"
            + "|RuleName: \"\" (expected: 1 to 32 characters)",
        "{\"RuleName\":\"a\",\"Priority\":1,\"FixedRate\":1,\"ReservoirSize\":1,"
            + "\"Attributes\":{\"b\":7}}|Attributes.b (expected: text)",
        "{\"version\":3,\"default\":{}}|version: 3 (expected: a whole number from 1 to 2)",
        "{\"version\":2}|default: is missing",
        "{\"version\":2,\"rules\":[{\"host\":\"*\"}],\"default\":{}}|rules[0].rate: is missing"
      })
  void whatIsWrong_isNamedWithItsPlace(String json, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(RuleException.class)
        .hasMessageContaining(message);
  }

  @Test
  void twoRulesOfOneName_areRefused() {
    assertThatThrownBy(() -> read("[" + ONE + "," + ONE + "]"))
        .hasMessageContaining("two rules named \"error-sampling\"");
  }

  @Test
  void missingFile_isNamed() {
    assertThatThrownBy(() -> RuleReader.read(Path.of("no-such-rules.json")))
        .isInstanceOf(RuleException.class)
        .hasMessageContaining("no-such-rules.json");
  }

  /** Whatever stands in a file, there is an answer that people can read. */
  @Test
  void brokenFiles_areRefusedAndNothingElse() {
    var random = new Random(3);
    var text = ("[" + ONE + "]").getBytes(StandardCharsets.UTF_8);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      var broken = text.clone();
      for (int j = 1 + random.nextInt(3); j > 0; j--) {
        broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(RuleReader.read(broken)).hasSize(1);
      } catch (RuleException e) {
        assertThat(e.getMessage()).isNotBlank();
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(5_000);
  }

  private static List<SamplingRule> read(String json) throws RuleException {
    return RuleReader.read(json.getBytes(StandardCharsets.UTF_8));
  }
}
