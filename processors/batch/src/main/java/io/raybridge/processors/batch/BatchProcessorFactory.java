package io.raybridge.processors.batch;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Processor;
import io.raybridge.api.ProcessorFactory;
import io.raybridge.data.Signal;

/** Makes processors that put batches together, or have it done by the queue behind them. */
public final class BatchProcessorFactory implements ProcessorFactory<BatchProcessorConfig> {
  @Override
  public Descriptor<BatchProcessorConfig> descriptor() {
    return Descriptor.of(
        "batch",
        BatchProcessorConfig.class,
        Stability.BETA,
        Signal.TRACES,
        Signal.METRICS,
        Signal.LOGS);
  }

  @Override
  public Processor create(BatchProcessorConfig config, Context context) {
    return new BatchProcessor(config, context);
  }
}
