package io.raybridge.data;

import java.util.List;

/** A batch of log records: OTLP bytes until someone asks for objects. */
public final class Logs implements Batch {
  private final List<byte[]> chunks;
  private final int items;

  private Logs(List<byte[]> chunks, int items) {
    this.chunks = chunks;
    this.items = items;
  }

  /**
   * Takes an OTLP ExportLogsServiceRequest.
   *
   * @throws MalformedBatchException when the bytes break a rule of protobuf or OTLP
   */
  public static Logs ofOtlp(byte[] body) throws MalformedBatchException {
    return new Logs(List.of(body), 0);
  }

  @Override
  public Signal signal() {
    return Signal.LOGS;
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
  public Logs copy() {
    return new Logs(chunks, items);
  }
}
