package io.raybridge.api;

import io.raybridge.data.Logs;
import io.raybridge.data.Metrics;
import io.raybridge.data.Signal;
import io.raybridge.data.Traces;
import java.util.Optional;

/**
 * Ends a pipeline. One exporter serves all pipelines that name it; each method is called at most
 * once.
 */
public interface Exporter extends Component {
  /** The consumer for spans. */
  default Consumer<Traces> traces() {
    throw new UnsupportedSignalException(Signal.TRACES);
  }

  /** The consumer for metrics. */
  default Consumer<Metrics> metrics() {
    throw new UnsupportedSignalException(Signal.METRICS);
  }

  /** The consumer for logs. */
  default Consumer<Logs> logs() {
    throw new UnsupportedSignalException(Signal.LOGS);
  }

  /**
   * The queue in front of this exporter for a signal, if it has one and its own configuration does
   * not already say how to batch.
   */
  default Optional<Batching> batching(Signal signal) {
    return Optional.empty();
  }
}
