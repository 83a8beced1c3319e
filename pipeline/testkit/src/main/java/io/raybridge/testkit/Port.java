package io.raybridge.testkit;

import io.raybridge.api.Consumer;
import io.raybridge.api.Exporter;
import io.raybridge.api.Outputs;
import io.raybridge.api.Processor;
import io.raybridge.data.Batch;
import io.raybridge.data.Signal;
import java.util.Optional;

/** The methods of components by signal, so that contracts are written once for all signals. */
final class Port {
  private Port() {}

  static Consumer<Batch> into(Exporter exporter, Signal signal) {
    return switch (signal) {
      case TRACES -> any(exporter.traces());
      case METRICS -> any(exporter.metrics());
      case LOGS -> any(exporter.logs());
    };
  }

  static Consumer<Batch> through(Processor processor, Signal signal, Consumer<Batch> next) {
    return switch (signal) {
      case TRACES -> any(processor.traces(next::consume));
      case METRICS -> any(processor.metrics(next::consume));
      case LOGS -> any(processor.logs(next::consume));
    };
  }

  static Outputs outputs(Signal signal, Consumer<Batch> next) {
    return new Outputs(
        signal == Signal.TRACES ? Optional.of(next::consume) : Optional.empty(),
        signal == Signal.METRICS ? Optional.of(next::consume) : Optional.empty(),
        signal == Signal.LOGS ? Optional.of(next::consume) : Optional.empty());
  }

  @SuppressWarnings("unchecked") // the caller hands on only batches of the signal it asked for
  private static <B extends Batch> Consumer<Batch> any(Consumer<B> consumer) {
    return batch -> consumer.consume((B) batch);
  }
}
