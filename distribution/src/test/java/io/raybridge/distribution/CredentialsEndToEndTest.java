package io.raybridge.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.raybridge.testkit.AwsAnswer;
import io.raybridge.testkit.AwsCall;
import io.raybridge.testkit.Otlp;
import io.raybridge.testkit.ScriptedAws;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each place where AWS keeps credentials for a program, by the variables that AWS's services set,
 * from what stands in for them on this machine; and keys that are exchanged while it runs.
 */
@Timeout(180)
class CredentialsEndToEndTest {
  private static final String ROLE = "arn:aws:iam::123456789012:role/traces";
  private static final String NO_END = "2099-01-01T00:00:00Z";

  @TempDir Path dir;
  private final ScriptedAws aws = new ScriptedAws();
  private final ScriptedAws keeper = new ScriptedAws();
  private final Map<String, String> environment = new HashMap<>();
  private int port;

  @BeforeEach
  void keepFromTheMachinesOwn() throws Exception {
    port = CollectorProcess.freePort();
    environment.put("AWS_SHARED_CREDENTIALS_FILE", dir.resolve("none").toString());
    environment.put("AWS_CONFIG_FILE", dir.resolve("none").toString());
    environment.put("AWS_EC2_METADATA_DISABLED", "false");
    environment.put("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1");
  }

  @AfterEach
  void close() {
    keeper.close();
    aws.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"shared_credentials_file", "profile"})
  void credentialsFile_writtenAnew_givesTheNextCallItsKeys(String key) throws Exception {
    var file = dir.resolve("credentials");
    Files.writeString(file, profile("AKIAFIRST"));
    if (key.equals("profile")) environment.put("AWS_SHARED_CREDENTIALS_FILE", file.toString());
    aws.always(refusing("AKIAFIRST", () -> Files.writeString(file, profile("AKIASECOND"))));

    sendOne(
        key.equals("profile")
            ? "profile: shop"
            : "shared_credentials_file: [" + file + "], profile: shop");

    assertKeys("AKIAFIRST", "AKIASECOND");
  }

  @Test
  void podIdentity_asksItsAgentWithTheTokenOfTheFile_asItIsThen() throws Exception {
    var token = dir.resolve("token");
    Files.writeString(token, "first");
    environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", keeper.url() + "/v1/credentials");
    environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.toString());
    // Where an agent is named, nobody asks the instance for another's.
    environment.put("HTTP_PROXY", "http://127.0.0.1:1");
    keeper.always((call, wire) ->
        wire.send(
            200, "", json("ASIA" + call.headers().get("authorization").toUpperCase(Locale.ROOT))));
    aws.always(refusing("ASIAFIRST", () -> Files.writeString(token, "second")));

    sendOne("region: us-east-1");

    assertKeys("ASIAFIRST", "ASIASECOND");
    assertThat(keeper.calls())
        .allSatisfy(call -> assertThat(call.path()).isEqualTo("/v1/credentials"));
    assertThat(aws.calls().getLast().headers()).containsEntry("x-amz-security-token", "token");
  }

  /** The agent of a cluster of IPv6 has an address of IPv6 too. */
  @Test
  void podIdentity_ofIpv6_isAsked() throws Exception {
    var address = new InetSocketAddress(InetAddress.getByName("::1"), 0);
    assumeTrue(NetworkInterface.getByInetAddress(address.getAddress()) != null, "no IPv6 here");
    var keys = json("ASIASIX").getBytes(StandardCharsets.UTF_8);
    var agent = HttpServer.create(address, 0);
    agent.createContext(
        "/v1/credentials",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
          }
        });
    agent.start();
    try {
      environment.put(
          "AWS_CONTAINER_CREDENTIALS_FULL_URI",
          "http://[::1]:" + agent.getAddress().getPort() + "/v1/credentials");

      sendOne("region: us-east-1");

      assertKeys("ASIASIX");
    } finally {
      agent.stop(0);
    }
  }

  @Test
  void ecsTask_asksTheAgentByItsRelativeUri() throws Exception {
    environment.put("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/0c1d");
    environment.put("AWS_CONTAINER_SERVICE_ENDPOINT", keeper.url().toString());
    keeper.always(AwsAnswer.plain(200, "", json("ASIATASK")));

    sendOne("region: us-east-1");

    assertKeys("ASIATASK");
    assertThat(keeper.calls().getFirst().path()).isEqualTo("/v2/credentials/0c1d");
  }

  @Test
  void irsa_givesStsTheTokenOfTheFile_asItIsThen() throws Exception {
    var token = webIdentity();
    keeper.always((call, wire) ->
        wire.send(
            200,
            "",
            assumed(
                "AssumeRoleWithWebIdentity",
                "ASIA" + form(call).get("WebIdentityToken").toUpperCase(Locale.ROOT))));
    aws.always(refusing("ASIAFIRST", () -> Files.writeString(token, "second")));

    sendOne("region: us-east-1");

    assertKeys("ASIAFIRST", "ASIASECOND");
    assertThat(form(keeper.calls().getFirst()))
        .containsEntry("Action", "AssumeRoleWithWebIdentity")
        .containsEntry("RoleArn", ROLE);
    assertThat(keeper.calls().getFirst().credential()).isEmpty();
  }

  /** The environment of a pod with a role; its token's file. */
  private Path webIdentity() throws IOException {
    var token = dir.resolve("token");
    Files.writeString(token, "first");
    environment.putAll(
        Map.of(
            "AWS_WEB_IDENTITY_TOKEN_FILE", token.toString(),
            "AWS_ROLE_ARN", ROLE,
            "AWS_ENDPOINT_URL_STS", keeper.url().toString()));
    return token;
  }

  @Test
  void irsa_refused_namesTheRoleAndAsksNobodyElse() throws Exception {
    webIdentity();
    environment.put("AWS_EC2_METADATA_SERVICE_ENDPOINT", aws.url().toString());
    keeper.always(denied("Not authorized to perform sts:AssumeRoleWithWebIdentity"));

    var said = sayWhyNot("region: us-east-1");

    assertThat(said).contains(ROLE, "web identity", "Not authorized to perform");
    assertThat(aws.calls()).isEmpty();
  }

  /** Whoever takes role_arn: each assumes it once and signs with what it got. */
  @Test
  void roles_areAssumedOnceByEachWhoHasOne_withTheInstancesKeys() throws Exception {
    environment.put("AWS_ENDPOINT_URL_STS", keeper.url().toString());
    try (var instance = new ScriptedAws().always(CredentialsEndToEndTest::metadata)) {
      environment.put("AWS_EC2_METADATA_SERVICE_ENDPOINT", instance.url().toString());
      keeper.always((call, wire) ->
          wire.send(200, "", assumed("AssumeRole", "ASIA" + form(call).get("ExternalId"))));
      try (var collector =
          CollectorProcess.launch(
              dir,
              """
              receivers:
                otlp: {protocols: {http: {endpoint: "127.0.0.1:%1$d"}}}
              extensions:
                sigv4auth: {region: eu-west-1, service: xray, assume_role: {arn: %2$s, external_id: OTLP}}
              exporters:
                awsxray: {region: eu-west-1, endpoint: "%3$s", role_arn: %2$s, external_id: XRAY}
                awscloudwatchmetrics: {region: eu-west-1, endpoint: "%3$s", role_arn: %2$s, external_id: METRICS}
                otlphttp: {traces_endpoint: "%3$s/v1/traces", auth: {authenticator: sigv4auth}}
              service:
                extensions: [sigv4auth]
                telemetry: {metrics: {level: none}}
                pipelines:
                  traces: {receivers: [otlp], exporters: [awsxray, otlphttp]}
                  metrics: {receivers: [otlp], exporters: [awscloudwatchmetrics]}
              """
                  .formatted(port, ROLE, aws.url()),
              environment)) {
        collector.await("\tready");
        for (int i = 0; i < 3; i++) {
          assertThat(new OtlpClient(port).send(Otlp.traces(1))).isEqualTo(200);
          aws.awaitDocuments(i + 1);
        }
        sendMetric();
        assertThat(collector.terminate()).as(collector.toString()).isZero();
      }

      assertThat(aws.calls("PutTraceSegments"))
          .hasSizeGreaterThanOrEqualTo(3)
          .allSatisfy(call -> assertThat(call.credential()).startsWith("ASIAXRAY/"));
      assertThat(aws.calls("traces"))
          .isNotEmpty()
          .allSatisfy(call -> assertThat(call.credential()).startsWith("ASIAOTLP/"));
      assertThat(aws.calls("PutMetricData"))
          .isNotEmpty()
          .allSatisfy(call -> assertThat(call.credential()).startsWith("ASIAMETRICS/"));
      assertThat(keeper.calls().stream().map(call -> form(call).get("ExternalId")))
          .containsExactlyInAnyOrder("XRAY", "OTLP", "METRICS");
      assertThat(keeper.calls())
          .allSatisfy(call -> {
            assertThat(form(call)).containsEntry("RoleArn", ROLE);
            assertThat(SignatureCheck.isValid(call, "secret", "eu-west-1/sts")).isTrue();
            assertThat(call.credential()).startsWith("ASIAINSTANCE/");
          });
    }
  }

  @Test
  void role_refused_isNamedWithWhatStsSays() throws Exception {
    environment.putAll(
        Map.of(
            "AWS_ENDPOINT_URL_STS", keeper.url().toString(),
            "AWS_ACCESS_KEY_ID", "AKIABASE",
            "AWS_SECRET_ACCESS_KEY", "secret"));
    keeper.always(denied("User: shop is not authorized to perform: sts:AssumeRole"));

    var said = sayWhyNot("region: us-east-1, role_arn: " + ROLE);

    assertThat(said)
        .contains("role_arn " + ROLE + " could not be assumed", "shop is not authorized");
  }

  @Test
  void sts_isAskedThroughTheProxyThatIsConfigured() throws Exception {
    environment.putAll(
        Map.of(
            "AWS_ENDPOINT_URL_STS", "http://sts.example.invalid",
            "AWS_ACCESS_KEY_ID", "AKIABASE",
            "AWS_SECRET_ACCESS_KEY", "secret"));
    aws.always((call, wire) -> {
      if (call.path().startsWith("http://sts.example.invalid/")) {
        wire.send(200, "", assumed("AssumeRole", "ASIAROLE"));
      } else {
        wire.send(200, "", "{}");
      }
    });
    var address = aws.url().toString().replace("http://", "http://shop:word@");

    try (var collector =
        launch(
            "region: us-east-1, endpoint: http://xray.example.invalid, role_arn: %s, proxy_address: %s"
                .formatted(ROLE, address))) {
      assertThat(new OtlpClient(port).send(Otlp.traces(1))).isEqualTo(200);
      aws.awaitCalls(2);
      assertThat(collector.terminate()).as(collector.toString()).isZero();
    }

    assertThat(aws.calls().getFirst().path()).startsWith("http://sts.example.invalid/");
    assertThat(aws.calls().getLast().credential()).startsWith("ASIAROLE/");
    assertThat(aws.calls())
        .allSatisfy(call ->
            assertThat(call.headers()).containsEntry("proxy-authorization", "Basic c2hvcDp3b3Jk"));
  }

  /** Connections are taken and nobody ever answers, as in a pod whose packets may not hop. */
  @Test
  void metadataServiceThatNeverAnswers_holdsUpNeitherStartNorSpans() throws Exception {
    keeper.always(AwsAnswer.hang());
    environment.put("AWS_EC2_METADATA_SERVICE_ENDPOINT", keeper.url().toString());

    var said = sayWhyNot(""); // neither region nor credentials

    assertThat(keeper.calls()).isNotEmpty();
    assertThat(said)
        .contains("set region or AWS_REGION", "http-put-response-hop-limit is 2", "hostNetwork");
  }

  private void sendOne(String keys) throws Exception {
    try (var collector = launch("endpoint: \"" + aws.url() + "\", " + keys)) {
      assertThat(new OtlpClient(port).send(Otlp.traces(1))).isEqualTo(200);
      aws.awaitDocuments(1);
      assertThat(collector.terminate()).as(collector.toString()).isZero();
    }
  }

  /** What the log says where a span cannot be sent for want of region or credentials. */
  private String sayWhyNot(String keys) throws Exception {
    try (var collector = launch(keys)) {
      assertThat(new OtlpClient(port).send(Otlp.traces(1))).isEqualTo(200);
      var said = collector.await("cannot send to AWS yet");
      // The start was over before anybody gave up.
      assertThat(collector.toString().indexOf("\tready"))
          .isLessThan(collector.toString().indexOf("cannot send to AWS yet"));
      return said;
    }
  }

  private CollectorProcess launch(String keys) throws Exception {
    var collector =
        CollectorProcess.launch(
            dir,
            """
            receivers:
              otlp: {protocols: {http: {endpoint: "127.0.0.1:%d"}}}
            exporters:
              awsxray: {%s, retry_on_failure: {initial_interval: 50ms, max_interval: 100ms}}
            service:
              telemetry: {metrics: {level: none}}
              pipelines:
                traces: {receivers: [otlp], exporters: [awsxray]}
            """
                .formatted(port, keys)
                .replace("{, ", "{"),
            environment);
    collector.await("\tready");
    return collector;
  }

  private void sendMetric() {
    Sdk.sendMetric(
        OtlpHttpMetricExporter.builder()
            .setEndpoint("http://127.0.0.1:" + port + "/v1/metrics")
            .build());
  }

  /** Whose keys the calls were signed with, each once. */
  private void assertKeys(String... keys) {
    assertThat(aws.calls().stream().map(call -> call.credential().replaceAll("/.*", "")).distinct())
        .containsExactly(keys);
  }

  /** Takes calls but those with this key: when one comes, the key is exchanged. */
  private static AwsAnswer refusing(String key, Exchange exchange) {
    return (call, wire) -> {
      if (call.credential().startsWith(key + "/")) {
        exchange.run();
        AwsAnswer.error(403, "ExpiredTokenException").give(call, wire);
      } else {
        AwsAnswer.ok().give(call, wire);
      }
    };
  }

  private interface Exchange {
    void run() throws IOException;
  }

  private static AwsAnswer denied(String why) {
    return AwsAnswer.plain(
        403,
        "Content-Type: text/xml\r\n",
        "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>"
            + why
            + "</Message></Error><RequestId>1</RequestId></ErrorResponse>");
  }

  private static String profile(String key) {
    return "[shop]\naws_access_key_id = %s\naws_secret_access_key = secret\n".formatted(key);
  }

  private static String json(String key) {
    return """
    {"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": "%s", "SecretAccessKey": "secret",
     "Token": "token", "Expiration": "%s"}
    """
        .formatted(key, NO_END);
  }

  private static String assumed(String action, String key) {
    return """
    <%1$sResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><%1$sResult><Credentials>
    <AccessKeyId>%2$s</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
    <SessionToken>token</SessionToken><Expiration>%3$s</Expiration></Credentials></%1$sResult>
    <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></%1$sResponse>
    """
        .formatted(action, key, NO_END);
  }

  /** An instance's metadata service, version 2: nothing without a token. */
  private static void metadata(AwsCall call, ScriptedAws.Wire wire) throws IOException {
    var token = call.headers().getOrDefault("x-aws-ec2-metadata-token", "");
    if (call.method().equals("PUT") && call.path().equals("/latest/api/token")) {
      wire.send(200, "x-aws-ec2-metadata-token-ttl-seconds: 21600\r\n", "session");
    } else if (!token.equals("session")) {
      wire.send(401, "", "");
    } else if (call.path().matches(".*/iam/security-credentials/?")) {
      wire.send(200, "", "node");
    } else if (call.path().endsWith("/iam/security-credentials/node")) {
      wire.send(200, "", json("ASIAINSTANCE"));
    } else {
      wire.send(404, "", "");
    }
  }

  private static Map<String, String> form(AwsCall call) {
    var fields = new HashMap<String, String>();
    for (var field : new String(call.content(), StandardCharsets.UTF_8).split("&", -1)) {
      int at = field.indexOf('=');
      fields.put(
          field.substring(0, at),
          URLDecoder.decode(field.substring(at + 1), StandardCharsets.UTF_8));
    }
    return fields;
  }
}
