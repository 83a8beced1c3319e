package io.raybridge.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Puts spans together to a batch, those of one envelope side by side. */
public final class SpanBatch {
  private final Map<Envelope, SpanFields> fields = new LinkedHashMap<>();
  private int spans;
  private long size;

  /** The spans of an envelope, to add to. */
  public SpanFields of(Envelope envelope) {
    return fields.computeIfAbsent(envelope, _ -> new SpanFields(1024));
  }

  /** Adds spans. */
  public void add(Envelope envelope, SpanFields more) {
    of(envelope).addAll(more);
    spans += more.spans();
    size += more.size();
  }

  /** Spans that came by {@link #add}. */
  public int spans() {
    return spans;
  }

  /** Bytes of the spans that came by {@link #add}. */
  public long sizeBytes() {
    return size;
  }

  /** The batch. */
  public Traces toTraces() {
    var envelopes = new ArrayList<>(fields.entrySet());
    int items = 0;
    long room = 64;
    for (var each : envelopes) room += each.getKey().sizeBytes() + each.getValue().size() + 32L;
    var out = new ProtoWriter((int) Math.min(room, 1 << 26));
    int resource = 0;
    for (int i = envelopes.size(); i-- > 0; ) {
      var envelope = envelopes.get(i).getKey();
      var some = envelopes.get(i).getValue();
      items += some.spans();
      int scope = out.mark();
      some.writeTo(out);
      out.raw(envelope.scope);
      out.message(2 << 3 | 2, scope);
      if (i > 0 && Arrays.equals(envelope.resource, envelopes.get(i - 1).getKey().resource)) {
        continue;
      }
      out.raw(envelope.resource);
      out.message(1 << 3 | 2, resource);
      resource = out.mark();
    }
    return Traces.ofChecked(out.toArray(), items);
  }
}
