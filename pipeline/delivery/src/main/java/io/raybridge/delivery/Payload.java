package io.raybridge.delivery;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request's worth of encoded items, kept through all its attempts. */
public interface Payload {
  /** Spans, data points or log records in this request; at least 1. */
  int items();

  /** Bytes it holds in memory, for the bounds. */
  long sizeBytes();

  /** The first trace id in it, in hex, to name it by when it is lost; null where there is none. */
  default @Nullable String traceId() {
    return null;
  }

  /** Copies of all its items, for the dead letters; empty where they cannot be kept. */
  default List<Document> documents() {
    return List.of();
  }
}
