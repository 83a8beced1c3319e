package io.raybridge.delivery;

import java.nio.charset.StandardCharsets;
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

  @Override
  public List<Document> documents() {
    return ids.stream()
        .map(id -> {
          var json = Long.toString(id).getBytes(StandardCharsets.US_ASCII);
          return new Document(Long.toHexString(id), null, "", 1, json);
        })
        .toList();
  }

  List<Spans> halves() {
    int middle = ids.size() / 2;
    return middle == 0
        ? List.of()
        : List.of(new Spans(ids.subList(0, middle)), new Spans(ids.subList(middle, ids.size())));
  }
}
