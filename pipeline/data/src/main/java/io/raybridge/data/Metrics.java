package io.raybridge.data;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A batch of data points: OTLP bytes until someone asks for objects, from then on the objects.
 *
 * <p>A batch that nobody asked leaves as the very arrays it came in. What a newer sender put in
 * fields that this version does not know is sent on in either case.
 */
public final class Metrics implements Batch {
  private final Body<ResourceMetrics> body;

  private Metrics(Body<ResourceMetrics> body) {
    this.body = body;
  }

  /**
   * Takes an OTLP ExportMetricsServiceRequest in protobuf. The array belongs to the batch from here
   * on.
   *
   * @throws MalformedBatchException when the bytes break a rule of protobuf or OTLP, in which ids
   *     have their full length or none
   */
  public static Metrics ofOtlp(byte[] bytes) throws MalformedBatchException {
    return new Metrics(Body.ofOtlp(MetricsCodec.INSTANCE, bytes));
  }

  /**
   * Takes the same request in JSON, which becomes objects at once.
   *
   * @throws MalformedBatchException when the bytes break a rule of JSON or OTLP
   */
  public static Metrics ofOtlpJson(byte[] json) throws MalformedBatchException {
    return new Metrics(Body.ofJson(MetricsCodec.INSTANCE, json));
  }

  /** A batch of objects. The list belongs to the batch from here on. */
  public static Metrics of(List<ResourceMetrics> resourceMetrics) {
    return new Metrics(Body.of(MetricsCodec.INSTANCE, resourceMetrics));
  }

  /** One batch of the content of all, in order, which takes their place. Copies no bytes. */
  public static Metrics join(List<Metrics> batches) {
    return new Metrics(
        Body.join(MetricsCodec.INSTANCE, batches.stream().map(batch -> batch.body).toList()));
  }

  @Override
  public Signal signal() {
    return Signal.METRICS;
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
  public Metrics copy() {
    return new Metrics(body.copy());
  }

  /** The data points as objects, to be read and changed; from here on they are the truth. */
  public List<ResourceMetrics> resourceMetrics() {
    return body.groups();
  }

  /** Visits all metrics, to be read and changed. */
  public void forEachMetric(Consumer<Metric> action) {
    for (var resource : resourceMetrics()) {
      for (var scope : resource.scopeMetrics()) scope.metrics().forEach(action);
    }
  }

  /**
   * Parts of exactly so many data points, but for the last one, which take this batch's place. A
   * batch that is small enough is its own only part.
   */
  public List<Metrics> split(int maxItems) {
    return body.split(maxItems).stream().map(Metrics::new).toList();
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
