package io.raybridge.xray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.data.ResourceSpans;
import io.raybridge.data.Span;
import io.raybridge.data.Traces;
import io.raybridge.data.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SegmentReaderTest {
  private static final Path SAMPLES = Path.of("src/test/resources/documents");

  static Stream<String> samples() throws IOException {
    try (var files = Files.list(SAMPLES)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void sampleToSpansAndBack_saysTheSame(String sample) throws Exception {
    String document = Files.readString(SAMPLES.resolve(sample));

    List<String> back = encode(Traces.of(List.of(read(document))));

    assertThat(back).hasSize(1);
    assertThat(SameJson.of(back.getFirst())).isEqualTo(SameJson.of(document));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void sampleThatNobodyReads_goesOnByteForByte(String sample) throws Exception {
    byte[] document = Files.readAllBytes(SAMPLES.resolve(sample));
    var builder = new SegmentDocuments.Builder();
    builder.add(document, 0, document.length);
    var documents = builder.build((lost, trace, id, why) -> {});

    assertThat(encode(documents.carried()))
        .containsExactly(new String(document, StandardCharsets.UTF_8));
    assertThat(documents.items()).isEqualTo(1);
  }

  @Test
  void nestedSubsegments_becomeSpansBelowEachOther() throws Exception {
    var spans = spans(sample("dynamodb"));

    assertThat(spans)
        .extracting(Span::name)
        .containsExactly("Scores", "## dao", "DynamoDB", "SNS", "local work");
    assertThat(spans)
        .extracting(Span::kind)
        .containsExactly(
            Span.KIND_SERVER,
            Span.KIND_INTERNAL,
            Span.KIND_CLIENT,
            Span.KIND_CLIENT,
            Span.KIND_INTERNAL);
    assertThat(spans.get(1).parentSpanId()).isEqualTo(spans.get(0).spanId());
    assertThat(spans.get(2).parentSpanId()).isEqualTo(spans.get(1).spanId());
    assertThat(spans.get(4).parentSpanId()).isEqualTo(spans.get(0).spanId());
    var dynamo = spans.get(2).attributes();
    assertThat(dynamo.getString("aws.service")).isEqualTo("DynamoDB");
    assertThat(dynamo.getString("aws.operation")).isEqualTo("UpdateItem");
    assertThat(dynamo.getString("aws.table_name")).isEqualTo("scorekeep-user");
    assertThat(dynamo.getString("aws.account_id")).isEqualTo("111");
    assertThat(dynamo.getLong("http.status_code", 0)).isEqualTo(200);
  }

  @Test
  void segment_hasItsPlaceInTheResource() throws Exception {
    var resource = read(sample("aws-ec2-ecs-beanstalk")).resource().attributes();

    assertThat(resource.getString("service.name")).isEqualTo("Scores");
    assertThat(resource.getString("cloud.provider")).isEqualTo("aws");
    assertThat(resource.getString("cloud.platform")).isEqualTo("aws_elastic_beanstalk");
    assertThat(resource.getString("host.id")).isEqualTo("i-075ad396f12bc325a");
    assertThat(resource.getString("service.instance.id")).isEqualTo("32");
    assertThat(resource.getString("telemetry.sdk.language")).isEqualTo("java");
  }

  @Test
  void annotationsAndMetadata_areAttributes() throws Exception {
    var attributes = spans(sample("annotations-metadata")).getFirst().attributes();

    assertThat(attributes.getLong("customer_category", 0)).isEqualTo(124);
    assertThat(attributes.getDouble("zip_code", 0)).isEqualTo(98101.5);
    assertThat(attributes.get("internal")).isEqualTo(Value.of(false));
    assertThat(attributes.getString("http.url")).as("another member's attribute").isNull();
    assertThat(attributes.getString("aws.xray.metadata.default"))
        .isEqualTo("{\"order\":{\"id\":\"o-1\"}}");
  }

  @Test
  void exceptions_areEventsWithTheirStackAsText() throws Exception {
    var span = spans(sample("cause")).getFirst();

    assertThat(span.statusCode()).isEqualTo(Span.STATUS_ERROR);
    assertThat(span.events()).hasSize(3);
    var first = span.events().getFirst().attributes();
    assertThat(first.getString("exception.type")).isEqualTo("java.lang.IllegalStateException");
    assertThat(first.getString("exception.message")).isEqualTo("no such order");
    assertThat(first.getString("exception.stacktrace"))
        .isEqualTo(
            "java.lang.IllegalStateException: no such order\n\tat order(Shop.java:12)\n\tat main()");
  }

  @Test
  void causeWithoutFlags_isNoError() throws Exception {
    assertThat(spans(sample("cause-empty")).getFirst().statusCode()).isEqualTo(Span.STATUS_UNSET);
  }

  @Test
  void inProgress_hasNoEnd() throws Exception {
    var span = spans(sample("in-progress")).getFirst();

    assertThat(span.endTimeUnixNano()).isZero();
    assertThat(span.attributes().getBoolean("aws.xray.inprogress", false)).isTrue();
  }

  @Test
  void whatWasChangedOnTheWay_isChangedInTheDocument() throws Exception {
    var group = read(sample("http-server"));
    var span = group.scopeSpans().getFirst().spans().getFirst();
    span.attributes().put("http.url", "http://hidden");
    var _ = span.attributes().remove("http.client_ip");
    span.attributes().put("team", "cart");
    group.resource().attributes().put("deployment.environment", "test");
    group.resource().attributes().put("service.name", "renamed");

    var document = Otlp.parse(encode(Traces.of(List.of(group))).getFirst());

    assertThat(document.at("/http/request/url").asString()).isEqualTo("http://hidden");
    assertThat(document.at("/http/request").has("client_ip")).isFalse();
    assertThat(document.at("/metadata/default/team").asString()).isEqualTo("cart");
    assertThat(
            document.at("/metadata/default").get("otel.resource.deployment.environment").asString())
        .isEqualTo("test");
    assertThat(document.path("name").asString()).isEqualTo("renamed");
  }

  @Test
  void embeddedSubsegmentWhoseParentIsGone_isADocumentOfItsOwn() throws Exception {
    var group = read(sample("dynamodb"));
    group.scopeSpans().getFirst().spans().remove(1);

    var documents = encode(Traces.of(List.of(group)));

    assertThat(documents).hasSize(4);
    var dynamo = Otlp.parse(documents.get(1));
    assertThat(dynamo.path("name").asString()).isEqualTo("DynamoDB");
    assertThat(dynamo.path("type").asString()).isEqualTo("subsegment");
    assertThat(dynamo.path("parent_id").asString()).isEqualTo("0f910026178b71ee");
    assertThat(dynamo.path("trace_id").asString()).isEqualTo("1-5f84c7a1-e7d1852db8c4fd35d88bf49a");
  }

  @Test
  void documentThatHasGrownTooLarge_leavesInParts() throws Exception {
    var group = read(sample("dynamodb"));
    var spans = group.scopeSpans().getFirst().spans();
    spans.get(0).attributes().put("large", "x".repeat(40_000));
    spans.get(2).attributes().put("large", "x".repeat(40_000));

    var documents = encode(Traces.of(List.of(group)));

    assertThat(documents).hasSize(3).allSatisfy(one -> assertThat(one.length()).isLessThan(65_536));
    assertThat(Otlp.parse(documents.get(1)).at("/subsegments/0/name").asString())
        .isEqualTo("DynamoDB");
  }

  @Test
  void spansOfOtherSdks_goBetweenDocumentsAsEver() throws Exception {
    var group = read(sample("dynamodb"));
    var other = new ResourceSpans();
    other.scopeSpans().add(group.scopeSpans().getFirst().copy());
    other.scopeSpans().getFirst().spans().removeIf(span -> span.spanId() != 0x24336c375edc2b39L);
    var _ =
        other.scopeSpans().getFirst().spans().getFirst().attributes().remove("aws.xray.document");

    var documents = encode(Traces.of(List.of(group, other, read(sample("minimal")))));

    assertThat(documents).hasSize(3);
    assertThat(SameJson.of(documents.get(0))).isEqualTo(SameJson.of(sample("dynamodb")));
    assertThat(SameJson.of(documents.get(2))).isEqualTo(SameJson.of(sample("minimal")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "not_json      | {",
        "not_an_object | []",
        "not_an_object | 7",
        "not_json      | {\"id\":1} x",
        "no_trace_id   | {}",
        "no_trace_id   | {\"trace_id\":\"1-00000000-000000000000000000000000\"}",
        "no_id         | {\"trace_id\":\"1-5f84c7a1-e7d1852db8c4fd35d88bf49a\",\"id\":7}",
        "no_id         | {\"trace_id\":\"1-5f84c7a1-e7d1852db8c4fd35d88bf49a\",\"id\":\"0000000000000000\"}",
        "no_start_time | {\"trace_id\":\"1-5f84c7a1-e7d1852db8c4fd35d88bf49a\",\"id\":\"00000000000000a1\"}",
        "no_start_time | {\"trace_id\":\"1-5f84c7a1-e7d1852db8c4fd35d88bf49a\",\"id\":\"00000000000000a1\",\"start_time\":1e999999999999}",
        "no_start_time | {\"trace_id\":\"1-5f84c7a1-e7d1852db8c4fd35d88bf49a\",\"id\":\"00000000000000a1\",\"start_time\":-1}",
      })
  void whatCannotBeASpan_isNamed(String reason, String document) {
    assertThatThrownBy(() -> read(document))
        .isInstanceOfSatisfying(
            MalformedSegmentException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void documentsForWhoNeedsSpans_areSpansOrSaidToBeLostOnce() throws Exception {
    var lost = new ArrayList<String>();
    var builder = new SegmentDocuments.Builder();
    for (String document : List.of(sample("dynamodb"), "{\"id\":\"x\"}", sample("minimal"))) {
      byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
      builder.add(bytes, 0, bytes.length);
    }
    var documents =
        builder.build((document, trace, id, why) ->
            lost.add(why.reason() + " " + new String(document, StandardCharsets.UTF_8)));
    var batch = Traces.of(documents);
    var copy = batch.copy();

    assertThat(batch.items()).isEqualTo(3);
    assertThat(batch.resourceSpans()).hasSize(2);
    copy.settle();
    assertThat(copy.items()).isEqualTo(6);
    assertThat(lost).containsExactly("no_trace_id {\"id\":\"x\"}");
    assertThat(builder.count()).isZero();
  }

  @Test
  void sealOfAnother_isNotTrusted() throws Exception {
    var builder = new SegmentDocuments.Builder();
    add(builder, "{\"id\":\"a\",\n\"x\":\"\\\\\"}", new ArrayList<>());
    byte[] carried = builder.build((lost, trace, id, why) -> {}).carried().toOtlp();
    int text = new String(carried, StandardCharsets.ISO_8859_1).indexOf("{\\\"id");
    int seal = text - SealedDocument.HEAD + 1;
    assertThat(SealedDocument.isOurs(carried, seal - 1)).isTrue();

    byte[] afterARestart = carried.clone();
    afterARestart[seal] ^= 1;
    byte[] forged = afterARestart.clone();
    forged[text + 1] = 'x';
    byte[] noDocument = afterARestart.clone();
    noDocument[text] = '[';
    byte[] cut = Arrays.copyOf(carried, carried.length);
    cut[seal - 1] = 2;

    assertThat(encode(Traces.ofOtlp(afterARestart)))
        .containsExactly("{\"id\":\"a\",\n\"x\":\"\\\\\"}");
    assertThat(encode(Traces.ofOtlp(forged))).isEmpty();
    assertThat(encode(Traces.ofOtlp(noDocument))).isEmpty();
    assertThat(encode(Traces.ofOtlp(cut))).isEmpty();
  }

  @Test
  void unsampledSpans_goToXrayAsTheyAre_andAreNoSpansForOthers() throws Exception {
    var lost = new ArrayList<String>();
    var builder = new SegmentDocuments.Builder();
    add(builder, "T1UCgIKAA==", lost);
    var documents = builder.build((document, trace, id, why) -> lost.add(why.reason()));

    assertThat(encode(documents.carried())).containsExactly("T1UCgIKAA==");
    assertThat(lost).isEmpty();
    assertThat(Traces.of(documents).resourceSpans()).isEmpty();
    assertThat(lost).containsExactly("unsampled");
  }

  @Test
  void array_isItsDocuments() throws Exception {
    var refused = new ArrayList<String>();
    var builder = new SegmentDocuments.Builder();

    add(builder, " [{\"id\":\"a\"} , {\"id\":[\"]\"]},[],{\"id\":\"b\",\"x\":[{}]}\n] ", refused);

    var documents = builder.build((lost, trace, id, why) -> {});
    assertThat(encode(documents.carried()))
        .containsExactly("{\"id\":\"a\"}", "{\"id\":\"b\",\"x\":[{}]}");
    assertThat(refused).containsExactly("no_id", "not_an_object");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]                    | no_document",
        "[ ] x                 | not_json",
        "[                     | not_json",
        "[{\"id\":\"a\"}       | not_json",
        "[{\"id\":\"a\"},]     | not_json",
        "[{\"id\":\"a\"}{}]    | not_json",
        "[{\"id\":\"a\"}] []   | not_json",
        "[{\"id\":\"a\"},{\"]  | not_json",
        "T1U                   | not_an_object",
        "T1U!                  | not_an_object",
      })
  void arrayThatIsNone_givesNothing(String document, String reason) {
    var builder = new SegmentDocuments.Builder();

    assertThatThrownBy(() -> add(builder, document, new ArrayList<>()))
        .isInstanceOfSatisfying(
            MalformedSegmentException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    assertThat(builder.count()).isZero();
  }

  private static void add(SegmentDocuments.Builder builder, String document, List<String> refused)
      throws MalformedSegmentException {
    byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
    builder.addAll(bytes, 0, bytes.length, e -> refused.add(e.reason()));
  }

  private static String sample(String name) throws IOException {
    return Files.readString(SAMPLES.resolve(name + ".json"));
  }

  static ResourceSpans read(String document) throws MalformedSegmentException {
    return SegmentReader.read(document.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Span> spans(String document) throws MalformedSegmentException {
    return read(document).scopeSpans().getFirst().spans();
  }

  /**
   * What X-Ray gets, which is what is written where nobody calls it, and what goes where nothing
   * has to be encoded.
   */
  static List<String> encode(Traces traces) throws InterruptedException {
    var otlp = new Otlp();
    var encoder = new SegmentEncoder(otlp.config, otlp.listener(), Otlp.CLOCK);
    var passed = traces.foreign(CarriedDocuments.class).map(carried -> passed(carried, encoder));
    byte[] bytes = traces.toOtlp();
    var body =
        encoder.encode(
            List.of(bytes),
            new DocumentBuffer(1_000, 1 << 24),
            full -> {
              throw new IllegalStateException("more than a thousand documents");
            });
    var called = called(body);
    var plain = new Otlp().plain(bytes);
    assertThat(called).isEqualTo(plain);
    passed.ifPresent(documents -> assertThat(documents).isEqualTo(plain));
    return plain;
  }

  private static List<String> passed(CarriedDocuments carried, SegmentEncoder encoder) {
    assertThat(encoder.passes(carried)).isTrue();
    var documents = new ArrayList<String>();
    for (var body : carried.bodies()) documents.addAll(called(body));
    return documents;
  }

  static List<String> called(DocumentBuffer body) {
    var called = new ArrayList<String>();
    var call = Otlp.parse(new String(body.bytes(), 0, body.length(), StandardCharsets.UTF_8));
    call.path("TraceSegmentDocuments").forEach(document -> called.add(document.asString()));
    assertThat(called).hasSize(body.count());
    return called;
  }
}
