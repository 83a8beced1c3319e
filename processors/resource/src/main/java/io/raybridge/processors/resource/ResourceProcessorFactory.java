package io.raybridge.processors.resource;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Processor;
import io.raybridge.api.ProcessorFactory;
import io.raybridge.data.Signal;

/** Makes processors that change the attributes of resources. */
public final class ResourceProcessorFactory implements ProcessorFactory<ResourceProcessorConfig> {
  @Override
  public Descriptor<ResourceProcessorConfig> descriptor() {
    return Descriptor.of(
            "resource",
            ResourceProcessorConfig.class,
            Stability.BETA,
            Signal.TRACES,
            Signal.METRICS,
            Signal.LOGS)
        .mutating();
  }

  @Override
  public Processor create(ResourceProcessorConfig config, Context context) {
    return new ResourceProcessor(config);
  }
}
