package io.raybridge.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.api.Kind;
import io.raybridge.local.store.StoreSettings;
import io.raybridge.testkit.TestContext;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.CloudWatchException;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterValueException;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;

/** CloudWatch's PutMetricData as the AWS SDK for Java v2 sends it, in rpc-v2-cbor. */
class CloudWatchClientTest {
  @TempDir Path directory;
  private final TestContext testContext = TestContext.of(Kind.EXTENSION, "local_xray");
  private LocalXray local;
  private CloudWatchClient cloudWatch;

  @BeforeEach
  void start() throws Exception {
    local =
        new LocalXray(
            testContext.context(),
            "127.0.0.1:0",
            new StoreSettings(directory, 64 << 20, Duration.ofDays(7)));
    local.start();
    cloudWatch =
        CloudWatchClient.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + local.port()))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
            .httpClient(UrlConnectionHttpClient.create())
            .build();
  }

  @AfterEach
  void stop() throws Exception {
    cloudWatch.close();
    local.stop(testContext.deadline(Duration.ofSeconds(5)));
  }

  @Test
  void data_areListedByTheConsole() throws Exception {
    cloudWatch.putMetricData(r ->
        r.namespace("shop")
            .metricData(
                MetricDatum.builder()
                    .metricName("latency")
                    .timestamp(Instant.now())
                    .unit(StandardUnit.MILLISECONDS)
                    .dimensions(
                        Dimension.builder().name("route").value("/").build(),
                        Dimension.builder().name("az").value("a").build())
                    .values(1.0, 2.5)
                    .counts(3.0, 1.0)
                    .build(),
                MetricDatum.builder()
                    .metricName("orders")
                    .statisticValues(s -> s.sampleCount(2.0).sum(3.5).minimum(1.0).maximum(2.5))
                    .build(),
                MetricDatum.builder().metricName("load").value(-0.5).build()));

    assertThat(metrics())
        .contains("\"name\":\"latency\"", "\"dimensions\":{\"az\":\"a\",\"route\":\"/\"}")
        .contains("\"Values\":[1.0,2.5]", "\"Counts\":[3.0,1.0]", "Milliseconds")
        .contains("\"Sum\":3.5", "\"Value\":-0.5");
  }

  @Test
  void oldTimestamp_isRefused() {
    assertThatThrownBy(() ->
            cloudWatch.putMetricData(r ->
                r.namespace("shop")
                    .metricData(
                        MetricDatum.builder()
                            .metricName("x")
                            .value(1.0)
                            .timestamp(Instant.now().minus(Duration.ofDays(15)))
                            .build())))
        .isInstanceOf(InvalidParameterValueException.class)
        .hasMessageContaining("MetricData[0].Timestamp");
  }

  @Test
  void infinity_isRefused() {
    assertThatThrownBy(() ->
            cloudWatch.putMetricData(r ->
                r.namespace("shop")
                    .metricData(
                        MetricDatum.builder()
                            .metricName("x")
                            .value(Double.POSITIVE_INFINITY)
                            .build())))
        .isInstanceOf(InvalidParameterValueException.class);
  }

  @Test
  void otherOperation_saysThatItIsNotBuiltInYet() {
    assertThatThrownBy(() -> cloudWatch.listMetrics())
        .isInstanceOf(CloudWatchException.class)
        .hasMessageContaining("ListMetrics is not built in yet");
  }

  private String metrics() throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var uri = URI.create("http://127.0.0.1:" + local.port() + "/api/metrics");
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
