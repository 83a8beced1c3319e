package io.raybridge.api;

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
    Optional<Consumer<Logs>> logs) {}
