package io.raybridge.xray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.raybridge.data.Traces;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Documents that lie in the bodies in which they leave. */
class CarriedDocumentsTest {
  private final SegmentDocuments.Builder builder = new SegmentDocuments.Builder();

  @Test
  void bodies_areAsFullAsCallsMayBe() throws Exception {
    for (int i = 0; i < 120; i++) add(document(i, ""));
    assertThat(builder.count()).isEqualTo(120);

    var carried = carried();

    assertThat(carried.bodies()).extracting(DocumentBuffer::count).containsExactly(50, 50, 20);
    assertThat(carried.items()).isEqualTo(120);
    var documents = new ArrayList<String>();
    for (var body : carried.bodies()) documents.addAll(SegmentReaderTest.called(body));
    for (int i = 0; i < 120; i++) assertThat(documents.get(i)).isEqualTo(document(i, ""));
    assertThat(carried.bodies().getFirst().segmentId(7)).isEqualTo(8);
    assertThat(carried.bodies().getFirst().traceHigh(7)).isEqualTo(0x5759e988bd862e3fL);
    assertThat(builder.count()).isZero();
    assertThat(builder.size()).isZero();
  }

  @Test
  void largeDocuments_makeBodiesFullByTheirBytes() throws Exception {
    var filling = "x".repeat(60_000);
    for (int i = 0; i < 12; i++) add(document(i, filling));

    assertThat(carried().bodies()).extracting(DocumentBuffer::count).containsExactly(9, 3);
  }

  @Test
  void whatIsRefused_leavesThoseBesideItWhole() throws Exception {
    add(document(0, ""));
    for (var wrong : List.of("{\"id\":\"a\"", "7", "{}", "{\"id\":\"" + "\\\"".repeat(9_000))) {
      assertThatThrownBy(() -> add(wrong)).isInstanceOf(MalformedSegmentException.class);
    }
    add(document(1, ""));

    assertThat(SegmentReaderTest.encode(Traces.of(carried())))
        .containsExactly(document(0, ""), document(1, ""));
  }

  @Test
  void nothingChanges_whatTheBuilderGathersNext() throws Exception {
    add(document(0, ""));
    var first = carried();
    for (int i = 1; i < 60; i++) add(document(i, ""));
    var second = carried();
    for (int i = 0; i < 60; i++) add(document(99, ""));

    assertThat(SegmentReaderTest.encode(Traces.of(first))).containsExactly(document(0, ""));
    assertThat(SegmentReaderTest.encode(Traces.of(second)))
        .hasSize(59)
        .doesNotContain(document(99, ""));
    var body = first.bodies().getFirst();
    assertThat(body.isShared()).isTrue();
    assertThatThrownBy(body::clear).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(body::open).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void fewOfThem_takeNoMoreMemoryThanTheyNeed() throws Exception {
    for (int i = 0; i < 200; i++) add(document(i, "x".repeat(1_000)));
    var _ = carried();

    add(document(0, ""));

    assertThat(carried().sizeBytes()).isLessThan(200);
  }

  @Test
  void batchesOfThem_areSpansThatCanBePutTogetherAndTakenApart() throws Exception {
    add(document(0, ""));
    var one = Traces.of(carried());
    add(document(1, ""));
    add(document(2, ""));
    var two = Traces.of(carried());
    one.settle();
    assertThat(one.foreign(CarriedDocuments.class)).isPresent();

    var joined = Traces.join(List.of(one, two));
    assertThat(joined.items()).isEqualTo(3);
    var parts = joined.split(2);

    assertThat(parts).extracting(Traces::items).containsExactly(2, 1);
    assertThat(SegmentReaderTest.encode(parts.get(0)))
        .containsExactly(document(0, ""), document(1, ""));
    assertThat(SegmentReaderTest.encode(parts.get(1))).containsExactly(document(2, ""));
  }

  @Test
  void tooLargeOne_isDroppedAndNamed_theOthersAreEncoded() throws Exception {
    add(document(0, ""));
    add(document(1, "x".repeat(65_600)));
    var carried = carried();
    var otlp = new Otlp();
    var encoder = new SegmentEncoder(otlp.config, otlp.listener(), Otlp.CLOCK);

    assertThat(encoder.passes(carried)).isFalse();
    var body =
        encoder.encode(
            List.of(carried.toOtlp()),
            new DocumentBuffer(50, 1 << 20),
            full -> new DocumentBuffer(50, 1 << 20));

    assertThat(SegmentReaderTest.called(body)).containsExactly(document(0, ""));
    assertThat(otlp.dropped).hasSize(1).allMatch(drop -> drop.contains("document_too_large"));
  }

  @Test
  void passing_countsForTheBudgetOfTraces() throws Exception {
    for (int i = 0; i < 12; i++) add(document(0, "x".repeat(60_000)));
    var otlp = new Otlp();
    var encoder = new SegmentEncoder(otlp.config, otlp.listener(), Otlp.CLOCK);

    assertThat(encoder.passes(carried())).isTrue();

    assertThat(otlp.noted).hasSize(1).allMatch(note -> note.contains("trace_over_budget"));
  }

  private static String document(int number, String filling) {
    return "{\"trace_id\":\"1-5759e988-bd862e3fe1be46a994272793\",\"id\":\"%016x\",\"x\":\"%s\\n\"}"
        .formatted(number + 1, filling);
  }

  private void add(String document) throws MalformedSegmentException {
    byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
    builder.add(bytes, 0, bytes.length);
  }

  private CarriedDocuments carried() {
    return builder
        .build((document, trace, id, why) -> {
          throw new AssertionError(why);
        })
        .carried()
        .foreign(CarriedDocuments.class)
        .orElseThrow();
  }
}
