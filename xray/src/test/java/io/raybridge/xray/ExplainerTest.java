package io.raybridge.xray;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.data.Attributes;
import io.raybridge.data.MalformedBatchException;
import io.raybridge.data.Traces;
import io.raybridge.xray.explain.Explainer;
import io.raybridge.xray.explain.Explanation;
import io.raybridge.xray.explain.Explanation.Fate;
import io.raybridge.xray.explain.Explanation.Field;
import io.raybridge.xray.explain.Explanation.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExplainerTest {
  private static final int REQUESTS = Integer.getInteger("explain.requests", 300);

  @Test
  void fields_areToldWithTheAttributesTheyCameFrom() {
    Explanation explained =
        explain(
            Otlp.client()
                .name("SELECT shop")
                .with("db.system.name", "postgresql")
                .with("db.namespace", "shop|public")
                .with("db.query.text", "SELECT * FROM a WHERE id = 7")
                .with("server.address", "db.example")
                .with("server.port", 5432)
                .with("http.response.status_code", 404)
                .with("app.tenant", "blue")
                .indexed("app.tenant"));

    assertThat(field(explained, "/name").from()).containsExactly("db.namespace", "server.address");
    assertThat(field(explained, "/sql/url").from())
        .containsExactly("db.system.name", "db.namespace", "server.address", "server.port");
    assertThat(field(explained, "/sql/sanitized_query").value())
        .isEqualTo("\"SELECT * FROM a WHERE id = ?\"");
    assertThat(field(explained, "/sql/sanitized_query").from()).containsExactly("db.query.text");
    assertThat(field(explained, "/http/response/status").from())
        .containsExactly("http.response.status_code");
    assertThat(field(explained, "/error").from()).isEmpty();
    assertThat(field(explained, "/error").decidedBy()).contains("http.response.status_code");
    assertThat(field(explained, "/annotations/app.tenant").from()).containsExactly("app.tenant");
    assertThat(field(explained, "/id").from()).containsExactly("span id");
    assertThat(field(explained, "/start_time").from()).containsExactly("start time");
    assertThat(field(explained, "/metadata/otel/name").from()).containsExactly("span name");
    assertThat(field(explained, "/namespace").decidedBy()).contains("kind");
  }

  @Test
  void fates_areTold() {
    Explanation explained =
        explain(
            Otlp.client()
                .with("http.request.method", "GET")
                .with("http.method", "GET")
                .with("url.full", "http://a/b?password=x")
                .with("rpc.system", "other")
                .with("app.tenant", "blue")
                .with("twice", "1")
                .with("twice", "2")
                .indexed("app.tenant"));

    assertThat(part(explained, "url.full").fate()).isEqualTo(Fate.MAPPED);
    assertThat(part(explained, "url.full").places()).contains("/http/request/url", "/name");
    assertThat(part(explained, "app.tenant").fate()).isEqualTo(Fate.ANNOTATED);
    assertThat(part(explained, "rpc.system").fate()).isEqualTo(Fate.METADATA);
    assertThat(part(explained, "http.method").fate()).isEqualTo(Fate.LEFT_OUT);
    assertThat(part(explained, "http.method").why())
        .isEqualTo("says the same as http.request.method");
    assertThat(part(explained, "resource service.name").why())
        .isEqualTo("a subsegment tells nothing of its resource");
    assertThat(part(explained, "twice").why())
        .isEqualTo("its key comes again, and the last value counts");
  }

  @Test
  void outrankedAttribute_isToldWithWhatCountsBeforeIt() {
    Explanation explained =
        explain(
            Otlp.client()
                .with("db.system", "mysql")
                .with("db.statement", "SELECT a")
                .with("db.query.text", "SELECT b"));

    assertThat(part(explained, "db.query.text").why()).isEqualTo("db.statement counts before it");
  }

  @Test
  void droppedSpan_isToldWithTheReason() {
    Otlp otlp = Otlp.client().with("a", "b");
    otlp.span.clearTraceId();

    Explanation explained = explain(otlp);

    assertThat(explained.documents()).isEmpty();
    assertThat(explained.dropped()).startsWith("no_trace_id");
    assertThat(part(explained, "a").why()).contains("no_trace_id");
  }

  @Test
  void firstCall_isExplainedInBothDocuments() {
    Otlp otlp = Otlp.client().with("peer.service", "pay");
    otlp.span.clearParentSpanId();

    Explanation explained = explain(otlp);

    assertThat(explained.documents()).hasSize(2);
    assertThat(part(explained, "peer.service").places()).contains("/name");
    assertThat(part(explained, "resource service.name").places()).contains("/name");
  }

  @Test
  void trimmedAttribute_isToldAsSuch() {
    Otlp otlp = Otlp.server();
    for (int i = 0; i < 12; i++) otlp.with("k" + i, List.of("x".repeat(10_000)));

    assertThat(explain(otlp).parts())
        .filteredOn(part -> part.fate() == Fate.LEFT_OUT && part.name().startsWith("k"))
        .isNotEmpty()
        .extracting(Part::why)
        .containsOnly("the document would be too large");
  }

  /** A trial for each would take minutes. */
  @Test
  void tenThousandAttributes_areEachAccountedFor() {
    Otlp otlp = Otlp.client().with("http.request.method", "GET").with("url.full", "http://a/b");
    for (int i = 0; i < 10_000; i++) otlp.with("attribute.number." + i, i % 7 == 0 ? i : "v" + i);
    otlp.indexed("attribute.number.7");

    Explanation explained = explain(otlp);

    assertThat(part(explained, "url.full").places()).contains("/name", "/http/request/url");
    assertThat(part(explained, "attribute.number.7").fate()).isEqualTo(Fate.ANNOTATED);
    var document = Otlp.parse(explained.documents().getFirst().json());
    for (int i = 0; i < 10_000; i++) {
      String key = "attribute.number." + i;
      Part part = part(explained, key);
      if (i == 7) continue;
      if (document.at("/metadata/default").has(key)) {
        assertThat(part.places()).as(key).containsExactly("/metadata/default/" + key);
      } else {
        assertThat(part.why()).as(key).isEqualTo("the document would be too large");
      }
    }
  }

  @Test
  void tenThousandEventsAndLinks_areEachAccountedFor() {
    Otlp otlp = Otlp.server();
    for (int i = 0; i < 5_000; i++) {
      otlp.event("event " + i, Map.of("a", "text " + i));
      otlp.link("1".repeat(32), "%016x".formatted(i + 1), Map.of("b", i));
    }

    Explanation explained = explain(otlp);

    assertThat(part(explained, "event 200 a").places())
        .containsExactly("/metadata/otel/events/199/attributes/a");
    assertThat(part(explained, "event 200 name").places())
        .containsExactly("/metadata/otel/events/199/name");
    assertThat(part(explained, "event 4999 a").why()).isEqualTo("the document would be too large");
    assertThat(part(explained, "link 15 b").places()).containsExactly("/links/14/attributes/b");
    assertThat(part(explained, "link 15 span id").places()).containsExactly("/links/14/id");
  }

  /** Where both can be done, they say the same. */
  @Test
  void partsTriedTogether_areExplainedAsThoseTriedAlone() throws Exception {
    long seed = Long.getLong("fuzz.seed", 20_261_128L);
    var random = new RandomSpans(seed);
    var alone = new Explainer(TranslationConfig.DEFAULT, Otlp.CLOCK);
    var together = new Explainer(TranslationConfig.DEFAULT, Otlp.CLOCK, 0);
    for (int i = 0; i < REQUESTS / 3; i++) {
      byte[] request = random.request();
      var one = alone.explain(Traces.ofOtlp(request.clone()));
      var other = together.explain(Traces.ofOtlp(request.clone()));
      for (int s = 0; s < one.size(); s++) {
        assertThat(fates(other.get(s))).as(seed + "/" + i + "/" + s).isEqualTo(fates(one.get(s)));
      }
    }
  }

  private static List<String> fates(Explanation explained) {
    return explained.parts().stream()
        .filter(part -> part.attribute())
        .map(part -> part.name() + ' ' + part.places() + ' ' + part.why())
        .toList();
  }

  @Test
  void explainedDocuments_areTheTranslations_andEveryAttributeIsAccountedFor() throws Exception {
    long seed = Long.getLong("fuzz.seed", 20_261_128L);
    var random = new RandomSpans(seed);
    var config =
        new TranslationConfig(
            false, List.of("app.*"), List.of(), TranslationConfig.EpochCheck.OFF, false, true);
    var explainer = new Explainer(config, Otlp.CLOCK);
    for (int i = 0; i < REQUESTS; i++) {
      byte[] request = random.request();
      List<Explanation> explained = explainer.explain(Traces.ofOtlp(request.clone()));
      try {
        check(request, config, explained);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + " request " + i, e);
      }
    }
  }

  @Test
  void everyAttributeOfPublishedInstrumentations_isAccountedForWithoutAGuess() throws Exception {
    Path capture = Path.of("../interop/shop/captured/mixed");
    if (!Files.exists(capture)) capture = Path.of("interop/shop/captured/mixed");
    var explainer = new Explainer(TranslationConfig.DEFAULT, Otlp.CLOCK);
    try (var files = Files.list(capture)) {
      for (Path file : files.toList()) {
        for (Explanation one : explainer.explain(Traces.ofOtlpJson(Files.readAllBytes(file)))) {
          assertThat(one.parts())
              .filteredOn(Part::attribute)
              .extracting(Part::why)
              .doesNotContain("it says nothing that a document has a place for");
        }
      }
    }
  }

  private static void check(byte[] request, TranslationConfig config, List<Explanation> explained)
      throws MalformedBatchException {
    var translation =
        new PlainDocuments(config, (spans, reason, high, low, detail) -> {}, Otlp.CLOCK);
    assertThat(explained.stream().flatMap(one -> one.documents().stream()))
        .extracting(Explanation.Document::json)
        .isEqualTo(translation.of(List.of(request)));
    var sent = new ArrayList<String>();
    attributes(Traces.ofOtlp(request.clone()), sent);
    assertThat(
            explained.stream()
                .flatMap(one -> one.parts().stream())
                .filter(Part::attribute)
                .map(Part::name))
        .containsExactlyInAnyOrderElementsOf(sent);
    for (Explanation one : explained) {
      for (Part part : one.parts()) {
        assertThat(part.places().isEmpty()).as(part.name()).isEqualTo(part.fate() == Fate.LEFT_OUT);
        assertThat(part.why().isEmpty()).as(part.name()).isEqualTo(part.fate() != Fate.LEFT_OUT);
      }
    }
  }

  private static void attributes(Traces traces, List<String> into) {
    for (var resource : traces.resourceSpans()) {
      for (var scope : resource.scopeSpans()) {
        for (var span : scope.spans()) {
          keys("", span.attributes(), into);
          keys("resource ", resource.resource().attributes(), into);
          keys("scope ", scope.scope().attributes(), into);
          for (int i = 0; i < span.events().size(); i++) {
            keys("event " + (i + 1) + " ", span.events().get(i).attributes(), into);
          }
          for (int i = 0; i < span.links().size(); i++) {
            keys("link " + (i + 1) + " ", span.links().get(i).attributes(), into);
          }
        }
      }
    }
  }

  private static void keys(String prefix, Attributes attributes, List<String> into) {
    attributes.forEach((key, value) -> into.add(prefix + key));
  }

  private static Explanation explain(Otlp otlp) {
    try {
      return new Explainer(otlp.config, Otlp.CLOCK).explain(Traces.ofOtlp(otlp.bytes())).getFirst();
    } catch (MalformedBatchException e) {
      throw new AssertionError(e);
    }
  }

  private static Field field(Explanation explained, String path) {
    return explained.documents().getFirst().fields().stream()
        .filter(field -> field.path().equals(path))
        .findFirst()
        .orElseThrow(() -> new AssertionError(path + " in " + explained.documents()));
  }

  private static Part part(Explanation explained, String name) {
    return explained.parts().stream()
        .filter(part -> part.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name));
  }
}
