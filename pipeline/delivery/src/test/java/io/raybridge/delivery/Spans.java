package io.raybridge.delivery;

import java.util.List;

/** A request of spans, by their ids, 10 bytes each. */
record Spans(List<Long> ids) implements Payload {
  Spans {
    ids = List.copyOf(ids);
  }

  @Override
  public int items() {
    return ids.size();
  }

  @Override
  public long sizeBytes() {
    return 10L * ids.size();
  }

  @Override
  public String traceId() {
    return Long.toHexString(ids.getFirst());
  }
}
