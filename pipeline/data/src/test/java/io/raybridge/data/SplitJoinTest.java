package io.raybridge.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Splitting and joining move items and nothing else: each keeps what stood around it. */
class SplitJoinTest {
  private static final int ROUNDS = 200;

  static List<Format> formats() {
    return Format.ALL;
  }

  @ParameterizedTest
  @MethodSource("formats")
  void splitBytes_keepsEveryItemInItsSurroundings(Format format) throws Exception {
    var random = new Random(1);
    for (int seed = 0; seed < ROUNDS; seed++) {
      var request = format.random(seed, seed % 2 == 0);

      checkSplit(format, request, format.ofOtlp(request), 1 + random.nextInt(4));
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void splitObjects_keepsEveryItemInItsSurroundings(Format format) throws Exception {
    var random = new Random(2);
    for (int seed = 0; seed < ROUNDS; seed++) {
      var request = format.random(seed, seed % 2 == 0);
      var batch = format.ofOtlp(request);
      Format.touch(batch);

      checkSplit(format, request, batch, 1 + random.nextInt(4));
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void splitOfSeveralChunks_fillsEachPartAcrossThem(Format format) throws Exception {
    var random = new Random(3);
    for (int seed = 0; seed < ROUNDS; seed++) {
      var chunks = new ArrayList<Batch>();
      var whole = format.prototype().newBuilderForType();
      for (int i = 0; i < 3; i++) {
        var request = format.random(3L * seed + i, false);
        whole.mergeFrom(request);
        chunks.add(format.ofOtlp(request));
      }

      checkSplit(format, whole.build(), Format.join(chunks), 1 + random.nextInt(8));
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void partsOfObjects_shareNothing(Format format) throws Exception {
    for (int seed = 0; seed < ROUNDS; seed++) {
      var request = format.random(seed, true);
      var parts = split(format, request, 2);
      var expected = new ArrayList<byte[]>();
      for (var part : split(format, request, 2)) expected.add(Format.toOtlp(part));

      for (int i = 0; i < parts.size(); i++) {
        assertThat(Format.toOtlp(parts.get(i))).isEqualTo(expected.get(i));
        Vandal.wreck(parts.get(i));
      }
    }
  }

  @Test
  void splitBytes_copiesWholeChunksByReferenceOnly() throws Exception {
    var first = Format.TRACES.random(11, false).toByteArray();
    var second = Format.TRACES.random(12, false).toByteArray();
    var one = Traces.ofOtlp(first);
    int items = one.items();

    var parts = Traces.join(List.of(one, Traces.ofOtlp(second))).split(items);

    assertThat(parts.getFirst().otlpChunks().getFirst()).isSameAs(first);
  }

  @Test
  void metricInSeveralPieces_isMergedBeforeItIsSplit() throws Exception {
    var point = "0a0919" + "0100000000000000";
    var gauge = "2a0b" + point;
    var sum = "3a0f" + point + "10021801";
    var metric = java.util.HexFormat.of().parseHex(gauge + sum + sum);
    var request =
        ExportMetricsServiceRequest.newBuilder()
            .addResourceMetrics(
                ResourceMetrics.newBuilder()
                    .addScopeMetrics(
                        ScopeMetrics.newBuilder().addMetrics(Metric.parseFrom(metric))))
            .build();
    var raw = nested(nested(nested(metric, 18), 18), 10);

    var parts = Metrics.ofOtlp(raw).split(1);

    assertThat(ExportMetricsServiceRequest.parseFrom(raw)).isEqualTo(request);
    assertThat(parts).hasSize(2);
    for (var part : parts) {
      var only = ExportMetricsServiceRequest.parseFrom(part.toOtlp());
      var data = only.getResourceMetrics(0).getScopeMetrics(0).getMetrics(0).getSum();
      assertThat(data.getDataPointsCount()).isEqualTo(1);
      assertThat(data.getIsMonotonic()).isTrue();
    }
  }

  @Test
  @Timeout(60)
  void hundredThousandSpans_areSplitToSinglesInOnePass() throws Exception {
    var scope = ScopeSpans.newBuilder();
    var span = Span.newBuilder().setName("x").build();
    for (int i = 0; i < 100_000; i++) scope.addSpans(span);
    var request =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(scope))
            .build()
            .toByteArray();
    var objects = Traces.ofOtlp(request);
    objects.resourceSpans();

    assertThat(Traces.ofOtlp(request).split(1)).hasSize(100_000);
    assertThat(objects.split(1)).hasSize(100_000);
  }

  @Test
  void smallEnoughBatch_isItsOwnOnlyPart() throws Exception {
    var bytes = Format.TRACES.random(1, false).toByteArray();

    var parts = Traces.ofOtlp(bytes).split(1_000_000);

    assertThat(parts).hasSize(1);
    assertThat(parts.getFirst().toOtlp()).isSameAs(bytes);
  }

  @Test
  void splitToNothing_isRefused() throws Exception {
    var batch = Traces.ofOtlp(new byte[0]);

    assertThatThrownBy(() -> batch.split(0)).hasMessage("0 items (expected: 1 or more)");
  }

  @ParameterizedTest
  @MethodSource("formats")
  void join_isTheContentOfAllInOrder(Format format) throws Exception {
    for (int seed = 0; seed < ROUNDS; seed++) {
      var first = format.random(seed, true);
      var second = format.random(seed + 1000, true);
      var objects = format.ofOtlp(second);
      Format.touch(objects);
      var bothObjects = List.of(format.ofOtlp(first), format.ofOtlp(second));
      bothObjects.forEach(Format::touch);
      var expected = first.toBuilder().mergeFrom(second).build();

      var ofBytes = Format.join(List.of(format.ofOtlp(first), format.ofOtlp(second)));
      var ofMixed = Format.join(List.of(format.ofOtlp(first), objects));
      var ofObjects = Format.join(bothObjects);

      for (var joined : List.of(ofBytes, ofMixed, ofObjects)) {
        assertThat(format.parse(Format.toOtlp(joined))).isEqualTo(expected);
        assertThat(joined.items()).isEqualTo(items(expected));
      }
    }
  }

  @Test
  void join_copiesNoBytes() throws Exception {
    var first = Format.TRACES.random(1, false).toByteArray();
    var second = Format.TRACES.random(2, false).toByteArray();

    var joined = Traces.join(List.of(Traces.ofOtlp(first), Traces.ofOtlp(second)));

    assertThat(joined.otlpChunks()).hasSize(2);
    assertThat(joined.otlpChunks().get(0)).isSameAs(first);
    assertThat(joined.otlpChunks().get(1)).isSameAs(second);
    assertThat(joined.sizeBytes()).isEqualTo(first.length + second.length);
  }

  private static List<? extends Batch> split(Format format, Message request, int maxItems)
      throws Exception {
    var batch = format.ofOtlp(request);
    Format.touch(batch);
    return Format.split(batch, maxItems);
  }

  private static void checkSplit(Format format, Message request, Batch batch, int maxItems)
      throws Exception {
    int items = items(request);
    var parts = Format.split(batch, maxItems);

    var flat = new ArrayList<List<Object>>();
    for (int i = 0; i < parts.size(); i++) {
      var part = format.parse(Format.toOtlp(parts.get(i)));
      int size = items(part);
      assertThat(parts.get(i).items()).isEqualTo(size);
      assertThat(size).isEqualTo(Math.min(maxItems, items - i * maxItems));
      flatten(part, new ArrayList<>(), flat);
    }
    var expected = new ArrayList<List<Object>>();
    flatten(request, new ArrayList<>(), expected);
    assertThat(flat).isEqualTo(expected);
  }

  /** Each item with all that stands around it, from the outside in. */
  private static void flatten(Message message, List<Object> around, List<List<Object>> into) {
    if (isItem(message)) {
      var item = new ArrayList<>(around);
      item.add(message);
      into.add(item);
      return;
    }
    var header = message.toBuilder();
    var inner = new ArrayList<Message>();
    message
        .getAllFields()
        .forEach((field, value) -> {
          if (field.isRepeated() && value instanceof List<?> list) {
            if (list.getFirst() instanceof Message first && carriesItems(first)) {
              list.forEach(each -> inner.add((Message) each));
              header.clearField(field);
            }
          } else if (value instanceof Message data && carriesItems(data)) {
            inner.add(data);
            header.clearField(field);
          }
        });
    around.add(header.build());
    inner.forEach(each -> flatten(each, around, into));
    around.removeLast();
  }

  private static int items(Message message) {
    var flat = new ArrayList<List<Object>>();
    flatten(message, new ArrayList<>(), flat);
    return flat.size();
  }

  private static boolean isItem(Message message) {
    var name = message.getDescriptorForType().getName();
    return name.equals("Span") || name.equals("LogRecord") || name.endsWith("DataPoint");
  }

  private static boolean carriesItems(Message message) {
    return switch (message.getDescriptorForType().getName()) {
      case "Metric", "Gauge", "Sum", "Histogram", "ExponentialHistogram", "Summary" -> true;
      case String name ->
          isItem(message)
              || name.matches("(Resource|Scope)(Spans|Metrics|Logs)|Export.*ServiceRequest");
    };
  }

  private static byte[] nested(byte[] content, int tag) {
    var out = new ByteArrayOutputStream();
    out.write(tag);
    out.write(content.length);
    out.writeBytes(ByteString.copyFrom(content).toByteArray());
    return out.toByteArray();
  }
}
