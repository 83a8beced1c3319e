package io.raybridge.data;

import java.util.List;

/** A batch of spans: OTLP bytes until someone asks for objects. */
public final class Traces implements Batch {
  private final List<byte[]> chunks;
  private final int items;

  private Traces(List<byte[]> chunks, int items) {
    this.chunks = chunks;
    this.items = items;
  }

  /**
   * Takes an OTLP ExportTraceServiceRequest.
   *
   * @throws MalformedBatchException when the bytes break a rule of protobuf or OTLP
   */
  public static Traces ofOtlp(byte[] body) throws MalformedBatchException {
    return new Traces(List.of(body), 0);
  }

  @Override
  public Signal signal() {
    return Signal.TRACES;
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
  public Traces copy() {
    return new Traces(chunks, items);
  }
}
