package io.raybridge.data;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A batch of spans: OTLP bytes until someone asks for objects, from then on the objects.
 *
 * <p>A batch that nobody asked leaves as the very arrays it came in. What a newer sender put in
 * fields that this version does not know is sent on in either case.
 */
public final class Traces implements Batch {
  private final Body<ResourceSpans> body;

  private Traces(Body<ResourceSpans> body) {
    this.body = body;
  }

  /**
   * Takes an OTLP ExportTraceServiceRequest in protobuf. The array belongs to the batch from here
   * on.
   *
   * @throws MalformedBatchException when the bytes break a rule of protobuf or OTLP, in which ids
   *     have their full length or none
   */
  public static Traces ofOtlp(byte[] bytes) throws MalformedBatchException {
    return new Traces(Body.ofOtlp(TracesCodec.INSTANCE, bytes));
  }

  /**
   * Takes the same request in JSON, which becomes objects at once.
   *
   * @throws MalformedBatchException when the bytes break a rule of JSON or OTLP
   */
  public static Traces ofOtlpJson(byte[] json) throws MalformedBatchException {
    return new Traces(Body.ofJson(TracesCodec.INSTANCE, json));
  }

  /**
   * Takes a request that the caller has written itself, or put together of bytes that were checked
   * before: {@link #ofOtlp} must accept it.
   */
  public static Traces ofChecked(byte[] bytes, int items) {
    return new Traces(Body.ofChecked(TracesCodec.INSTANCE, bytes, items));
  }

  /** A batch of objects. The list belongs to the batch from here on. */
  public static Traces of(List<ResourceSpans> resourceSpans) {
    return new Traces(Body.of(TracesCodec.INSTANCE, resourceSpans));
  }

  /** A batch in another form, which becomes OTLP when somebody asks for it. */
  public static Traces of(Foreign foreign) {
    return new Traces(Body.ofForeign(TracesCodec.INSTANCE, foreign));
  }

  /** One batch of the content of all, in order, which takes their place. Copies no bytes. */
  public static Traces join(List<Traces> batches) {
    return new Traces(
        Body.join(TracesCodec.INSTANCE, batches.stream().map(batch -> batch.body).toList()));
  }

  /** The batch in the form it came in, where it still is in this one. */
  public <F extends Foreign> Optional<F> foreign(Class<F> form) {
    return Optional.ofNullable(body.foreign()).filter(form::isInstance).map(form::cast);
  }

  /**
   * Makes OTLP of a batch in another form whose units need not be spans; who counts items and works
   * on them later calls this first.
   */
  public void settle() {
    body.settle();
  }

  @Override
  public Signal signal() {
    return Signal.TRACES;
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
  public Traces copy() {
    return new Traces(body.copy());
  }

  /** The spans as objects, to be read and changed; from here on they are the truth. */
  public List<ResourceSpans> resourceSpans() {
    return body.groups();
  }

  /** Visits all spans, to be read and changed. */
  public void forEachSpan(Consumer<Span> action) {
    for (var resource : resourceSpans()) {
      for (var scope : resource.scopeSpans()) scope.spans().forEach(action);
    }
  }

  /**
   * Parts of exactly so many spans, but for the last one, which take this batch's place. A batch
   * that is small enough is its own only part.
   */
  public List<Traces> split(int maxItems) {
    return body.split(maxItems).stream().map(Traces::new).toList();
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
