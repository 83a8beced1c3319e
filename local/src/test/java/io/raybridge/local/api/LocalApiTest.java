package io.raybridge.local.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.api.Kind;
import io.raybridge.local.store.StoreSettings;
import io.raybridge.local.store.TraceStore;
import io.raybridge.testkit.ManualClock;
import io.raybridge.testkit.TestContext;
import io.raybridge.transport.Headers;
import io.raybridge.transport.Request;
import io.raybridge.transport.Response;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalApiTest {
  private static final String JSON_TARGET = "GraniteServiceVersion20100801.PutMetricData";
  private static final String CBOR_PATH =
      "/service/GraniteServiceVersion20100801/operation/PutMetricData";
  private static final String FORM = "application/x-www-form-urlencoded; charset=utf-8";

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock();
  private final TestContext context = TestContext.of(Kind.EXTENSION, "local_xray", clock);
  private TraceStore store;
  private LocalApi api;

  @BeforeEach
  void open() throws IOException {
    store = TraceStore.open(new StoreSettings(directory, 64 << 20, Duration.ofDays(7)), clock);
    api = new LocalApi(store, clock, "xray.test", true, context.context().log());
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  @Test
  void cliJson_putsMetrics() throws IOException {
    var response =
        post(
            "/",
            """
            {"Namespace":"shop","MetricData":[{"MetricName":"orders","Value":3,"Unit":"Count",
             "Timestamp":%s,"Dimensions":[{"Name":"shop","Value":"1"}]}]}
            """
                .formatted(clock.now().getEpochSecond()),
            "X-Amz-Target",
            JSON_TARGET,
            "Content-Type",
            "application/x-amz-json-1.0",
            "x-amzn-query-mode",
            "true");

    assertThat(response.status()).isEqualTo(200);
    assertThat(body(response)).isEqualTo("{}");
    assertThat(response.headers()).containsKey("x-amzn-RequestId");
    var row = store.series(1).getFirst();
    assertThat(row.latest().series().name()).isEqualTo("orders");
    assertThat(row.latest().series().dimensions()).isEqualTo("{\"shop\":\"1\"}");
    assertThat(row.latest().values()).isEqualTo("{\"Value\":3.0}");
  }

  @Test
  void olderClientsForm_putsMetrics() throws IOException {
    var response =
        post(
            "/",
            "Action=PutMetricData&Version=2010-08-01&Namespace=shop"
                + "&MetricData.member.1.MetricName=orders&MetricData.member.1.Unit=Count"
                + "&MetricData.member.1.Value=2.5&MetricData.member.1.Timestamp="
                + clock.now()
                + "&MetricData.member.2.MetricName=load&MetricData.member.2.Values.member.1=1"
                + "&MetricData.member.2.Values.member.2=2&MetricData.member.2.Dimensions.member.1.Name=a"
                + "&MetricData.member.2.Dimensions.member.1.Value=%3Cb%3E",
            "Content-Type",
            FORM);

    assertThat(response.status()).isEqualTo(200);
    assertThat(body(response)).startsWith("<PutMetricDataResponse xmlns=").contains("<RequestId>");
    assertThat(store.series(9))
        .extracting(row -> row.latest().series().dimensions() + row.latest().values())
        .containsExactlyInAnyOrder(
            "{}{\"Value\":2.5}", "{\"a\":\"<b>\"}{\"Values\":[1.0,2.0],\"Counts\":[1.0,1.0]}");
  }

  @Test
  void sdkCbor_withIndefiniteMapAndTaggedTime_putsMetrics() throws IOException {
    // {_ "Namespace": "shop", "MetricData": [_ {_ "MetricName": "m", "Timestamp": 1(float64),
    // "Value": half 1.5}]}
    String time = HexFormat.of().toHexDigits(Double.doubleToLongBits(clock.now().getEpochSecond()));
    var response =
        post(
            CBOR_PATH,
            HexFormat.of()
                .parseHex(
                    "bf694e616d6573706163656473686f706a4d6574726963446174619fbf6a4d65747269634e616d"
                        + "65616d6954696d657374616d70c1fb"
                        + time
                        + "6556616c7565f93e00ffffff"),
            "smithy-protocol",
            "rpc-v2-cbor");

    assertThat(response.status()).as(body(response)).isEqualTo(200);
    assertThat(response.body()).containsExactly(0xa0);
    assertThat(response.headers()).containsEntry("smithy-protocol", "rpc-v2-cbor");
    assertThat(store.series(1).getFirst().latest().values()).isEqualTo("{\"Value\":1.5}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                                                  | MissingRequiredParameterException | Namespace
          {"Namespace":"a"}                                                   | MissingRequiredParameterException | MetricData
          {"Namespace":":a","MetricData":[{"MetricName":"m","Value":1}]}      | InvalidParameterValueException    | Namespace
          {"Namespace":"a","MetricData":[{"Value":1}]}                        | MissingRequiredParameterException | MetricData[0].MetricName
          {"Namespace":"a","MetricData":[{"MetricName":"m"}]}                 | MissingRequiredParameterException | MetricData[0].Value
          {"Namespace":"a","MetricData":[{"MetricName":"m","Value":"NaN"}]}   | InvalidParameterValueException    | MetricData[0].Value
          {"Namespace":"a","MetricData":[{"MetricName":"m","Value":1e300}]}   | InvalidParameterValueException    | MetricData[0].Value
          {"Namespace":"a","MetricData":[{"MetricName":"m","Value":1,"Values":[1]}]} | InvalidParameterCombinationException | MetricData[0]
          {"Namespace":"a","MetricData":[{"MetricName":"m","Values":[1],"Counts":[1,2]}]} | InvalidParameterValueException | MetricData[0].Counts
          {"Namespace":"a","MetricData":[{"MetricName":"m","StatisticValues":{"Sum":1}}]} | MissingRequiredParameterException | MetricData[0].StatisticValues.SampleCount
          {"Namespace":"a","MetricData":[{"MetricName":"m","Value":1,"Unit":"Furlong"}]} | InvalidParameterValueException | MetricData[0].Unit
          {"Namespace":"a","MetricData":[{"MetricName":"m","Value":1,"Timestamp":"soon"}]} | InvalidParameterValueException | MetricData[0].Timestamp
          {"Namespace":"a","MetricData":[{"MetricName":"m","Value":1,"Dimensions":[{"Name":"d"}]}]} | MissingRequiredParameterException | MetricData[0].Dimensions[0].Value
          {"Namespace":"a","MetricData":{"x":{"MetricName":"m","Value":1}}}   | InvalidParameterValueException    | MetricData
          {"Namespace":                                                       | SerializationException            | JSON
          """)
  void wrongMetricData_isRefusedWithTypeAndPath(String json, String type, String path) {
    var response = post("/", json, "X-Amz-Target", JSON_TARGET);

    assertThat(response.status()).isEqualTo(400);
    assertThat(response.headers()).containsEntry("x-amzn-ErrorType", type);
    assertThat(response.headers().get("x-amzn-query-error")).endsWith(";Sender");
    assertThat(body(response)).contains("#" + type).contains(path);
  }

  @Test
  void xrayPath_isXrayWhateverTheContentType() {
    var response = post("/TelemetryRecords", "{\"TelemetryRecords\":[]}", "Content-Type", FORM);

    assertThat(response.status()).isEqualTo(200);
  }

  @Test
  void wrongForm_isRefusedInXml() {
    var response = post("/", "Action=PutMetricData&Namespace=a", "Content-Type", FORM);

    assertThat(response.status()).isEqualTo(400);
    assertThat(body(response)).contains("<Code>MissingParameter</Code>", "<Type>Sender</Type>");
  }

  @Test
  void emptyBody_isAnEmptyObject() {
    assertThat(body(post("/TraceSegments", ""))).contains("TraceSegmentDocuments: expected a list");
  }

  @Test
  void unknownPath_is404() {
    assertThat(post("/nowhere", "{}").status()).isEqualTo(404);
    assertThat(body(post("/GetGroup", "{}"))).contains("GetGroup is not built in yet");
    assertThat(body(post("/ServiceGraph", "{}"))).contains("GetServiceGraph is not built in yet");
  }

  @Test
  void malformedJson_isRefusedByPlaceWithoutItsText() {
    var response = post("/TraceSegments", "{\"secret\": nonsense");

    assertThat(response.status()).isEqualTo(400);
    assertThat(body(response)).contains("line 1", "column").doesNotContain("secret", "nonsense");
  }

  @Test
  void closedStore_is503() throws IOException {
    store.close();

    var response = post("/TraceSegments", "{\"TraceSegmentDocuments\":[]}");

    assertThat(response.status()).isEqualTo(503);
    assertThat(response.headers()).containsEntry("x-amzn-ErrorType", "ServiceUnavailableException");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:2001",
        "127.0.0.1:2001",
        "[::1]:2001",
        "LOCALHOST",
        "a.localhost:1",
        "xray.test:2001"
      })
  void hostThatLeadsHere_isAnswered(String host) {
    assertThat(post("/TelemetryRecords", "{\"TelemetryRecords\":[]}", "Host", host).status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"evil.example:2001", "localhost.evil.example", "127.0.0.1.evil.example:2001"})
  void hostOfAnotherName_isRefused(String host) {
    assertThat(post("/TelemetryRecords", "{\"TelemetryRecords\":[]}", "Host", host).status())
        .isEqualTo(403);
    assertThat(get("/api/traces", "Host", host).status()).isEqualTo(403);
  }

  @Test
  void openPort_answersAnyHost() {
    api = new LocalApi(store, clock, "0.0.0.0", false, context.context().log());

    assertThat(get("/api/traces", "Host", "collector.example:2001").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://evil.example", "null", "http://localhost:3000"})
  void pageOfAnotherOrigin_isRefused(String origin) {
    var response =
        post(
            "/TraceSegments",
            "{}",
            "Host",
            "localhost:2001",
            "Origin",
            origin,
            "Content-Type",
            "text/plain");

    assertThat(response.status()).isEqualTo(403);
  }

  @Test
  void ownPage_isAnswered() {
    assertThat(
            post(
                    "/TelemetryRecords",
                    "{\"TelemetryRecords\":[]}",
                    "Host",
                    "localhost:2001",
                    "Origin",
                    "http://localhost:2001")
                .status())
        .isEqualTo(200);
  }

  @Test
  void anyBytes_getAClearRefusalAndNothingElse() {
    var random = new Random(20261123);
    String[] seeds = {
      "{\"TraceSegmentDocuments\":[\"{\\\"id\\\":\\\"1111111111111111\\\",\\\"trace_id\\\":\\\"1-00000000-000000000000000000000000\\\",\\\"name\\\":\\\"a\\\",\\\"start_time\\\":1e9,\\\"end_time\\\":1.1e9,\\\"subsegments\\\":[{\\\"id\\\":1},2,[]],\\\"annotations\\\":{\\\"a\\\":null},\\\"http\\\":[1]}\"]}",
      "{\"TraceIds\":[\"1-00000000-000000000000000000000000\"],\"StartTime\":0,\"EndTime\":1e9,\"NextToken\":\"MSAx\",\"TelemetryRecords\":[{}]}",
      "{\"Namespace\":\"a\",\"MetricData\":[{\"MetricName\":\"m\",\"Values\":[1],\"Counts\":[2],\"Dimensions\":[{\"Name\":\"a\",\"Value\":\"b\"}]}]}",
      "Action=PutMetricData&Namespace=a&MetricData.member.1.MetricName=m&MetricData.member.1.Value=1",
    };
    for (int i = 0; i < 20_000; i++) {
      byte[] body = mutated(seeds[i % seeds.length].getBytes(UTF_8), random);
      for (Response response :
          new Response[] {
            post("/TraceSegments", body),
            post("/Traces", body),
            post("/TraceSummaries", body),
            post("/TelemetryRecords", body),
            post("/", body, "X-Amz-Target", JSON_TARGET),
            post("/", body, "Content-Type", FORM),
            post(CBOR_PATH, body)
          }) {
        assertThat(response.status()).as("%s", HexFormat.of().formatHex(body)).isIn(200, 400, 404);
      }
    }
  }

  @Test
  void anyCbor_getsAClearRefusalAndNothingElse() {
    var random = new Random(20261124);
    byte[] seed =
        HexFormat.of()
            .parseHex(
                "bf694e616d6573706163656473686f706a4d6574726963446174619fbf6a4d65747269634e616d"
                    + "65616d6954696d657374616d70c1fb41da5353530000006556616c7565f93e00ffffff");
    for (int i = 0; i < 100_000; i++) {
      byte[] body = mutated(seed, random);
      assertThat(post(CBOR_PATH, body).status())
          .as("%s", HexFormat.of().formatHex(body))
          .isIn(200, 400);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9b7fffffffffffffff",
        "5b7fffffffffffffff",
        "bf",
        "9f",
        "7f",
        "ff",
        "1c",
        "81",
        "a1f6f6",
        "c1"
      })
  void hostileCbor_isRefused(String hex) {
    assertThat(post(CBOR_PATH, HexFormat.of().parseHex(hex)).status()).isEqualTo(400);
  }

  @Test
  void deepNesting_isRefused() {
    byte[] deep = new byte[1 << 20];
    java.util.Arrays.fill(deep, (byte) 0x81);
    assertThat(post(CBOR_PATH, deep).status()).isEqualTo(400);
    java.util.Arrays.fill(deep, (byte) '[');
    assertThat(post("/TraceSegments", deep).status()).isEqualTo(400);
    assertThat(post("/", "a.".repeat(1 << 16) + "=1", "Content-Type", FORM).status())
        .isEqualTo(400);
  }

  private static byte[] mutated(byte[] seed, Random random) {
    byte[] bytes = seed.clone();
    for (int edits = random.nextInt(4); edits >= 0; edits--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes = java.util.Arrays.copyOf(bytes, at + 1);
        case 2 -> bytes[at] = (byte) "[]{}\",:&=.%\\0\n".charAt(random.nextInt(14));
        default -> bytes[at] = bytes[random.nextInt(bytes.length)];
      }
    }
    return bytes;
  }

  private Response post(String path, String body, String... headers) {
    return post(path, body.getBytes(UTF_8), headers);
  }

  private Response post(String path, byte[] body, String... headers) {
    return api.handle(request("POST", path, body, headers));
  }

  private Response get(String path, String... headers) {
    return api.handle(request("GET", path, new byte[0], headers));
  }

  private static Request request(String method, String path, byte[] body, String... headers) {
    return new Request(
        method, path, "", Headers.of(headers), body, new InetSocketAddress("127.0.0.1", 1));
  }

  private static String body(Response response) {
    return new String(response.body(), UTF_8);
  }
}
