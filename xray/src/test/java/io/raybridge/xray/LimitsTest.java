package io.raybridge.xray;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.xray.TranslationConfig.EpochCheck;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Ids, links and sizes. */
class LimitsTest {
  private static final int LARGEST = 64 * 1024;

  @ParameterizedTest
  @ValueSource(strings = {"00000001", "650c17b1", "6f2a9c1e", "ffffffff"})
  void anyEpoch_isAcceptedByDefault(String epoch) {
    Otlp otlp = Otlp.server();
    otlp.span.setTraceId(Otlp.hex(epoch + "0102030405060708090a0b0c"));

    assertThat(otlp.document().path("trace_id").asString())
        .isEqualTo("1-" + epoch + "-0102030405060708090a0b0c");
    assertThat(otlp.noted).isEmpty();
  }

  @Test
  void epochCheck_warnsOrDrops() {
    // The clock of the tests stands at 1,700,000,100.
    String recent = Long.toHexString(1_700_000_000L - 27L * 86_400);
    String old = Long.toHexString(1_700_000_000L - 29L * 86_400);
    String ahead = Long.toHexString(1_700_000_100L + 360);
    for (String epoch : List.of(recent, old, ahead)) {
      boolean fine = epoch.equals(recent);
      Otlp warn = withId(epoch, EpochCheck.WARN);
      assertThat(warn.documents()).hasSize(1);
      assertThat(warn.noted).hasSize(fine ? 0 : 1);
      Otlp drop = withId(epoch, EpochCheck.DROP);
      assertThat(drop.documents()).hasSize(fine ? 1 : 0);
      assertThat(drop.dropped).hasSize(fine ? 0 : 1);
    }
  }

  private static Otlp withId(String epoch, EpochCheck check) {
    Otlp otlp = Otlp.server();
    otlp.span.setTraceId(Otlp.hex(epoch + "0102030405060708090a0b0c"));
    return otlp.config(new TranslationConfig(false, List.of(), List.of(), check, false, true));
  }

  @Test
  void idOf64Bits_isMappedTheSameWayOnEveryNode() {
    Otlp otlp = Otlp.server().link("0".repeat(16) + "0102030405060708", Otlp.SPAN, Map.of());
    otlp.span.setTraceId(Otlp.hex("0".repeat(16) + "0102030405060708"));
    otlp.config(new TranslationConfig(false, List.of(), List.of(), EpochCheck.DROP, true, true));

    JsonNode document = otlp.document();

    assertThat(document.path("trace_id").asString())
        .matches("1-[0-9a-f]{8}-[0-9a-f]{8}0102030405060708")
        .isNotEqualTo("1-00000000-000000000102030405060708")
        // Pinned: other nodes, and other versions, must come to the same id.
        .isEqualTo("1-d6c7c5b6-45c920fe0102030405060708");
    assertThat(document.at("/links/0/trace_id")).isEqualTo(document.path("trace_id"));
    assertThat(document.at("/annotations/otel_trace_id").asString())
        .isEqualTo("0".repeat(16) + "0102030405060708");
  }

  @Test
  void idOf64Bits_isLeftAloneByDefault() {
    Otlp otlp = Otlp.server();
    otlp.span.setTraceId(Otlp.hex("0".repeat(16) + "0102030405060708"));

    assertThat(otlp.document().path("trace_id").asString())
        .isEqualTo("1-00000000-000000000102030405060708");
  }

  @Test
  void link_isKeptWithItsAttributesOnSegmentAndSubsegment() {
    for (Otlp otlp : List.of(Otlp.server(), Otlp.client())) {
      otlp.link("1".repeat(32), "2".repeat(16), Map.of("a", 1));

      assertThat(otlp.document().path("links"))
          .isEqualTo(
              Otlp.parse(
                  """
                  [{"trace_id": "1-11111111-111111111111111111111111",
                    "id": "2222222222222222", "attributes": {"a": 1}}]\
                  """));
    }
  }

  @Test
  void linkWithoutUsableIds_isLeftOutAndCounted() {
    Otlp otlp =
        Otlp.server()
            .link("0".repeat(32), "2".repeat(16), Map.of())
            .link("1".repeat(32), "0".repeat(16), Map.of())
            .link("", "", Map.of("a", 1))
            .link("1".repeat(32), "2".repeat(16), Map.of());

    JsonNode document = otlp.document();

    assertThat(document.path("links")).hasSize(1);
    assertThat(document.at("/metadata/otel/links"))
        .isEqualTo(
            Otlp.parse(
                """
                [{"id": "2222222222222222"}, {"trace_id": "1-11111111-111111111111111111111111"},
                 {"attributes": {"a": 1}}]\
                """));
    assertThat(otlp.noted).containsExactly("link_invalid 3");
    assertThat(otlp.dropped).isEmpty();
  }

  @Test
  void moreThan20Links_areNotedAndGoOnInMetadata() {
    Otlp otlp = Otlp.server();
    for (int i = 0; i < 30; i++) otlp.link("1".repeat(32), "2".repeat(16), Map.of("a", i));

    JsonNode document = otlp.document();

    assertThat(document.path("links")).hasSize(20);
    assertThat(document.at("/metadata/raybridge/truncated/0"))
        .isEqualTo(Otlp.parse("{\"name\": \"links\", \"count\": 30}"));
    assertThat(document.at("/metadata/otel/links")).hasSize(10);
    assertThat(document.at("/metadata/otel/links/9/attributes/a").asInt()).isEqualTo(29);
  }

  @Test
  void tenThousandLinks_areCutAndNoted() {
    Otlp otlp = Otlp.server();
    for (int i = 0; i < 10_000; i++) otlp.link("1".repeat(32), "2".repeat(16), Map.of("a", i));

    JsonNode document = checked(otlp);

    assertThat(document.path("links")).hasSize(20);
    assertThat(document.at("/metadata/otel/links").size()).isGreaterThan(300);
    assertThat(cuts(document)).containsExactly("links", "otel.links");
  }

  @Test
  void oneHugeAttribute_isCutAndTheSmallOnesStay() {
    Otlp otlp = Otlp.server().with("small", "s").with("huge", "é".repeat(500_000)).with("last", 1);

    JsonNode document = checked(otlp);

    assertThat(document.at("/metadata/default/small").asString()).isEqualTo("s");
    assertThat(document.at("/metadata/default/last").asInt()).isEqualTo(1);
    assertThat(document.at("/metadata/default/huge").asString()).hasSizeGreaterThan(25_000);
    assertThat(cuts(document)).containsExactly("huge");
    assertThat(document.at("/metadata/raybridge/truncated/0/bytes").asInt())
        .isGreaterThan(1_000_000);
  }

  @Test
  void oneHugeList_isLeftOutAndNoted() {
    String[] many = new String[20_000];
    java.util.Arrays.fill(many, "element");

    JsonNode document = checked(Otlp.server().with("list", List.of(many)).with("small", "s"));

    assertThat(document.at("/metadata/default").has("list")).isFalse();
    assertThat(document.at("/metadata/default/small").asString()).isEqualTo("s");
    assertThat(cuts(document)).containsExactly("list");
  }

  @Test
  void tenThousandAttributes_giveAsManyAsFit() {
    Otlp otlp = Otlp.server();
    for (int i = 0; i < 10_000; i++) otlp.with("attribute.number." + i, "value " + i);

    JsonNode document = checked(otlp);

    JsonNode kept = document.at("/metadata/default");
    assertThat(kept.path("otel.resource.service.name").asString()).isEqualTo("shop");
    assertThat(kept.size()).isBetween(1_300, 2_000);
    for (int i = 0; i < kept.size() - 1; i++) {
      assertThat(kept.path("attribute.number." + i).asString()).isEqualTo("value " + i);
    }
    assertThat(document.at("/metadata/raybridge/truncated/40/more").asInt())
        .isEqualTo(10_000 - (kept.size() - 1) - 40);
  }

  @Test
  void hugeEvents_giveWayBeforeFrames() {
    Otlp otlp = Otlp.server().exception("E", "m", "E: m\n\tat a.B.c(D.java:1)\n");
    for (int i = 0; i < 100; i++) otlp.event("log " + i, Map.of("text", "x".repeat(2000)));

    JsonNode document = checked(otlp);

    assertThat(document.at("/metadata/otel/events").size()).isBetween(5, 35);
    assertThat(document.at("/cause/exceptions/0/stack")).hasSize(1);
    assertThat(cuts(document)).containsExactly("otel.events");
  }

  @Test
  void hugeStack_isCutAfterSomeFrames() {
    var stack = new StringBuilder("E: m\n");
    for (int i = 0; i < 10_000; i++) stack.append("\tat a.B.c(D.java:").append(i + 1).append(")\n");

    JsonNode document = checked(Otlp.server().exception("E", "m", stack.toString()));

    JsonNode exception = document.at("/cause/exceptions/0");
    assertThat(exception.path("stack").size()).isGreaterThan(500);
    assertThat(exception.path("truncated").asInt())
        .isEqualTo(10_000 - exception.path("stack").size());
    assertThat(cuts(document)).containsExactly("cause.exceptions.stack");
  }

  @Test
  void exceptionsThatTheCauseHasNoRoomFor_areEvents() {
    Otlp otlp = Otlp.client().with("rpc.system", "aws-api");
    for (int i = 0; i < 64; i++) otlp.exception("E" + i, "m", "");
    otlp.exception("E64", "m", "");
    otlp.event(
        "HTTP request failure",
        Map.of("http.response.status_code", 503, "aws.http.error_message", "slow down"));

    JsonNode document = otlp.document();

    assertThat(document.at("/cause/exceptions")).hasSize(64);
    JsonNode events = document.at("/metadata/otel/events");
    assertThat(events).hasSize(2);
    assertThat(events.at("/0/attributes/exception.type").asString()).isEqualTo("E64");
    assertThat(events.at("/1/attributes/aws.http.error_message").asString()).isEqualTo("slow down");
  }

  @Test
  void thousandsOfFailedAttempts_leaveADocumentWithTheFirst() {
    Otlp otlp = Otlp.client().with("rpc.system", "aws-api");
    for (int i = 0; i < 20_000; i++) {
      otlp.event(
          "HTTP request failure",
          Map.of("http.response.status_code", 503, "aws.http.error_message", "slow down"));
    }

    JsonNode document = checked(otlp);

    assertThat(document.at("/cause/exceptions")).hasSize(64);
    assertThat(cuts(document)).containsExactly("otel.events");
  }

  @Test
  void hugeExceptionMessage_isCut() {
    JsonNode document = checked(Otlp.server().exception("E", "m".repeat(1 << 20), ""));

    assertThat(cuts(document)).contains("cause.exceptions.message");
  }

  @Test
  void hugeQuery_isCut() {
    JsonNode document =
        checked(
            Otlp.client()
                .with("db.system", "mysql")
                .with("db.statement", "SELECT a, ".repeat(99_999)));

    assertThat(document.at("/sql/sanitized_query").asString().length()).isGreaterThan(30_000);
    assertThat(cuts(document)).containsExactly("sql.sanitized_query");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http.url",
        "http.user_agent",
        "http.method",
        "enduser.id",
        "aws.operation",
        "peer.service"
      })
  void hugeTextOfABlock_isCutAtLast(String key) {
    JsonNode document =
        checked(Otlp.client().with("http.method", "GET").with(key, "x".repeat(1 << 20)));

    assertThat(document.path("id").asString()).isEqualTo(Otlp.SPAN);
  }

  @Test
  void everythingHuge_leavesAValidDocument() {
    String huge = "\u0001\"\\é".repeat(50_000);
    Otlp otlp = Otlp.server().indexAll().error(huge).name(huge).scope(huge, huge);
    for (int key = 1; key <= Keys.LAST; key++) otlp.with(Keys.name(key), huge);
    for (int key = 1; key <= Keys.LAST; key += 7) otlp.resource(Keys.name(key) + "x", huge);
    otlp.exception(huge, huge, huge).link("1".repeat(32), "2".repeat(16), Map.of(huge, huge));
    otlp.span.setTraceState(huge);

    checked(otlp);
  }

  @Test
  void hugeResource_isCutToo() {
    Otlp otlp = Otlp.server().resource("huge", "x".repeat(1 << 20)).with("small", "s");

    JsonNode document = checked(otlp);

    assertThat(document.at("/metadata/default/small").asString()).isEqualTo("s");
    assertThat(cuts(document)).containsExactly("huge");
  }

  @Test
  void afterAHugeSpan_theNextIsWhole() {
    Otlp otlp = Otlp.server().with("huge", "x".repeat(1 << 20));
    var scope = otlp.request.getResourceSpansBuilder(0).getScopeSpansBuilder(0);
    scope.addSpans(otlp.span);
    otlp.span.clearAttributes();
    scope.addSpans(Otlp.server().with("text", "y".repeat(60_000)).span);

    List<JsonNode> documents = otlp.documents(otlp.request.build().toByteArray());

    assertThat(documents).hasSize(2);
    assertThat(documents.getLast().at("/metadata/default/text").asString()).hasSize(60_000);
    assertThat(documents.getLast().at("/metadata/raybridge").isMissingNode()).isTrue();
  }

  @Test
  void traceThatGrowsLarge_isNotedOnce() {
    Otlp otlp = Otlp.server().with("text", "y".repeat(50_000));
    var scope = otlp.request.getResourceSpansBuilder(0).getScopeSpansBuilder(0);
    for (int i = 0; i < 20; i++) scope.addSpans(otlp.span);

    assertThat(otlp.documents()).hasSize(21);
    assertThat(otlp.noted).containsExactly("trace_over_budget 1");
  }

  @Test
  void traceOfSeveralEncoders_isNotedOnceForAll() throws Exception {
    Otlp otlp = Otlp.server().with("text", "y".repeat(50_000));
    byte[] request = otlp.bytes();
    var budget = new TraceBudget();
    for (int i = 0; i < 12; i++) {
      new SegmentEncoder(otlp.config, otlp.listener(), Otlp.CLOCK, budget)
          .encode(List.of(request), new DocumentBuffer(50, 1 << 20), full -> full);
    }

    assertThat(otlp.noted).containsExactly("trace_over_budget 1");
  }

  @Test
  void traceOverItsBudget_keepsFailuresAndSlowSpans() throws Exception {
    Otlp fine = Otlp.client().with("text", "y".repeat(50_000));
    Otlp failed = Otlp.client().with("text", "y".repeat(50_000)).error();
    Otlp slow = Otlp.client().with("text", "y".repeat(50_000));
    slow.span.setEndTimeUnixNano(Otlp.START + 1_000_000_000);
    var budget = new TraceBudget(choice(Duration.ZERO), Otlp.CLOCK);

    assertThat(sent(fine, budget, 10)).isEqualTo(8);
    assertThat(fine.dropped).containsExactly("trace_over_budget", "trace_over_budget");
    assertThat(sent(failed, budget, 3)).isEqualTo(3);
    assertThat(sent(slow, budget, 3)).isEqualTo(3);
    Otlp other = Otlp.client();
    other.span.setTraceId(Otlp.hex("5f2a9c1e0102030405060708090a0b0d"));
    assertThat(sent(other, budget, 1)).isEqualTo(1);
  }

  @Test
  void traceThatGoesOnForLong_hasLess() throws Exception {
    Otlp span = Otlp.client().with("text", "y".repeat(5_000));
    var now = new AtomicLong(Otlp.CLOCK.millis());
    var budget =
        new TraceBudget(choice(Duration.ofMinutes(6)), () -> Instant.ofEpochMilli(now.get()));

    assertThat(sent(span, budget, 5)).isEqualTo(5);
    now.addAndGet(Duration.ofMinutes(6).toMillis() - 1);
    assertThat(sent(span, budget, 1)).isEqualTo(1);
    now.incrementAndGet();
    assertThat(sent(span, budget, 1)).isZero();
    assertThat(sent(Otlp.client().error(), budget, 1)).isEqualTo(1);
  }

  private static TraceBudget.Choice choice(Duration lateAfter) {
    return new TraceBudget.Choice(500 * 1024, Duration.ofSeconds(1), lateAfter, 14 * 1024);
  }

  /** How many of this span's documents went out, when it comes so many times. */
  private static int sent(Otlp otlp, TraceBudget budget, int times) throws Exception {
    var encoder = new SegmentEncoder(otlp.config, otlp.listener(), Otlp.CLOCK, budget);
    var buffer = new DocumentBuffer(50, 1 << 20);
    for (int i = 0; i < times; i++) {
      buffer = encoder.encode(List.of(otlp.bytes()), buffer, full -> full);
    }
    return buffer.count();
  }

  private static JsonNode checked(Otlp otlp) {
    List<String> plain = otlp.plain(otlp.bytes());
    String document = plain.getFirst();
    assertThat(document.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(LARGEST);
    assertThat(otlp.noted).contains("document_trimmed 1");
    JsonNode parsed = Otlp.parse(document);
    assertThat(SegmentSchema.problem(parsed)).isNull();
    return parsed;
  }

  private static List<String> cuts(JsonNode document) {
    return document
        .at("/metadata/raybridge/truncated")
        .valueStream()
        .map(cut -> cut.path("name").asString(""))
        .toList();
  }
}
