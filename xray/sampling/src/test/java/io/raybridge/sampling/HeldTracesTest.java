package io.raybridge.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.raybridge.data.Envelope;
import io.raybridge.data.SpanBatch;
import io.raybridge.data.SpanFields;
import io.raybridge.data.view.KeyTable;
import io.raybridge.data.view.SpanWalk;
import io.raybridge.sampling.HeldTraces.Held;
import io.raybridge.testkit.Otlp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HeldTracesTest {
  private final HeldTraces<String> held = new HeldTraces<>();
  private final SpanWalk walk = new SpanWalk(KeyTable.of(List.of("service.name")));

  @Test
  void tracesTakenInAnyOrder_areThoseThatWerePut() {
    var random = new Random(9);
    var model = new LinkedHashMap<Long, Held<String>>();
    for (int i = 0; i < 50_000; i++) {
      long lo = random.nextInt(5000);
      var known = held.get(0, lo);
      assertThat(known).isSameAs(model.get(lo));
      if (known == null) {
        model.put(lo, held.add(0, lo, i, i, "n" + lo));
      } else if (random.nextInt(3) > 0) {
        held.take(known);
        held.release(known);
        model.remove(lo);
      }
      assertThat(held.count()).isEqualTo(model.size());
      if (!model.isEmpty()) assertThat(held.oldest()).isSameAs(model.values().iterator().next());
    }
    for (var left : List.copyOf(model.values())) {
      held.take(left);
      held.release(left);
    }

    assertThat(held.sizeBytes()).isZero();
    assertThat(held.oldest()).isNull();
  }

  @Test
  void spans_comeOutAsTheyWent() {
    var batch = Otlp.traces(Otlp.span().name("a"), Otlp.span().name("b"));
    var trace = held.add(1, 2, 0, 0, "");
    put(trace, batch.toOtlp());
    put(trace, Otlp.traces(Otlp.span().name("c")).toOtlp());
    assertThat(trace.spans()).isEqualTo(3);
    assertThat(held.spans()).isEqualTo(3);
    long before = held.sizeBytes();

    held.take(trace);
    var out = new SpanBatch();
    trace.addTo(out);

    assertThat(held.sizeBytes()).isEqualTo(before);
    held.release(trace);
    assertThat(held.sizeBytes()).isZero();
    var spans = new ArrayList<String>();
    out.toTraces().forEachSpan(span -> spans.add(span.name()));
    assertThat(spans).containsExactly("a", "b", "c");
    assertThat(out.toTraces().resourceSpans()).hasSize(1);
  }

  private void put(Held<String> trace, byte[] request) {
    walk.start(request);
    while (walk.next()) {
      var fields = new SpanFields(16);
      fields.add(walk.bytes(), walk.spanOffset(), walk.spanLength());
      held.add(trace, Envelope.of(walk), fields);
    }
  }
}
