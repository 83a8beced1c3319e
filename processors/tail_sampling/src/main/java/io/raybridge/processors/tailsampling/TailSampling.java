package io.raybridge.processors.tailsampling;

import io.raybridge.api.Consumer;
import io.raybridge.api.Context;
import io.raybridge.api.Deadline;
import io.raybridge.api.Processor;
import io.raybridge.data.Traces;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Decides of whole traces by policies. */
final class TailSampling implements Processor {
  private final TailSamplingConfig config;
  private final Context context;
  private @Nullable Sampler sampler;

  TailSampling(TailSamplingConfig config, Context context) {
    this.config = config;
    this.context = context;
  }

  @Override
  public Consumer<Traces> traces(Consumer<Traces> next) {
    var made = new Sampler(config, context, next);
    sampler = made;
    return made;
  }

  @Override
  public void start() throws IOException {
    if (sampler != null) sampler.start();
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    if (sampler != null) sampler.stop(deadline);
  }
}
