package io.raybridge.engine;

import io.raybridge.api.Clock;
import io.raybridge.api.ComponentId;
import io.raybridge.api.Context;
import io.raybridge.api.Telemetry;
import java.nio.file.Path;

/** Makes what the components of one graph are given. */
record Contexts(
    Logging logging,
    Clock clock,
    OwnMetrics metrics,
    LossLedger ledger,
    Extensions extensions,
    Path dataDir) {

  /**
   * For an instance of a component.
   *
   * @param gauges where its gauges go
   */
  Context of(ComponentId id, Gauges gauges) {
    return new Context(
        id,
        logging.of(id),
        clock,
        metrics.with(gauges, id.kind().word(), id.toString()),
        ledger.of(id),
        extensions.as(id),
        dataDir);
  }

  /** Where what passes a component's edges is counted. */
  Telemetry edges(ComponentId id) {
    return metrics.with(id.kind().word(), id.toString());
  }

  /** Who reports a component's bugs. */
  Edges.Guard guard(ComponentId id) {
    return Edges.Guard.of(id, logging.of(id), clock);
  }
}
