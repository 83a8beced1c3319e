package io.raybridge.exporters.otlp;

import io.raybridge.data.Batch;
import io.raybridge.data.Signal;
import io.raybridge.delivery.Encoder;
import io.raybridge.delivery.Failure;
import io.raybridge.delivery.Merge;
import io.raybridge.delivery.PayloadSink;
import io.raybridge.delivery.Rejection;
import io.raybridge.delivery.SendResult;
import io.raybridge.delivery.Sender;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Sends one signal's requests, and takes apart those that are refused as a whole. */
record OtlpSender(Destination destination, Signal signal) implements Sender<OtlpPayload> {
  /** Refusals of who sends, where to or in which form: halves would meet with the same. */
  private static final Set<String> WHATEVER_IS_IN_IT =
      Set.of(
          "NOT_FOUND",
          "PERMISSION_DENIED",
          "UNAUTHENTICATED",
          "UNIMPLEMENTED",
          "no_endpoint",
          "http_401",
          "http_402",
          "http_403",
          "http_404",
          "http_405",
          "http_406",
          "http_407",
          "http_410",
          "http_415",
          "http_501",
          "http_505");

  private static final String REDIRECTION = "http_3";

  @Override
  public SendResult<OtlpPayload> send(OtlpPayload payload) throws InterruptedException {
    return destination.send(signal, payload);
  }

  /**
   * Reads the request back, since keeping every batch for the rare one that is refused would hold
   * its memory twice.
   */
  @Override
  public List<OtlpPayload> halves(OtlpPayload payload, Failure why) {
    if (payload.items() < 2 || WHATEVER_IS_IN_IT.contains(why.code())) return List.of();
    if (why.code().startsWith(REDIRECTION)) return List.of();
    try {
      return halves(payload.batch(signal));
    } catch (IOException e) {
      return List.of(); // a dead letter that somebody has written by hand
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private List<OtlpPayload> halves(Batch batch) throws InterruptedException {
    var halves = new ArrayList<OtlpPayload>(2);
    Encoder<Batch, OtlpPayload> encoder = destination.encoder();
    var sink =
        new PayloadSink<OtlpPayload>() {
          @Override
          public void accept(OtlpPayload half) {
            halves.add(half);
          }

          @Override
          public void reject(Rejection rejection) {
            throw new AssertionError("what was encoded once is encoded again: " + rejection);
          }
        };
    for (var half : Merge.together(List.of(batch), Math.ceilDiv(batch.items(), 2))) {
      encoder.encode(half, sink);
    }
    return halves;
  }
}
