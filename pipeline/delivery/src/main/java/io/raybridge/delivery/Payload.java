package io.raybridge.delivery;

/** One request's worth of encoded items, kept through all its attempts. */
public interface Payload {
  /** Spans, data points or log records in this request; at least 1. */
  int items();

  /** Bytes it holds in memory, for the bounds. */
  long sizeBytes();
}
