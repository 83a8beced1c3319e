package io.raybridge.api;

import io.raybridge.data.Batch;
import io.raybridge.data.Logs;
import io.raybridge.data.Metrics;
import io.raybridge.data.Traces;
import java.util.Optional;

/**
 * Where a receiver or connector sends each signal. A signal that no pipeline takes is empty and is
 * not to be served.
 */
public record Outputs(
    Optional<Consumer<Traces>> traces,
    Optional<Consumer<Metrics>> metrics,
    Optional<Consumer<Logs>> logs) {

  /**
   * The same outputs for what comes in over this transport, so that the receiver's metrics tell
   * transports apart. Asked for once per transport, not per batch.
   *
   * @param transport the value of the label, such as {@code grpc} or {@code http}
   */
  public Outputs over(String transport) {
    return new Outputs(
        traces.map(output -> over(output, transport)),
        metrics.map(output -> over(output, transport)),
        logs.map(output -> over(output, transport)));
  }

  private static <B extends Batch> Consumer<B> over(Consumer<B> output, String transport) {
    return output instanceof PerTransport<B> counted ? counted.over(transport) : output;
  }

  /** An output that can count per transport: the engine's. */
  public interface PerTransport<B extends Batch> extends Consumer<B> {
    /** The same output, counting under this transport. */
    Consumer<B> over(String transport);
  }
}
