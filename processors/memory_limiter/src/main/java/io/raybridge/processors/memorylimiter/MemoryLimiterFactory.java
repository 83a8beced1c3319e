package io.raybridge.processors.memorylimiter;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Processor;
import io.raybridge.api.ProcessorFactory;
import io.raybridge.data.Signal;

/** Makes processors that refuse data while memory is short. */
public final class MemoryLimiterFactory implements ProcessorFactory<MemoryLimiterConfig> {
  @Override
  public Descriptor<MemoryLimiterConfig> descriptor() {
    return Descriptor.of(
        "memory_limiter",
        MemoryLimiterConfig.class,
        Stability.BETA,
        Signal.TRACES,
        Signal.METRICS,
        Signal.LOGS);
  }

  @Override
  public Processor create(MemoryLimiterConfig config, Context context) {
    return new MemoryLimiter(config, context, JvmMemory::instance);
  }
}
