package io.raybridge.data;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A batch of log records: OTLP bytes until someone asks for objects, from then on the objects.
 *
 * <p>A batch that nobody asked leaves as the very arrays it came in. What a newer sender put in
 * fields that this version does not know is sent on in either case.
 */
public final class Logs implements Batch {
  private final Body<ResourceLogs> body;

  private Logs(Body<ResourceLogs> body) {
    this.body = body;
  }

  /**
   * Takes an OTLP ExportLogsServiceRequest in protobuf. The array belongs to the batch from here
   * on.
   *
   * @throws MalformedBatchException when the bytes break a rule of protobuf or OTLP, in which ids
   *     have their full length or none
   */
  public static Logs ofOtlp(byte[] bytes) throws MalformedBatchException {
    return new Logs(Body.ofOtlp(LogsCodec.INSTANCE, bytes));
  }

  /**
   * Takes the same request in JSON, which becomes objects at once.
   *
   * @throws MalformedBatchException when the bytes break a rule of JSON or OTLP
   */
  public static Logs ofOtlpJson(byte[] json) throws MalformedBatchException {
    return new Logs(Body.ofJson(LogsCodec.INSTANCE, json));
  }

  /** A batch of objects. The list belongs to the batch from here on. */
  public static Logs of(List<ResourceLogs> resourceLogs) {
    return new Logs(Body.of(LogsCodec.INSTANCE, resourceLogs));
  }

  /** One batch of the content of all, in order, which takes their place. Copies no bytes. */
  public static Logs join(List<Logs> batches) {
    return new Logs(
        Body.join(LogsCodec.INSTANCE, batches.stream().map(batch -> batch.body).toList()));
  }

  @Override
  public Signal signal() {
    return Signal.LOGS;
  }

  @Override
  public int items() {
    return body.items();
  }

  @Override
  public long sizeBytes() {
    return body.sizeBytes();
  }

  @Override
  public @Nullable ClientMetadata client() {
    return body.client();
  }

  @Override
  public void client(@Nullable ClientMetadata metadata) {
    body.client(metadata);
  }

  @Override
  public Logs copy() {
    return new Logs(body.copy());
  }

  /** The log records as objects, to be read and changed; from here on they are the truth. */
  public List<ResourceLogs> resourceLogs() {
    return body.groups();
  }

  /** Visits all log records, to be read and changed. */
  public void forEachLogRecord(Consumer<LogRecord> action) {
    for (var resource : resourceLogs()) {
      for (var scope : resource.scopeLogs()) scope.logRecords().forEach(action);
    }
  }

  /**
   * Parts of exactly so many log records, but for the last one, which take this batch's place. A
   * batch that is small enough is its own only part.
   */
  public List<Logs> split(int maxItems) {
    return body.split(maxItems).stream().map(Logs::new).toList();
  }

  /**
   * The request in protobuf as arrays which, written one after another, are one request. Must not
   * be changed: they may be the ones the batch came in.
   */
  public List<byte[]> otlpChunks() {
    return body.chunks();
  }

  /** The request in protobuf as one array, which must not be changed. */
  public byte[] toOtlp() {
    return body.toOtlp();
  }

  /** The request in JSON, in which fields that this version does not know have no place. */
  public byte[] toOtlpJson() {
    return body.toJson();
  }

  /**
   * Goes back to bytes, a fraction of the room that objects take. Objects handed out before are no
   * longer part of the batch.
   */
  public void pack() {
    body.pack();
  }
}
