package io.raybridge.api;

import io.raybridge.data.Logs;
import io.raybridge.data.Metrics;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import java.util.Optional;

/**
 * Stands between a receiver and an exporter, once per pipeline. For its pipeline's signal it is
 * asked for a consumer that does its work and passes on to {@code next}.
 */
public interface Processor extends Component {
  /** The consumer for spans. */
  default Consumer<Traces> traces(Consumer<Traces> next) {
    throw new UnsupportedSignalException(Signal.TRACES);
  }

  /** The consumer for metrics. */
  default Consumer<Metrics> metrics(Consumer<Metrics> next) {
    throw new UnsupportedSignalException(Signal.METRICS);
  }

  /** The consumer for logs. */
  default Consumer<Logs> logs(Consumer<Logs> next) {
    throw new UnsupportedSignalException(Signal.LOGS);
  }

  /**
   * What this processor would do if all it does is to put batches together. Where nothing but
   * queues that are {@link Batching} follows it in its pipeline, the engine hands the request to
   * them and leaves this processor out of the path.
   */
  default Optional<BatchRequest> batching() {
    return Optional.empty();
  }
}
