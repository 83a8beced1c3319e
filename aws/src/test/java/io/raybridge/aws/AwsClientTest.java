package io.raybridge.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Kind;
import io.raybridge.delivery.Failure;
import io.raybridge.testkit.AwsAnswer;
import io.raybridge.testkit.ManualClock;
import io.raybridge.testkit.ScriptedAws;
import io.raybridge.testkit.TestContext;
import io.raybridge.transport.client.Headers;
import io.raybridge.transport.client.Slice;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class AwsClientTest {
  private static final String[] KEYS = {
    "AWS_ACCESS_KEY_ID", "AKIATEST", "AWS_SECRET_ACCESS_KEY", "secret"
  };
  private final ScriptedAws aws = new ScriptedAws();
  private final TestContext context = TestContext.of(Kind.EXPORTER, "awsxray");
  private @Nullable AwsClient client;

  @AfterEach
  void close() {
    if (client != null) client.close();
    aws.close();
  }

  @Test
  void keysInTheEnvironment_signTheRequest() throws Exception {
    open(Map.of("endpoint", aws.url().toString(), "region", "eu-west-1"), KEYS);

    assertThat(post()).isInstanceOf(AwsReply.Done.class);

    var call = aws.calls().getFirst();
    assertThat(call.credential()).startsWith("AKIATEST/").endsWith("/eu-west-1/xray/aws4_request");
    assertThat(call.headers().get("user-agent")).startsWith("raybridge/");
    assertThat(new String(call.body(), StandardCharsets.UTF_8)).isEqualTo("{}");
  }

  @Test
  void loopbackEndpointWithoutCredentials_isSentUnsigned() throws Exception {
    open(Map.of("endpoint", aws.url().toString()));

    assertThat(post()).isInstanceOf(AwsReply.Done.class);
    assertThat(aws.calls().getFirst().credential()).isEmpty();
  }

  @Test
  void endpointFromTheEnvironment_isUsedWithItsPath() throws Exception {
    open(Map.of(), "AWS_ENDPOINT_URL_XRAY", aws.url() + "/base/");

    post();

    assertThat(aws.calls().getFirst().path()).isEqualTo("/base/TraceSegments");
  }

  @Test
  void profileFile_givesTheKeys(@TempDir Path folder) throws Exception {
    var file = folder.resolve("credentials");
    Files.writeString(file, "[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = s\n");
    open(
        Map.of(
            "endpoint",
            aws.url().toString(),
            "profile",
            "other",
            "shared_credentials_file",
            file.toString()),
        KEYS);

    post();

    assertThat(aws.calls().getFirst().credential()).startsWith("AKIAOTHER/");
  }

  @Test
  void profileFile_writtenAnew_isReadAgainThoughNobodyRefusedItsKeys(@TempDir Path folder)
      throws Exception {
    var clock = new ManualClock();
    var file = folder.resolve("credentials");
    Files.writeString(file, "[default]\naws_access_key_id = AKIAOLD\naws_secret_access_key = s\n");
    client =
        new AwsClient(
            AwsService.XRAY,
            Sessions.of(
                Map.of(
                    "endpoint", aws.url().toString(), "shared_credentials_file", file.toString())),
            TestContext.of(Kind.EXPORTER, "awsxray", clock).context(),
            Sessions.environment());
    post();
    assertThat(aws.calls().getFirst().credential()).startsWith("AKIAOLD/");

    Files.writeString(file, "[default]\naws_access_key_id = AKIANEW\naws_secret_access_key = s\n");

    clock.advance(Duration.ofSeconds(10));
    // Calls go on with the old keys until the new ones are read.
    while (!aws.calls().getLast().credential().startsWith("AKIANEW/")) post();
  }

  @Test
  void missingCredentials_areNamedOnceAndTriedAgain() throws Exception {
    open(
        Map.of("endpoint", "https://127.0.0.1.nip.invalid", "local_mode", "true", "region", "x-1"));

    for (int i = 0; i < 3; i++) {
      var failure = failure(post());
      assertThat(failure.kind()).isEqualTo(Failure.Kind.CREDENTIALS);
      assertThat(failure.message()).contains("no AWS credentials found", "local_mode");
    }
    assertThat(context.log().lines(Level.WARNING)).hasSize(1);
  }

  @Test
  void missingRegion_saysWhatToSet() throws Exception {
    open(Map.of("local_mode", "true"), KEYS);

    assertThat(failure(post()).message()).contains("set region or AWS_REGION");
  }

  @Test
  void profileWithoutRegion_saysWhatToSet() throws Exception {
    open(Map.of("local_mode", "true", "profile", "nobody"));

    assertThat(failure(post()).message()).contains("set region or AWS_REGION");
  }

  @Test
  void refusedCredentials_areFetchedAgain() throws Exception {
    open(Map.of("endpoint", aws.url().toString()), KEYS);
    aws.then(AwsAnswer.error(400, "ExpiredTokenException"));

    assertThat(failure(post()).code()).isEqualTo("ExpiredTokenException");
    assertThat(post()).isInstanceOf(AwsReply.Done.class);
  }

  @Test
  void wrongClock_isLearntFromTheAnswer() throws Exception {
    open(Map.of("endpoint", aws.url().toString()), KEYS);
    var theirs = Instant.now().plusSeconds(3600).atZone(ZoneOffset.UTC);
    var date = DateTimeFormatter.RFC_1123_DATE_TIME.format(theirs);
    aws.then(
        AwsAnswer.plain(
            403,
            "Date: " + date + "\r\n",
            "{\"__type\":\"InvalidSignatureException\",\"message\":\"Signature expired\"}"));

    assertThat(failure(post()).code()).isEqualTo("clock_skew");
    post();

    var stamp = DateTimeFormatter.ofPattern("yyyyMMdd'T'HH").format(theirs);
    assertThat(aws.calls().getLast().headers().get("x-amz-date")).startsWith(stamp);
    assertThat(context.log().lines(Level.WARNING)).singleElement().asString().contains("clock");
  }

  enum Fault {
    HANG(AwsAnswer.hang(), "timeout"),
    RESET(AwsAnswer.reset(), "connection_reset"),
    RESET_IN_BODY(AwsAnswer.resetInBody(), "connection_reset"),
    GARBAGE(AwsAnswer.garbage(), "malformed_response"),
    WRONG_LENGTH(AwsAnswer.wrongLength(), "connection_reset");

    final AwsAnswer answer;
    final String code;

    Fault(AwsAnswer answer, String code) {
      this.answer = answer;
      this.code = code;
    }
  }

  @ParameterizedTest
  @EnumSource
  void fault_isUnavailabilityNamedByItsCause(Fault fault) throws Exception {
    open(Map.of("endpoint", aws.url().toString(), "request_timeout_seconds", "1"));
    aws.then(fault.answer);

    var failure = failure(post());

    assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
    assertThat(failure.code()).isEqualTo(fault.code);
    assertThat(post()).isInstanceOf(AwsReply.Done.class);
  }

  @Test
  void nobodyListens_isNamed() throws Exception {
    // Bound and not listening: nobody else can take the port meanwhile.
    try (var taken = new Socket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      open(Map.of("endpoint", "http://127.0.0.1:" + taken.getLocalPort()));

      assertThat(failure(post()).code()).isEqualTo("connection_refused");
    }
  }

  private void open(Map<String, String> keys, String... environment) {
    client =
        new AwsClient(
            AwsService.XRAY,
            Sessions.of(keys),
            context.context(),
            Sessions.environment(environment));
    client.prepare();
  }

  private AwsReply post() throws InterruptedException {
    var body = List.of(Slice.of("{}".getBytes(StandardCharsets.UTF_8)));
    var headers = new Headers().add("content-type", "application/json");
    return client.post("/TraceSegments", headers, body);
  }

  private static Failure failure(AwsReply reply) {
    return ((AwsReply.Failed) reply).failure();
  }
}
