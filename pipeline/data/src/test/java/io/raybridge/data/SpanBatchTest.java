package io.raybridge.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.raybridge.data.view.KeyTable;
import io.raybridge.data.view.SpanWalk;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against the generated classes: what is put together is what was taken apart. */
@Timeout(60)
class SpanBatchTest {
  private final SpanWalk walk = new SpanWalk(KeyTable.of(List.of("a")));

  @Test
  void allSpans_areTheSpansOfTheRequest() throws Exception {
    for (int seed = 0; seed < 1000; seed++) {
      var request = random(seed);
      var together = together(request.toByteArray(), _ -> true);

      var parsed = ExportTraceServiceRequest.parseFrom(together.toOtlp());

      assertThat(flat(parsed))
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(flat(request));
      assertThat(together.items()).isEqualTo(flat(request).size());
      assertThat(Traces.ofOtlp(together.toOtlp()).items()).isEqualTo(together.items());
    }
  }

  @Test
  void someSpans_areThoseAndNoOthers() throws Exception {
    var random = new Random(1);
    int all = 0;
    for (int seed = 0; seed < 1000; seed++) {
      var taken = new ArrayList<Span>();
      var together =
          together(
              random(seed).toByteArray(),
              w -> {
                boolean take = random.nextBoolean();
                if (take) taken.add(span(w));
                return take;
              });

      var spans = new ArrayList<Span>();
      for (var each : flat(ExportTraceServiceRequest.parseFrom(together.toOtlp()))) {
        spans.add(each.getScopeSpans(0).getSpans(0));
      }
      assertThat(spans).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(taken);
      all += taken.size();
    }
    assertThat(all).isGreaterThan(50);
  }

  private static Span span(SpanWalk walk) {
    try {
      return Span.parseFrom(
          ByteString.copyFrom(walk.bytes(), walk.spanOffset(), walk.spanLength()));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void traceState_isReplacedWhereverItStood() throws Exception {
    for (int seed = 0; seed < 1000; seed++) {
      var request = random(seed);
      var bytes = request.toByteArray();
      Traces.ofOtlp(bytes);
      var batch = new SpanBatch();
      walk.start(bytes);
      while (walk.next()) {
        batch
            .of(Envelope.of(walk))
            .add(
                walk.bytes(),
                walk.spanOffset(),
                walk.spanLength(),
                walk.span().stateOffset(),
                walk.span().stateLength(),
                "ot=th:c");
      }

      var parsed = ExportTraceServiceRequest.parseFrom(batch.toTraces().toOtlp());

      var expected = new ArrayList<ResourceSpans>();
      for (var each : flat(request)) {
        var builder = each.toBuilder();
        builder.getScopeSpansBuilder(0).getSpansBuilder(0).setTraceState("ot=th:c");
        expected.add(builder.build());
      }
      assertThat(flat(parsed)).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  /** As protobuf allows and nobody writes: the length of the tracestate in two bytes. */
  @Test
  void traceStateWithLongLength_isOverriddenByTheLast() throws Exception {
    byte[] span = {26, (byte) 0x83, 0, 'a', '=', 'b', 48, 2};
    byte[] scope = {18, (byte) span.length, 26, (byte) 0x83, 0, 'a', '=', 'b', 48, 2};
    byte[] request = new byte[scope.length + 4];
    request[0] = 10;
    request[1] = (byte) (scope.length + 2);
    request[2] = 18;
    request[3] = (byte) scope.length;
    System.arraycopy(scope, 0, request, 4, scope.length);
    assertThat(Traces.ofOtlp(request).items()).isEqualTo(1);
    var fields = new SpanFields(16);
    walk.start(request);
    assertThat(walk.next()).isTrue();

    fields.add(
        walk.bytes(),
        walk.spanOffset(),
        walk.spanLength(),
        walk.span().stateOffset(),
        walk.span().stateLength(),
        "");

    var batch = new SpanBatch();
    batch.add(Envelope.of(walk), fields.trim());
    var parsed = ExportTraceServiceRequest.parseFrom(batch.toTraces().toOtlp());
    var only = parsed.getResourceSpans(0).getScopeSpans(0).getSpans(0);
    assertThat(only.getTraceState()).isEmpty();
    assertThat(only.getKindValue()).isEqualTo(2);
    assertThat(only.getUnknownFields()).isEqualTo(UnknownFieldSet.getDefaultInstance());
  }

  private static ExportTraceServiceRequest random(long seed) {
    return new RandomMessages(seed, true).like(ExportTraceServiceRequest.getDefaultInstance());
  }

  private interface Choice {
    boolean takes(SpanWalk walk);
  }

  private Traces together(byte[] request, Choice choice) throws MalformedBatchException {
    assertThat(Traces.ofOtlp(request).items()).isNotNegative();
    var batch = new SpanBatch();
    walk.start(request);
    while (walk.next()) {
      if (!choice.takes(walk)) continue;
      batch.of(Envelope.of(walk)).add(walk.bytes(), walk.spanOffset(), walk.spanLength());
    }
    return batch.toTraces();
  }

  /** Each span with what it belongs to. */
  private static List<ResourceSpans> flat(ExportTraceServiceRequest request) {
    var spans = new ArrayList<ResourceSpans>();
    for (var resource : request.getResourceSpansList()) {
      for (var scope : resource.getScopeSpansList()) {
        for (var span : scope.getSpansList()) {
          spans.add(
              resource.toBuilder()
                  .clearScopeSpans()
                  .addScopeSpans(scope.toBuilder().clearSpans().addSpans(span))
                  .build());
        }
      }
    }
    return spans;
  }
}
