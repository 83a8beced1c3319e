package io.raybridge.delivery;

import io.raybridge.data.Traces;
import io.raybridge.testkit.Otlp;
import java.util.ArrayList;
import java.util.List;

/** Makes requests of at most so many spans; the id of a span is its span id. */
record SpansEncoder(int most) implements Encoder<Traces, Spans> {
  @Override
  public void encode(Traces batch, PayloadSink<Spans> out) throws InterruptedException {
    var ids = ids(batch);
    for (int from = 0; from < ids.size(); from += most) {
      out.accept(new Spans(ids.subList(from, Math.min(ids.size(), from + most))));
    }
  }

  static List<Long> ids(Traces batch) {
    var ids = new ArrayList<Long>();
    for (var span : Otlp.spans(batch)) ids.add(span.spanId());
    return ids;
  }
}
