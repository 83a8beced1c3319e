package io.raybridge.xray;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.data.Traces;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Annotations and metadata: where attributes go that no block takes. */
class AttributesOfSpansTest {
  @Test
  void attributesThatNobodyAskedFor_areMetadataInTheirOwnTypes() {
    JsonNode metadata =
        Otlp.server()
            .with("text", "a")
            .with("int", 7)
            .with("big", Long.MIN_VALUE)
            .with("double", 19.99)
            .with("tiny", 1.0e-300)
            .with("whole", 20.0)
            .with("bool", true)
            .with("list", List.of(1, "a", List.of(true)))
            .with("map", Map.of("k", Map.of("l", 1.5)))
            .with("bytes", new byte[] {1, 2, 3, 4})
            .document()
            .at("/metadata/default");

    assertThat(metadata)
        .isEqualTo(
            Otlp.parse(
                """
                {"otel.resource.service.name": "shop", "text": "a", "int": 7,
                 "big": -9223372036854775808, "double": 19.99, "tiny": 1.0e-300, "whole": 20,
                 "bool": true, "list": [1, "a", [true]], "map": {"k": {"l": 1.5}},
                 "bytes": "AQIDBA=="}\
                """));
  }

  @Test
  void numbersThatJsonDoesNotHave_areTexts() {
    JsonNode document =
        Otlp.server()
            .with("nan", Double.NaN)
            .with("inf", Double.POSITIVE_INFINITY)
            .with("neg", Double.NEGATIVE_INFINITY)
            .indexed("nan")
            .document();

    assertThat(document.at("/annotations/nan").asString()).isEqualTo("NaN");
    assertThat(document.at("/metadata/default/inf").asString()).isEqualTo("Infinity");
    assertThat(document.at("/metadata/default/neg").asString()).isEqualTo("-Infinity");
  }

  @Test
  void duplicateKey_lastValueCounts() {
    JsonNode metadata =
        Otlp.server()
            .with("k", 1)
            .with("k", "two")
            .with("http.method", "GET")
            .with("http.method", "PUT")
            .document();

    assertThat(metadata.at("/metadata/default/k").asString()).isEqualTo("two");
    assertThat(metadata.at("/http/request/method").asString()).isEqualTo("PUT");
  }

  @Test
  void valuesNested60Deep_areWritten() {
    Object list = "core";
    Object map = "core";
    for (int i = 0; i < 60; i++) {
      list = List.of(list);
      map = Map.of("k", map);
    }

    String document = Otlp.server().with("list", list).with("map", map).document().toString();

    assertThat(document)
        .contains("[".repeat(60) + "\"core\"" + "]".repeat(60))
        .contains("{\"k\":".repeat(60) + "\"core\"" + "}".repeat(60));
  }

  @Test
  void listedKeys_areAnnotationsAndNotMetadata() {
    JsonNode document =
        Otlp.server()
            .with("cart.id", "c-1")
            .with("cart.items", 3)
            .with("cart.gift", true)
            .with("other", 1)
            .with("http.method", "GET")
            .indexed("cart.*", "http.method", "absent")
            .document();

    assertThat(document.path("annotations"))
        .isEqualTo(
            Otlp.parse(
                """
                {"cart.id": "c-1", "cart.items": 3, "cart.gift": true, "http.method": "GET"}\
                """));
    assertThat(document.at("/metadata/default").propertyNames())
        .containsExactlyInAnyOrder("otel.resource.service.name", "other");
    assertThat(document.at("/http/request/method").asString()).isEqualTo("GET");
  }

  @Test
  void spansOwnList_isAnnotated() {
    JsonNode document =
        Otlp.server()
            .with("a", 1)
            .with("b", 2)
            .with("aws.xray.annotations", List.of("b", "absent"))
            .document();

    assertThat(document.path("annotations")).isEqualTo(Otlp.parse("{\"b\": 2}"));
    assertThat(document.at("/metadata/default").propertyNames())
        .containsExactlyInAnyOrder("otel.resource.service.name", "a");
  }

  @Test
  void spansOwnList_mayNameItsResourcesAttributes() {
    Otlp otlp =
        Otlp.server()
            .resource("stage", "prod")
            .resource("a-b", 1)
            .resource("list", List.of(1))
            .with(
                "aws.xray.annotations",
                List.of(
                    "otel.resource.stage",
                    "otel.resource.stage",
                    "otel.resource.a-b",
                    "otel.resource.list",
                    "otel.resource.absent"));

    JsonNode document = otlp.document();

    assertThat(document.path("annotations").path("otel.resource.stage").asString())
        .isEqualTo("prod");
    assertThat(document.path("annotations").propertyNames())
        .hasSize(2)
        .anyMatch(key -> key.matches("otel\\.resource\\.a_b_[0-9a-f]{8}"));
    assertThat(document.at("/metadata/default/otel.resource.stage").asString()).isEqualTo("prod");
    assertThat(otlp.indexed("otel.resource.stage").document().path("annotations")).hasSize(2);
    assertThat(
            Otlp.client()
                .resource("stage", "prod")
                .with("aws.xray.annotations", List.of("otel.resource.stage"))
                .document()
                .has("annotations"))
        .isFalse();
  }

  @Test
  void all_areAnnotationsButWhatHasABlockOrParts() {
    JsonNode document =
        Otlp.server()
            .with("a", 1)
            .with("list", List.of(1))
            .with("http.method", "GET")
            .indexAll()
            .document();

    assertThat(document.path("annotations"))
        .isEqualTo(Otlp.parse("{\"otel.resource.service.name\": \"shop\", \"a\": 1}"));
    assertThat(document.at("/metadata/default")).isEqualTo(Otlp.parse("{\"list\": [1]}"));
  }

  @Test
  void resourcesAttribute_isAnnotatedByItsPrefixedName() {
    Otlp otlp = Otlp.server().resource("host.name", "h").indexed("otel.resource.host.name");

    assertThat(otlp.document().path("annotations"))
        .isEqualTo(Otlp.parse("{\"otel.resource.host.name\": \"h\"}"));
    JsonNode call = Otlp.client().resource("host.name", "h").indexed("otel.resource.*").document();
    assertThat(call.has("annotations")).isFalse();
  }

  @Test
  void characterOfSeveralBytes_isOneInAKey() {
    JsonNode document = Otlp.server().with("näh 😀", 1).indexed("n*").document();

    assertThat(document.path("annotations")).isEqualTo(Otlp.parse("{\"n_h__\": 1}"));
  }

  @Test
  void keysThatXRayRefuses_areCleanedWithoutCollision() {
    JsonNode document =
        Otlp.server()
            .with("a-b", 1)
            .with("a_b", 2)
            .with("a.b", 3)
            .with("a b", 4)
            .with("c/d", 5)
            .indexed("a*", "c*")
            .document();

    JsonNode annotations = document.path("annotations");
    assertThat(annotations).hasSize(5);
    assertThat(annotations.path("a_b").asInt()).isEqualTo(2);
    assertThat(annotations.path("a.b").asInt()).isEqualTo(3);
    assertThat(annotations.path("c_d").asInt()).isEqualTo(5);
    assertThat(annotations.propertyNames())
        .filteredOn(key -> key.matches("a_b_[0-9a-f]{8}"))
        .hasSize(2);
    assertThat(document.at("/metadata/raybridge/annotation_keys").properties())
        .extracting(entry -> entry.getValue().asString())
        .containsExactlyInAnyOrder("a-b", "a b", "c/d");
  }

  @Test
  void suffix_dependsOnTheOriginalKeyAlone() {
    JsonNode one = Otlp.server().with("a-b", 1).with("a_b", 2).indexed("a*").document();
    JsonNode other =
        Otlp.server().with("a_b", 2).with("x", 0).with("a-b", 1).indexed("a*").document();

    assertThat(one.path("annotations")).isEqualTo(other.path("annotations"));
  }

  @Test
  void moreThan50Annotations_goOnAsMetadata() {
    Otlp otlp = Otlp.server().indexed("k*");
    for (int i = 0; i < 60; i++) otlp.with("k" + i, i);

    JsonNode document = otlp.document();

    assertThat(document.path("annotations")).hasSize(50);
    assertThat(document.at("/metadata/default")).hasSize(11);
  }

  @Test
  void namespaceOfItsOwn_isParsed() {
    JsonNode metadata =
        Otlp.server()
            .with("aws.xray.metadata.shop", "{ \"cart\" : [1, {\"a\\\"b\": \"\\u00e9\"}] }")
            .with("aws.xray.metadata.default", "{\"x\": 1, \"mine\": 2}")
            .with("mine", "attribute")
            .with("aws.xray.metadata.broken", "{\"x\": 01}")
            .with("aws.xray.metadata.lone", "{\"x\": \"\\ud800\"}")
            .with("aws.xray.metadata.AWS.x", "{\"x\": 1}")
            .with("aws.xray.metadata.otel", "{\"x\": 1}")
            .document()
            .path("metadata");

    assertThat(metadata.path("shop")).isEqualTo(Otlp.parse("{\"cart\": [1, {\"a\\\"b\": \"é\"}]}"));
    assertThat(metadata.at("/default/x").asInt()).isEqualTo(1);
    assertThat(metadata.at("/default/mine").asString()).isEqualTo("attribute");
    assertThat(metadata.path("default").propertyNames())
        .contains(
            "aws.xray.metadata.broken",
            "aws.xray.metadata.lone",
            "aws.xray.metadata.AWS.x",
            "aws.xray.metadata.otel");
  }

  @Test
  void defaultNamespace_neverHidesAnAttributeOrItself() {
    JsonNode metadata =
        Otlp.server()
            .with("aws.xray.metadata.default", "{\"otel.resource.service.name\": 1, \"x\": 1}")
            .with("aws.xray.metadata.DEFAULT", "{\"x\": 2}")
            .document()
            .at("/metadata/default");

    assertThat(metadata.path("otel.resource.service.name").asString()).isEqualTo("shop");
    assertThat(metadata.path("x").asInt()).isEqualTo(1);
    assertThat(metadata.path("aws.xray.metadata.DEFAULT").asString()).isEqualTo("{\"x\": 2}");
  }

  @Test
  void eventsOtherThanExceptions_areKept() {
    JsonNode events =
        Otlp.server()
            .event("message", Map.of("message.id", 1))
            .event("exception", Map.of("exception.type", "E", "retry", 2))
            .document()
            .at("/metadata/otel/events");

    assertThat(events)
        .isEqualTo(
            Otlp.parse(
                """
                [{"name": "message", "time": 1700000000.124456, "attributes": {"message.id": 1}},
                 {"name": "exception", "time": 1700000000.124456, "attributes": {"retry": 2}}]\
                """));
  }

  @Test
  void resourcesKeysThatXRayRefuses_areTold() {
    Otlp otlp = Otlp.server().resource("a-b", 1).resource("a_b", 2).with("c-d", 3).indexAll();

    JsonNode document = otlp.document();

    JsonNode keys = document.at("/metadata/raybridge/annotation_keys");
    assertThat(document.at("/annotations/otel.resource.a_b").asInt()).isEqualTo(2);
    assertThat(keys.path("c_d").asString()).isEqualTo("c-d");
    assertThat(keys.properties())
        .filteredOn(key -> key.getValue().asString().equals("otel.resource.a-b"))
        .singleElement()
        .satisfies(
            key -> assertThat(document.path("annotations").path(key.getKey()).asInt()).isOne());
  }

  @Test
  void whatOtlpSaysBesideAttributes_isKept() {
    Otlp otlp = Otlp.server().scope("io.otel", "1.2");
    otlp.span
        .setTraceState("a=b")
        .setDroppedAttributesCount(1)
        .setDroppedEventsCount(-1)
        .setDroppedLinksCount(3);

    assertThat(otlp.document().at("/metadata/otel"))
        .isEqualTo(
            Otlp.parse(
                """
                {"name": "span name", "scope": {"name": "io.otel", "version": "1.2"},
                 "trace_state": "a=b", "dropped_attributes_count": 1,
                 "dropped_events_count": 4294967295, "dropped_links_count": 3}\
                """));
  }

  @Test
  void whatOtlpSaysOfResourceAndScopeBesideAttributes_isKept() {
    Otlp otlp = Otlp.server();
    var resource = otlp.request.getResourceSpansBuilder(0).setSchemaUrl("https://a/1");
    resource.getResourceBuilder().setDroppedAttributesCount(4);
    var scope = resource.getScopeSpansBuilder(0).setSchemaUrl("https://a/2");
    scope.getScopeBuilder().setVersion("7").setDroppedAttributesCount(5);

    assertThat(otlp.document().at("/metadata/otel"))
        .isEqualTo(
            Otlp.parse(
                """
                {"name": "span name",
                 "resource": {"schema_url": "https://a/1", "dropped_attributes_count": 4},
                 "scope": {"version": "7", "schema_url": "https://a/2",
                           "dropped_attributes_count": 5}}\
                """));
  }

  @Test
  void resourceOfAFirstCall_isToldByItsServicesSegment() {
    Otlp otlp = Otlp.client();
    otlp.span.clearParentSpanId();
    otlp.request.getResourceSpansBuilder(0).setSchemaUrl("https://a/1");

    List<JsonNode> documents = otlp.documents();

    assertThat(documents.getFirst().at("/metadata/otel/resource").isMissingNode()).isTrue();
    assertThat(documents.getLast().at("/metadata/otel/resource/schema_url").asString())
        .isEqualTo("https://a/1");
  }

  @Test
  void schemaOfOneResource_isNotTheNextOnes() {
    Otlp otlp = Otlp.server();
    otlp.request.getResourceSpansBuilder(0).setSchemaUrl("https://a/1");
    otlp.request
        .addResourceSpans(otlp.request.getResourceSpans(0).toBuilder().clearSchemaUrl())
        .getResourceSpansBuilder(1)
        .getScopeSpansBuilder(0)
        .addSpans(otlp.span);

    assertThat(otlp.documents())
        .extracting(document -> document.at("/metadata/otel/resource/schema_url").asString(""))
        .containsExactly("https://a/1", "");
  }

  @Test
  void whatSdksLeftOutOfEvents_isKept() {
    Otlp otlp = Otlp.server().event("e", Map.of()).exception("E", "m", "");
    otlp.span.getEventsBuilder(0).setDroppedAttributesCount(2);
    otlp.span.getEventsBuilder(1).setDroppedAttributesCount(3);

    JsonNode events = otlp.document().at("/metadata/otel/events");

    assertThat(events.at("/0/dropped_attributes_count").asInt()).isEqualTo(2);
    assertThat(events.at("/1/name").asString()).isEqualTo("exception");
    assertThat(events.at("/1/dropped_attributes_count").asInt()).isEqualTo(3);
  }

  @Test
  void whatALinkSaysThatXRayHasNoPlaceFor_isKept() {
    Otlp otlp =
        Otlp.client()
            .link("1".repeat(32), "2".repeat(16), Map.of("a", 1))
            .link("3".repeat(32), "4".repeat(16), Map.of());
    otlp.span.getLinksBuilder(0).setTraceState("a=b").setFlags(0x301).setDroppedAttributesCount(2);

    JsonNode document = otlp.document();

    assertThat(document.path("links")).hasSize(2);
    assertThat(document.at("/metadata/otel/links"))
        .isEqualTo(
            Otlp.parse(
                """
                [{"trace_id": "1-11111111-111111111111111111111111", "id": "2222222222222222",
                  "trace_state": "a=b", "flags": 769, "dropped_attributes_count": 2}]\
                """));
  }

  @Test
  void user_isTheEnduser() {
    JsonNode document = Otlp.server().with("enduser.id", "ann").document();

    assertThat(document.path("user").asString()).isEqualTo("ann");
    assertThat(document.at("/metadata/default").has("enduser.id")).isFalse();
  }

  @Test
  void wildcards_matchAsExpected() {
    var cases = new ArrayList<String>();
    for (String pattern : List.of("*", "a*", "*c", "a*c", "*b*", "a*b*c", "abc", "ab", "**", "")) {
      if (matches(pattern, "abc")) cases.add(pattern);
    }

    assertThat(cases).containsExactly("*", "a*", "*c", "a*c", "*b*", "a*b*c", "abc", "**");
    assertThat(matches("a*a", "a")).isFalse();
    assertThat(matches("*", "")).isTrue();
  }

  private static boolean matches(String pattern, String key) {
    byte[] bytes = key.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return Indexing.matches(
        pattern.getBytes(java.nio.charset.StandardCharsets.UTF_8), bytes, 0, bytes.length);
  }

  @Test
  void loneSurrogateInJson_becomesTheReplacementCharacter() throws Exception {
    String request =
        new String(
                Traces.ofOtlp(Otlp.server().with("k", "@").bytes()).toOtlpJson(),
                StandardCharsets.UTF_8)
            .replace("@", "a\\ud800b");

    JsonNode document =
        Otlp.parse(
            new PlainDocuments(TranslationConfig.DEFAULT, Otlp.server().listener(), Otlp.CLOCK)
                .of(Traces.ofOtlpJson(request.getBytes(StandardCharsets.UTF_8)).otlpChunks())
                .getFirst());

    assertThat(document.at("/metadata/default/k").asString()).isEqualTo("a\ufffdb");
  }
}
