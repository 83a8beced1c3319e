package io.raybridge.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.transport.client.Headers;
import io.raybridge.transport.client.Slice;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** The AWS SDK's own signer says what is right. */
class SigV4Test {
  private static final String HASH = "x-amz-content-sha256";
  private static final String CHARACTERS = "abcXYZ019-._~ !\"#$%&'()*+,/:;<=>?@[]^`{|}\u00e4\u4e16";

  @Test
  void randomRequests_getTheSameSignatureAsTheSdkGives() {
    var random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      var region = i % 2 == 0 ? "us-east-1" : "cn-north-1";
      var credentials =
          new Credentials(
              "AKIA" + random.nextInt(10000),
              "secret/+" + random.nextLong(),
              random.nextBoolean() ? "token//" + random.nextLong() : null,
              null);
      var now = Instant.ofEpochSecond(1_600_000_000L + random.nextInt(200_000_000));
      var body = new ArrayList<Slice>();
      for (int part = random.nextInt(3); part > 0; part--) {
        var bytes = new byte[random.nextInt(1, 200)];
        random.nextBytes(bytes);
        int from = random.nextInt(bytes.length);
        body.add(new Slice(bytes, from, bytes.length - from));
      }
      var target = target(random);
      var headers = headers(random);
      var theirs = sdk(target, headers, body, credentials, now, region);

      // The SDK adds the body's hash as a header, which only S3 asks for.
      var ours = copy(headers);
      theirs.firstMatchingHeader(HASH).ifPresent(hash -> ours.add(HASH, hash));
      new SigV4("xray", region)
          .sign("POST", "xray.example.com", target, ours, body, credentials, now);

      assertThat(ours.get("authorization"))
          .as(target)
          .isEqualTo(theirs.firstMatchingHeader("Authorization").orElseThrow());
    }
  }

  @Test
  void sameSigner_followsAChangeOfDayAndOfKey() {
    var signer = new SigV4("monitoring", "eu-west-1");
    var evening = Instant.parse("2026-11-23T23:59:59Z");
    for (var secret : List.of("one", "two", "one")) {
      for (var now : List.of(evening, evening.plusSeconds(2), evening)) {
        var ours = new Headers();
        var credentials = new Credentials("id", secret, null, null);
        signer.sign("POST", "xray.example.com", "/", ours, List.of(), credentials, now);
        var fresh = new Headers();
        new SigV4("monitoring", "eu-west-1")
            .sign("POST", "xray.example.com", "/", fresh, List.of(), credentials, now);

        assertThat(ours.get("authorization")).isEqualTo(fresh.get("authorization"));
      }
    }
  }

  private static String target(Random random) {
    var target = new StringBuilder("/");
    for (int segment = random.nextInt(3); segment > 0; segment--) {
      target.append(encoded(random)).append(segment > 1 ? "/" : "");
    }
    int parameters = random.nextInt(4);
    for (int i = 0; i < parameters; i++) {
      target.append(i == 0 ? '?' : '&').append("p").append(random.nextInt(3)).append(i).append('=');
      target.append(encoded(random));
    }
    return target.toString();
  }

  private static String encoded(Random random) {
    var text = new StringBuilder("s");
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
    }
    return software.amazon.awssdk.utils.http.SdkHttpUtils.urlEncode(text.toString());
  }

  private static Headers headers(Random random) {
    var headers = new Headers().add("Content-Type", "application/json");
    if (random.nextBoolean()) headers.add("X-A", "  two   words ");
    if (random.nextBoolean()) headers.add("X-A-B", "x" + random.nextInt());
    if (random.nextBoolean()) headers.add("x-amzn-xray-timestamp", "1.5");
    return headers;
  }

  private static Headers copy(Headers headers) {
    var copy = new Headers();
    headers.forEach(copy::add);
    return copy;
  }

  private static SdkHttpRequest sdk(
      String target,
      Headers headers,
      List<Slice> body,
      Credentials credentials,
      Instant now,
      String region) {
    AwsCredentialsIdentity identity =
        credentials.sessionToken() == null
            ? AwsCredentialsIdentity.create(
                credentials.accessKeyId(), credentials.secretAccessKey())
            : AwsSessionCredentialsIdentity.create(
                credentials.accessKeyId(),
                credentials.secretAccessKey(),
                credentials.sessionToken());
    var request = SdkHttpRequest.builder().method(SdkHttpMethod.POST);
    request.uri(URI.create("https://xray.example.com" + target));
    headers.forEach(request::putHeader);
    var joined = new ByteArrayOutputStream();
    for (var part : body) joined.write(part.array(), part.offset(), part.length());
    var signed =
        AwsV4HttpSigner.create()
            .sign(r ->
                r.identity(identity)
                    .request(request.build())
                    .payload(ContentStreamProvider.fromByteArray(joined.toByteArray()))
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "xray")
                    .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                    .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(now, ZoneOffset.UTC)));
    return signed.request();
  }
}
