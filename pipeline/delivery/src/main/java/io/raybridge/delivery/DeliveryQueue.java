package io.raybridge.delivery;

import io.raybridge.api.BatchRequest;
import io.raybridge.api.Batching;
import io.raybridge.api.Component;
import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Outcome;
import io.raybridge.data.Batch;
import io.raybridge.data.Signal;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What stands between a pipeline and a destination: takes batches over, puts them together, encodes
 * them, sends each request with as much concurrency as the destination rewards, and keeps it until
 * it is delivered or named as dropped.
 */
public final class DeliveryQueue<B extends Batch, P extends Payload>
    implements Consumer<B>, Batching, Component {

  /**
   * @param encoders makes one encoder for each batch that is encoded at the same time
   */
  public DeliveryQueue(
      Context context,
      Signal signal,
      SendingQueueConfig queue,
      RetryConfig retry,
      Limits limits,
      Supplier<? extends Encoder<B, P>> encoders,
      Sender<P> sender) {}

  /** This queue for the engine, unless its configuration says already how to batch. */
  public Optional<Batching> batching() {
    return Optional.of(this);
  }

  @Override
  public void batch(BatchRequest request) {}

  @Override
  public void start() {}

  @Override
  public Outcome consume(B batch) {
    return Outcome.unavailable("not started");
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {}
}
