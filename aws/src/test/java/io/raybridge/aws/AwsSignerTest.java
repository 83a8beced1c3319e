package io.raybridge.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.Kind;
import io.raybridge.config.Binder;
import io.raybridge.testkit.ManualClock;
import io.raybridge.testkit.TestContext;
import io.raybridge.transport.client.Authenticator.AuthenticationException;
import io.raybridge.transport.client.Authenticator.What;
import io.raybridge.transport.client.Headers;
import io.raybridge.transport.client.HttpRequest;
import io.raybridge.transport.client.HttpResponse;
import io.raybridge.transport.client.Origin;
import io.raybridge.transport.client.Slice;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** The AWS SDK's own signer says what is right. */
class AwsSignerTest {
  private static final String HASH = "x-amz-content-sha256";
  private static final byte[] BODY = "spans".getBytes(StandardCharsets.UTF_8);

  private final ManualClock clock = new ManualClock();
  private final TestContext context = TestContext.of(Kind.EXTENSION, "sigv4auth", clock);

  @ParameterizedTest
  @CsvSource({
    "https://xray.us-west-2.amazonaws.com/v1/traces, '', xray, us-west-2",
    "https://logs.eu-central-1.amazonaws.com/v1/logs, '', logs, eu-central-1",
    "https://monitoring.us-east-1.amazonaws.com/v1/metrics, '', monitoring, us-east-1",
    "https://aps-workspaces.us-west-2.amazonaws.com/workspaces/ws-1/api, '', aps, us-west-2",
    "https://search-shop-1.us-west-2.es.amazonaws.com/x, '', es, us-west-2",
    "https://xray.us-west-2.amazonaws.com/v1/traces, 'region: eu-west-1', xray, eu-west-1",
    "https://vpce-1.xray.us-west-2.vpce.amazonaws.com/v1/traces, 'service: xray', xray, us-west-2",
    "http://127.0.0.1:4318/v1/traces?a=b, '{service: logs, region: eu-west-1}', logs, eu-west-1",
  })
  void request_isSignedAsTheSdkWould(String url, String yaml, String service, String region)
      throws Exception {
    var request = request(url);
    var theirs = sdk(url, service, region);
    // The SDK adds the body's hash as a header, which only S3 asks for.
    theirs.firstMatchingHeader(HASH).ifPresent(hash -> request.headers().add(HASH, hash));

    signer(yaml).authenticate(request);

    assertThat(request.headers().get("authorization"))
        .isEqualTo(theirs.firstMatchingHeader("Authorization").orElseThrow());
  }

  @Test
  void serverOfAnyName_needsToBeToldTheService() {
    assertThatThrownBy(
            () -> signer("region: eu-west-1").authenticate(request("https://a.example/x")))
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("which AWS service a.example is cannot be told");
  }

  @Test
  void missingTransactionSearch_isExplainedAndWaitedFor() {
    var said = "The OTLP API is supported with CloudWatch Logs as a Trace Segment Destination.";

    var refusal = signer("").explain(response(400, new Headers(), ""), said).orElseThrow();

    assertThat(refusal.what()).isEqualTo(What.MEND);
    assertThat(refusal.code()).isEqualTo("no_trace_segment_destination");
    assertThat(refusal.message())
        .contains(said)
        .contains("turn on Transaction Search")
        .contains("awsxray exporter");
  }

  @ParameterizedTest
  @CsvSource({
    "429, ThrottledException, SLOW_DOWN",
    "400, ThrottlingException, SLOW_DOWN",
    "500, InternalServerError, TRY_AGAIN",
    "403, ExpiredTokenException, MEND",
    "403, AccessDeniedException, MEND",
    "400, InvalidRequestException, GIVE_UP",
    "413, '', GIVE_UP",
  })
  void refusals_areReadByTheTableOfAllAwsExporters(int status, String code, What what) {
    var headers = new Headers();
    if (!code.isEmpty()) headers.add("x-amzn-ErrorType", code);

    var refusal = signer("").explain(response(status, headers, ""), "said").orElseThrow();

    assertThat(refusal.what()).isEqualTo(what);
    assertThat(refusal.message()).contains("said");
  }

  @Test
  void clockThatIsOff_isCorrectedByTheNextRequest() throws Exception {
    var signer = signer("");
    var headers = new Headers().add("x-amzn-ErrorType", "RequestTimeTooSkewed");
    headers.add("date", "Fri, 02 Jan 2026 13:00:00 GMT");

    assertThat(signer.explain(response(403, headers, ""), "").orElseThrow().what())
        .isEqualTo(What.TRY_AGAIN);

    var request = request("https://xray.us-west-2.amazonaws.com/v1/traces");
    signer.authenticate(request);
    assertThat(request.headers().get("x-amz-date")).isEqualTo("20260102T130000Z");
  }

  private AwsSigner signer(String yaml) {
    var config = Binder.bind(AwsSignerConfig.class, yaml.isEmpty() ? "{}" : yaml).orThrow();
    var environment =
        Sessions.environment("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY", "secret");
    return new AwsSigner(config, context.context(), environment);
  }

  private static HttpRequest request(String url) {
    var uri = URI.create(url);
    var target = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    return new HttpRequest(
        "POST",
        Origin.of(uri),
        target,
        new Headers().add("Content-Type", "application/x-protobuf"),
        List.of(Slice.of(BODY)),
        Duration.ofSeconds(30));
  }

  private static HttpResponse response(int status, Headers headers, String body) {
    return new HttpResponse(status, headers, body.getBytes(StandardCharsets.UTF_8), false);
  }

  private SdkHttpRequest sdk(String url, String service, String region) {
    var request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(URI.create(url))
            .putHeader("Content-Type", "application/x-protobuf");
    return AwsV4HttpSigner.create()
        .sign(r ->
            r.identity(AwsCredentialsIdentity.create("AKIDEXAMPLE", "secret"))
                .request(request.build())
                .payload(ContentStreamProvider.fromByteArray(BODY))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(clock.now(), ZoneOffset.UTC)))
        .request();
  }
}
