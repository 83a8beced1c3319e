package io.raybridge.exporters.otlp;

import io.raybridge.data.Batch;
import io.raybridge.delivery.Encoder;
import io.raybridge.delivery.PayloadSink;
import io.raybridge.delivery.Rejection;
import java.util.ArrayList;
import java.util.List;

/** Runs a destination's encoder as the queue would. */
final class Encoding {
  private Encoding() {}

  static OtlpPayload payload(Destination destination, Batch batch) throws InterruptedException {
    List<OtlpPayload> payloads = new ArrayList<>();
    Encoder<Batch, OtlpPayload> encoder = destination.encoder();
    encoder.encode(
        batch,
        new PayloadSink<>() {
          @Override
          public void accept(OtlpPayload payload) {
            payloads.add(payload);
          }

          @Override
          public void reject(Rejection rejection) {
            throw new AssertionError(rejection);
          }
        });
    return payloads.getFirst();
  }
}
