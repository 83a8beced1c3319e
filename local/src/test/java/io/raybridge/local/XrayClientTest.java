package io.raybridge.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.raybridge.api.Kind;
import io.raybridge.local.store.StoreSettings;
import io.raybridge.testkit.TestContext;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.xray.XRayClient;
import software.amazon.awssdk.services.xray.model.InvalidRequestException;
import software.amazon.awssdk.services.xray.model.ServiceId;
import software.amazon.awssdk.services.xray.model.TelemetryRecord;
import software.amazon.awssdk.services.xray.model.TimeRangeType;
import software.amazon.awssdk.services.xray.model.Trace;
import software.amazon.awssdk.services.xray.model.TraceSummary;
import software.amazon.awssdk.services.xray.model.UnprocessedTraceSegment;
import software.amazon.awssdk.services.xray.model.XRayException;

/** The local X-Ray as the AWS SDK for Java v2 sees it. */
class XrayClientTest {
  @TempDir Path directory;
  private final TestContext testContext = TestContext.of(Kind.EXTENSION, "local_xray");
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final Random random = new Random(7);
  private LocalXray local;
  private XRayClient xray;

  @BeforeEach
  void start() throws Exception {
    local = new LocalXray(testContext.context(), "127.0.0.1:0", settings());
    local.start();
    xray =
        XRayClient.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + local.port()))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
            .httpClient(UrlConnectionHttpClient.create())
            .build();
  }

  private StoreSettings settings() {
    return new StoreSettings(directory, 64 << 20, Duration.ofDays(7));
  }

  @AfterEach
  void stop() throws Exception {
    xray.close();
    local.stop(testContext.deadline(Duration.ofSeconds(5)));
  }

  @Test
  void trace_isListedAndReadBack() {
    String trace = traceId();
    String web = id();
    String call = id();
    put(
        """
        {"trace_id":"%s","id":"%s","name":"web","start_time":%s,"end_time":%s,
         "origin":"AWS::EC2::Instance","user":"alice","fault":true,
         "http":{"request":{"method":"GET","url":"http://shop/orders","user_agent":"curl",
           "client_ip":"10.0.0.7"},"response":{"status":502,"content_length":"12"}},
         "aws":{"account_id":"123456789012","ec2":{"instance_id":"i-0abc","availability_zone":"us-east-1c"}},
         "resource_arn":"arn:aws:ec2:us-east-1:123456789012:instance/i-0abc",
         "annotations":{"order":17,"gold":true,"tier":"a"},
         "subsegments":[{"id":"%s","name":"orders","start_time":%s,"end_time":%s,
           "namespace":"remote","throttle":true,"error":true,"annotations":{"order":17}}]}
        """
            .formatted(trace, web, at(0), at(0.5), call, at(0.1), at(0.4)),
        """
        {"trace_id":"%s","id":"%s","name":"orders","parent_id":"%s","start_time":%s,"end_time":%s}
        """
            .formatted(trace, id(), call, at(0.2), at(0.75)));

    TraceSummary summary = summaries(-1, 1).getFirst();
    assertThat(summary.id()).isEqualTo(trace);
    assertThat(summary.startTime()).isEqualTo(now);
    assertThat(summary.duration()).isEqualTo(0.75);
    assertThat(summary.responseTime()).isEqualTo(0.5);
    assertThat(summary.hasFault()).isTrue();
    assertThat(summary.hasError()).isFalse();
    assertThat(summary.hasThrottle()).isTrue();
    assertThat(summary.isPartial()).isFalse();
    assertThat(summary.revision()).isEqualTo(2);
    assertThat(summary.matchedEventTime()).isEqualTo(now);
    assertThat(summary.http().httpMethod()).isEqualTo("GET");
    assertThat(summary.http().httpURL()).isEqualTo("http://shop/orders");
    assertThat(summary.http().httpStatus()).isEqualTo(502);
    assertThat(summary.http().userAgent()).isEqualTo("curl");
    assertThat(summary.http().clientIp()).isEqualTo("10.0.0.7");
    assertThat(summary.users()).extracting(user -> user.userName()).containsExactly("alice");
    assertThat(summary.serviceIds()).extracting(ServiceId::name).containsExactly("web", "orders");
    assertThat(summary.entryPoint())
        .isEqualTo(
            ServiceId.builder()
                .name("web")
                .names("web")
                .accountId("123456789012")
                .type("AWS::EC2::Instance")
                .build());
    assertThat(summary.resourceARNs()).extracting(arn -> arn.arn()).hasSize(1);
    assertThat(summary.instanceIds()).extracting(i -> i.id()).containsExactly("i-0abc");
    assertThat(summary.availabilityZones()).extracting(z -> z.name()).containsExactly("us-east-1c");
    assertThat(summary.annotations()).containsOnlyKeys("order", "gold", "tier");
    var order = summary.annotations().get("order");
    assertThat(order).hasSize(1);
    assertThat(order.getFirst().annotationValue().numberValue()).isEqualTo(17);
    assertThat(order.getFirst().serviceIds()).extracting(ServiceId::name).containsExactly("web");
    assertThat(summary.annotations().get("gold").getFirst().annotationValue().booleanValue())
        .isTrue();
    assertThat(summary.annotations().get("tier").getFirst().annotationValue().stringValue())
        .isEqualTo("a");

    Trace read = get(trace);
    assertThat(read.duration()).isEqualTo(0.75);
    assertThat(read.limitExceeded()).isFalse();
    assertThat(read.segments()).hasSize(2);
    assertThat(read.segments().getFirst().id()).isEqualTo(web);
    assertThat(read.segments().getFirst().document()).contains("\"content_length\":\"12\"");
  }

  @Test
  void subsegmentsSentAlone_standInTheirParentsWhateverTheOrder() {
    String trace = traceId();
    String segment = id();
    String outer = id();
    String inner = id();
    put(subsegment(trace, inner, outer, "inner"));
    put(subsegment(trace, outer, segment, "outer"));
    put(segment(trace, segment, "web"));

    Trace read = get(trace);

    assertThat(read.segments()).hasSize(1);
    assertThat(read.segments().getFirst().document())
        .contains("\"subsegments\":[{\"trace_id\"")
        .containsSubsequence("outer", "subsegments", "inner");
  }

  @Test
  void arrayOfSubsegments_isTakenElementByElement() {
    String trace = traceId();
    String segment = id();
    put(segment(trace, segment, "web"));
    put(
        "[%s,\n %s]"
            .formatted(
                subsegment(trace, id(), segment, "a"), subsegment(trace, id(), segment, "b")));

    assertThat(get(trace).segments()).hasSize(1);
    assertThat(get(trace).segments().getFirst().document()).contains("\"a\"", "\"b\"");
  }

  @Test
  void traceOfSubsegmentsOnly_isListedAndReadBack() {
    String trace = traceId();
    put(subsegment(trace, id(), id(), "orphan"));

    TraceSummary summary = summaries(-1, 1).getFirst();
    assertThat(summary.id()).isEqualTo(trace);
    assertThat(summary.entryPoint()).isNull();
    assertThat(get(trace).segments()).hasSize(1);
  }

  @Test
  void subsegmentsThatAreEachOthersParents_areAllReadBack() {
    String trace = traceId();
    String a = id();
    String b = id();
    put(subsegment(trace, a, b, "a"), subsegment(trace, b, a, "b"));

    assertThat(get(trace).segments()).hasSize(1);
    assertThat(get(trace).segments().getFirst().document()).contains("\"a\"", "\"b\"");
  }

  @Test
  void longChainOfSubsegments_isReadBackWhole() {
    String trace = traceId();
    String parent = id();
    put(segment(trace, parent, "web"));
    for (int i = 0; i < 20; i++) {
      List<String> documents = new ArrayList<>();
      for (int j = 0; j < 50; j++) {
        String id = id();
        documents.add(subsegment(trace, id, parent, "link"));
        parent = id;
      }
      put(documents.toArray(String[]::new));
    }

    int links = 0;
    for (var segment : get(trace).segments())
      links += segment.document().split("\"link\"", -1).length - 1;
    assertThat(links).isEqualTo(1000);
  }

  @Test
  void segmentInProgress_isPartialUntilItsCompleteDocumentCame() {
    String trace = traceId();
    String id = id();
    put(
        "{\"trace_id\":\"%s\",\"id\":\"%s\",\"name\":\"web\",\"start_time\":%s,\"in_progress\":true}"
            .formatted(trace, id, at(0)));
    assertThat(summaries(-1, 1).getFirst().isPartial()).isTrue();
    assertThat(summaries(-1, 1).getFirst().responseTime()).isNull();

    put(segment(trace, id, "web"));

    assertThat(summaries(-1, 1).getFirst().isPartial()).isFalse();
    assertThat(get(trace).segments()).hasSize(1);
    assertThat(get(trace).segments().getFirst().document()).doesNotContain("in_progress");
  }

  @Test
  void badDocuments_comeBackWithTheirCodesAndTheGoodOnesStay() {
    String trace = traceId();
    String good = segment(trace, id(), "web");
    List<String> codes =
        put(
                good,
                "not json",
                "\"text\"",
                "[]",
                "{\"name\":\"web\"}",
                good.replaceFirst("\"id\":\"\\w+\"", "\"id\":\"12\""),
                good.replace(trace, "1-2-3"),
                good.replaceFirst("\"trace_id\":\"[^\"]+\",", ""),
                good.replace("\"web\"", "\"a?b\""),
                good.replace("\"web\"", "\"" + "x".repeat(201) + "\""),
                good.replace("\"name\":\"web\",", ""),
                good.replace("\"end_time\"", "\"ends\""),
                good.replace("\"start_time\"", "\"starts\""),
                good.replace("\"start_time\":", "\"start_time\":-"),
                good.replace("\"start_time\":", "\"start_time\":99"),
                good.replace("\"name\"", "\"parent_id\":\"x\",\"name\""),
                good.replace("\"name\"", "\"type\":\"subsegment\",\"name\""),
                good.replace(
                    "\"web\"", "\"web\",\"metadata\":{\"a\":\"" + "ü".repeat(32 << 10) + "\"}"),
                "T1UCgA=",
                "T1SCgA=")
            .stream()
            .map(UnprocessedTraceSegment::errorCode)
            .toList();

    assertThat(codes)
        .containsExactly(
            "ParseError",
            "ParseError",
            "MissingId",
            "MissingId",
            "InvalidId",
            "InvalidTraceId",
            "MissingTraceId",
            "InvalidName",
            "InvalidName",
            "MissingName",
            "MissingEndTime",
            "MissingStartTime",
            "InvalidStartTime",
            "InvalidStartTime",
            "InvalidParentId",
            "MissingParentId",
            "SegmentTooLarge",
            "UnsupportedFormat");
    assertThat(get(trace).segments()).hasSize(1);
  }

  @Test
  void unprocessedDocument_isNamedByItsId() {
    String id = id();

    var unprocessed = put(segment(traceId(), id, "a?b")).getFirst();

    assertThat(unprocessed.id()).isEqualTo(id);
    assertThat(unprocessed.message()).startsWith("Invalid segment. ErrorCode: InvalidName");
  }

  @Test
  void manyTraces_comeInPagesNewestFirst() {
    for (int i = 0; i < 5; i++) {
      List<String> documents = new ArrayList<>();
      for (int j = 0; j < 50; j++) documents.add(segment(traceId(), id(), "web"));
      put(documents.toArray(String[]::new));
    }

    var pages =
        xray.getTraceSummariesPaginator(
            r -> r.startTime(now.minusSeconds(1)).endTime(now.plusSeconds(1)));

    assertThat(pages.stream().map(page -> page.traceSummaries().size()))
        .containsExactly(100, 100, 50);
    assertThat(pages.stream().flatMap(page -> page.traceSummaries().stream()).map(TraceSummary::id))
        .hasSize(250)
        .doesNotHaveDuplicates();
  }

  @Test
  void fixedRate_thinsTheListTheSameWayEachTime() {
    for (int i = 0; i < 90; i++) put(segment(traceId(), id(), "web"));

    var half = sampled(0.5);

    assertThat(half.size()).isCloseTo(45, within(20));
    assertThat(sampled(0.5)).isEqualTo(half);
    assertThat(sampled(1)).hasSize(90);
    assertThat(sampled(0)).isEmpty();
  }

  private List<TraceSummary> sampled(double rate) {
    return xray.getTraceSummaries(r ->
            r.startTime(now.minusSeconds(1))
                .endTime(now.plusSeconds(1))
                .samplingStrategy(s -> s.name("FixedRate").value(rate)))
        .traceSummaries();
  }

  @Test
  void timeRangeTypes_lookAtDifferentTimes() {
    put(segment(traceId(), id(), "web"));

    assertThat(ranged(TimeRangeType.TRACE_ID, 0, 1)).hasSize(1);
    assertThat(ranged(TimeRangeType.TRACE_ID, 1, 2)).isEmpty();
    assertThat(ranged(TimeRangeType.EVENT, -5, 1)).hasSize(1);
    assertThat(ranged(TimeRangeType.SERVICE, 0, 1)).hasSize(1);
    assertThat(ranged(TimeRangeType.SERVICE, -2, 0)).isEmpty();
  }

  private List<TraceSummary> ranged(TimeRangeType type, int from, int to) {
    return xray.getTraceSummaries(r ->
            r.timeRangeType(type).startTime(now.plusSeconds(from)).endTime(now.plusSeconds(to)))
        .traceSummaries();
  }

  @Test
  void unknownAndMalformedIds_areLeftOutAndGivenBack() {
    var response = xray.batchGetTraces(r -> r.traceIds(traceId(), "nonsense"));

    assertThat(response.traces()).isEmpty();
    assertThat(response.unprocessedTraceIds()).containsExactly("nonsense");
  }

  @Test
  void telemetryRecords_areAccepted() {
    xray.putTelemetryRecords(r ->
        r.telemetryRecords(TelemetryRecord.builder().timestamp(now).segmentsSentCount(3).build()));
  }

  @Test
  void filterExpression_isRefusedByName() {
    assertThatThrownBy(() ->
            xray.getTraceSummaries(
                r -> r.startTime(now).endTime(now.plusSeconds(1)).filterExpression("fault")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("FilterExpression is not built in yet");
  }

  @Test
  void emptyWindow_isRefused() {
    assertThatThrownBy(() -> xray.getTraceSummaries(r -> r.startTime(now).endTime(now)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("StartTime");
  }

  @Test
  void foreignToken_isRefused() {
    assertThatThrownBy(() ->
            xray.getTraceSummaries(
                r -> r.startTime(now).endTime(now.plusSeconds(1)).nextToken("x y")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("NextToken");
  }

  @Test
  void otherOperation_saysThatItIsNotBuiltInYet() {
    assertThatThrownBy(() -> xray.getGroups())
        .isInstanceOfSatisfying(
            XRayException.class,
            e -> {
              assertThat(e.statusCode()).isEqualTo(404);
              assertThat(e.awsErrorDetails().errorCode()).isEqualTo("UnknownOperationException");
              assertThat(e.awsErrorDetails().errorMessage())
                  .isEqualTo("GetGroups is not built in yet in the local X-Ray");
              assertThat(e.requestId()).isNotNull();
            });
    assertThatThrownBy(() -> xray.getSamplingRules()).hasMessageContaining("GetSamplingRules");
  }

  @Test
  void restarted_hasItsTraces() throws Exception {
    String trace = traceId();
    put(segment(trace, id(), "web"));

    local.stop(testContext.deadline(Duration.ofSeconds(5)));
    var again = new LocalXray(testContext.context(), "127.0.0.1:0", settings());
    again.start();
    try (var reader = reader(again.port())) {
      assertThat(reader.batchGetTraces(r -> r.traceIds(trace)).traces()).hasSize(1);
    } finally {
      again.stop(testContext.deadline(Duration.ofSeconds(5)));
    }
  }

  private static XRayClient reader(int port) {
    return XRayClient.builder()
        .endpointOverride(URI.create("http://localhost:" + port))
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  private List<UnprocessedTraceSegment> put(String... documents) {
    return xray.putTraceSegments(r -> r.traceSegmentDocuments(documents))
        .unprocessedTraceSegments();
  }

  private Trace get(String traceId) {
    return xray.batchGetTraces(r -> r.traceIds(traceId)).traces().getFirst();
  }

  private List<TraceSummary> summaries(int from, int to) {
    return xray.getTraceSummaries(
            r -> r.startTime(now.plusSeconds(from)).endTime(now.plusSeconds(to)))
        .traceSummaries();
  }

  private String segment(String trace, String id, String name) {
    return "{\"trace_id\":\"%s\",\"id\":\"%s\",\"name\":\"%s\",\"start_time\":%s,\"end_time\":%s}"
        .formatted(trace, id, name, at(0), at(0.25));
  }

  private String subsegment(String trace, String id, String parent, String name) {
    return "{\"trace_id\":\"%s\",\"id\":\"%s\",\"parent_id\":\"%s\",\"type\":\"subsegment\",\"name\":\"%s\",\"start_time\":%s,\"end_time\":%s}"
        .formatted(trace, id, parent, name, at(0), at(0.25));
  }

  private String at(double seconds) {
    return now.getEpochSecond() + (seconds + "").substring(1);
  }

  private String traceId() {
    byte[] rest = new byte[12];
    random.nextBytes(rest);
    return "1-%08x-%s".formatted(now.getEpochSecond(), HexFormat.of().formatHex(rest));
  }

  private String id() {
    return HexFormat.of().toHexDigits(random.nextLong());
  }
}
