package io.raybridge.api;

/**
 * Helps the collector without touching telemetry: health, storage, authentication, the local X-Ray.
 */
public interface Extension extends Component {
  /** Called once all pipelines are running. */
  default void ready() {}

  /** Called when the collector begins to stop, before any receiver does. */
  default void notReady() {}
}
