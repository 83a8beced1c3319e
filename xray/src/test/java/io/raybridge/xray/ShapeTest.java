package io.raybridge.xray;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class ShapeTest {
  private static final int LOCAL_PARENT = 0x100;

  @ParameterizedTest
  @EnumSource(
      value = SpanKind.class,
      names = {
        "SPAN_KIND_SERVER",
        "SPAN_KIND_INTERNAL",
        "SPAN_KIND_CONSUMER",
        "SPAN_KIND_UNSPECIFIED"
      })
  void rootThatCallsNobody_isASegmentOfItsService(SpanKind kind) {
    Otlp otlp = new Otlp().service("shop").kind(kind).name("work");

    assertThat(isSegment(otlp.document(), "shop")).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = SpanKind.class,
      names = {"SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER"})
  void rootThatCalls_isASegmentOfItsServiceWithTheCallBelow(SpanKind kind) {
    Otlp otlp = new Otlp().service("shop").kind(kind).with("peer.service", "stock");

    List<JsonNode> documents = otlp.documents();

    assertThat(documents).hasSize(2);
    JsonNode call = documents.getFirst();
    JsonNode service = documents.getLast();
    assertThat(isSegment(service, "shop")).isTrue();
    assertThat(service.has("parent_id")).isFalse();
    assertThat(call.path("type").asString()).isEqualTo("subsegment");
    assertThat(call.path("namespace").asString()).isEqualTo("remote");
    assertThat(call.path("name").asString()).isEqualTo("stock");
    assertThat(call.path("id").asString()).isEqualTo(Otlp.SPAN);
    assertThat(call.path("parent_id")).isEqualTo(service.path("id"));
    assertThat(call.path("start_time")).isEqualTo(service.path("start_time"));
    assertThat(otlp.documents()).isEqualTo(documents);
  }

  @ParameterizedTest
  @CsvSource({
    "SPAN_KIND_SERVER, 0, segment",
    "SPAN_KIND_SERVER, 256, segment",
    "SPAN_KIND_SERVER, 768, segment",
    "SPAN_KIND_INTERNAL, 0, subsegment",
    "SPAN_KIND_INTERNAL, 256, subsegment",
    "SPAN_KIND_INTERNAL, 768, segment",
    "SPAN_KIND_CONSUMER, 0, segment",
    "SPAN_KIND_CONSUMER, 256, subsegment",
    "SPAN_KIND_CONSUMER, 768, segment",
    "SPAN_KIND_CLIENT, 0, subsegment",
    "SPAN_KIND_CLIENT, 256, subsegment",
    "SPAN_KIND_CLIENT, 768, both",
    "SPAN_KIND_PRODUCER, 0, subsegment",
    "SPAN_KIND_PRODUCER, 768, both"
  })
  void kindAndWhereTheParentIs_decide(SpanKind kind, int flags, String shape) {
    Otlp otlp = Otlp.of(kind);
    otlp.span.setFlags(flags);

    assertThat(shape(otlp.documents())).isEqualTo(shape);
  }

  @ParameterizedTest
  @CsvSource({
    "SPAN_KIND_SERVER, segment",
    "SPAN_KIND_INTERNAL, segment",
    "SPAN_KIND_CLIENT, both",
    "SPAN_KIND_PRODUCER, both",
    "SPAN_KIND_CONSUMER, both"
  })
  void localRootOfAnAdotSdk_isItsServicesFirst(SpanKind kind, String shape) {
    Otlp otlp =
        Otlp.of(kind)
            .with("aws.span.kind", "LOCAL_ROOT")
            .with("aws.local.service", "front")
            .with("aws.remote.service", "queue");
    otlp.span.setFlags(LOCAL_PARENT);

    List<JsonNode> documents = otlp.documents();

    assertThat(shape(documents)).isEqualTo(shape);
    assertThat(isSegment(documents.getLast(), "front")).isTrue();
    if (documents.size() == 2) {
      assertThat(documents.getFirst().path("name").asString()).isEqualTo("queue");
      assertThat(documents.getLast().path("parent_id").asString()).isEqualTo(Otlp.PARENT);
    }
  }

  @Test
  void pollingAQueue_isACall() {
    Otlp sqs =
        new Otlp()
            .service("worker")
            .kind(SpanKind.SPAN_KIND_CONSUMER)
            .with("rpc.system", "aws-api")
            .with("rpc.service", "SQS")
            .with("rpc.method", "ReceiveMessage");
    Otlp kafka =
        Otlp.of(SpanKind.SPAN_KIND_CONSUMER)
            .with("messaging.operation.type", "receive")
            .with("messaging.destination.name", "orders");

    assertThat(sqs.documents().getFirst().path("namespace").asString()).isEqualTo("aws");
    assertThat(sqs.documents().getFirst().path("name").asString()).isEqualTo("SQS");
    assertThat(isSegment(sqs.documents().getLast(), "worker")).isTrue();
    assertThat(kafka.document().path("name").asString()).isEqualTo("orders");
    assertThat(kafka.document().path("namespace").asString()).isEqualTo("remote");
  }

  @Test
  void companion_tellsOfTheServiceAndNotOfTheCall() {
    Otlp otlp =
        new Otlp()
            .service("shop")
            .kind(SpanKind.SPAN_KIND_CLIENT)
            .with("url.full", "http://stock/x")
            .with("http.response.status_code", 500)
            .with("mine", "1")
            .with("aws.remote.service", "stock")
            .indexed("mine", "aws.remote.service")
            .link("1".repeat(32), "2".repeat(16), Map.of())
            .error();

    JsonNode service = otlp.documents().getLast();
    JsonNode call = otlp.documents().getFirst();

    assertThat(service.has("http")).isFalse();
    assertThat(service.has("cause")).isFalse();
    assertThat(service.has("links")).isFalse();
    assertThat(service.path("fault").asBoolean()).isTrue();
    assertThat(service.path("annotations")).isEqualTo(Otlp.parse("{\"mine\": \"1\"}"));
    assertThat(service.at("/metadata/default").propertyNames())
        .containsExactly("otel.resource.service.name");
    assertThat(call.path("annotations").propertyNames())
        .containsExactlyInAnyOrder("mine", "aws.remote.service");
    assertThat(call.has("http")).isTrue();
    assertThat(call.has("links")).isTrue();
  }

  @Test
  void companion_isNotAnnotatedWithWhatTheCallsBlocksTake() {
    List<JsonNode> documents =
        new Otlp()
            .service("shop")
            .kind(SpanKind.SPAN_KIND_CLIENT)
            .with("db.system", "mysql")
            .with("db.statement", "SELECT 'secret'")
            .with("http.request.method", "GET")
            .with("aws.region", "eu-west-1")
            .with("mine", "1")
            .indexAll()
            .documents();

    assertThat(documents.getLast().path("annotations"))
        .isEqualTo(Otlp.parse("{\"otel.resource.service.name\": \"shop\", \"mine\": \"1\"}"));
    assertThat(documents.getFirst().path("annotations")).isEqualTo(Otlp.parse("{\"mine\": \"1\"}"));
    assertThat(documents.toString()).doesNotContain("secret");
  }

  @Test
  void linksOfAConsumerWithACompanion_areItsCompanions() {
    Otlp otlp =
        Otlp.of(SpanKind.SPAN_KIND_CONSUMER)
            .with("aws.span.kind", "LOCAL_ROOT")
            .with("aws.remote.service", "queue")
            .link("1".repeat(32), "2".repeat(16), Map.of())
            .link("0".repeat(32), "2".repeat(16), Map.of());

    List<JsonNode> documents = otlp.documents();

    assertThat(documents.getFirst().has("links")).isFalse();
    assertThat(documents.getLast().path("links")).hasSize(1);
    assertThat(otlp.noted).containsExactly("link_invalid 1");
  }

  @Test
  void companion_countsForNoSpan() throws Exception {
    Otlp otlp = new Otlp().service("shop").kind(SpanKind.SPAN_KIND_CLIENT);
    var encoder = new SegmentEncoder(otlp.config, otlp.listener(), Otlp.CLOCK);

    DocumentBuffer buffer =
        encoder.encode(List.of(otlp.bytes()), new DocumentBuffer(50, 1 << 20), full -> full);

    assertThat(buffer.count()).isEqualTo(2);
    assertThat(buffer.spans()).isEqualTo(1);
    assertThat(buffer.spans(1)).isZero();
  }

  @Test
  void spanWithoutEnd_isInProgress() {
    Otlp otlp = Otlp.server();
    otlp.span.clearEndTimeUnixNano();

    assertThat(otlp.document().path("in_progress").asBoolean()).isTrue();
    assertThat(otlp.document().has("end_time")).isFalse();
  }

  @Test
  void spanThatSaysItIsInProgress_isEvenWithAnEnd() {
    JsonNode running = Otlp.server().with("aws.xray.inprogress", true).document();
    JsonNode done = Otlp.server().with("aws.xray.inprogress", false).document();

    assertThat(running.path("in_progress").asBoolean()).isTrue();
    assertThat(running.has("end_time")).isFalse();
    assertThat(running.at("/metadata/default").has("aws.xray.inprogress")).isFalse();
    assertThat(done.has("in_progress")).isFalse();
    assertThat(done.at("/metadata/default").has("aws.xray.inprogress")).isFalse();
  }

  @Test
  void spanThatEndsBeforeItStarts_endsWhenItStarts() {
    Otlp otlp = Otlp.server();
    otlp.span.setEndTimeUnixNano(Otlp.START - 1_000_000_000);

    JsonNode document = otlp.document();

    assertThat(document.path("end_time")).isEqualTo(document.path("start_time"));
    assertThat(document.at("/metadata/raybridge/end_time").decimalValue())
        .isEqualByComparingTo("1699999999.123456");
  }

  @Test
  void timesBeyondALong_areUnsigned() {
    Otlp otlp = Otlp.server();
    otlp.span.setStartTimeUnixNano(-2000).setEndTimeUnixNano(-1000);

    assertThat(otlp.document().path("start_time").decimalValue())
        .isEqualByComparingTo("18446744073.70955");
  }

  private static boolean isSegment(JsonNode document, String name) {
    return !document.has("type")
        && !document.has("namespace")
        && document.path("name").asString().equals(name);
  }

  private static String shape(List<JsonNode> documents) {
    if (documents.size() == 2) return "both";
    return documents.getFirst().has("type") ? "subsegment" : "segment";
  }

  @Test
  void localRootWithAParent_tellsOfItsResource() {
    JsonNode document =
        Otlp.of(SpanKind.SPAN_KIND_INTERNAL).with("aws.span.kind", "LOCAL_ROOT").document();

    assertThat(document.has("type")).isFalse();
    assertThat(document.at("/metadata/default/otel.resource.service.name").asString())
        .isEqualTo("shop");
  }

  @Test
  void localRootCallFromAnotherCloud_isTranslated() {
    List<JsonNode> documents =
        Otlp.client()
            .resource("cloud.provider", "gcp")
            .with("aws.span.kind", "LOCAL_ROOT")
            .documents();

    assertThat(documents).hasSize(2);
  }

  @Test
  void times_areCutToMicroseconds() {
    Otlp otlp = Otlp.server();
    otlp.span.setStartTimeUnixNano(1_700_000_000_123_456_999L);

    assertThat(otlp.document().path("start_time").decimalValue())
        .isEqualByComparingTo("1700000000.123456");
  }
}
