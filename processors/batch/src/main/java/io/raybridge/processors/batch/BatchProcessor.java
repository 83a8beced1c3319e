package io.raybridge.processors.batch;

import io.raybridge.api.BatchRequest;
import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Processor;
import io.raybridge.data.Batch;
import io.raybridge.data.Logs;
import io.raybridge.data.Metrics;
import io.raybridge.data.Traces;
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
    return batcher(next);
  }

  @Override
  public Consumer<Metrics> metrics(Consumer<Metrics> next) {
    return batcher(next);
  }

  @Override
  public Consumer<Logs> logs(Consumer<Logs> next) {
    return batcher(next);
  }

  private <B extends Batch> Consumer<B> batcher(Consumer<B> next) {
    var batcher = new Batcher<>(config, context, next);
    batchers.add(batcher);
    return batcher;
  }

  @Override
  public void stop(Deadline deadline) {
    for (var batcher : batchers) batcher.stop();
  }
}
