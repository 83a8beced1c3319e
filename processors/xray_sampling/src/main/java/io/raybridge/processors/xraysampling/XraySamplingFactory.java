package io.raybridge.processors.xraysampling;

import io.raybridge.api.Context;
import io.raybridge.api.Descriptor;
import io.raybridge.api.Descriptor.Stability;
import io.raybridge.api.Processor;
import io.raybridge.api.ProcessorFactory;
import io.raybridge.data.Signal;

/** Makes processors that sample traces by X-Ray's rules. */
public final class XraySamplingFactory implements ProcessorFactory<XraySamplingConfig> {
  @Override
  public Descriptor<XraySamplingConfig> descriptor() {
    return Descriptor.of("xray_sampling", XraySamplingConfig.class, Stability.ALPHA, Signal.TRACES)
        .mutating();
  }

  @Override
  public Processor create(XraySamplingConfig config, Context context) {
    return new XraySampling(config, context, System::getenv);
  }
}
