package io.raybridge.api;

/**
 * Brings telemetry in. From {@link #start()} on it calls the outputs it was created with; after
 * {@link #stop} never again.
 */
public interface Receiver extends Component {}
