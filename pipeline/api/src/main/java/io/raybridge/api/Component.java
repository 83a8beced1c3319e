package io.raybridge.api;

/** A receiver, processor, exporter, connector or extension: created, started once, stopped once. */
public interface Component {
  /**
   * Opens what the component needs. What it throws ends the start of the collector with exit code
   * 1, so the message must name what could not be had (the port, the file) and, where known, what
   * to do.
   */
  default void start() throws Exception {}

  /** Stops and releases everything by the deadline. Safe without a start, safe to repeat. */
  default void stop(Deadline deadline) throws Exception {}

  /**
   * Whether a changed successor may start only after this one has stopped, because the two would
   * disturb each other without noticing, as two that write one file do. One whose successor fails
   * to start for as long as this one runs, as over a port, need not say so.
   */
  default boolean exclusive() {
    return false;
  }
}
