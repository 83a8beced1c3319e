package io.raybridge.processors.batch;

import io.raybridge.api.BatchRequest;
import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Processor;
import io.raybridge.data.Batch;
import io.raybridge.data.Logs;
import io.raybridge.data.Metrics;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Asks the queue behind it to put batches together, and does so itself only where something else
 * than a queue stands behind it.
 */
final class BatchProcessor implements Processor {
  private final BatchProcessorConfig config;
  private final Context context;
  private final List<Batcher<?>> batchers = new CopyOnWriteArrayList<>();
  private final List<DurableBatcher<?>> durable = new CopyOnWriteArrayList<>();

  BatchProcessor(BatchProcessorConfig config, Context context) {
    this.config = config;
    this.context = context;
  }

  @Override
  public Optional<BatchRequest> batching() {
    return Optional.of(config.request());
  }

  @Override
  public Consumer<Traces> traces(Consumer<Traces> next) {
    return batcher(Signal.TRACES, next);
  }

  @Override
  public Consumer<Metrics> metrics(Consumer<Metrics> next) {
    return batcher(Signal.METRICS, next);
  }

  @Override
  public Consumer<Logs> logs(Consumer<Logs> next) {
    return batcher(Signal.LOGS, next);
  }

  private <B extends Batch> Consumer<B> batcher(Signal signal, Consumer<B> next) {
    if (config.storage().isPresent()) {
      var batcher = new DurableBatcher<>(config, config.storage().get(), signal, context, next);
      durable.add(batcher);
      return batcher;
    }
    var batcher = new Batcher<>(config, context, next);
    batchers.add(batcher);
    return batcher;
  }

  @Override
  public void start() throws IOException {
    for (var batcher : durable) batcher.start();
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    for (var batcher : batchers) batcher.stop();
    for (var batcher : durable) batcher.stop(deadline);
  }
}
