package io.raybridge.processors.probabilisticsampler;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Processor;
import io.raybridge.api.ProcessorFactory;
import io.raybridge.data.Signal;

/** Makes processors that keep a part of spans or log records. */
public final class ProbabilisticSamplerFactory
    implements ProcessorFactory<ProbabilisticSamplerConfig> {
  @Override
  public Descriptor<ProbabilisticSamplerConfig> descriptor() {
    return Descriptor.of(
            "probabilistic_sampler",
            ProbabilisticSamplerConfig.class,
            Stability.BETA,
            Signal.TRACES,
            Signal.LOGS)
        .mutating();
  }

  @Override
  public Processor create(ProbabilisticSamplerConfig config, Context context) {
    return new ProbabilisticSampler(config, context);
  }
}
