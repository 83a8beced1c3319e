package io.raybridge.processors.attributes;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Processor;
import io.raybridge.api.ProcessorFactory;
import io.raybridge.data.Signal;

/** Makes processors that change the attributes of spans, data points and log records. */
public final class AttributesProcessorFactory
    implements ProcessorFactory<AttributesProcessorConfig> {
  @Override
  public Descriptor<AttributesProcessorConfig> descriptor() {
    return Descriptor.of(
            "attributes",
            AttributesProcessorConfig.class,
            Stability.BETA,
            Signal.TRACES,
            Signal.METRICS,
            Signal.LOGS)
        .mutating();
  }

  @Override
  public Processor create(AttributesProcessorConfig config, Context context) {
    return new AttributesProcessor(config);
  }
}
