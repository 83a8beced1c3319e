package io.raybridge.api;

import java.nio.file.Path;

/**
 * What a component is given beside its configuration.
 *
 * @param id its name in the configuration
 * @param log its logger, named after the component
 * @param telemetry where its own metrics are made; carries the component's labels
 * @param ledger where it says what was delivered and what was lost
 * @param host the other components that it may ask for
 * @param dataDir where it may keep files, one folder for the whole collector; not created yet
 */
public record Context(
    ComponentId id,
    System.Logger log,
    Clock clock,
    Telemetry telemetry,
    Ledger ledger,
    Host host,
    Path dataDir) {}
