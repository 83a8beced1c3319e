package io.raybridge.processors.tailsampling;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Processor;
import io.raybridge.api.ProcessorFactory;
import io.raybridge.data.Signal;

/** Makes processors that decide of whole traces by policies. */
public final class TailSamplingFactory implements ProcessorFactory<TailSamplingConfig> {
  @Override
  public Descriptor<TailSamplingConfig> descriptor() {
    return Descriptor.of("tail_sampling", TailSamplingConfig.class, Stability.ALPHA, Signal.TRACES)
        .mutating();
  }

  @Override
  public Processor create(TailSamplingConfig config, Context context) {
    return new TailSampling(config, context);
  }
}
