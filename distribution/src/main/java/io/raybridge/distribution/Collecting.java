package io.raybridge.distribution;

import io.raybridge.api.Clock;
import io.raybridge.config.CollectorConfig;
import io.raybridge.engine.Companion;
import io.raybridge.engine.Foreground;
import io.raybridge.engine.Reloading;
import java.time.Duration;

/** Runs a collector by the engine, from start to SIGTERM and the end. */
final class Collecting implements RunCommand.Runner {
  @Override
  public int run(
      CollectorConfig config,
      Reloading reloading,
      Duration shutdownTimeout,
      Surroundings surroundings,
      Companion companion) {
    try (var _ = OldGeneration.watch(Clock.SYSTEM)) {
      return Foreground.run(config, reloading, surroundings.env(), shutdownTimeout, companion);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }
}
