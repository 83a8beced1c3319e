package io.raybridge.distribution;

import io.raybridge.config.CollectorConfig;
import io.raybridge.engine.Companion;
import io.raybridge.engine.Foreground;
import java.time.Duration;

/** Runs a collector by the engine, from start to SIGTERM and the end. */
final class Collecting implements RunCommand.Runner {
  @Override
  public int run(
      CollectorConfig config,
      Duration shutdownTimeout,
      Surroundings surroundings,
      Companion companion) {
    try {
      return Foreground.run(config, surroundings.env(), shutdownTimeout, companion);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }
}
