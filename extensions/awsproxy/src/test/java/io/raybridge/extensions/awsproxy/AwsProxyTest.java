package io.raybridge.extensions.awsproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.ExtensionFactory;
import io.raybridge.api.Kind;
import io.raybridge.config.Binder;
import io.raybridge.testkit.AwsAnswer;
import io.raybridge.testkit.ExtensionContract;
import io.raybridge.testkit.ManualClock;
import io.raybridge.testkit.ScriptedAws;
import io.raybridge.testkit.TestContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class AwsProxyTest implements ExtensionContract<AwsProxyConfig> {
  private static final String RULES = "{\"SamplingRuleRecords\":[],\"NextToken\":null}";
  private static final String REPORT =
      "{\"SamplingStatisticsDocuments\":[{\"RuleName\":\"api\",\"ClientID\":"
          + "\"0123456789abcdef01234567\",\"Timestamp\":1,\"RequestCount\":7,\"SampledCount\":1}]}";

  private final ManualClock clock = new ManualClock();
  private final TestContext context = TestContext.of(Kind.EXTENSION, "awsproxy", clock);
  private final ScriptedAws aws = new ScriptedAws();
  private @Nullable AwsProxy extension;

  @TempDir Path dir;

  @AfterEach
  void stop() throws Exception {
    if (extension != null) extension.stop(generously());
    aws.close();
  }

  @Override
  public ExtensionFactory<AwsProxyConfig> factory() {
    return new AwsProxyFactory();
  }

  @Override
  public String yaml() {
    return "endpoint: localhost:0\nregion: us-east-1\naws_endpoint: http://127.0.0.1:1\n";
  }

  @Test
  void ownRules_areServedWithoutAws() throws Exception {
    start("rules: {inline: [{name: api, priority: 1, fixed_rate: 0.5, reservoir_size: 3}]}\n");

    var rules = post("/GetSamplingRules", "");
    var targets = post("/SamplingTargets", REPORT);

    assertThat(rules.statusCode()).isEqualTo(200);
    assertThat(rules.headers().firstValue("x-amzn-requestid")).isPresent();
    assertThat(rules.body()).contains("\"RuleName\":\"api\"", "\"RuleName\":\"Default\"");
    assertThat(targets.body()).contains("\"ReservoirQuota\":3");
    assertThat(aws.calls()).isEmpty();
  }

  @Test
  void rulesFile_isReadAgainWhenItChanges() throws Exception {
    var file = dir.resolve("rules.json");
    var rule = "{\"RuleName\":\"%s\",\"Priority\":1,\"FixedRate\":0.5,\"ReservoirSize\":1}";
    Files.writeString(file, rule.formatted("first"));
    start("rules: {files: ['" + file + "']}\n");
    assertThat(post("/GetSamplingRules", "").body()).contains("\"first\"");

    Files.writeString(file, rule.formatted("second"));
    tick();
    assertThat(post("/GetSamplingRules", "").body())
        .contains("\"second\"")
        .doesNotContain("\"first\"");

    Files.writeString(file, "[{]");
    tick();
    assertThat(post("/GetSamplingRules", "").body()).contains("\"second\"");
    assertThat(context.log().lines(System.Logger.Level.ERROR))
        .singleElement()
        .asString()
        .contains("the rules before stay in force", "rules.json");
  }

  private void tick() throws InterruptedException {
    clock.awaitWaiting(1);
    clock.advance(Duration.ofSeconds(10));
    clock.awaitWaiting(1);
  }

  @Test
  void calls_areHandedOnToXray() throws Exception {
    aws.then(
        AwsAnswer.plain(200, "Content-Type: application/json\r\n", RULES),
        AwsAnswer.plain(200, "", "{\"LastRuleModification\":5}"));
    startRelay();

    assertThat(post("/GetSamplingRules", "{}").body()).isEqualTo(RULES);
    assertThat(post("/SamplingTargets", REPORT).body()).isEqualTo("{\"LastRuleModification\":5}");

    assertThat(aws.calls())
        .extracting(call -> call.path())
        .containsExactly("/GetSamplingRules", "/SamplingTargets");
    assertThat(aws.calls().getLast().content()).asString().isEqualTo(REPORT);
  }

  @Test
  void manySdks_askXrayOnceInTenSeconds() throws Exception {
    aws.always(AwsAnswer.plain(200, "", RULES));
    startRelay();
    for (int i = 0; i < 5; i++)
      assertThat(post("/GetSamplingRules", "").statusCode()).isEqualTo(200);
    assertThat(aws.calls()).hasSize(1);

    clock.advance(Duration.ofSeconds(10));
    assertThat(post("/GetSamplingRules", "").statusCode()).isEqualTo(200);

    assertThat(aws.calls()).hasSize(2);
  }

  @Test
  void xrayAway_leavesTheRulesOfBefore() throws Exception {
    aws.then(AwsAnswer.plain(200, "", RULES)).always(AwsAnswer.error(500, "InternalFailure"));
    startRelay();
    assertThat(post("/GetSamplingRules", "").statusCode()).isEqualTo(200);
    clock.advance(Duration.ofMinutes(30));

    assertThat(post("/GetSamplingRules", "").body()).isEqualTo(RULES);
    var targets = post("/SamplingTargets", REPORT);
    assertThat(targets.statusCode()).isEqualTo(200);
    assertThat(targets.body())
        .contains(
            "\"SamplingTargetDocuments\":[]",
            "\"LastRuleModification\":0",
            "\"RuleName\":\"api\",\"ErrorCode\":\"ServiceUnavailable\"");
    assertThat(aws.calls()).as("it is left alone for ten seconds").hasSize(2);

    aws.always(AwsAnswer.plain(200, "", "{\"LastRuleModification\":9}"));
    clock.advance(Duration.ofSeconds(10));
    assertThat(post("/SamplingTargets", REPORT).body()).isEqualTo("{\"LastRuleModification\":9}");
  }

  @Test
  void changedRules_areAskedForAnew() throws Exception {
    aws.then(
        AwsAnswer.plain(200, "", RULES),
        AwsAnswer.plain(200, "", "{\"LastRuleModification\":5}"),
        AwsAnswer.plain(200, "", RULES.replace("null", "\"\"")));
    startRelay();
    assertThat(post("/GetSamplingRules", "").body()).isEqualTo(RULES);
    assertThat(post("/SamplingTargets", REPORT).statusCode()).isEqualTo(200);

    assertThat(post("/GetSamplingRules", "").body()).isNotEqualTo(RULES);
  }

  @Test
  void xrayNeverReached_isSaidWithItsCause() throws Exception {
    aws.always(AwsAnswer.error(403, "AccessDeniedException"));
    startRelay();

    var rules = post("/GetSamplingRules", "");

    assertThat(rules.statusCode()).isEqualTo(503);
    assertThat(rules.headers().firstValue("x-amzn-errortype")).hasValue("ServiceUnavailable");
    assertThat(rules.body()).contains("AccessDeniedException");
    assertThat(context.log().lines(System.Logger.Level.WARNING)).hasSize(1);
  }

  @Test
  void refusedReport_isRefusedToTheClient() throws Exception {
    aws.always(AwsAnswer.error(400, "InvalidRequestException"));
    startRelay();

    var targets = post("/SamplingTargets", REPORT);

    assertThat(targets.statusCode()).isEqualTo(400);
    assertThat(targets.headers().firstValue("x-amzn-errortype"))
        .hasValue("InvalidRequestException");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /TraceSegments",
    "POST, /",
    "GET, /GetSamplingRules",
    "POST, /Traces",
    "POST, /CreateSamplingRule",
    "DELETE, /SamplingTargets"
  })
  void otherCalls_areRefusedAndNotHandedOn(String method, String path) throws Exception {
    startRelay();

    var response = call(method, path, "{}");

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.body()).contains("/GetSamplingRules");
    assertThat(aws.calls()).isEmpty();
  }

  @Test
  void portInUse_isSaidWithItsAddress() throws Exception {
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var config = bind("endpoint: 127.0.0.1:" + other.getLocalPort() + "\n");
      var second = new AwsProxy(config, context.context());

      assertThatThrownBy(second::start)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("127.0.0.1:" + other.getLocalPort());
      second.stop(generously());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "service_name: logs|service_name|logs (expected: xray",
        "region: Frankfurt|region|Frankfurt (expected: a region",
        "aws_endpoint: 'http://x?y'|aws_endpoint|expected: https://host",
        "role_arn: x|role_arn|expected: arn:aws:iam",
        "rules: {aws: {}}|rules.aws|expected: no rules at all",
        "additional_routing_rules: [{paths: [/GetGroups]}]|additional_routing_rules|not built in yet"
      })
  void whatIsWrong_isNamed(String yaml, String key, String message) {
    var problems = Binder.bind(AwsProxyConfig.class, yaml).problems();

    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst().toString()).contains(key, message);
  }

  private void startRelay() throws Exception {
    start("region: us-east-1\naws_endpoint: " + aws.url() + "\n");
  }

  private void start(String yaml) throws Exception {
    extension = new AwsProxy(bind("endpoint: localhost:0\n" + yaml), context.context());
    extension.start();
  }

  private static AwsProxyConfig bind(String yaml) {
    return Binder.bind(AwsProxyConfig.class, yaml).orThrow();
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return call("POST", path, body);
  }

  private HttpResponse<String> call(String method, String path, String body) throws Exception {
    int port = extension == null ? 0 : extension.port();
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }
}
