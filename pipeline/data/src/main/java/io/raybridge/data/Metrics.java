package io.raybridge.data;

import java.util.List;

/** A batch of data points: OTLP bytes until someone asks for objects. */
public final class Metrics implements Batch {
  private final List<byte[]> chunks;
  private final int items;

  private Metrics(List<byte[]> chunks, int items) {
    this.chunks = chunks;
    this.items = items;
  }

  /**
   * Takes an OTLP ExportMetricsServiceRequest.
   *
   * @throws MalformedBatchException when the bytes break a rule of protobuf or OTLP
   */
  public static Metrics ofOtlp(byte[] body) throws MalformedBatchException {
    return new Metrics(List.of(body), 0);
  }

  @Override
  public Signal signal() {
    return Signal.METRICS;
  }

  @Override
  public int items() {
    return items;
  }

  @Override
  public long sizeBytes() {
    return chunks.stream().mapToLong(chunk -> chunk.length).sum();
  }

  @Override
  public Metrics copy() {
    return new Metrics(chunks, items);
  }
}
