package io.raybridge.exporters.awsxray;

import io.raybridge.api.Context;
import io.raybridge.data.Traces;
import io.raybridge.delivery.Encoder;
import io.raybridge.delivery.PayloadSink;
import io.raybridge.delivery.Rejection;
import io.raybridge.xray.CarriedDocuments;
import io.raybridge.xray.DocumentBuffer;
import io.raybridge.xray.DropListener;
import io.raybridge.xray.SegmentEncoder;
import io.raybridge.xray.TraceBudget;
import io.raybridge.xray.TranslationConfig;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes PutTraceSegments calls of batches, each as full as a batch allows. */
final class SegmentPayloads implements Encoder<Traces, SegmentPayload>, DropListener {
  private final SegmentEncoder encoder;
  private final Buffers buffers;
  private final Notes notes;
  private @Nullable PayloadSink<SegmentPayload> out;

  SegmentPayloads(
      TranslationConfig config, Buffers buffers, Notes notes, TraceBudget budget, Context context) {
    this.encoder = new SegmentEncoder(config, this, context.clock()::now, budget);
    this.buffers = buffers;
    this.notes = notes;
  }

  @Override
  public void encode(Traces batch, PayloadSink<SegmentPayload> sink) throws InterruptedException {
    out = sink;
    var carried = batch.foreign(CarriedDocuments.class).orElse(null);
    if (carried != null && encoder.passes(carried)) {
      for (var body : carried.bodies()) sink.accept(SegmentPayload.of(body));
    } else {
      encode(batch.otlpChunks(), sink);
    }
    out = null;
  }

  private void encode(List<byte[]> otlpChunks, PayloadSink<SegmentPayload> sink)
      throws InterruptedException {
    var last =
        encoder.encode(
            otlpChunks,
            buffers.take(),
            full -> {
              sink.accept(SegmentPayload.of(full));
              return buffers.take();
            });
    finish(last, sink);
  }

  private void finish(DocumentBuffer last, PayloadSink<SegmentPayload> sink)
      throws InterruptedException {
    if (last.count() == 0) buffers.give(last);
    else sink.accept(SegmentPayload.of(last));
  }

  @Override
  public void dropped(int spans, String reason, long high, long low, String detail) {
    if (out != null) out.reject(new Rejection(spans, reason, detail, traceId(high, low)));
  }

  @Override
  public void noted(String what, int count, long high, long low) {
    notes.add(what, count, high, low);
  }

  /** A trace id in hex, or null for none. */
  static @Nullable String traceId(long high, long low) {
    if (high == 0 && low == 0) return null;
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
