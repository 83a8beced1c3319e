package io.raybridge.delivery;

import io.raybridge.data.Batch;

/** Turns batches into requests. Used by one thread at a time, so it may keep buffers. */
@FunctionalInterface
public interface Encoder<B extends Batch, P extends Payload> {
  /**
   * Hands the batch on as requests, one after another, as soon as each is full. The batch belongs
   * to the encoder. An item that cannot be encoded is rejected and does not stop the others.
   */
  void encode(B batch, PayloadSink<P> out) throws InterruptedException;
}
